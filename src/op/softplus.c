/* softplus: y = log(1 + e^x), a smooth relu.        dy/dx = 1 / (1 + e^-x) */
#include "op/curve.h"

SL_INLINE sl_real softplus_value(sl_real a, sl_real z)
{
    (void)a;
    return sl_log1p_exp_r(z);
}

SL_INLINE sl_real softplus_slope(sl_real a, sl_real z)
{
    (void)a;
    return sl_sigmoid_r(z);
}
SL_CURVE(softplus, z)

const sl_op sl_op_softplus = {
    .name = "softplus",
    .summary = "a smooth relu, always above 0",
    .formula = "y = log(1 + e^x)",
    .source = "Dugas, Bengio, Bélisle, Nadeau, Garcia, NIPS 2000",
    .written = "log(1 + exp(z)) | max(0, z) + log(1 + exp(-abs(z)))",
    .slope = "1/(1 + exp(-z))",
    .inputs = 1,
    .shape = sl_shape_same,
    .forward = sl_unary_forward,
    .backward = sl_unary_backward,
    .activate = softplus_activate,
    .derive = softplus_derive,
    .derive_needs_z = true,
    .init = "he",
    .bounded = true,
    .low = 0,
    .high = 1e300,
    .trial = { { .shape = { { 2, { 3, 4 } } }, .low = -3, .high = 3 },
               { .shape = { { 1, { 5 } } }, .low = 30, .high = 40 } },
};

sl_tensor *sl_softplus(sl_tape *tape, sl_tensor *x)
{
    return sl_apply(tape, &sl_op_softplus, &x, NULL);
}
