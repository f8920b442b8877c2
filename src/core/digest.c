/* digest.c - see digest.h */
#include "core/digest.h"

#include <string.h>

uint64_t sl_digest_bytes(uint64_t digest, const void *bytes, size_t count)
{
    const unsigned char *byte = bytes;
    for (size_t i = 0; i < count; i++)
        digest = (digest ^ byte[i]) * UINT64_C(0x100000001b3);
    return digest;
}

uint64_t sl_digest_reals(uint64_t digest, const sl_real *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const float value = (float)values[i];
        unsigned char bytes[sizeof value];
        memcpy(bytes, &value, sizeof value);
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
