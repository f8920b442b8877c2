/* encoding.h - what a file of data/encoding/ provides: `const sl_encoding sl_encoding_NAME`, a way from the
 * cells of a column to numbers that a net sees. One encoding, one file.
 *
 * A row that is encoded has the median in place of a missing number; that it was missing is a number of its
 * own, which sl_columns_fit adds (the encoding `missing`). A missing word is a category of its own. Whatever
 * double a cell is, infinities and NaN included, the numbers that come out are finite. */
#ifndef SL_DATA_ENCODING_ENCODING_H
#define SL_DATA_ENCODING_ENCODING_H

#include "data/columns.h"

#define SL_TAKES(type) (1u << (type))
#define SL_TAKES_NUMBERS (SL_TAKES(SL_COLUMN_NUMBER) | SL_TAKES(SL_COLUMN_INTEGER))
#define SL_TAKES_WORDS (SL_TAKES(SL_COLUMN_CATEGORY) | SL_TAKES(SL_COLUMN_BOOLEAN))
/* Columns whose missing cells are filled by the median. */
#define SL_TAKES_FILLED (SL_TAKES_NUMBERS | SL_TAKES(SL_COLUMN_DATE))

enum { SL_ENCODING_TOGETHER = 16 }; /* columns that one encoding may take */

/* How one number came about: arithmetic (explain/expression.h) with the names of numbers in it. */
enum { SL_ENCODING_NAMES = 4 };
typedef struct {
    const char *formula; /* NULL: the number is a sign, such as 1 for yes, and no arithmetic made it */
    struct {
        const char *name;
        double value;
    } named[SL_ENCODING_NAMES];
    int count;
} sl_encoding_told;

struct sl_encoding {
    const char *name, *summary, *formula, *source;
    const sl_option *options;
    unsigned takes; /* column types: SL_TAKES(...) */
    bool together;  /* several columns may be encoded as one */
    bool hidden;    /* no word of --column: sl_columns_fit adds it by itself */
    bool apart;     /* of several columns number i of a row comes from column i alone */
    /* Sets numbers, number_count (memory of ctx, owned by `encoded` at once) and width from the training
     * rows' cells: values[c] is the column [rows] of encoded->columns[c]. Numbers are finite, or NaN where
     * they are missing; words are codes, NaN or SL_UNSEEN. */
    sl_status (*fit)(sl_ctx *ctx, const sl_columns *columns, sl_encoded *encoded, const double *const *values,
                     size_t rows);
    /* values [count] of one row -> x [width]: numbers, infinite ones among them, of which none is missing;
     * words as in fit. Reads only; must not fail. */
    void (*encode)(const sl_encoded *encoded, const double *values, sl_real *x);
    /* What it does, with its numbers, for people: "standardised: mean 3.87, deviation 1.9". */
    void (*describe)(const sl_columns *columns, const sl_encoded *encoded, sl_text *text);
    /* Number `element` of them as a formula (explain/expression.h) with what was learned in it: of x, the
     * value, filled where it is missing; of a date, of day (whole days since 1970) and time (0 .. 1 of the
     * day), too; of two words yes and no, 1 where it is that; or of missing. NULL: words, which have slots.
     */
    void (*written)(const sl_encoded *encoded, size_t element, sl_text *formula);
    /* Could `numbers` and `width` have come from fit, so that encode stays inside of them and its results are
     * finite? Of an encoding that was read from a file: columns, count, options and that all numbers are
     * finite have been looked at (sl_encodings_check). */
    bool (*check)(const sl_columns *columns, const sl_encoded *encoded);
    /* For explanations: how number `at` of those that encode makes of these values came about. NULL: all are
     * signs. */
    sl_encoding_told (*tell)(const sl_encoded *encoded, const double *values, size_t at);
    /* Numbers that a layer of the net replaces by what it learns: its words. NULL: none. Such encodings come
     * first in the row that the net sees, and their layers first in the net. */
    void (*layer)(const sl_columns *columns, const sl_encoded *encoded, sl_text *net);
};

const sl_encoding *sl_encoding_at(size_t index); /* NULL behind the last; hidden ones too */
/* "quantile bins=32": the word, and its options into values. NULL and the context's error. Hidden ones are
 * found (a model file has them); who asks for one in --column is told in sl_columns_fit. */
const sl_encoding *sl_encoding_find(sl_ctx *ctx, const char *words, double values[SL_MOST_OPTIONS]);

/* After reading a file, when dictionaries are there: is every one of columns->encoded as sl_columns_fit would
 * have left it? Then sl_columns_encode is safe. SL_EFORMAT names the file, the column and what is wrong. Asks
 * that columns->column [count] have sound types, roles, `cell` and `input`. */
