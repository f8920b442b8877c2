/* scan.h - where in a text the marks of a table stand: 64 bytes at a time, a bit a byte. */
#ifndef SL_KERNEL_SCAN_H
#define SL_KERNEL_SCAN_H

#include "core/real.h"
#if defined(__SSE2__)
#    include <emmintrin.h>
#endif

/* Bit 8i+7 of the result is set where byte i of x is zero. */
static inline uint64_t scan_zeros(uint64_t x)
{
    const uint64_t low = UINT64_C(0x7f7f7f7f7f7f7f7f);
    return ~(((x & low) + low) | x | low);
}

static inline uint64_t scan_word(const unsigned char *bytes)
{
    uint64_t x = 0; /* compilers make one load of it where the order of bytes allows */
    for (int i = 0; i < 8; i++)
        x |= (uint64_t)bytes[i] << 8 * i;
    return x;
}

/* The specification, and what runs where there are no vectors: see sl_scan_block. */
SL_INLINE uint64_t sl_scan_block_plain(const char *text, char delimiter, uint64_t *suspects)
{
    const uint64_t each = UINT64_C(0x0101010101010101), gather = UINT64_C(0x0102040810204080);
    uint64_t marks = 0;
    *suspects = 0;
    for (int i = 0; i < 8; i++) {
        const uint64_t x = scan_word((const unsigned char *)text + 8 * i);
        const uint64_t mark = scan_zeros(x ^ each * (unsigned char)delimiter) | scan_zeros(x ^ each * '"') |
                              scan_zeros(x ^ each * '\n') | scan_zeros(x ^ each * '\r');
        const uint64_t suspect = scan_zeros(x) | (x & each << 7);
        marks |= (mark >> 7) * gather >> 56 << 8 * i;
        *suspects |= (suspect >> 7) * gather >> 56 << 8 * i;
    }
    return marks;
}

/* Of text[0..64): bit i of the result is set where byte i is the delimiter, a quote, \n or \r; of *suspects
 * where it is 0 or no ASCII. */
static inline uint64_t sl_scan_block(const char *text, char delimiter, uint64_t *suspects)
{
#if defined(__SSE2__)
    const __m128i field = _mm_set1_epi8(delimiter), quote = _mm_set1_epi8('"');
    const __m128i line = _mm_set1_epi8('\n'), carriage = _mm_set1_epi8('\r'), zero = _mm_setzero_si128();
    uint64_t marks = 0, suspect = 0;
    for (int i = 0; i < 4; i++) {
        const __m128i x = _mm_loadu_si128((const __m128i *)(const void *)(text + 16 * i));
        const __m128i ends = _mm_or_si128(_mm_cmpeq_epi8(x, line), _mm_cmpeq_epi8(x, carriage));
        const __m128i others = _mm_or_si128(_mm_cmpeq_epi8(x, field), _mm_cmpeq_epi8(x, quote));
        marks |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_or_si128(ends, others)) << 16 * i;
        suspect |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_or_si128(x, _mm_cmpeq_epi8(x, zero))) << 16 * i;
    }
    *suspects = suspect;
    return marks;
#else
    return sl_scan_block_plain(text, delimiter, suspects);
#endif
}

/* The number of the lowest bit that is set; x is not 0. */
static inline unsigned sl_scan_first(uint64_t x)
{
#if defined(__GNUC__)
    return (unsigned)__builtin_ctzll(x);
#else
    unsigned count = 0;
    for (; !(x & 1); x >>= 1)
        count++;
    return count;
#endif
}

#endif
