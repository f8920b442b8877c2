/* bits.h - bits of 64-bit words. */
#ifndef SL_CORE_BITS_H
#define SL_CORE_BITS_H

#include <stdint.h>

/* How many bits are 1 (two, four, eight at a time). */
static inline int sl_bits_count(uint64_t word)
{
    word -= word >> 1 & UINT64_C(0x5555555555555555);
    word = (word & UINT64_C(0x3333333333333333)) + (word >> 2 & UINT64_C(0x3333333333333333));
    word = (word + (word >> 4)) & UINT64_C(0x0F0F0F0F0F0F0F0F);
    return (int)(word * UINT64_C(0x0101010101010101) >> 56);
}

/* The number of the lowest bit that is 1; word is not 0. */
static inline int sl_bits_first(uint64_t word)
{
#if defined(__GNUC__)
    return __builtin_ctzll(word);
#else
    return sl_bits_count((word & (~word + 1)) - 1);
#endif
}

#endif
