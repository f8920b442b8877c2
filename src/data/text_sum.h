/* text_sum.h - a sum of a text's bytes that tells different texts apart: no secret is kept by it. */
#ifndef SL_DATA_TEXT_SUM_H
#define SL_DATA_TEXT_SUM_H

#include <stddef.h>
#include <stdint.h>

static inline uint64_t text_sum_mix(uint64_t sum, uint64_t word)
{
    sum = (sum ^ word) * UINT64_C(0x9E3779B97F4A7C15);
    return sum ^ sum >> 32;
}

/* Eight bytes at a time, the lowest first on every machine. */
static inline uint64_t sl_text_sum(const char *text, size_t length)
{
    const unsigned char *bytes = (const unsigned char *)text;
    uint64_t sum = text_sum_mix(UINT64_C(0xcbf29ce484222325), length);
    size_t i = 0;
    for (; i + 8 <= length; i += 8) {
        uint64_t word = 0;
        for (size_t j = 0; j < 8; j++) /* one load where bytes lie in this order */
            word |= (uint64_t)bytes[i + j] << 8 * j;
        sum = text_sum_mix(sum, word);
    }
    uint64_t rest = 0;
    for (size_t j = 0; i + j < length; j++)
        rest |= (uint64_t)bytes[i + j] << 8 * j;
    return text_sum_mix(text_sum_mix(sum, rest), 1);
}

/* The same as a cell of a table: a whole number below 2^53. */
static inline double sl_text_cell(const char *text, size_t length)
{
    return (double)(sl_text_sum(text, length) >> 11);
}

#endif
