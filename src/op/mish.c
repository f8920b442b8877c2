/* mish: y = x tanh(log(1 + e^x)) = x n / (n + 2), n = e (e + 2), e = e^x.
 * dy/dx = n / (n + 2) + x 4 e (e + 1) / (n + 2)^2; from 40 on both are x and 1                         */
#include "op/curve.h"

SL_INLINE sl_real mish_value(sl_real a, sl_real z)
{
    (void)a;
    const sl_real e = sl_exp_r(curve_within(z, -1000, 40)), n = e * (e + 2);
    return z * (n / (n + 2));
}

SL_INLINE sl_real mish_slope(sl_real a, sl_real z)
{
    (void)a;
    const sl_real near = curve_within(z, -1000, 40), e = sl_exp_r(near);
    const sl_real n = e * (e + 2), whole = n + 2;
    return n / whole + near * (4 * e * (e + 1) / (whole * whole));
}
SL_CURVE(mish, z)

const sl_op sl_op_mish = {
    .name = "mish",
    .summary = "x tanh of its softplus: smooth, a little below 0",
    .formula = "y = x tanh(log(1 + e^x))",
    .source = "Misra, BMVC 2020",
    .written = "z*tanh(log(1 + exp(z)))",
    .slope = "p = tanh(log(1 + exp(z))); p + z*(1 - p^2)/(1 + exp(-z))",
    .inputs = 1,
    .shape = sl_shape_same,
    .forward = sl_unary_forward,
    .backward = sl_unary_backward,
    .activate = mish_activate,
    .derive = mish_derive,
    .derive_needs_z = true,
    .init = "he",
    .bounded = true,
    .low = -0.309,
    .high = 1e300,
    .trial = { { .shape = { { 2, { 3, 4 } } }, .low = -3, .high = 3 },
               { .shape = { { 1, { 6 } } }, .low = -12, .high = -8 } },
};

sl_tensor *sl_mish(sl_tape *tape, sl_tensor *x)
{
    return sl_apply(tape, &sl_op_mish, &x, NULL);
}
