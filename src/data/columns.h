/* columns.h - the columns of a table: what they are called, what type they have, and how their values become
 * the numbers that a net sees.
 *
 * A row of a table is a row of cells, doubles: a number itself; of words their code in the column's
 * dictionary; of a date seconds since 1970. A cell without a value is NaN, a word that the dictionary does
 * not have SL_UNSEEN. What the cells of the training rows teach (means, medians, knots, which categories are
 * rare) is in the encodings, which sl_columns_fit fills; data keep raw cells, so that the same rows can be
 * prepared for one model or another. */
#ifndef SL_DATA_COLUMNS_H
#define SL_DATA_COLUMNS_H

#include "core/json.h"
#include "core/option.h"
#include "data/dictionary.h"

typedef enum {
    SL_COLUMN_NUMBER,
    SL_COLUMN_INTEGER,
    SL_COLUMN_BOOLEAN, /* two words, such as yes and no; or 0 and 1 */
    SL_COLUMN_CATEGORY,
    SL_COLUMN_DATE,
    SL_COLUMN_TEXT,
    SL_COLUMN_IDENTIFIER,
    SL_COLUMN_CONSTANT
} sl_column_type;
const char *sl_column_type_name(sl_column_type type); /* "number", ... */

typedef enum {
    SL_ROLE_INPUT,
    SL_ROLE_TARGET,
    SL_ROLE_GROUP,  /* rows with the same value stay in one part */
    SL_ROLE_TIME,   /* parts follow one another in its order */
    SL_ROLE_WEIGHT, /* how much a row counts */
    SL_ROLE_TEXT, /* an input by way of its words; its cell tells different texts apart (a sum of 53 bits) */
    SL_ROLE_NONE  /* left out */
} sl_role;

#define SL_UNSEEN (-1.0)

typedef struct {
    char *name;
    sl_column_type type;
    sl_role role;
    char *reason;        /* "all 412 values are whole numbers": for people */
    char *encoding;      /* words that were asked for it, "quantile bins=32"; NULL: the default of its type */
    int together;        /* encoded as one with the columns of the same number here; 0: alone */
    int place;           /* in the file that it was learned from, from 0 */
    int cell;            /* which cell of a row; -1: not kept */
    int input;           /* which of the inputs; -1: none */
    size_t missing;      /* rows of that file without a value */
    size_t distinct;     /* different values in it */
    bool more;           /* distinct: there are more than that */
    int date_order;      /* of a date: sl_date_order of table/table.h */
    char *strange;       /* the first words of that file that were in no dictionary, for people; NULL */
    sl_dictionary words; /* of category and boolean: the word of each code; else empty. Where numbers are
                            categories they are written shortest: 1.0 is 1 */
    /* Of the training rows, by sl_columns_fit: */
    double low, high; /* of number, integer, date; low > high: not fitted, or no row has a value */
    double median;    /* what stands for a missing number; 0 where no row has one */
    size_t fit_missing;
} sl_column;
enum { SL_DISTINCT_MOST = 1 << 20 };

typedef struct sl_encoding sl_encoding; /* data/encoding/encoding.h */

typedef struct { /* one encoding at work on a column, or on several together; fitted */
    const sl_encoding *kind;
    double options[SL_MOST_OPTIONS];
    int *columns, count; /* which of sl_columns.column */
    size_t first, width; /* its numbers among those that the net sees */
    double *numbers;     /* what the training rows taught; the kind knows the layout */
    size_t number_count;
} sl_encoded;

typedef struct sl_columns {
    sl_ctx *ctx;
    sl_column *column; /* in the order of the file */
    int count;
    int cells;                               /* kept a row */
    int inputs, target, group, time, weight; /* how many inputs; places in `column`, -1: none */
    int texts;                               /* how many columns of text; they are not among the inputs */
    char delimiter, decimal;                 /* of the file */
    char *encoding;                          /* of the file's bytes, in words: "latin1"; NULL: UTF-8 */
    char *missing;                           /* words that mean "no value", separated by commas */
    sl_encoded *encoded;                     /* NULL before sl_columns_fit; those with a layer come first */
    int encoded_count;
    size_t width; /* numbers that the net sees; 0: not fitted, or there are texts alone */
} sl_columns;

