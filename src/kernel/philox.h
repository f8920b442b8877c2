/* philox.h - random numbers 64 at a time, for operators that draw one a unit. */
#ifndef SL_KERNEL_PHILOX_H
#define SL_KERNEL_PHILOX_H

#include "core/random.h"
#include "kernel/lanes.h"

/* The words of 16 blocks, for units 4 * block to 4 * block + 63 of a row: what sl_random_block(seed, purpose,
 * layer, step, row << 32 | block + j) gives for counter = { -, row, step, purpose << 24 | layer }. */
SL_INLINE void philox_lanes(uint32_t *word, uint64_t seed, const uint32_t *counter, uint32_t block)
{
    uint32_t c0[SL_LANES], c1[SL_LANES], c2[SL_LANES], c3[SL_LANES];
    uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
    SL_EACH_LANE(j)
    {
        c0[j] = block + j;
        c1[j] = counter[1];
        c2[j] = counter[2];
        c3[j] = counter[3];
    }
    for (int round = 0; round < 10; round++) {
        SL_EACH_LANE(j) sl_philox_round(&c0[j], &c1[j], &c2[j], &c3[j], k0, k1);
        k0 += SL_PHILOX_KEY0;
        k1 += SL_PHILOX_KEY1;
    }
    SL_EACH_LANE(j)
    {
        word[4 * j] = c0[j];
        word[4 * j + 1] = c1[j];
        word[4 * j + 2] = c2[j];
        word[4 * j + 3] = c3[j];
    }
}

#endif
