/* huber: e = p - t; e^2 / 2 where |e| <= delta, else delta (|e| - delta / 2): its mean over all elements.
 * dp = e, kept within -delta..delta, dy / n */
#include "op/op.h"

SL_INLINE sl_real huber_term(sl_real delta, sl_real p, sl_real t)
{
    const sl_real error = p - t, size = error > 0 ? error : 0 - error;
    const sl_real near = SL_R(0.5) * error * error, far = delta * (size - SL_R(0.5) * delta);
    return size <= delta ? near : far;
}

SL_INLINE sl_real huber_slope(sl_real delta, sl_real p, sl_real t)
{
    const sl_real error = p - t, below = error > delta ? delta : error;
    return below < 0 - delta ? 0 - delta : below;
}

#define HUBER_LOSS(i) huber_term(delta, p[i], t[i])
SL_INLINE void huber_losses_body(sl_real delta, sl_real *loss, const sl_real *p, const sl_real *t, size_t n)
{
    SL_MAP_LANES(loss, n, HUBER_LOSS);
}
SL_CLONES(static, huber_losses, (sl_real delta, sl_real *loss, const sl_real *p, const sl_real *t, size_t n),
          (delta, loss, p, t, n))

#define HUBER_SLOPE(i) huber_slope(delta, p[i], t[i])
SL_INLINE void huber_slopes_body(sl_real delta, sl_real *d, const sl_real *p, const sl_real *t, size_t n)
{
    SL_MAP_LANES(d, n, HUBER_SLOPE);
}
SL_CLONES(static, huber_slopes, (sl_real delta, sl_real *d, const sl_real *p, const sl_real *t, size_t n),
          (delta, d, p, t, n))

const sl_op sl_op_huber = {
    .name = "huber",
    .summary = "small errors squared, large ones by their size",
    .formula = "L = 1/n sum_i e_i^2 / 2 where |e_i| <= delta, else delta (|e_i| - delta / 2); e = p - t",
    .source = "Huber, Annals of Mathematical Statistics 1964",
    .written = "p = min(a, abs(z - t)); p*(abs(z - t) - p/2)",
    .slope = "max(-a, min(a, z - t))",
    .inputs = 3,
    .optional = 1,
    .has_target = true,
    .shape = sl_shape_loss,
    .forward = sl_element_loss_forward,
    .backward = sl_element_loss_backward,
    .element_losses = huber_losses,
    .element_slopes = huber_slopes,
    .options = sl_huber_options,
    .trial = { { .shape = { { 2, { 5, 3 } }, { 2, { 5, 3 } }, { 1, { 5 } } },
                 .low = -2,
                 .high = 2,
                 .fixed_last = true,
                 .number = 1 },
               { .shape = { { 1, { 40 } }, { 1, { 40 } }, { 1, { 40 } } },
                 .low = -1,
                 .high = 1,
                 .fixed_last = true,
                 .number = 0.3 } },
};

sl_tensor *sl_huber(sl_tape *tape, sl_tensor *prediction, const sl_tensor *target, sl_real delta)
{
    return sl_apply_loss(tape, &sl_op_huber, prediction, target, NULL, delta, false);
}
