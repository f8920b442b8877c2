/* arena.c - see arena.h */
#include "core/arena.h"

struct sl_chunk {
    sl_chunk *next;
    size_t size;
    unsigned char *bytes;
};

enum { ARENA_ALIGN = 64, ARENA_FIRST = 1 << 14 };

void sl_arena_init(sl_arena *arena, sl_ctx *ctx)
{
    *arena = (sl_arena){ .ctx = ctx };
}

static sl_chunk *arena_chunk(sl_arena *arena, size_t size)
{
    size_t wanted = arena->current ? arena->current->size * 2 : ARENA_FIRST;
    if (wanted < size)
        wanted = size;
    sl_chunk *chunk = sl_alloc(arena->ctx, sizeof *chunk);
    if (!chunk)
        return NULL;
    chunk->bytes = arena->numbers ? sl_alloc_numbers(arena->ctx, wanted, 1) : sl_alloc(arena->ctx, wanted);
    chunk->size = wanted;
    if (!chunk->bytes) {
        sl_free(arena->ctx, chunk);
        return NULL;
    }
    return chunk;
}

void *sl_arena_take(sl_arena *arena, size_t size)
{
    if (size > SIZE_MAX - ARENA_ALIGN) {
        sl_fail(arena->ctx, SL_ENOMEM, "out of memory: %zu bytes wanted in one piece", size);
        return NULL;
    }
    size = (size + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;
    while (!arena->current || arena->current->size - arena->used < size) {
        /* Chunks that are too small are passed over. So a graph whose pieces are none larger than those of
         * one before always finds room: by induction no piece lies behind the place it had then. */
        sl_chunk *next = arena->current ? arena->current->next : arena->first;
        if (!next) {
            next = arena_chunk(arena, size);
            if (!next)
                return NULL;
            if (arena->current)
                arena->current->next = next;
            else
                arena->first = next;
        }
        arena->current = next;
        arena->used = 0;
    }
    unsigned char *memory = arena->current->bytes + arena->used;
    arena->used += size;
    arena->total += size;
    return memory;
}

void sl_arena_reset(sl_arena *arena)
{
    arena->current = arena->first;
    arena->used = 0;
    arena->total = 0;
}

void sl_arena_free(sl_arena *arena)
{
    for (sl_chunk *chunk = arena->first; chunk;) {
        sl_chunk *next = chunk->next;
        sl_free(arena->ctx, chunk->bytes);
        sl_free(arena->ctx, chunk);
        chunk = next;
    }
    sl_arena_init(arena, arena->ctx);
}