void sl_columns_free(sl_columns *columns); /* NULL is allowed */
/* Everything, fitted or not, in ctx's memory. NULL and SL_ENOMEM. */
sl_columns *sl_columns_copy(sl_ctx *ctx, const sl_columns *columns);
int sl_columns_find(const sl_columns *columns, const char *name); /* -1: none such */
/* The input columns' places in `column`, in order: number i of 0 .. inputs - 1. */
int sl_columns_input(const sl_columns *columns, int input);
/* Do rows of cells mean the same to both: the same inputs, by name, type and cell, and dictionaries of the
 * same words? */
bool sl_columns_alike(const sl_columns *a, const sl_columns *b);

bool sl_columns_info(const sl_columns *columns, int column, sl_column_info *info); /* false: none such */

/* --- fitting and encoding (columns_fit.c, columns_encode.c) --- */

/* Chooses an encoding for every input and fits it, anew where that was done before. values(user, column, to)
 * writes the cells of that column for the `rows` training rows that teach (rows >= 1); it is called once or
 * twice for each column. numbers: the encoding of number columns that ask for none, in words; NULL:
 * "standard", or "log" where that takes a skew away. layers: may encodings be chosen that end in a layer of
 * the net (category, fourier)? One that is asked for where they may not is SL_EINVAL, as are words that do
 * not fit their column. Numbers come in the order of the columns, those with a layer first, and last a number
 * for each column that training rows lack: 1 where it is missing. */
typedef sl_status (*sl_cells_of)(void *user, int column, double *to);
sl_status sl_columns_fit(sl_columns *columns, sl_cells_of values, void *user, size_t rows,
                         const char *numbers, bool layers);
/* cells [columns->cells] of a row -> x [width]. Cannot fail. */
void sl_columns_encode(const sl_columns *columns, const double *cells, sl_real *x);
/* The same from the inputs alone: values [inputs], in the order of the columns. */
void sl_columns_encode_reals(const sl_columns *columns, const sl_real *values, sl_real *x);
/* What a simple model can take of a row, whatever encodings the columns have: numbers as they are, dates in
 * their parts, the median for a missing one and behind it 1 where the training rows had holes; of a category
 * or a boolean with at most SL_PLAIN_WORDS words a 1 in the place of its word (none: unseen), one more for
 * missing; others are left out. cells: of a row, or NULL: the inputs alone, in `values`. */
enum { SL_PLAIN_WORDS = 256 };
size_t sl_columns_plain_width(const sl_columns *columns);
void sl_columns_plain(const sl_columns *columns, const double *cells, const sl_real *values, sl_real *x);
/* The layers that learned encodings want before those of --net: "category 4 rows=12, fourier 32 columns=2";
 * nothing is added where there are none. */
void sl_columns_net(const sl_columns *columns, sl_text *net);
/* A sentence for people: "9 columns become 13 numbers: 8 standard, 1 one_hot"; columns of text are counted
 * before them. */
void sl_columns_describe(const sl_columns *columns, sl_text *text);
/* One line about column i, fitted: "standardised: mean 3.87, deviation 1.9; missing: the median 3.1". Nothing
 * of a column that is no input and no text. */
void sl_column_describe(const sl_columns *columns, int column, sl_text *text);
/* A cell as it is written: the number's shortest decimals, the word (of SL_UNSEEN "?"), "2024-03-01" or
 * "2024-03-01T12:30:05"; "" of a missing one. At most room - 1 bytes, closed; returns how many there are. */
size_t sl_column_text(const sl_columns *columns, int column, double cell, char *text, size_t room);
/* Adds what cells [count] of column i have that the training rows did not: see sl_outside in slope.h. first:
 * the number of the first of these rows. *outside is zeroed by the caller. */
void sl_column_outside(const sl_columns *columns, int column, const double *cells, size_t first, size_t count,
                       sl_outside *outside);

/* --- in a model file (columns_json.c); dictionaries are tensors: see model/file_columns.c --- */
void sl_columns_put(const sl_columns *columns, sl_text *json);
/* Without dictionaries. NULL and SL_EFORMAT; file: its name, for sentences. */
sl_columns *sl_columns_take(sl_ctx *ctx, const char *file, const sl_json *json);

/* Do places, widths and dictionaries fit together? SL_EFORMAT names the file. After it sl_columns_encode is
 * safe. */
sl_status sl_columns_check(const sl_columns *columns, const char *file);

#endif
