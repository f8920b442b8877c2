/* random.c - see random.h */
#include "core/random.h"

sl_random4 sl_philox(const uint32_t counter[4], uint64_t key)
{
    uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
    uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
    for (int round = 0; round < 10; round++) {
        sl_philox_round(&c0, &c1, &c2, &c3, k0, k1);
        k0 += SL_PHILOX_KEY0;
        k1 += SL_PHILOX_KEY1;
    }
    return (sl_random4){ { c0, c1, c2, c3 } };
}

sl_random4 sl_random_block(uint64_t seed, sl_purpose purpose, uint32_t a, uint32_t b, uint64_t index)
{
    const uint32_t counter[4] = { (uint32_t)index, (uint32_t)(index >> 32), b,
                                  (uint32_t)purpose << 24 | (a & 0xFFFFFFu) };
    return sl_philox(counter, seed);
}

uint64_t sl_random_bits(uint64_t seed, sl_purpose purpose, uint32_t a, uint32_t b, uint64_t index)
{
    const sl_random4 r = sl_random_block(seed, purpose, a, b, index);
    return (uint64_t)r.word[1] << 32 | r.word[0];
}

static double random_unit(uint64_t bits)
{
    return (double)(bits >> 11) * 0x1p-53;
}

double sl_random_uniform(uint64_t seed, sl_purpose purpose, uint32_t a, uint32_t b, uint64_t index)
{
    return random_unit(sl_random_bits(seed, purpose, a, b, index));
}

uint64_t sl_stream_bits(sl_stream *stream)
{
    return sl_random_bits(stream->seed, stream->purpose, stream->a, stream->b, stream->index++);
}

double sl_stream_uniform(sl_stream *stream)
{
    return random_unit(sl_stream_bits(stream));
}

uint64_t sl_stream_below(sl_stream *stream, uint64_t n)
{
    uint64_t bits = sl_stream_bits(stream);
    if (bits < n) { /* else it is not below what is rejected: 2^64 mod n, the uneven end, which is below n */
        const uint64_t reject = (UINT64_MAX - n + 1) % n;
        while (bits < reject)
            bits = sl_stream_bits(stream);
    }
    return bits % n;
}

void sl_stream_shuffle(sl_stream *stream, size_t *order, size_t n)
{
    for (size_t i = n; i > 1; i--) {
        const size_t j = (size_t)sl_stream_below(stream, i);
        const size_t swap = order[i - 1];
        order[i - 1] = order[j];
        order[j] = swap;
    }
}
