/* embedding_bag: Y[i] = the sum of the table's rows named in bag i, each times its value, or that sum / their
 * number.
 * dT[row] = the sum over (bag, place) where the row is named, in that order, of v dY[bag] (mean: / its size)
 */
#include "op/embedding.h"

#include <string.h>

typedef struct {  /* the head of scratch */
    sl_bags bags; /* first; the caller's own may be gone when backward comes */
    void *memory; /* of sl_bags_add */
    sl_real *share;
} embedding_bag_kept;

static sl_status embedding_bag_shape(sl_node *n, sl_shape *y)
{
    const sl_tensor *table = n->x[0];
    if (sl_shape_bags(n, y))
        return n->ctx->status;
    if (n->training && table->learns)
        n->scratch_bytes =
            sizeof(embedding_bag_kept) +
            sl_bags_add_bytes(n->options.bags, (size_t)table->shape.dim[0], (size_t)y->dim[1]) +
            (n->options.mean ? (size_t)y->dim[0] * (size_t)y->dim[1] * sizeof(sl_real) : 0);
    return SL_OK;
}

static void embedding_bag_forward(const sl_node *n)
{
    const sl_bags *bags = n->options.bags;
    const size_t width = (size_t)n->y->shape.dim[1];
    sl_bags_sum(n->ctx, n->y->v, n->x[0]->v, bags, width, n->options.mean);
    embedding_bag_kept *kept = n->scratch;
    if (kept) {
        char *memory = (char *)(kept + 1);
        const size_t add = sl_bags_add_bytes(bags, (size_t)n->x[0]->shape.dim[0], width);
        *kept = (embedding_bag_kept){ *bags, memory, (sl_real *)(void *)(memory + add) };
    }
}

static void embedding_bag_backward(const sl_node *n)
{
    const embedding_bag_kept *kept = n->scratch;
    const size_t width = (size_t)n->y->shape.dim[1];
    sl_tensor *table = n->x[0];
    if (n->options.mean)
        sl_bags_share(kept->share, n->y->g, &kept->bags, width);
    sl_bags_add(n->ctx, table->g, n->options.mean ? kept->share : n->y->g, &kept->bags,
                (size_t)table->shape.dim[0], width, kept->memory, table->touched);
}

const sl_op sl_op_embedding_bag = {
    .name = "embedding_bag",
    .summary = "sums or means of a table's rows, by lists of their numbers",
    .formula = "y_i = sum over the ids of bag i of v T[id], or that / their number",
    .source = "Joulin, Grave, Bojanowski, Mikolov, EACL 2017",
    .inputs = 1,
    .by_rows = true,
    .shape = embedding_bag_shape,
    .forward = embedding_bag_forward,
    .backward = embedding_bag_backward,
    .cost = sl_cost_of_bags,
    .trial = { { { { 2, { 7, 5 } } }, -1, 1, .bags = &sl_trial_ragged, .mean = true },
               { { { 2, { 7, 18 } } }, -1, 1, .bags = &sl_trial_ragged },
               { { { 2, { 70, 1 } } }, -1, 1, .bags = &sl_trial_single, .mean = true },
               { { { 2, { 7, 19 } } }, -1, 1, .bags = &sl_trial_valued, .mean = true },
               { { { 2, { 7, 3 } } }, -1, 1, .bags = &sl_trial_valued } },
};

sl_tensor *sl_embedding_bag(sl_tape *tape, sl_tensor *table, const sl_bags *bags, const char *mode)
{
    sl_ctx *ctx = sl_tape_ctx(tape);
    const bool mean = !mode || !strcmp(mode, "mean");
    if (!ctx)
        return NULL;
    if (!mean && strcmp(mode, "sum"))
        sl_fail_word(ctx, "mode of embedding_bag", mode, (const char *const[]){ "mean", "sum" }, 2);
    return sl_apply_bags(tape, &sl_op_embedding_bag, &table, bags, mean);
}
