/* mean_squared: the mean of (p - t)^2 over all elements.        dp = 2 (p - t) dy / n */
#include "op/op.h"

/* Scratch: a loss an element. */
static sl_status mean_squared_shape(sl_node *n, sl_shape *y)
{
    if (sl_shape_loss(n, y))
        return n->ctx->status;
    n->scratch_bytes = n->x[0]->count * sizeof(sl_real);
    return SL_OK;
}

static void mean_squared_forward(const sl_node *n)
{
    const size_t count = n->x[0]->count;
    sl_real *loss = n->scratch;
    for (size_t i = 0; i < count; i++) {
        const sl_real error = n->x[0]->v[i] - n->x[1]->v[i];
        loss[i] = error * error;
    }
    n->y->v[0] = sl_reduce_sum(loss, count) / (sl_real)count;
}

static void mean_squared_backward(const sl_node *n)
{
    const size_t count = n->x[0]->count;
    const sl_real share = 2 * n->y->g[0] / (sl_real)count;
    for (size_t i = 0; i < count; i++)
        n->x[0]->g[i] += (n->x[0]->v[i] - n->x[1]->v[i]) * share;
}

const sl_op sl_op_mean_squared = {
    .name = "mean_squared",
    .summary = "mean of squared errors",
    .formula = "L = 1/n sum_i (p_i - t_i)^2",
    .source = "Legendre 1805; Gauss 1809",
    .inputs = 2,
    .has_target = true,
    .shape = mean_squared_shape,
    .forward = mean_squared_forward,
    .backward = mean_squared_backward,
    .trial = { { .shape = { { 2, { 5, 3 } }, { 2, { 5, 3 } } }, .low = -2, .high = 2, .fixed_last = true },
               { .shape = { { 1, { 1 } }, { 1, { 1 } } }, .low = -2, .high = 2, .fixed_last = true } },
};

sl_tensor *sl_mean_squared(sl_tape *tape, sl_tensor *prediction, const sl_tensor *target)
{
    /* The tape only reads target. */
    return sl_apply(tape, &sl_op_mean_squared, (sl_tensor *[]){ prediction, (sl_tensor *)(uintptr_t)target },
                    NULL);
}
