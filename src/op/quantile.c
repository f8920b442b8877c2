/* quantile: e = t - p; q e where the prediction is too low, (1 - q) (-e) where it is too high: its mean over
 * all elements is least at the q-quantile.        dp = -q, 1 - q or (p = t) 0, times dy / n */
#include "op/op.h"

SL_INLINE sl_real quantile_term(sl_real q, sl_real p, sl_real t)
{
    const sl_real error = t - p;
    return error > 0 ? q * error : (q - 1) * error;
}

#define QUANTILE_LOSS(i) quantile_term(q, p[i], t[i])
SL_INLINE void quantile_losses_body(sl_real q, sl_real *loss, const sl_real *p, const sl_real *t, size_t n)
{
    SL_MAP_LANES(loss, n, QUANTILE_LOSS);
}
SL_CLONES(static, quantile_losses, (sl_real q, sl_real *loss, const sl_real *p, const sl_real *t, size_t n),
          (q, loss, p, t, n))

#define QUANTILE_SLOPE(i) (p[i] > t[i] ? 1 - q : p[i] < t[i] ? 0 - q : (sl_real)0)
SL_INLINE void quantile_slopes_body(sl_real q, sl_real *d, const sl_real *p, const sl_real *t, size_t n)
{
    SL_MAP_LANES(d, n, QUANTILE_SLOPE);
}
SL_CLONES(static, quantile_slopes, (sl_real q, sl_real *d, const sl_real *p, const sl_real *t, size_t n),
          (q, d, p, t, n))

const sl_op sl_op_quantile = {
    .name = "quantile",
    .summary = "pinball loss: least at the q-quantile of the targets",
    .formula = "L = 1/n sum_i max(q e_i, (q - 1) e_i), e = t - p",
    .source = "Koenker, Bassett, Econometrica 1978",
    .written = "max(a*(t - z), (a - 1)*(t - z))",
    .slope = "(z > t)*(1 - a) - (z < t)*a",
    .inputs = 3,
    .optional = 1,
    .has_target = true,
    .shape = sl_shape_loss,
    .forward = sl_element_loss_forward,
    .backward = sl_element_loss_backward,
    .element_losses = quantile_losses,
    .element_slopes = quantile_slopes,
    .options = sl_quantile_options,
    .trial = { { .shape = { { 2, { 5, 3 } }, { 2, { 5, 3 } }, { 1, { 5 } } },
                 .low = -2,
                 .high = 2,
                 .fixed_last = true,
                 .number = 0.5 },
               { .shape = { { 1, { 40 } }, { 1, { 40 } }, { 1, { 40 } } },
                 .low = -1,
                 .high = 1,
                 .fixed_last = true,
                 .number = 0.9 } },
};

sl_tensor *sl_quantile(sl_tape *tape, sl_tensor *prediction, const sl_tensor *target, sl_real q)
{
    return sl_apply_loss(tape, &sl_op_quantile, prediction, target, NULL, q, false);
}
