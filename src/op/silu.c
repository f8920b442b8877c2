/* silu (swish): y = x s, s = 1 / (1 + e^-x).        dy/dx = s (1 + x (1 - s)) */
#include "op/curve.h"

SL_INLINE sl_real silu_value(sl_real a, sl_real z)
{
    (void)a;
    return z * sl_sigmoid_r(z);
}

SL_INLINE sl_real silu_slope(sl_real a, sl_real z)
{
    (void)a;
    const sl_real s = sl_sigmoid_r(z);
    return s * (1 + curve_within(z, -1000, 1000) * (1 - s));
}
SL_CURVE(silu, z)

const sl_op sl_op_silu = {
    .name = "silu",
    .summary = "x times its sigmoid (swish)",
    .formula = "y = x / (1 + e^-x)",
    .source = "Elfwing, Uchibe, Doya 2018; Ramachandran, Zoph, Le 2017",
    .written = "z/(1 + exp(-z))",
    .slope = "p = 1/(1 + exp(-z)); p*(1 + z*(1 - p))",
    .inputs = 1,
    .shape = sl_shape_same,
    .forward = sl_unary_forward,
    .backward = sl_unary_backward,
    .activate = silu_activate,
    .derive = silu_derive,
    .derive_needs_z = true,
    .init = "he",
    .bounded = true,
    .low = -0.279,
    .high = 1e300,
    .trial = { { .shape = { { 2, { 3, 4 } } }, .low = -3, .high = 3 },
               { .shape = { { 1, { 6 } } }, .low = -12, .high = -8 } },
};

sl_tensor *sl_silu(sl_tape *tape, sl_tensor *x)
{
    return sl_apply(tape, &sl_op_silu, &x, NULL);
}
