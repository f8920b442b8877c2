/* random.h - counter-based random numbers: Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random
 * numbers: as easy as 1, 2, 3", SC 2011). The key is the seed, the counter says what the number is for, so
 * no number depends on the order of execution.                                                      */
#ifndef SL_CORE_RANDOM_H
#define SL_CORE_RANDOM_H

#include "core/real.h"

/* What a stream of numbers is for: the high byte of the counter's last word. Never renumber. */
typedef enum {
    SL_FOR_INIT = 1,    /* a = parameter, index = element                */
    SL_FOR_SHUFFLE = 2, /* a = epoch                                     */
    SL_FOR_SPLIT = 3,   /* index = row                                   */
    SL_FOR_DROPOUT = 4, /* a = layer, b = step, index = row, unit (below) */
    SL_FOR_DATA = 5,    /* generators: a = what, b = row                 */
    SL_FOR_SAMPLE = 6,  /* which rows stand for all: index = row         */
    SL_FOR_NOISE = 8,   /* as dropout                                     */
    SL_FOR_AUGMENT = 9, /* a = epoch, b = position in it (data/augment.h) */
    SL_FOR_SEARCH = 20, /* search methods: a = what, b = step            */
    SL_FOR_BOOTSTRAP =
        21,              /* rows for intervals: a = 0 drawn with replacement, 1 in another order; b = which */
    SL_FOR_VECTORS = 22, /* word vectors (text/skipgram.h): a = what, b = epoch                  */
    SL_FOR_DOCUMENTS = 23, /* document vectors (text/documents.c): a = what, b = visit            */
    SL_FOR_DESCENT = 24,   /* walks on functions (descend/walk.c): a = 0 starts, 1 noise; b = which walk */
    SL_FOR_LANDSCAPE = 25, /* directions (plot/plane.c): a = which, b = parameter                 */
    SL_FOR_EXPLAIN = 26,   /* rows to compare on: a = 0 equations, 1 collapsed layers              */
    SL_FOR_SETUP = 28,     /* trainings to diagnose (diagnose/setups.c): a = which                  */
    SL_FOR_CURVATURE = 30  /* a = 0 the order of rows, 1 where the power iteration begins         */
} sl_purpose;

typedef struct {
    uint32_t word[4];
} sl_random4;

/* One round on a counter c0..c3, which the caller keeps; then the key goes on by SL_PHILOX_KEY0 and 1. There
 * are 10. Inline for loops that draw many numbers at once. */
#define SL_PHILOX_KEY0 0x9E3779B9u /* golden ratio */
#define SL_PHILOX_KEY1 0xBB67AE85u /* sqrt(3) - 1 */
SL_INLINE void sl_philox_round(uint32_t *c0, uint32_t *c1, uint32_t *c2, uint32_t *c3, uint32_t k0,
                               uint32_t k1)
{
    const uint64_t p0 = (uint64_t)0xD2511F53u * *c0, p1 = (uint64_t)0xCD9E8D57u * *c2;
    *c0 = (uint32_t)(p1 >> 32) ^ *c1 ^ k0;
    *c1 = (uint32_t)p1;
    *c2 = (uint32_t)(p0 >> 32) ^ *c3 ^ k1;
    *c3 = (uint32_t)p0;
}

/* The bare function: 128-bit counter, 64-bit key. */
sl_random4 sl_philox(const uint32_t counter[4], uint64_t key);

/* Four 32-bit numbers for (purpose, a < 2^24, b, index). */
sl_random4 sl_random_block(uint64_t seed, sl_purpose purpose, uint32_t a, uint32_t b, uint64_t index);
uint64_t sl_random_bits(uint64_t seed, sl_purpose purpose, uint32_t a, uint32_t b, uint64_t index);
/* [0, 1), a multiple of 2^-53. */
double sl_random_uniform(uint64_t seed, sl_purpose purpose, uint32_t a, uint32_t b, uint64_t index);

/* A stream: numbers index 0, 1, 2, ... of one (purpose, a, b). */
typedef struct {
    uint64_t seed, index;
    sl_purpose purpose;
    uint32_t a, b;
} sl_stream;
uint64_t sl_stream_bits(sl_stream *stream);
double sl_stream_uniform(sl_stream *stream);             /* [0, 1) */
uint64_t sl_stream_below(sl_stream *stream, uint64_t n); /* 0 .. n-1, unbiased; n > 0 */
/* order[0..n) = a random permutation of first .. first+n-1 (Fisher, Yates). */
void sl_stream_shuffle(sl_stream *stream, size_t *order, size_t n);

#endif
