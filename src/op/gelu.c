/* gelu: y = x P(x), P(x) = (1 + erf(x / sqrt 2)) / 2, the normal distribution.
 * dy/dx = P(x) + x p(x), p(x) = e^(-x^2 / 2) / sqrt(2 pi)                                             */
#include "op/curve.h"

SL_INLINE sl_real gelu_share(sl_real z)
{
    return SL_R(0.5) + SL_R(0.5) * sl_erf_r(z * SL_R(0.70710678118654752440));
}

SL_INLINE sl_real gelu_value(sl_real a, sl_real z)
{
    (void)a;
    return z * gelu_share(z);
}

SL_INLINE sl_real gelu_slope(sl_real a, sl_real z)
{
    (void)a;
    const sl_real near = curve_within(z, -40, 40);
    return gelu_share(z) + near * (SL_R(0.39894228040143267794) * sl_exp_r(SL_R(-0.5) * near * near));
}
SL_CURVE(gelu, z)

const sl_op sl_op_gelu = {
    .name = "gelu",
    .summary = "x times the share of a normal distribution below it: default in transformers",
    .formula = "y = x (1 + erf(x / sqrt 2)) / 2",
    .source = "Hendrycks, Gimpel, arXiv 1606.08415, 2016",
    .written = "z*(1 + erf(z/sqrt(2)))/2",
    .slope = "(1 + erf(z/sqrt(2)))/2 + z*exp(-z^2/2)/2.5066282746310002",
    .inputs = 1,
    .shape = sl_shape_same,
    .forward = sl_unary_forward,
    .backward = sl_unary_backward,
    .activate = gelu_activate,
    .derive = gelu_derive,
    .derive_needs_z = true,
    .init = "he",
    .bounded = true,
    .low = -0.17,
    .high = 1e300,
    .trial = { { .shape = { { 2, { 3, 4 } } }, .low = -3, .high = 3 },
               { .shape = { { 1, { 6 } } }, .low = -0.01, .high = 0.01 } },
};

sl_tensor *sl_gelu(sl_tape *tape, sl_tensor *x)
{
    return sl_apply(tape, &sl_op_gelu, &x, NULL);
}
