/* fixed.c - see fixed.h. Blocks lie one behind the other, each knows its size and that of the one below; free
 * ones are in a list with those of about their size. What lies behind the last block is no block: it is cut
 * from when no free block will do, and takes the last ones back when they are given back. */
#include "core/fixed.h"

#include <stdint.h>
#include <string.h>

enum { FIXED_STEP = 16, FIXED_LEAST = 2 * FIXED_STEP, FIXED_LISTS = 112, FIXED_USED = 1 };

typedef struct fixed_block fixed_block;
struct fixed_block {
    size_t size;                            /* with this head; FIXED_USED beside it */
    size_t below;                           /* size of the block right below; 0: none */
    _Alignas(FIXED_STEP) fixed_block *next; /* of a free one, where the other kind's bytes are */
    fixed_block *previous;
};

struct sl_fixed {
    unsigned char *buffer, *first, *end, *limit; /* the buffer, its blocks, what is behind them */
    size_t last;                                 /* size of the block right below end; 0: none */
    size_t used, peak;
    fixed_block *list[FIXED_LISTS];
};

static size_t fixed_size(const fixed_block *block)
{
    return block->size & ~(size_t)FIXED_USED;
}

static fixed_block *fixed_at(unsigned char *place)
{
    return (fixed_block *)(void *)place;
}

static unsigned char *fixed_behind(fixed_block *block)
{
    return (unsigned char *)block + fixed_size(block);
}

/* Four lists for each power of two; all that is very large is in the last. */
static int fixed_list(size_t size)
{
    int power = 0;
    while (power < FIXED_LISTS / 4 - 1 && size >> (power + 6))
        power++;
    const size_t quarter = size >> (power + 3);
    return quarter > 7 ? FIXED_LISTS - 1 : power * 4 + (int)(quarter & 3);
}

static void fixed_put(sl_fixed *f, fixed_block *block, size_t size)
{
    fixed_block **list = &f->list[fixed_list(size)];
    block->size = size;
    block->previous = NULL;
    block->next = *list;
    if (*list)
        (*list)->previous = block;
    *list = block;
    fixed_at((unsigned char *)block + size)->below = size;
}

static void fixed_take(sl_fixed *f, fixed_block *block)
{
    if (block->previous)
        block->previous->next = block->next;
    else
        f->list[fixed_list(fixed_size(block))] = block->next;
    if (block->next)
        block->next->previous = block->previous;
}

sl_fixed *sl_fixed_new(void *buffer, size_t size)
{
    const size_t skip = buffer ? (FIXED_STEP - (uintptr_t)buffer % FIXED_STEP) % FIXED_STEP : 0;
    const size_t head = (sizeof(sl_fixed) + FIXED_STEP - 1) / FIXED_STEP * FIXED_STEP;
    if (!buffer || size < skip + head)
        return NULL;
    sl_fixed *f = (sl_fixed *)(void *)((unsigned char *)buffer + skip);
    *f = (sl_fixed){ .buffer = buffer };
    f->first = f->end = (unsigned char *)f + head;
    f->limit = f->first + (size - skip - head) / FIXED_STEP * FIXED_STEP;
    f->peak = (size_t)(f->end - f->buffer);
    return f;
}

/* A free block that is large enough, of those of about its size, else of larger ones; NULL: there is none. */
static fixed_block *fixed_find(const sl_fixed *f, size_t size)
{
    for (int i = fixed_list(size); i < FIXED_LISTS; i++)
        for (fixed_block *block = f->list[i]; block; block = block->next)
            if (block->size >= size)
                return block;
    return NULL;
}

static void fixed_free(sl_fixed *f, fixed_block *block)
{
    size_t size = fixed_size(block);
    f->used -= size;
    unsigned char *behind = (unsigned char *)block + size;
    if (behind < f->end && !(fixed_at(behind)->size & FIXED_USED)) {
        fixed_take(f, fixed_at(behind));
        size += fixed_size(fixed_at(behind));
    }
    if (block->below) {
        fixed_block *below = fixed_at((unsigned char *)block - block->below);
        if (!(below->size & FIXED_USED)) {
            fixed_take(f, below);
            size += fixed_size(below);
            block = below;
        }
    }
    if ((unsigned char *)block + size == f->end) {
        f->end = (unsigned char *)block;
        f->last = block->below;
    } else {
        fixed_put(f, block, size);
    }
}

/* Cuts a used block down to size; the rest is free, or stays where it is too small to be a block. */
static void fixed_cut(sl_fixed *f, fixed_block *block, size_t size)
{
    const size_t rest = fixed_size(block) - size;
    if (rest < FIXED_LEAST)
        return;
    fixed_block *other = fixed_at((unsigned char *)block + size);
    block->size = size | FIXED_USED;
    *other = (fixed_block){ .size = rest | FIXED_USED, .below = size };
    if ((unsigned char *)other + rest == f->end)
        f->last = rest;
    else
        fixed_at((unsigned char *)other + rest)->below = rest;
    fixed_free(f, other); /* which joins it with what is free behind it */
}

