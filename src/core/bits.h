/* bits.h - bits of 64-bit words, and the order of bytes. */
#ifndef SL_CORE_BITS_H
#define SL_CORE_BITS_H

#include <stddef.h>
#include <stdint.h>

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
enum { SL_BIG_ENDIAN = 1 };
#else
enum { SL_BIG_ENDIAN = 0 };
#endif

/* Files and digests have the lowest byte of a number first. Where memory has it last, `count` numbers of
 * `size` bytes are turned around in place, from one order into the other; elsewhere nothing is done. */
static inline void sl_bits_little(void *numbers, size_t count, size_t size)
{
    unsigned char *byte = numbers;
    for (size_t i = 0; SL_BIG_ENDIAN && i < count; i++, byte += size)
        for (size_t j = 0; j < size / 2; j++) {
            const unsigned char kept = byte[j];
            byte[j] = byte[size - 1 - j];
            byte[size - 1 - j] = kept;
        }
}

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
