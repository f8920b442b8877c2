/* embedding_common.c - see embedding.h */
#include "op/embedding.h"

#include <limits.h>

/* All at once: which one is not, is looked for afterwards. */
static bool bags_within(const int *ids, size_t n, int rows)
{
    unsigned outside = 0;
    for (size_t i = 0; i < n; i++)
        outside |= (unsigned)(ids[i] < 0) | (unsigned)(ids[i] >= rows);
    return !outside;
}

sl_status sl_bags_check(sl_ctx *ctx, const char *place, const sl_bags *bags, int rows)
{
    if (bags->count < 0 || (bags->count && !bags->offsets))
        return sl_fail(ctx, SL_EINVAL, "%s: %d bags%s: wants 0 or more, and offsets, one more than bags",
                       place, bags->count, bags->offsets ? "" : " without offsets");
    for (int i = 0; i < bags->count; i++) {
        const size_t begin = bags->offsets[i], end = bags->offsets[i + 1];
        if (end < begin)
            return sl_fail(ctx, SL_EINVAL,
                           "%s: bag %d begins at id %zu and ends before id %zu: wants offsets that ascend",
                           place, i, begin, end);
        if (end - bags->offsets[0] > INT_MAX)
            return sl_fail(ctx, SL_EINVAL, "%s: bag %d is beyond %d ids: wants fewer at once", place, i,
                           INT_MAX);
        if (end > begin && !bags->ids)
            return sl_fail(ctx, SL_EINVAL, "%s: bag %d has %zu ids, but ids is NULL", place, i, end - begin);
        if (end == begin || bags_within(bags->ids + begin, end - begin, rows))
            continue;
        for (size_t at = begin; at < end; at++)
            if (bags->ids[at] < 0 || bags->ids[at] >= rows)
                return sl_fail(ctx, SL_EINVAL,
                               "%s: bag %d, place %zu: id %d is no row of the table: wants 0 to %d", place, i,
                               at - begin, bags->ids[at], rows - 1);
    }
    return SL_OK;
}

sl_status sl_shape_bags(sl_node *n, sl_shape *y)
{
    sl_tensor *table = n->x[0];
    const sl_shape t = table->shape;
    size_t count;
    char s[96];
    if (t.rank != 2)
        return sl_node_fail(n, SL_ESHAPE, "the table has shape %s: wants [rows, width]", sl_shape_text(s, t));
    if (sl_bags_check(n->ctx, n->place, n->options.bags, t.dim[0]))
        return SL_EINVAL;
    *y = (sl_shape){ 2, { n->options.bags->count, t.dim[1] } };
    if (sl_shape_check(n->ctx, *y, &count))
        return SL_ESHAPE;
    if (n->training && table->learns && !table->tape && sl_tensor_watch_rows(table))
        return sl_node_fail(n, SL_ENOMEM, "no memory for the list of touched rows");
    return SL_OK;
}

sl_status sl_shape_plain_bags(sl_node *n, sl_shape *y)
{
    if (n->options.bags->values)
        return sl_node_fail(n, SL_EINVAL,
                            "the bags have values: wants ids alone, as %s says by itself what counts; "
                            "embedding_bag takes values",
                            n->op->name);
    return sl_shape_bags(n, y);
}

sl_tensor *sl_apply_bags(sl_tape *tape, const sl_op *op, sl_tensor *const *x, const sl_bags *bags, bool mean)
{
    sl_ctx *ctx = sl_tape_ctx(tape);
    if (ctx && !bags)
        sl_fail(ctx, SL_EINVAL, "%s: the bags are NULL: wants ids, offsets and a count", op->name);
    return sl_apply(tape, op, x, &(sl_op_options){ .bags = bags, .mean = mean });
}

static const int embedding_ids[] = { 3, 0, 3, 6, 1, 6, 6, 2, 5, 4, 0, 6 };
static const sl_real embedding_values[] = { 1,  (sl_real)-0.5, 2, (sl_real)0.25, 3, 1, (sl_real)1.5, 0, -1,
                                            -2, (sl_real)0.75, 1 };
const sl_bags sl_trial_ragged = { .ids = embedding_ids,
                                  .offsets = (const size_t[]){ 0, 3, 3, 4, 12, 12 },
                                  .count = 5 };
const sl_bags sl_trial_valued = { .ids = embedding_ids,
                                  .offsets = (const size_t[]){ 0, 3, 3, 4, 12, 12 },
                                  .count = 5,
                                  .values = embedding_values };
const sl_bags sl_trial_single = { .ids = embedding_ids,
                                  .offsets = (const size_t[]){ 1, 2, 3, 4 },
                                  .count = 3 };
