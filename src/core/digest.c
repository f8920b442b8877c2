/* digest.c - see digest.h */
#include "core/digest.h"
#include "core/bits.h"

#include <string.h>

uint64_t sl_digest_bytes(uint64_t digest, const void *bytes, size_t count)
{
    const unsigned char *byte = bytes;
    for (size_t i = 0; i < count; i++)
        digest = (digest ^ byte[i]) * UINT64_C(0x100000001b3);
    return digest;
}

uint64_t sl_digest_words(uint64_t digest, const uint64_t *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t word = words[i];
        sl_bits_little(&word, 1, sizeof word);
        digest = sl_digest_bytes(digest, &word, sizeof word);
    }
    return digest;
}

uint64_t sl_digest_reals(uint64_t digest, const sl_real *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const float value = (float)values[i];
        unsigned char bytes[sizeof value];
        memcpy(bytes, &value, sizeof value);
        sl_bits_little(bytes, 1, sizeof bytes);
        digest = sl_digest_bytes(digest, bytes, sizeof bytes);
    }
    return digest;
}

char *sl_digest_text(char out[17], uint64_t digest)
{
    for (int i = 15; i >= 0; i--, digest >>= 4)
        out[i] = "0123456789abcdef"[digest & 15];
    out[16] = 0;
    return out;
}
