/* shuffle.h - the order in which an epoch takes the rows. */
#ifndef SL_DATA_SHUFFLE_H
#define SL_DATA_SHUFFLE_H

#include "core/ctx.h"
#include "core/random.h"

enum { SL_SHUFFLE_BLOCK = 4096, SL_SHUFFLE_WINDOW = 16 }; /* rows; blocks */

typedef enum { SL_SHUFFLE, SL_REPLACE, SL_ORDER } sl_sampling;

/* order[0..rows) = a permutation of 0 .. rows-1 that follows from (seed, epoch, rows) alone: the blocks of
 * 4,096 rows in random order, then each window of 16 such blocks shuffled row by row. Data of at most one
 * window (65,536 rows) is shuffled as a whole; larger data can be streamed from a disk with one window in
 * memory, and gives the same order as in memory. */
void sl_shuffle_order(uint64_t seed, uint32_t epoch, size_t rows, size_t *order);

/* order[0..rows) = numbers below rows, each drawn from all: some come twice, some not at all. */
void sl_sample_order(uint64_t seed, uint32_t epoch, size_t rows, size_t *order);

/* The same orders, and rows as they are, a few positions at a time: a window and a number for each block are
 * kept, so rows take no memory. Quick where positions are asked for in order. */
typedef struct {
    sl_ctx *ctx;
    size_t rows;
    sl_sampling kind;
    size_t *blocks;    /* their order; NULL: one window */
    size_t *window;    /* [at most a window] */
    size_t which;      /* window it is, from 1; 0: none */
    size_t first, end; /* positions that it has */
    sl_stream stream;  /* of draws with replacement */
    size_t drawn;      /* so many of them were made */
} sl_order;
sl_status sl_order_open(sl_order *order, sl_ctx *ctx, size_t rows); /* SL_ENOMEM */
void sl_order_close(sl_order *order);
void sl_order_begin(sl_order *order, uint64_t seed, uint32_t epoch, sl_sampling kind);
/* to[0..count) = the rows at positions first .. first + count - 1 of the epoch; all below rows. */
void sl_order_take(sl_order *order, size_t first, size_t count, size_t *to);

#endif
