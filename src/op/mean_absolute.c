/* mean_absolute: the mean of |p - t| over all elements.        dp = sign(p - t) dy / n, 0 where p = t */
#include "op/op.h"

SL_INLINE sl_real mean_absolute_term(sl_real p, sl_real t)
{
    const sl_real error = p - t;
    return error > 0 ? error : 0 - error;
}

#define MEAN_ABSOLUTE_LOSS(i) mean_absolute_term(p[i], t[i])
SL_INLINE void mean_absolute_losses_body(sl_real a, sl_real *loss, const sl_real *p, const sl_real *t,
                                         size_t n)
{
    (void)a;
    SL_MAP_LANES(loss, n, MEAN_ABSOLUTE_LOSS);
}
SL_CLONES(static, mean_absolute_losses,
          (sl_real a, sl_real *loss, const sl_real *p, const sl_real *t, size_t n), (a, loss, p, t, n))

#define MEAN_ABSOLUTE_SLOPE(i) (p[i] > t[i] ? (sl_real)1 : p[i] < t[i] ? (sl_real)-1 : (sl_real)0)
SL_INLINE void mean_absolute_slopes_body(sl_real a, sl_real *d, const sl_real *p, const sl_real *t, size_t n)
{
    (void)a;
    SL_MAP_LANES(d, n, MEAN_ABSOLUTE_SLOPE);
}
SL_CLONES(static, mean_absolute_slopes, (sl_real a, sl_real *d, const sl_real *p, const sl_real *t, size_t n),
          (a, d, p, t, n))

const sl_op sl_op_mean_absolute = {
    .name = "mean_absolute",
    .summary = "mean of absolute errors",
    .formula = "L = 1/n sum_i |p_i - t_i|",
    .source = "Boscovich 1757; Laplace 1793",
    .written = "abs(z - t)",
    .slope = "sign(z - t)",
    .inputs = 3,
    .optional = 1,
    .has_target = true,
    .shape = sl_shape_loss,
    .forward = sl_element_loss_forward,
    .backward = sl_element_loss_backward,
    .element_losses = mean_absolute_losses,
    .element_slopes = mean_absolute_slopes,
    .options = sl_loss_options,
    .trial = { { .shape = { { 2, { 5, 3 } }, { 2, { 5, 3 } }, { 1, { 5 } } },
                 .low = -2,
                 .high = 2,
                 .fixed_last = true },
               { .shape = { { 1, { 40 } }, { 1, { 40 } }, { 1, { 40 } } },
                 .low = -20,
                 .high = 20,
                 .fixed_last = true } },
};

sl_tensor *sl_mean_absolute(sl_tape *tape, sl_tensor *prediction, const sl_tensor *target)
{
    return sl_apply_loss(tape, &sl_op_mean_absolute, prediction, target, NULL, 0, false);
}
