/* sum: y = x_1 + x_2 + ... (in the order of sl_reduce_sum).        dx_i = dy */
#include "op/op.h"

static void sum_forward(const sl_node *n)
{
    n->y->v[0] = sl_reduce_sum(n->ctx->isa, n->x[0]->v, n->x[0]->count);
}

static void sum_backward(const sl_node *n)
{
    for (size_t i = 0; i < n->x[0]->count; i++)
        n->x[0]->g[i] += n->y->g[0];
}

const sl_op sl_op_sum = {
    .name = "sum",
    .summary = "of all elements",
    .formula = "y = sum_i x_i",
    .source = "-",
    .inputs = 1,
    .shape = sl_shape_scalar,
    .forward = sum_forward,
    .backward = sum_backward,
    .cost = sl_cost_of_sums,
    .trial = { { .shape = { { 2, { 3, 4 } } }, .low = -3, .high = 3 },
               { .shape = { { 1, { 37 } } }, .low = -3, .high = 3 } },
};

sl_tensor *sl_sum(sl_tape *tape, sl_tensor *x)
{
    return sl_apply(tape, &sl_op_sum, &x, NULL);
}
