/* arena.h - memory that is handed out piece by piece and taken back all at once, keeping its chunks. */
#ifndef SL_CORE_ARENA_H
#define SL_CORE_ARENA_H

#include "core/ctx.h"

typedef struct sl_chunk sl_chunk;
typedef struct {
    sl_ctx *ctx;
    sl_chunk *first, *current;
    size_t used;  /* bytes of the current chunk */
    size_t total; /* bytes handed out since the last reset */
    bool numbers; /* only numbers lie here: see sl_alloc_numbers */
} sl_arena;

void sl_arena_init(sl_arena *arena, sl_ctx *ctx);
/* 64-byte aligned, NOT cleared; NULL and SL_ENOMEM when there is none. */
void *sl_arena_take(sl_arena *arena, size_t size);
void sl_arena_reset(sl_arena *arena); /* keeps the chunks, so equal rounds allocate once */
void sl_arena_free(sl_arena *arena);

#endif
