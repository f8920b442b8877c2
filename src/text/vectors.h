/* vectors.h - words with a vector each: read, written, looked up. */
#ifndef SL_TEXT_VECTORS_H
#define SL_TEXT_VECTORS_H

#include "data/dictionary.h"

struct sl_vectors {
    sl_ctx *ctx;
    sl_dictionary words;  /* word i has the numbers value[i * size] .. value[i * size + size - 1] */
    sl_dictionary folded; /* words that folding changes, folded: code -> word is folded_word[code] */
    uint32_t *folded_word;
    sl_real *value;
    size_t room, folded_room; /* words that value, codes that folded_word have room for */
    int size;
    size_t twice; /* words that stood again in the file: the first counts */
};

/* Of no words, with room for `room` of them. size: numbers each. */
sl_vectors *sl_vectors_new(sl_ctx *ctx, int size, size_t room);
/* Where the word's numbers go; NULL: it is there already (counted in `twice`), or memory ran out. The room
 * must be there. */
sl_real *sl_vectors_add(sl_vectors *vectors, const char *word, size_t length);
/* As sl_vectors_find, of `length` bytes. */
size_t sl_vectors_find_n(const sl_vectors *vectors, const char *word, size_t length);
/* The word with its letters folded, as vocabularies have it, into to[0 .. room): how many bytes; 0: it would
 * not fit, or stays as it is. */
size_t sl_vectors_fold(const char *word, size_t length, char *to, size_t room);

/* Puts the vectors of the words of a view (-1: of all) into the table [features, size] of an embedding: the
 * rows of words that the file has, as they stand there or folded; n-grams, and words that it lacks, keep
 * theirs. found, of so many words, may be NULL. SL_ESHAPE: the table has other rows, or other numbers in
 * each. */
typedef struct sl_views sl_views;
sl_status sl_vectors_into(const sl_vectors *vectors, const sl_views *views, int view, sl_tensor *table,
                          size_t *found, size_t *words);

/* The content of a file; `name` is for messages. */
sl_vectors *sl_vectors_parse(sl_ctx *ctx, const char *name, const unsigned char *bytes, size_t size);
/* Behind a header: does the first record hold bytes that no line of numbers has? */
bool sl_vectors_binary(const char *at, const char *end, uint64_t numbers);

/* The directions in which points lie apart most, and where each point is along them: x [rows, columns],
 * out [rows, dimensions], the column means taken away. share [dimensions], or NULL: of all variance. The sign
 * is such that the largest weight of each direction is above 0. Where the points have fewer directions, 0.
 * In double, the same for any number of threads; SL_ESHAPE above SL_PRINCIPAL_MOST columns. (principal.c) */
enum { SL_PRINCIPAL_MOST = 4096 };
sl_status sl_principal(sl_ctx *ctx, const sl_real *x, size_t rows, size_t columns, int dimensions,
                       double *out, double *share);

#endif
