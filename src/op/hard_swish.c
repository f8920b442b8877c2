/* hard_swish: y = x h, h = (x + 3) / 6 kept within 0..1.
 * dy/dx = x / 3 + 1/2 for -3 <= x <= 3 (so -1/2 and 3/2 at the kinks), 0 to the left, 1 to the right    */
#include "op/curve.h"

SL_INLINE sl_real hard_swish_value(sl_real a, sl_real z)
{
    (void)a;
    return z * (curve_within(z + 3, 0, 6) / 6);
}

SL_INLINE sl_real hard_swish_slope(sl_real a, sl_real z)
{
    (void)a;
    const sl_real between = z / 3 + SL_R(0.5), left = z < -3 ? 0 : between;
    return z > 3 ? 1 : left;
}
SL_CURVE(hard_swish, z)

const sl_op sl_op_hard_swish = {
    .name = "hard_swish",
    .summary = "silu with hard_sigmoid in place of sigmoid",
    .formula = "y = x hard_sigmoid(x)",
    .source = "Howard et al.: MobileNetV3, ICCV 2019",
    .written = "z*(min(max(z + 3, 0), 6)/6)",
    .slope = "(z > 3) + (z >= -3)*(z <= 3)*(z/3 + 0.5)",
    .inputs = 1,
    .shape = sl_shape_same,
    .forward = sl_unary_forward,
    .backward = sl_unary_backward,
    .activate = hard_swish_activate,
    .derive = hard_swish_derive,
    .derive_needs_z = true,
    .init = "he",
    .bounded = true,
    .low = -0.375,
    .high = 1e300,
    .trial = { { .shape = { { 2, { 3, 4 } } }, .low = -2.9, .high = 2.9 },
               { .shape = { { 1, { 6 } } }, .low = 3.1, .high = 9 } },
};

sl_tensor *sl_hard_swish(sl_tape *tape, sl_tensor *x)
{
    return sl_apply(tape, &sl_op_hard_swish, &x, NULL);
}
