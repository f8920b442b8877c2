/* numbers.h - rows of numbers without a line of names, as arrays and FANN's files hold them, become a table.
 * Inputs are called "x0", "x1", ..., the target that a file has "y", and several of them "y0", "y1", ... */
#ifndef SL_DATA_ARRAY_NUMBERS_H
#define SL_DATA_ARRAY_NUMBERS_H

#include "data/dictionary.h"
#include "data/format.h"

typedef struct {
    sl_ctx *ctx;
    const char *source; /* for messages; borrowed */
    size_t rows, inputs, outputs;
    double *values;        /* [rows, inputs + outputs]; NaN: missing */
    sl_dictionary classes; /* not empty: outputs is 1, and its values are codes of these words */
    bool hot;              /* the classes were one of several outputs each */
    bool whole;            /* the outputs are stored as whole numbers */
    size_t selected;       /* which of several outputs stayed, from 1; 0: all are here */
} sl_numbers;

void sl_numbers_free(sl_numbers *numbers); /* a zeroed one is allowed */

/* Several outputs of which one is 1 and the others are 0 (or all -1) in every row are a class: its number
 * becomes the one output. Else nothing happens. */
sl_status sl_numbers_fold(sl_numbers *numbers);
/* One output becomes classes, if it is not: codes of its different values, which are sorted. */
sl_status sl_numbers_classify(sl_numbers *numbers);
/* What the values of the one output are meant as. Classes are whole numbers, two or few, each often enough;
 * stored as whole numbers also many, when they begin with 0 or 1 and have no gaps. */
typedef enum { SL_NUMBERS_AMOUNTS, SL_NUMBERS_FEW, SL_NUMBERS_DENSE } sl_numbers_meant;
sl_numbers_meant sl_numbers_are(const sl_numbers *numbers);
/* SL_EFORMAT names the first places with an infinite number. */
sl_status sl_numbers_check(const sl_numbers *numbers);

/* Their columns, by the options; NULL and the context's error. `numbers` are changed: missing values become
 * NaN, and of several outputs the one that is the target stays. */
sl_columns *sl_numbers_columns(sl_numbers *numbers, const sl_opening *how);
/* Rows by these columns, found by name: as sl_table_read. The values are used up. */
sl_data *sl_numbers_read(sl_numbers *numbers, const char *part, const sl_columns *columns,
                         const sl_opening *how);
/* All of the above, by how->columns or by what is found. Several numbers to be learned are no table: inputs
 * and targets are taken as they are. found: of NULL, or columns found elsewhere. */
sl_data *sl_numbers_open(sl_numbers *numbers, const char *part, const sl_columns *found,
                         const sl_opening *how);
/* SL_EINVAL: options for the columns of a table were given, to data that are none; why: "images have no
 * columns". */
sl_status sl_numbers_refuse(sl_ctx *ctx, const char *source, const sl_opening *how, const char *why);

#endif
