/* chosen.h - which of many places are chosen: a bit for each, and counts that find the n-th chosen one. */
#ifndef SL_DATA_CHOSEN_H
#define SL_DATA_CHOSEN_H

#include "core/ctx.h"

typedef struct {
    sl_ctx *ctx;
    uint64_t *word;      /* [(places + 63) / 64] */
    size_t *before;      /* a group of words each: how many are chosen before it; and all */
    size_t places, rows; /* rows: how many are chosen, after sl_chosen_close */
} sl_chosen;

/* None is chosen yet. NULL and SL_ENOMEM. */
sl_chosen *sl_chosen_new(sl_ctx *ctx, size_t places);
void sl_chosen_free(sl_chosen *chosen); /* NULL is allowed */
static inline void sl_chosen_add(sl_chosen *chosen, size_t place)
{
    chosen->word[place / 64] |= (uint64_t)1 << place % 64;
}
static inline bool sl_chosen_has(const sl_chosen *chosen, size_t place)
{
    return chosen->word[place / 64] >> place % 64 & 1;
}
/* Counts them: nothing is added any more. */
void sl_chosen_close(sl_chosen *chosen);
/* The place of chosen number `row`, row < chosen->rows: ascending. */
size_t sl_chosen_at(const sl_chosen *chosen, size_t row);
/* The first chosen place at `place` or behind it; chosen->places: none. */
size_t sl_chosen_from(const sl_chosen *chosen, size_t place);

#endif
