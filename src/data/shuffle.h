/* shuffle.h - the order in which an epoch takes the rows. */
#ifndef SL_DATA_SHUFFLE_H
#define SL_DATA_SHUFFLE_H

#include "core/real.h"

enum { SL_SHUFFLE_BLOCK = 4096, SL_SHUFFLE_WINDOW = 16 }; /* rows; blocks */

/* order[0..rows) = a permutation of 0 .. rows-1 that follows from (seed, epoch, rows) alone: the blocks of
 * 4,096 rows in random order, then each window of 16 such blocks shuffled row by row. Data of at most one
 * window (65,536 rows) is shuffled as a whole; larger data can be streamed from a disk with one window in
 * memory, and gives the same order as in memory. */
void sl_shuffle_order(uint64_t seed, uint32_t epoch, size_t rows, size_t *order);

/* order[0..rows) = numbers below rows, each drawn from all: some come twice, some not at all. */
void sl_sample_order(uint64_t seed, uint32_t epoch, size_t rows, size_t *order);

#endif
