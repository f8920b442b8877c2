/* bags_drop.c - words left out at random: which ones follows from (step, layer, row of the batch, place in
 * its list), so pieces of a batch, threads and the order of work make no difference. */
#include "autograd/tape.h"
#include "kernel/philox.h"

#include <limits.h>

enum { DROP_WORDS = 4 * SL_LANES };

/* The random words of one row's places are those of dropout's units. */
static size_t drop_row(const sl_tape *tape, const sl_bags *bags, size_t bag, uint32_t layer, uint32_t limit,
                       int *ids, sl_real *values)
{
    const size_t begin = bags->offsets[bag], count = bags->offsets[bag + 1] - begin;
    const uint32_t counter[] = { 0, tape->first_row + (uint32_t)bag, tape->step,
                                 (uint32_t)SL_FOR_DROPOUT << 24 | (layer & 0xFFFFFFu) };
    uint32_t word[DROP_WORDS];
    size_t left = 0;
    for (size_t place = 0; place < count; place += DROP_WORDS) {
        const size_t some = count - place < DROP_WORDS ? count - place : DROP_WORDS;
        philox_lanes(word, tape->ctx->options.seed, counter, (uint32_t)(place / 4));
        for (size_t k = 0; k < some; k++) { /* written in any case, kept where the next one goes behind it */
            ids[left] = bags->ids[begin + place + k];
            if (values)
                values[left] = bags->values[begin + place + k];
            left += word[k] >= limit;
        }
    }
    return left;
}

sl_status sl_bags_drop(sl_tape *tape, const sl_bags *bags, sl_real rate, sl_bags *left)
{
    sl_ctx *ctx = sl_tape_ctx(tape);
    char text[32];
    if (!ctx || ctx->status)
        return ctx ? ctx->status : SL_ENOMEM;
    const char *place = tape->place ? tape->place : "bags";
    if (!bags)
        return sl_fail(ctx, SL_EINVAL, "%s: the bags are NULL: wants ids, offsets and a count", place);
    if (!(rate >= 0 && rate < 1))
        return sl_fail(ctx, SL_EINVAL,
                       "%s: the rate of words left out is %s: wants 0 or more, and less than 1", place,
                       sl_real_text(text, rate));
    if (sl_bags_check(ctx, place, bags, INT_MAX))
        return ctx->status;
    *left = *bags;
    if (tape->mode != SL_TRAIN)
        return SL_OK;
    if (tape->walked)
        sl_tape_reset(tape);
    const uint32_t layer = tape->randoms++;
    const size_t count = (size_t)bags->count, all = count ? bags->offsets[count] - bags->offsets[0] : 0;
    if (!all || rate == 0)
        return SL_OK;
    size_t *offsets = sl_arena_take(&tape->values, (count + 1) * sizeof *offsets);
    int *ids = sl_arena_take(&tape->values, all * sizeof *ids);
    sl_real *values = bags->values ? sl_arena_take(&tape->values, all * sizeof *values) : NULL;
    if (ctx->status || ctx->dry) /* then the memory is counted, and is none */
        return ctx->status;
    const uint32_t limit = (uint32_t)((double)rate * 0x1p32); /* drop below this */
    offsets[0] = 0;
    for (size_t bag = 0; bag < count; bag++)
        offsets[bag + 1] = offsets[bag] + drop_row(tape, bags, bag, layer, limit, ids + offsets[bag],
                                                   values ? values + offsets[bag] : NULL);
    *left = (sl_bags){ .ids = ids, .offsets = offsets, .count = bags->count, .values = values };
    return SL_OK;
}
