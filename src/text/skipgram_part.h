/* skipgram_part.h - between skipgram.c, which cuts the work, and skipgram_part.c, which does it. */
#ifndef SL_TEXT_SKIPGRAM_PART_H
#define SL_TEXT_SKIPGRAM_PART_H

#include "text/skipgram.h"

enum {
    SKIPGRAM_SHARDS = 16,
    SKIPGRAM_CHUNK = 64,   /* words of a part in a round, at most */
    SKIPGRAM_ROUNDS = 512, /* of an epoch, at least, where there are words enough */
    SKIPGRAM_REACH = 4,    /* windows of so many times their size, with the words that are passed over */
    SKIPGRAM_BUCKETS = 16, /* changed rows are added up in so many tasks */
    SKIPGRAM_LOOK = 32     /* every so manieth window is asked for its loss */
};

/* What random numbers are for: a of SL_FOR_VECTORS. */
enum { SKIPGRAM_START, SKIPGRAM_KEEP, SKIPGRAM_WINDOW };

/* Rows of a table that a part has touched: copies, later what they have changed by. */
typedef struct {
    const sl_real *table; /* [rows, width] */
    size_t width, count, room;
    int *uses;    /* [room] in how many windows, about */
    int *row;     /* [room] which they are, in the order in which they were touched */
    sl_real *own; /* [room, width] */
    int *place;   /* [room] places of the rows of each bucket, after one another */
    size_t bucket[SKIPGRAM_BUCKETS + 1];
} skipgram_rows;

/* A word by which others are told apart: word `other` where the fraction of a draw is not below `share`. */
typedef struct {
    uint32_t share, other;
} skipgram_draw;

typedef struct {
    sl_ctx *ctx;
    const sl_skipgram_text *text;
    const sl_skipgram_options *options;
    const skipgram_draw *draw; /* [words] */
    const uint32_t *keep;      /* [words]: a word is read where the draw is not above */
    size_t width;              /* of a row: size, and zeros up to a multiple of 16 */
    sl_real *in, *out;         /* [text->rows, width], [words, width] */
    int epoch;
    sl_real rate;
    size_t chunk;  /* words of a part in a round, at most */
    size_t margin; /* words before and behind them that windows may reach */
} skipgram_job;

/* One of the SKIPGRAM_SHARDS parts. */
typedef struct {
    size_t at, end;        /* of the sequence; at: the next word */
    skipgram_rows in, out; /* changed in this round */
    size_t first, last;    /* of `word`: those whose windows belong to this round */
    int *word;             /* [chunk + 2 margin] that are read */
    size_t *position;      /* likewise: where they are in the sequence */
    sl_real *mean;         /* rows of words that are made of several: [2 window + 1, width], twice */
    double loss;           /* of `pairs` */
    size_t pairs;
} skipgram_part;

/* Where a worker looks up which rows it has: [rows] places, right only where that row says so too. */
typedef struct {
    int *in, *out;
} skipgram_finder;

void sl_skipgram_part(const skipgram_job *job, skipgram_part *part, const skipgram_finder *finder);

#endif
