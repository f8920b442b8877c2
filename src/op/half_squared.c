/* half_squared: the mean of 1/2 (o - s)^2, s = 2 t - 1: of targets t from 0 to 1, which outputs o from -1 to
 * 1 stand for.        do = (o - s) dy / n */
#include "op/op.h"

SL_INLINE sl_real half_squared_error(sl_real o, sl_real t)
{
    return o - (2 * t - 1);
}

SL_INLINE sl_real half_squared_term(sl_real error)
{
    return SL_R(0.5) * (error * error);
}

#define HALF_SQUARED_LOSS(i) half_squared_term(half_squared_error(o[i], t[i]))
SL_INLINE void half_squared_losses_body(sl_real a, sl_real *loss, const sl_real *o, const sl_real *t,
                                        size_t n)
{
    (void)a;
    SL_MAP_LANES(loss, n, HALF_SQUARED_LOSS);
}
SL_CLONES(static, half_squared_losses,
          (sl_real a, sl_real *loss, const sl_real *o, const sl_real *t, size_t n), (a, loss, o, t, n))

#define HALF_SQUARED_SLOPE(i) half_squared_error(o[i], t[i])
SL_INLINE void half_squared_slopes_body(sl_real a, sl_real *d, const sl_real *o, const sl_real *t, size_t n)
{
    (void)a;
    SL_MAP_LANES(d, n, HALF_SQUARED_SLOPE);
}
SL_CLONES(static, half_squared_slopes, (sl_real a, sl_real *d, const sl_real *o, const sl_real *t, size_t n),
          (a, d, o, t, n))

static sl_status half_squared_shape(sl_node *n, sl_shape *y)
{
    if (sl_shape_loss(n, y))
        return n->ctx->status;
    return sl_check_loss_targets(n, 0, 1, false, "0 to 1, which outputs from -1 to 1 stand for");
}

const sl_op sl_op_half_squared = {
    .name = "half_squared",
    .summary = "half the squared error of outputs that stand at -1 for 0 and at 1 for 1",
    .formula = "L = 1/n sum_i 1/2 (o_i - (2 t_i - 1))^2",
    .source = "TensorFlow Playground (Smilkov, Carter 2016)",
    .written = "(z - (2*t - 1))^2/2",
    .slope = "z - (2*t - 1)",
    .inputs = 3,
    .optional = 1,
    .has_target = true,
    .shape = half_squared_shape,
    .forward = sl_element_loss_forward,
    .backward = sl_element_loss_backward,
    .element_losses = half_squared_losses,
    .element_slopes = half_squared_slopes,
    .options = sl_loss_options,
    .trial = { { .shape = { { 2, { 6, 1 } }, { 2, { 6, 1 } }, { 1, { 6 } } },
                 .low = -1,
                 .high = 1,
                 .classes = 2 },
               { .shape = { { 1, { 20 } }, { 1, { 20 } }, { 1, { 20 } } },
                 .low = -1,
                 .high = 1,
                 .fixed_last = true,
                 .target_high = 1 } },
};

sl_tensor *sl_half_squared(sl_tape *tape, sl_tensor *outputs, const sl_tensor *targets)
{
    return sl_apply_loss(tape, &sl_op_half_squared, outputs, targets, NULL, 0, false);
}
