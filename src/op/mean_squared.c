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

SL_INLINE sl_real mean_squared_term(sl_real p, sl_real t)
{
    const sl_real error = p - t;
    return error * error;
}

#define MEAN_SQUARED_LOSS(i) mean_squared_term(p[i], t[i])
SL_INLINE void mean_squared_losses_body(sl_real *loss, const sl_real *p, const sl_real *t, size_t n)
{
    SL_MAP_LANES(loss, n, MEAN_SQUARED_LOSS);
}
SL_CLONES(static, mean_squared_losses, (sl_real * loss, const sl_real *p, const sl_real *t, size_t n),
          (loss, p, t, n))

static void mean_squared_forward(const sl_node *n)
{
    const size_t count = n->x[0]->count;
    mean_squared_losses(n->ctx->isa, n->scratch, n->x[0]->v, n->x[1]->v, count);
    n->y->v[0] = sl_reduce_sum(n->ctx->isa, n->scratch, count) / (sl_real)count;
}

#define MEAN_SQUARED_ADDED(i) (dp[i] + (p[i] - t[i]) * share)
SL_INLINE void mean_squared_derive_body(sl_real *dp, const sl_real *p, const sl_real *t, sl_real share,
                                        size_t n)
{
    SL_MAP_LANES(dp, n, MEAN_SQUARED_ADDED);
}
SL_CLONES(static, mean_squared_derive,
          (sl_real * dp, const sl_real *p, const sl_real *t, sl_real share, size_t n), (dp, p, t, share, n))

static void mean_squared_backward(const sl_node *n)
{
    const size_t count = n->x[0]->count;
    mean_squared_derive(n->ctx->isa, n->x[0]->g, n->x[0]->v, n->x[1]->v, 2 * n->y->g[0] / (sl_real)count,
                        count);
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