sl_status sl_encodings_check(const sl_columns *columns, const char *file);

/* Which encoding the column wants, into encoded->kind and ->options: that of column->encoding, else the
 * default of its type (numbers: words for number columns, NULL: standard, or log where that takes a skew
 * away). cells [rows] are clean (see fit), scratch has as much room. SL_EINVAL: the words do not fit the
 * column, or ask for a layer where there may be none. choose.c */
sl_status sl_encoding_choose(const sl_columns *columns, int column, const double *cells, size_t rows,
                             double *scratch, const char *numbers, bool layers, sl_encoded *encoded);

/* --- what several of them share: scale.c ------------------------------------------------------------ */

/* Cells beyond this, infinities included, count as this in fit, so sums and differences of them are finite.
 */
#define SL_CELL_MOST 1e300
/* A standardised number lies in -1e6 .. 1e6, whatever the cell: no training row comes near it, and a net
 * still makes finite numbers of it. */
#define SL_ENCODING_LIMIT 1e6
SL_INLINE double sl_encoding_limited(double value, double limit)
{
    return value < -limit ? -limit : value > limit ? limit : value;
}

typedef struct {
    double mean, deviation; /* deviation 0: all values are the same, or there is none */
} sl_spread;
/* Of the values that are not NaN, in their order; deviation: root of the mean square (of n, not n - 1). */
sl_spread sl_spread_of(const double *values, size_t rows);
/* The mean third power of standardised values: 0 of symmetric ones, 2 of the exponential distribution. */
double sl_spread_skew(const double *values, size_t rows, sl_spread scale);
/* (value - mean) / deviation within the limit; 0 where the deviation is 0: from a column that never changed
 * nothing was learned. */
SL_INLINE double sl_scaled(double value, double mean, double deviation)
{
    return deviation > 0 ? sl_encoding_limited((value - mean) / deviation, SL_ENCODING_LIMIT) : 0;
}
/* The same as arithmetic, kept within `clip` too where that is above 0. */
sl_encoding_told sl_scaled_told(double value, double mean, double deviation, double clip);
/* "(x - 3.871)/1.9", or "0"; with a clip "max(-3, min(3, ..))". For .written. */
void sl_scaled_written(const char *x, double mean, double deviation, double clip, sl_text *formula);
/* "mean 3.871, deviation 1.9", or "always 0, as every training row has 3.5". */
void sl_spread_describe(double mean, double deviation, sl_text *text);
/* Four significant digits: for people. */
void sl_encoding_number(sl_text *text, double value);
/* Ascending; NaN are left out. Returns how many there are. */
size_t sl_encoding_sorted(double *to, const double *from, size_t rows);
/* encoded->numbers = `count` zeros. NULL: memory ran out. */
double *sl_encoding_numbers(sl_ctx *ctx, sl_encoded *encoded, size_t count);

/* --- words to slots: slots.c ------------------------------------------------------------------------ */

/* numbers: which slot a missing word has, and any other word (rare ones, and those that training did not
 * have); -1: none; how many slots there are; how many words were rare; the least number of rows that makes a
 * word frequent; then for each code its slot, -1: no training row had it. */
enum { SL_SLOTS_MISSING, SL_SLOTS_OTHER, SL_SLOTS_COUNT, SL_SLOTS_RARE, SL_SLOTS_LEAST, SL_SLOTS_CODES };
/* always: there is a slot for missing and one for other words also where no training row has them. */
sl_status sl_slots_fit(sl_ctx *ctx, const sl_columns *columns, sl_encoded *encoded, const double *codes,
                       size_t rows, double least, bool always);
/* How many slots that would be; codes has at most `words` different ones. SIZE_MAX: memory ran out. */
size_t sl_slots_needed(sl_ctx *ctx, const double *codes, size_t rows, size_t words, double least);
/* The slot of a cell; -1: none. */
int sl_slots_of(const sl_encoded *encoded, double cell);
bool sl_slots_check(const sl_columns *columns, const sl_encoded *encoded);
/* Has a training row had this word? */
bool sl_slots_seen(const sl_encoded *encoded, double cell);
void sl_slots_describe(const sl_encoded *encoded, sl_text *text);
#define SL_SLOTS_OPTION_LEAST                                                                                \
    {                                                                                                        \
        .name = "least", .summary = "training rows that a word needs for itself; rarer ones share",          \
        .low = 0, .high = 1e9, .whole = true, .normally = "a hundredth of the rows, within 2 and 10"         \
    }

#endif
