/* array.h - an array as numpy writes it (NEP 1, "A simple file format for NumPy arrays"): the bytes 93 NUMPY,
 * two bytes of version, how long the header is (two bytes, from version 2 four), the header, a Python
 * dictionary such as {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }, then the values. */
#ifndef SL_DATA_ARRAY_ARRAY_H
#define SL_DATA_ARRAY_ARRAY_H

#include "core/text.h"

enum { SL_ARRAY_START = 12, SL_ARRAY_DIMS = 32 };

typedef struct {
    char kind; /* 'f', 'i', 'u', 'b': truth values, or 'U': texts */
    bool big;  /* endian */
    bool fortran;
    int rank;
    size_t size; /* bytes a value; of a text four for each letter */
    size_t dim[SL_ARRAY_DIMS];
    size_t rows, features; /* dim[0] and the product of the others; both at least 1 */
    size_t head;           /* bytes before the values */
} sl_array_head;

typedef struct {
    sl_array_head head;
    char *name;                  /* for messages: the file, and in an archive the array */
    unsigned char *memory;       /* all of it; of sl_alloc */
    const unsigned char *values; /* in it */
} sl_array;

/* Is this how an array begins? */
bool sl_array_begins(const unsigned char *bytes, size_t size);
/* How many bytes the header takes, by the first SL_ARRAY_START bytes (or all there are); `total`: of the
 * whole array. SL_EFORMAT: it is none, or longer than all. */
sl_status sl_array_head_size(sl_ctx *ctx, const char *name, const unsigned char *bytes, size_t size,
                             size_t total, size_t *head);
/* The header, of which all bytes must be there. SL_EFORMAT: damaged, or of values that are no numbers and no
 * texts, or `total` is not what it says: nothing need be allocated before. */
sl_status sl_array_read_head(sl_ctx *ctx, const char *name, const unsigned char *bytes, size_t total,
                             sl_array_head *head);
/* Takes name and memory [size] over, also on failure. */
sl_status sl_array_open(sl_ctx *ctx, sl_array *array, char *name, unsigned char *memory, size_t size);
void sl_array_close(sl_ctx *ctx, sl_array *array); /* a zeroed one is allowed */

/* "[60000, 28, 28] of u1". Returns text. */
char *sl_array_text(char text[160], const sl_array_head *head);
/* to[row * stride + feature] = the values, in their order by rows. Not of texts. SL_ENOMEM. */
sl_status sl_array_numbers(sl_ctx *ctx, const sl_array *array, double *to, size_t stride);
/* The text of a row of an array of texts with one a row, as UTF-8 into the cleared `text`. SL_EFORMAT. */
sl_status sl_array_word(sl_ctx *ctx, const sl_array *array, size_t row, sl_text *text);

#endif
