/* lent.h - a context that gets so much memory and no more: sizes that a user's words ask for are refused as
 * on a machine that is full, and a hostile size costs no time. */
#ifndef SL_TESTS_FUZZ_LENT_H
#define SL_TESTS_FUZZ_LENT_H

#include "slope.h"

#include <stdlib.h>

typedef struct {
    size_t bytes, most;
} fuzz_lent;

static inline void *fuzz_lend(void *user, void *block, size_t old_size, size_t new_size)
{
    fuzz_lent *lent = user;
    if (!new_size) {
        lent->bytes -= old_size;
        free(block);
        return NULL;
    }
    if (new_size > lent->most - (lent->bytes - old_size))
        return NULL;
    void *memory = realloc(block, new_size);
    if (memory)
        lent->bytes += new_size - old_size;
    return memory;
}

static inline sl_ctx *fuzz_lent_ctx(fuzz_lent *lent, size_t most)
{
    *lent = (fuzz_lent){ .most = most };
    sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .realloc = fuzz_lend, .user = lent });
    if (!ctx)
        abort();
    return ctx;
}

/* Everything was given back. */
static inline void fuzz_lent_end(sl_ctx *ctx, const fuzz_lent *lent)
{
    sl_ctx_free(ctx);
    if (lent->bytes)
        abort();
}

/* A copy that is closed by a 0, to be freed: of exactly that size, so that a sanitizer sees a read behind it.
 */
static inline char *fuzz_closed(const uint8_t *bytes, size_t size)
{
    char *text = malloc(size + 1);
    if (!text)
        abort();
    for (size_t i = 0; i < size; i++)
        text[i] = (char)bytes[i];
    text[size] = 0;
    return text;
}

#endif
