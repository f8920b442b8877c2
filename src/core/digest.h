/* digest.h - FNV-1a, 64 bit: names a sequence of bytes. */
#ifndef SL_CORE_DIGEST_H
#define SL_CORE_DIGEST_H

#include "core/real.h"

#define SL_DIGEST_START UINT64_C(0xcbf29ce484222325)

uint64_t sl_digest_bytes(uint64_t digest, const void *bytes, size_t count);
/* Each lowest byte first. */
uint64_t sl_digest_words(uint64_t digest, const uint64_t *words, size_t count);
/* As float32, little endian, whatever sl_real is. */
uint64_t sl_digest_reals(uint64_t digest, const sl_real *values, size_t count);
/* 16 hex digits and a 0. Returned. */
char *sl_digest_text(char out[17], uint64_t digest);

#endif
