/* look.h - what one pass over a column's values finds, and the type that follows from it. */
#ifndef SL_DATA_TABLE_LOOK_H
#define SL_DATA_TABLE_LOOK_H

#include "data/table/field.h"
#include "data/table/table.h"

enum {
    SL_LOOK_WORDS = 100000,    /* most categories of a column */
    SL_LOOK_PLACES = 20,       /* different examples that are kept */
    SL_LOOK_NUMBERS = 1 << 24, /* different numbers that all columns may keep */
    SL_LOOK_TEXT = 256 << 20,  /* bytes of words that all columns may keep */
    SL_LOOK_LEAST = 1 << 10    /* different numbers that every column may keep */
};

typedef struct {   /* different 64-bit keys: numbers by their bits, or words by their hash */
    uint64_t *key; /* [slots], 0: free */
    size_t count, slots, most;
    bool zero, more; /* is 0 among them; were there more than `most`? */
} sl_seen;

typedef struct {
    uint32_t line, column;
    char text[40];
    size_t times; /* of an example: how often it was seen */
} sl_place;

typedef struct {
    sl_ctx *ctx;
    size_t missing, numbers, whole, infinite, words, codes; /* codes: of `whole`, those such as 00501 */
    size_t odd[SL_ODD_KINDS];                               /* of words; counted while there are few */
    size_t dates[3], dated, pairs[SL_PAIRS]; /* words that are one by that order, any order, that pair */
    bool both[SL_PAIRS][2];
    size_t gaps; /* between the words that a value is made of */
    bool rising; /* whole numbers, each one more than the last */
    double low, high, last;
    sl_seen seen;         /* numbers that are no codes; and hashes of words when there are too many */
    sl_dictionary known;  /* words and codes */
    size_t text_most;     /* bytes that `known` may take */
    bool many;            /* `known` was given up */
    sl_place *odds, *far; /* [SL_LOOK_PLACES]: the first words that are no dates, and infinite numbers, each
                             where it was first seen; NULL: none */
    size_t odd_places, far_places;
    sl_place first;    /* word; line 0: none */
    sl_place fraction; /* the first number that is not whole; line 0: none */
} sl_look;

/* columns: how many there are, which share what may be kept. */
void sl_look_init(sl_look *look, sl_ctx *ctx, size_t columns);
void sl_look_free(sl_look *look);
/* A trimmed field. False: memory ran out. */
bool sl_look_field(sl_look *look, const sl_field *field, const sl_missing *missing, char decimal);
/* A number, NaN: missing. */
bool sl_look_number(sl_look *look, double value, uint32_t line, uint32_t column);

size_t sl_look_values(const sl_look *look);   /* that are not missing */
size_t sl_look_distinct(const sl_look *look); /* at least; exactly unless sl_look_more */
bool sl_look_more(const sl_look *look);
/* The order by which all values are dates; -1: they are not; -2: both orders would do. */
int sl_look_order(const sl_look *look);
int sl_look_pair(const sl_look *look);    /* of which all values are the two words; -1: of none */
bool sl_look_binary(const sl_look *look); /* all numbers, 0 and 1 */
/* Its words, and its numbers as they are written shortest, sorted, as column->words. SL_EINVAL: too many. */
sl_status sl_look_dictionary(const sl_look *look, const char *place, sl_column *column);

#endif
