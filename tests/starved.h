/* starved.h - work done again and again, with one allocation more each time before there is no memory. */
#ifndef TESTS_STARVED_H
#define TESTS_STARVED_H

#include "engine.h"

#include <unistd.h>

/* A name for mkdtemp, in memory where there is such a place: each file that is saved is synced. */
static inline const char *starved_folder(const char *name)
{
    static char path[64];
    snprintf(path, sizeof path, "%s/%s", access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm", name);
    return path;
}

/* work(ctx, place) says whether it came to its end. once: only that allocation fails, the next may not. It
 * may do without memory that only makes it quicker: then it is done, and the context has no failure. apart: 1
 * for every allocation; long work is left off at each so-many-th, and all of them where SLOPE_EVERY is set.
 */
typedef bool starved_work(sl_ctx *ctx, void *place);
static inline void starved_some(starved_work *work, void *place, bool once, size_t least, size_t apart)
{
    size_t n = 1;
    apart = getenv("SLOPE_EVERY") ? 1 : apart;
    for (bool whole = false; !whole; n += apart) {
        test_memory memory = { .fail_at = n, .fail_once = once };
        sl_ctx *ctx = sl_ctx_new(&(sl_ctx_options){ .realloc = test_memory_realloc, .user = &memory });
        if (ctx) {
            const size_t before = memory.blocks;
            const bool done = work(ctx, place);
            if (memory.blocks > before + 1) /* one: the kernels' own room, which a context keeps */
                fail_msg("allocation %zu: %zu blocks are not given back", n, memory.blocks - before);
            whole = memory.calls < n;
            if (whole && (!done || sl_error(ctx)))
                fail_msg("with all memory: %s", sl_message(ctx));
            if (done != (sl_error(ctx) == SL_OK))
                fail_msg("allocation %zu: %s, status %d", n, done ? "done" : "not done", sl_error(ctx));
            if (!done && sl_error(ctx) != SL_ENOMEM)
                fail_msg("allocation %zu: status %d: %s", n, sl_error(ctx), sl_message(ctx));
            sl_ctx_free(ctx);
        }
        if (memory.bytes || memory.blocks || memory.wrong_size)
            fail_msg("allocation %zu: %zu blocks are lost", n, memory.blocks);
    }
    print_message("%zu allocations\n", n);
    assert_true(n > least);
}

static inline void starved_every(starved_work *work, void *place, bool once, size_t least)
{
    starved_some(work, place, once, least, 1);
}

#endif
