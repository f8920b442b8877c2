/* encoding.h - what a file of data/encoding/ provides: `const sl_encoding sl_encoding_NAME`, a way from the
 * cells of a column to numbers that a net sees. One encoding, one file.
 *
 * A missing number has become the median before an encoding sees it; that it was missing is a number of its
 * own, which sl_columns adds (the encoding `missing`). A missing word is a category of its own. */
#ifndef SL_DATA_ENCODING_ENCODING_H
#define SL_DATA_ENCODING_ENCODING_H

#include "data/columns.h"

#define SL_TAKES(type) (1u << (type))
#define SL_TAKES_NUMBERS (SL_TAKES(SL_COLUMN_NUMBER) | SL_TAKES(SL_COLUMN_INTEGER))
#define SL_TAKES_WORDS (SL_TAKES(SL_COLUMN_CATEGORY) | SL_TAKES(SL_COLUMN_BOOLEAN))

struct sl_encoding {
    const char *name, *summary, *formula, *source;
    const sl_option *options;
    unsigned takes; /* column types: SL_TAKES(...) */
    bool together;  /* several columns may be encoded as one */
    bool hidden;    /* no word of --column: sl_columns adds it by itself */
    /* Sets numbers, number_count (memory of ctx) and width from the training rows' cells: values[c] is the
     * column [rows] of encoded->columns[c]; medians stand for missing numbers, words are codes, NaN or
     * SL_UNSEEN. */
    sl_status (*fit)(sl_ctx *ctx, const sl_columns *columns, sl_encoded *encoded, const double *const *values,
                     size_t rows);
    /* values [count] of one row -> x [width]. Reads only; must not fail. */
    void (*encode)(const sl_encoded *encoded, const double *values, sl_real *x);
    /* What it does, with its numbers, for people: "standardised: mean 3.87, deviation 1.9". */
    void (*describe)(const sl_columns *columns, const sl_encoded *encoded, sl_text *text);
    /* Numbers that a layer of the net replaces by what it learns: its words. NULL: none. Such encodings come
     * first in the row that the net sees, and their layers first in the net. */
    void (*layer)(const sl_columns *columns, const sl_encoded *encoded, sl_text *net);
};

const sl_encoding *sl_encoding_at(size_t index); /* NULL behind the last */
/* "quantile bins=32": the word, and its options into values. NULL and the context's error. */
const sl_encoding *sl_encoding_find(sl_ctx *ctx, const char *words, double values[SL_MOST_OPTIONS]);

#endif
