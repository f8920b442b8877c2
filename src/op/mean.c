/* mean: y = (x_1 + ... + x_n) / n.        dx_i = dy / n */
#include "op/op.h"

static sl_status mean_shape(sl_node *n, sl_shape *y)
{
    char text[96];
    if (!n->x[0]->count)
        return sl_node_fail(n, SL_ESHAPE, "the mean of shape %s: wants at least one element",
                            sl_shape_text(text, n->x[0]->shape));
    return sl_shape_scalar(n, y);
}

static void mean_forward(const sl_node *n)
{
    n->y->v[0] = sl_reduce_sum(n->ctx->isa, n->x[0]->v, n->x[0]->count) / (sl_real)n->x[0]->count;
}

static void mean_backward(const sl_node *n)
{
    const sl_real share = n->y->g[0] / (sl_real)n->x[0]->count;
    for (size_t i = 0; i < n->x[0]->count; i++)
        n->x[0]->g[i] += share;
}

const sl_op sl_op_mean = {
    .name = "mean",
    .summary = "of all elements",
    .formula = "y = 1/n sum_i x_i",
    .source = "-",
    .inputs = 1,
    .shape = mean_shape,
    .forward = mean_forward,
    .backward = mean_backward,
    .cost = sl_cost_of_sums,
    .trial = { { .shape = { { 2, { 3, 4 } } }, .low = -3, .high = 3 },
               { .shape = { { 1, { 37 } } }, .low = -3, .high = 3 } },
};

sl_tensor *sl_mean(sl_tape *tape, sl_tensor *x)
{
    return sl_apply(tape, &sl_op_mean, &x, NULL);
}
