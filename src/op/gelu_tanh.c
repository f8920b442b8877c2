/* gelu_tanh: y = x (1 + t) / 2, t = tanh u, u = c (x + 0.044715 x^3), c = sqrt(2 / pi): gelu nearly.
 * dy/dx = (1 + t) / 2 + x (1 - t^2) / 2 c (1 + 3 * 0.044715 x^2)                                       */
#include "op/curve.h"

SL_INLINE sl_real gelu_tanh_part(sl_real z) /* z within 10, beyond which t is 1 or -1 */
{
    const sl_real cube = SL_R(0.044715) * (z * z * z);
    return sl_tanh_r(SL_R(0.79788456080286535588) * (z + cube));
}

SL_INLINE sl_real gelu_tanh_value(sl_real a, sl_real z)
{
    (void)a;
    return z * (SL_R(0.5) + SL_R(0.5) * gelu_tanh_part(curve_within(z, -10, 10)));
}

SL_INLINE sl_real gelu_tanh_slope(sl_real a, sl_real z)
{
    (void)a;
    const sl_real near = curve_within(z, -10, 10), t = gelu_tanh_part(near);
    const sl_real inner = SL_R(0.79788456080286535588) * (1 + SL_R(0.134145) * (near * near));
    return SL_R(0.5) * (1 + t) + SL_R(0.5) * near * ((1 - t * t) * inner);
}
SL_CURVE(gelu_tanh, z)

const sl_op sl_op_gelu_tanh = {
    .name = "gelu_tanh",
    .summary = "gelu by tanh, as GPT-2 has it: off by at most 5e-4",
    .formula = "y = x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2",
    .source = "Hendrycks, Gimpel, arXiv 1606.08415, 2016",
    .written = "z*(1 + tanh(0.7978845608028654*(z + 0.044715*z^3)))/2",
    .slope = "p = tanh(0.7978845608028654*(z + 0.044715*z^3)); (1 + p)/2 + z*(1 - "
             "p^2)/2*0.7978845608028654*(1 + 0.134145*z^2) | (1 + p)/2",
    .inputs = 1,
    .shape = sl_shape_same,
    .forward = sl_unary_forward,
    .backward = sl_unary_backward,
    .activate = gelu_tanh_activate,
    .derive = gelu_tanh_derive,
    .derive_needs_z = true,
    .init = "he",
    .bounded = true,
    .low = -0.171,
    .high = 1e300,
    .trial = { { .shape = { { 2, { 3, 4 } } }, .low = -3, .high = 3 },
               { .shape = { { 1, { 6 } } }, .low = -0.01, .high = 0.01 } },
};

sl_tensor *sl_gelu_tanh(sl_tape *tape, sl_tensor *x)
{
    return sl_apply(tape, &sl_op_gelu_tanh, &x, NULL);
}
