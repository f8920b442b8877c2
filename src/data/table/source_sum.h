/* source_sum.h - a sum over the bytes of a pass: for accidents, so only mixing and speed matter. */
#ifndef SL_DATA_TABLE_SOURCE_SUM_H
#define SL_DATA_TABLE_SOURCE_SUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { SOURCE_LANES = 8 };

typedef struct { /* of the bytes of a pass: a word in turn to each of eight lanes */
    uint64_t lane[SOURCE_LANES], length;
    unsigned char rest[8 * SOURCE_LANES]; /* the length % 64 bytes that wait for more */
} source_sum;

static inline uint64_t source_turn(uint64_t x, uint64_t word)
{
    x ^= word;
    return (x << 29 | x >> 35) * UINT64_C(0x9e3779b97f4a7c15);
}

static inline void source_sum_block(source_sum *sum, const unsigned char *bytes)
{
    uint64_t word[SOURCE_LANES];
    memcpy(word, bytes, sizeof word);
    for (int i = 0; i < SOURCE_LANES; i++)
        sum->lane[i] = source_turn(sum->lane[i], word[i]);
}

static inline void source_sum_add(source_sum *sum, const unsigned char *bytes, size_t size)
{
    const size_t held = sum->length % sizeof sum->rest;
    sum->length += size;
    if (held) {
        const size_t room = sizeof sum->rest - held, take = size < room ? size : room;
        memcpy(sum->rest + held, bytes, take);
        if (take < room)
            return;
        source_sum_block(sum, sum->rest);
        bytes += take;
        size -= take;
    }
    source_sum work = *sum; /* in registers */
    for (; size >= sizeof sum->rest; size -= sizeof sum->rest, bytes += sizeof sum->rest)
        source_sum_block(&work, bytes);
    memcpy(sum->lane, work.lane, sizeof sum->lane);
    memcpy(sum->rest, bytes, size);
}

static inline bool source_sum_same(const source_sum *a, const source_sum *b)
{
    return a->length == b->length && !memcmp(a->lane, b->lane, sizeof a->lane) &&
           !memcmp(a->rest, b->rest, (size_t)(a->length % sizeof a->rest));
}

#endif
