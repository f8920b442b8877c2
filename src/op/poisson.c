/* poisson: the mean of e^x - t x: the negative log-likelihood of counts t at the rate e^x, without log t!,
 * which no weight changes.        dx = (e^x - t) dy / n */
#include "op/op.h"

#include <math.h>

#define POISSON_LOSS(i) (sl_exp_r(x[i]) - t[i] * x[i])
SL_INLINE void poisson_losses_body(sl_real a, sl_real *loss, const sl_real *x, const sl_real *t, size_t n)
{
    (void)a;
    SL_MAP_LANES(loss, n, POISSON_LOSS);
}
SL_CLONES(static, poisson_losses, (sl_real a, sl_real *loss, const sl_real *x, const sl_real *t, size_t n),
          (a, loss, x, t, n))

#define POISSON_SLOPE(i) (sl_exp_r(x[i]) - t[i])
SL_INLINE void poisson_slopes_body(sl_real a, sl_real *d, const sl_real *x, const sl_real *t, size_t n)
{
    (void)a;
    SL_MAP_LANES(d, n, POISSON_SLOPE);
}
SL_CLONES(static, poisson_slopes, (sl_real a, sl_real *d, const sl_real *x, const sl_real *t, size_t n),
          (a, d, x, t, n))

static sl_status poisson_shape(sl_node *n, sl_shape *y)
{
    if (sl_shape_loss(n, y))
        return n->ctx->status;
    return sl_check_loss_targets(n, 0, HUGE_VAL, false, "a count, at least 0");
}

const sl_op sl_op_poisson = {
    .name = "poisson",
    .summary = "likelihood of counts, from the logarithm of the rate",
    .formula = "L = 1/n sum_i e^x_i - t_i x_i",
    .source = "Poisson 1837; Nelder, Wedderburn 1972",
    .written = "exp(z) - t*z",
    .slope = "exp(z) - t",
    .inputs = 3,
    .optional = 1,
    .has_target = true,
    .shape = poisson_shape,
    .forward = sl_element_loss_forward,
    .backward = sl_element_loss_backward,
    .element_losses = poisson_losses,
    .element_slopes = poisson_slopes,
    .options = sl_loss_options,
    .trial = { { .shape = { { 2, { 5, 3 } }, { 2, { 5, 3 } }, { 1, { 5 } } },
                 .low = -2,
                 .high = 2,
                 .fixed_last = true,
                 .target_low = 0,
                 .target_high = 6 },
               { .shape = { { 1, { 20 } }, { 1, { 20 } }, { 1, { 20 } } },
                 .low = -4,
                 .high = 1,
                 .classes = 4 } },
};

sl_tensor *sl_poisson(sl_tape *tape, sl_tensor *log_rate, const sl_tensor *target)
{
    return sl_apply_loss(tape, &sl_op_poisson, log_rate, target, NULL, 0, false);
}
