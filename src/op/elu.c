/* elu: y = x for x > 0, else alpha (e^x - 1).        dy/dx = 1 for x > 0, else y + alpha (alpha at 0) */
#include "op/curve.h"

SL_INLINE sl_real elu_value(sl_real a, sl_real z)
{
    const sl_real below = a * curve_expm1(z < 0 ? z : 0);
    return z > 0 ? z : z < 0 ? below : z;
}

SL_INLINE sl_real elu_slope(sl_real a, sl_real y)
{
    return y > 0 ? 1 : y + a;
}
SL_CURVE(elu, y)

static const sl_option elu_options[] = { { .name = "alpha",
                                           .summary = "its bound to the left is -alpha",
                                           .normal = 1,
                                           .low = 0,
                                           .high = 1000,
                                           .above_low = true },
                                         { 0 } };

const sl_op sl_op_elu = {
    .name = "elu",
    .summary = "exponential linear unit: a smooth way down to -alpha",
    .formula = "y = x for x > 0, else alpha (e^x - 1)",
    .source = "Clevert, Unterthiner, Hochreiter, ICLR 2016",
    .written = "max(0, z) + a*(exp(min(0, z)) - 1)",
    .slope = "(z > 0) + (z <= 0)*(y + a)",
    .inputs = 1,
    .shape = sl_shape_numbered,
    .forward = sl_unary_forward,
    .backward = sl_unary_backward,
    .activate = elu_activate,
    .derive = elu_derive,
    .options = elu_options,
    .init = "he",
    .trial = { { .shape = { { 2, { 3, 4 } } }, .low = -3, .high = 3, .number = 1 },
               { .shape = { { 1, { 6 } } }, .low = -0.01, .high = -0.001, .number = 1 },
               { .shape = { { 1, { 6 } } }, .low = -3, .high = -0.1, .number = 0.5 } },
};

sl_tensor *sl_elu(sl_tape *tape, sl_tensor *x, sl_real alpha)
{
    return sl_apply(tape, &sl_op_elu, &x, &(sl_op_options){ .number = alpha });
}
