/* embedding_max: Y[i, j] = the largest of T[id, j] over the ids of bag i; of an empty bag 0.
 * dT[id, j] += dY[i, j] for the first id that has it. */
#include "op/embedding.h"

typedef struct {  /* the head of scratch */
    sl_bags bags; /* first: what sl_cost_of_bags reads */
    int *row;     /* [count, width]: where the largest stands; -1: nowhere */
} embedding_max_kept;

static sl_status embedding_max_shape(sl_node *n, sl_shape *y)
{
    if (sl_shape_plain_bags(n, y))
        return n->ctx->status;
    n->scratch_bytes = sizeof(embedding_max_kept) + (size_t)y->dim[0] * (size_t)y->dim[1] * sizeof(int);
    return SL_OK;
}

static void embedding_max_forward(const sl_node *n)
{
    embedding_max_kept *kept = n->scratch;
    *kept = (embedding_max_kept){ *n->options.bags, (int *)(void *)(kept + 1) };
    sl_bags_max(n->ctx, n->y->v, kept->row, n->x[0]->v, &kept->bags, (size_t)n->y->shape.dim[1]);
}

/* Bag after bag, so each number of dT is one chain in the order of the bags. */
static void embedding_max_backward(const sl_node *n)
{
    const embedding_max_kept *kept = n->scratch;
    sl_tensor *table = n->x[0];
    const size_t width = (size_t)n->y->shape.dim[1];
    for (size_t i = 0; i < n->y->count; i += width)
        for (size_t j = 0; j < width; j++) {
            const int row = kept->row[i + j];
            if (row < 0)
                break; /* an empty bag */
            table->g[(size_t)row * width + j] += n->y->g[i + j];
            if (table->touched)
                sl_rows_touch(table->touched, (size_t)row);
        }
}

const sl_op sl_op_embedding_max = {
    .name = "embedding_max",
    .summary = "the largest numbers of a table's rows, by lists of their numbers",
    .formula = "y_ij = max over the ids of bag i of T[id, j]",
    .source = "Collobert, Weston, Bottou, Karlen, Kavukcuoglu, Kuksa, JMLR 12, 2011",
    .inputs = 1,
    .by_rows = true,
    .shape = embedding_max_shape,
    .forward = embedding_max_forward,
    .backward = embedding_max_backward,
    .cost = sl_cost_of_bags,
    .trial = { { { { 2, { 7, 5 } } }, -1, 1, .bags = &sl_trial_ragged },
               { { { 2, { 7, 18 } } }, -1, 1, .bags = &sl_trial_ragged },
               { { { 2, { 70, 1 } } }, -1, 1, .bags = &sl_trial_single } },
};

sl_tensor *sl_embedding_max(sl_tape *tape, sl_tensor *table, const sl_bags *bags)
{
    return sl_apply_bags(tape, &sl_op_embedding_max, &table, bags, false);
}
