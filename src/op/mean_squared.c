/* mean_squared: the mean of (p - t)^2 over all elements.        dp = 2 (p - t) dy / n */
#include "op/op.h"

SL_INLINE sl_real mean_squared_term(sl_real p, sl_real t)
{
    const sl_real error = p - t;
    return error * error;
}

#define MEAN_SQUARED_LOSS(i) mean_squared_term(p[i], t[i])
SL_INLINE void mean_squared_losses_body(sl_real a, sl_real *loss, const sl_real *p, const sl_real *t,
                                        size_t n)
{
    (void)a;
    SL_MAP_LANES(loss, n, MEAN_SQUARED_LOSS);
}
SL_CLONES(static, mean_squared_losses,
          (sl_real a, sl_real *loss, const sl_real *p, const sl_real *t, size_t n), (a, loss, p, t, n))

#define MEAN_SQUARED_SLOPE(i) (2 * (p[i] - t[i]))
SL_INLINE void mean_squared_slopes_body(sl_real a, sl_real *d, const sl_real *p, const sl_real *t, size_t n)
{
    (void)a;
    SL_MAP_LANES(d, n, MEAN_SQUARED_SLOPE);
}
SL_CLONES(static, mean_squared_slopes, (sl_real a, sl_real *d, const sl_real *p, const sl_real *t, size_t n),
          (a, d, p, t, n))

#define MEAN_SQUARED_ADDED(i) (dp[i] + (p[i] - t[i]) * share)
SL_INLINE void mean_squared_derive_body(sl_real *dp, const sl_real *p, const sl_real *t, sl_real share,
                                        size_t n)
{
    SL_MAP_LANES(dp, n, MEAN_SQUARED_ADDED);
}
SL_CLONES(static, mean_squared_derive,
          (sl_real * dp, const sl_real *p, const sl_real *t, sl_real share, size_t n), (dp, p, t, share, n))

/* Without weights in one pass, which small nets notice: a factor of 2 is exact wherever it stands. */
static void mean_squared_backward(const sl_node *n)
{
    const size_t count = n->x[0]->count;
    if (n->x[2])
        sl_element_loss_backward(n);
    else
        mean_squared_derive(n->ctx->isa, n->x[0]->g, n->x[0]->v, n->x[1]->v,
                            n->options.sum ? 2 * n->y->g[0] : 2 * n->y->g[0] / (sl_real)count, count);
}

const sl_op sl_op_mean_squared = {
    .name = "mean_squared",
    .summary = "mean of squared errors",
    .formula = "L = 1/n sum_i (p_i - t_i)^2",
    .source = "Legendre 1805; Gauss 1809",
    .written = "(z - t)^2",
    .slope = "2*(z - t)",
    .inputs = 3,
    .optional = 1,
    .has_target = true,
    .shape = sl_shape_loss,
    .forward = sl_element_loss_forward,
    .backward = mean_squared_backward,
    .element_losses = mean_squared_losses,
    .element_slopes = mean_squared_slopes,
    .options = sl_loss_options,
    .trial = { { .shape = { { 2, { 5, 3 } }, { 2, { 5, 3 } }, { 1, { 5 } } },
                 .low = -2,
                 .high = 2,
                 .fixed_last = true },
               { .shape = { { 1, { 1 } }, { 1, { 1 } }, { 1, { 1 } } },
                 .low = -2,
                 .high = 2,
                 .fixed_last = true } },
};

sl_tensor *sl_mean_squared(sl_tape *tape, sl_tensor *prediction, const sl_tensor *target)
{
    return sl_apply_loss(tape, &sl_op_mean_squared, prediction, target, NULL, 0, false);
}