/* The block's size with its head; 0: more than there can be. */
static size_t fixed_whole(size_t size)
{
    if (size > SIZE_MAX / 2)
        return 0;
    const size_t whole = (size + FIXED_STEP + FIXED_STEP - 1) / FIXED_STEP * FIXED_STEP;
    return whole < FIXED_LEAST ? (size_t)FIXED_LEAST : whole;
}

static void fixed_reach(sl_fixed *f)
{
    const size_t reached = (size_t)(f->end - f->buffer);
    f->peak = reached > f->peak ? reached : f->peak;
}

static fixed_block *fixed_new_block(sl_fixed *f, size_t size)
{
    fixed_block *block = fixed_find(f, size);
    if (block) {
        fixed_take(f, block);
        f->used += block->size;
        block->size |= FIXED_USED;
        fixed_cut(f, block, size);
        return block;
    }
    if ((size_t)(f->limit - f->end) < size)
        return NULL;
    block = fixed_at(f->end);
    *block = (fixed_block){ .size = size | FIXED_USED, .below = f->last };
    f->end += size;
    f->last = size;
    f->used += size;
    fixed_reach(f);
    return block;
}

/* Where it stands, into what is free behind it. */
static bool fixed_grow(sl_fixed *f, fixed_block *block, size_t size)
{
    unsigned char *behind = fixed_behind(block);
    const size_t more = size - fixed_size(block);
    if (behind == f->end) {
        if ((size_t)(f->limit - f->end) < more)
            return false;
        f->end += more;
        f->last = size;
        f->used += more;
        block->size = size | FIXED_USED;
        fixed_reach(f);
        return true;
    }
    fixed_block *other = fixed_at(behind);
    if (other->size & FIXED_USED || other->size < more)
        return false;
    fixed_take(f, other);
    f->used += other->size;
    block->size += other->size;
    fixed_at(fixed_behind(block))->below = fixed_size(block);
    fixed_cut(f, block, size);
    return true;
}

void *sl_fixed_realloc(void *fixed, void *memory, size_t old_size, size_t new_size)
{
    sl_fixed *f = fixed;
    fixed_block *block = memory ? fixed_at((unsigned char *)memory - FIXED_STEP) : NULL;
    if (new_size == 0) {
        if (block)
            fixed_free(f, block);
        return NULL;
    }
    const size_t size = fixed_whole(new_size);
    if (!size)
        return NULL;
    if (block && size <= fixed_size(block)) {
        fixed_cut(f, block, size);
        return memory;
    }
    if (block && fixed_grow(f, block, size))
        return memory;
    fixed_block *other = fixed_new_block(f, size);
    if (!other)
        return NULL;
    unsigned char *bytes = (unsigned char *)other + FIXED_STEP;
    if (block) {
        memcpy(bytes, memory, old_size < new_size ? old_size : new_size);
        fixed_free(f, block);
    }
    return bytes;
}

sl_fixed_state sl_fixed_look(const sl_fixed *f)
{
    sl_fixed_state state = { .size = (size_t)(f->limit - f->buffer), .peak = f->peak };
    state.used = f->used + (size_t)(f->first - f->buffer);
    size_t largest = (size_t)(f->limit - f->end);
    for (int i = 0; i < FIXED_LISTS; i++)
        for (const fixed_block *block = f->list[i]; block; block = block->next)
            largest = block->size > largest ? block->size : largest;
    state.largest = largest >= FIXED_LEAST ? largest - FIXED_STEP : 0;
    return state;
}

bool sl_fixed_sound(const sl_fixed *f)
{
    size_t below = 0, used = 0, free_blocks = 0, listed = 0;
    bool was_free = false;
    for (unsigned char *place = f->first; place < f->end;) {
        const fixed_block *block = fixed_at(place);
        const bool is_used = block->size & FIXED_USED;
        if (block->below != below || fixed_size(block) < FIXED_LEAST || fixed_size(block) % FIXED_STEP ||
            fixed_size(block) > (size_t)(f->end - place) || (was_free && !is_used))
            return false;
        below = fixed_size(block);
        place += below;
        used += is_used ? below : 0;
        free_blocks += !is_used;
        was_free = !is_used;
    }
    for (int i = 0; i < FIXED_LISTS; i++) {
        const fixed_block *before = NULL;
        for (const fixed_block *block = f->list[i]; block; before = block, block = block->next, listed++)
            if (block->size & FIXED_USED || fixed_list(block->size) != i || block->previous != before)
                return false;
    }
    return used == f->used && below == f->last && listed == free_blocks && !was_free;
}
