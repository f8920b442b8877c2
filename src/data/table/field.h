/* field.h - what one field of a table says: nothing, a number, or a word. */
#ifndef SL_DATA_TABLE_FIELD_H
#define SL_DATA_TABLE_FIELD_H

#include "data/dictionary.h"
#include "data/table/csv.h"

typedef struct { /* the words that mean that there is no value; an empty field always does */
    sl_dictionary words;
    double *numbers; /* [number_count]: those among them that are numbers, -999 say: -999.0 is missing too */
    size_t number_count, longest;
} sl_missing;

const char *sl_missing_words(void); /* the default list, separated by commas */
/* A list in full, which the caller frees: "default" in it stands for the default list; NULL: that alone. */
char *sl_missing_list(sl_ctx *ctx, const char *words);
/* words: in full; NULL: the default. */
sl_status sl_missing_init(sl_missing *missing, sl_ctx *ctx, const char *words, char decimal);
void sl_missing_free(sl_missing *missing);

typedef enum { SL_SAYS_MISSING, SL_SAYS_NUMBER, SL_SAYS_INFINITE, SL_SAYS_WORD } sl_says;
sl_field sl_field_trimmed(const sl_field *field); /* without blanks at its ends */
/* The field is trimmed; *value is set of a number. Infinite: inf, infinity, or too large for a double. */
sl_says sl_field_says(const sl_field *field, const sl_missing *missing, char decimal, double *value);

/* Is the word "missing" in the sense above? For columns whose numbers are words. */
bool sl_field_missing(const sl_field *field, const sl_missing *missing);

/* Pairs of words for no and yes, in any case: false and true, no and yes, ... */
enum { SL_PAIRS = 5 };
const char *sl_pair_word(int pair, bool yes);
/* Which pair the word belongs to, and which of the two it is; -1: to none. */
int sl_pair_find(const char *word, size_t length, bool *yes);

/* Words that were meant as numbers. */
typedef enum {
    SL_ODD_WORD,      /* was not */
    SL_ODD_DECIMAL,   /* 1,5 where the decimal mark is a point, or the other way round */
    SL_ODD_THOUSANDS, /* 1,234 or 1.234,5 */
    SL_ODD_PERCENT,
    SL_ODD_MONEY,
    SL_ODD_KINDS
} sl_odd;
sl_odd sl_field_odd(const sl_field *field, char decimal);
/* Whole digits that begin with 0, such as 00501: a code. */
bool sl_field_code(const sl_field *field);

#endif
