/* embedding_bag: Y[i] = the sum of the table's rows named in bag i, or their mean.
 * dT[row] = the sum over (bag, place) where the row is named, in that order, of dY[bag] (mean: / its size) */
#include "op/op.h"
#include "kernel/bags.h"

#include <limits.h>
#include <string.h>

typedef struct {  /* the head of scratch */
    sl_bags bags; /* first; the caller's own may be gone when backward comes */
    void *memory; /* of sl_bags_sort */
    sl_real *share;
} embedding_bag_kept;

/* Every id is a row, and the offsets ascend. */
static sl_status embedding_bag_check(const sl_node *n, const sl_bags *bags, int rows)
{
    if (bags->count < 0 || (bags->count && !bags->offsets))
        return sl_node_fail(n, SL_EINVAL, "%d bags%s: wants 0 or more, and offsets, one more than bags",
                            bags->count, bags->offsets ? "" : " without offsets");
    for (int i = 0; i < bags->count; i++) {
        const size_t begin = bags->offsets[i], end = bags->offsets[i + 1];
        if (end < begin)
            return sl_node_fail(n, SL_EINVAL,
                                "bag %d begins at id %zu and ends before id %zu: wants offsets that ascend",
                                i, begin, end);
        if (end - bags->offsets[0] > INT_MAX)
            return sl_node_fail(n, SL_EINVAL, "bag %d is beyond %d ids: wants fewer at once", i, INT_MAX);
        if (end > begin && !bags->ids)
            return sl_node_fail(n, SL_EINVAL, "bag %d has %zu ids, but ids is NULL", i, end - begin);
        for (size_t at = begin; at < end; at++)
            if (bags->ids[at] < 0 || bags->ids[at] >= rows)
                return sl_node_fail(n, SL_EINVAL,
                                    "bag %d, place %zu: id %d is no row of the table: wants 0 to %d", i,
                                    at - begin, bags->ids[at], rows - 1);
    }
    return SL_OK;
}

static sl_status embedding_bag_shape(sl_node *n, sl_shape *y)
{
    sl_tensor *table = n->x[0];
    const sl_bags *bags = n->options.bags;
    const sl_shape t = table->shape;
    size_t count;
    char s[96];
    if (t.rank != 2)
        return sl_node_fail(n, SL_ESHAPE, "the table has shape %s: wants [rows, width]", sl_shape_text(s, t));
    if (embedding_bag_check(n, bags, t.dim[0]))
        return SL_EINVAL;
    *y = (sl_shape){ 2, { bags->count, t.dim[1] } };
    if (!n->training || !table->learns)
        return SL_OK;
    if (sl_shape_check(n->ctx, *y, &count))
        return SL_ESHAPE;
    if (!table->tape && sl_tensor_watch_rows(table))
        return sl_node_fail(n, SL_ENOMEM, "no memory for the list of touched rows");
    n->scratch_bytes = sizeof(embedding_bag_kept) + sl_bags_sort_bytes(bags, (size_t)t.dim[0]) +
                       (n->options.mean ? count * sizeof(sl_real) : 0);
    return SL_OK;
}

static void embedding_bag_forward(const sl_node *n)
{
    const sl_bags *bags = n->options.bags;
    sl_bags_sum(n->ctx, n->y->v, n->x[0]->v, bags, (size_t)n->y->shape.dim[1], n->options.mean);
    embedding_bag_kept *kept = n->scratch;
    if (kept) {
        char *memory = (char *)(kept + 1);
        const size_t sort = sl_bags_sort_bytes(bags, (size_t)n->x[0]->shape.dim[0]);
        *kept = (embedding_bag_kept){ *bags, memory, (sl_real *)(void *)(memory + sort) };
    }
}

static void embedding_bag_backward(const sl_node *n)
{
    const embedding_bag_kept *kept = n->scratch;
    const size_t width = (size_t)n->y->shape.dim[1];
    sl_tensor *table = n->x[0];
    const sl_bags_rows rows = sl_bags_sort(&kept->bags, (size_t)table->shape.dim[0], kept->memory);
    if (n->options.mean)
        sl_bags_share(kept->share, n->y->g, &kept->bags, width);
    sl_bags_add(n->ctx, table->g, n->options.mean ? kept->share : n->y->g, &rows, width);
    if (table->touched)
        sl_rows_add(table->touched, rows.mark);
}

/* An empty bag in between and at the end, a row named twice in one bag and in several, the last row named. */
static const int embedding_bag_ids[] = { 3, 0, 3, 6, 1, 6, 6, 2, 5, 4, 0, 6 };
static const sl_bags embedding_bag_ragged = { embedding_bag_ids, (const size_t[]){ 0, 3, 3, 4, 12, 12 }, 5 };
static const sl_bags embedding_bag_single = { embedding_bag_ids, (const size_t[]){ 1, 2, 3, 4 }, 3 };

const sl_op sl_op_embedding_bag = {
    .name = "embedding_bag",
    .summary = "sums or means of a table's rows, by lists of their numbers",
    .formula = "y_i = sum over the ids of bag i of T[id], or that / their number",
    .source = "Joulin, Grave, Bojanowski, Mikolov, EACL 2017",
    .inputs = 1,
    .by_rows = true,
    .shape = embedding_bag_shape,
    .forward = embedding_bag_forward,
    .backward = embedding_bag_backward,
    .cost = sl_cost_of_bags,
    .trial = { { { { 2, { 7, 5 } } }, -1, 1, .bags = &embedding_bag_ragged, .mean = true },
               { { { 2, { 7, 18 } } }, -1, 1, .bags = &embedding_bag_ragged },
               { { { 2, { 70, 1 } } }, -1, 1, .bags = &embedding_bag_single, .mean = true } },
};

sl_tensor *sl_embedding_bag(sl_tape *tape, sl_tensor *table, const sl_bags *bags, const char *mode)
{
    sl_ctx *ctx = sl_tape_ctx(tape);
    const bool mean = !mode || !strcmp(mode, "mean");
    if (!ctx)
        return NULL;
    if (!mean && strcmp(mode, "sum"))
        sl_fail_word(ctx, "mode of embedding_bag", mode, (const char *const[]){ "mean", "sum" }, 2);
    else if (!bags)
        sl_fail(ctx, SL_EINVAL, "embedding_bag: the bags are NULL: wants ids, offsets and a count");
    return sl_apply(tape, &sl_op_embedding_bag, &table, &(sl_op_options){ .bags = bags, .mean = mean });
}
