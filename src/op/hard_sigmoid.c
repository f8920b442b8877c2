/* hard_sigmoid: y = (x + 3) / 6, kept within 0..1.        dy/dx = 1/6 for 0 < y < 1, else 0 (also at the
 * kinks) */
#include "op/curve.h"

SL_INLINE sl_real hard_sigmoid_value(sl_real a, sl_real z)
{
    (void)a;
    return curve_within(z + 3, 0, 6) / 6;
}

SL_INLINE sl_real hard_sigmoid_slope(sl_real a, sl_real y)
{
    (void)a;
    const sl_real left = y > 0 ? SL_R(0.16666666666666666667) : 0;
    return y < 1 ? left : 0;
}
SL_CURVE(hard_sigmoid, y)

const sl_op sl_op_hard_sigmoid = {
    .name = "hard_sigmoid",
    .summary = "sigmoid in three straight pieces, bent at -3 and 3",
    .formula = "y = 0 below -3, 1 above 3, else (x + 3) / 6",
    .source = "Howard et al.: MobileNetV3, ICCV 2019",
    .written = "min(max(z + 3, 0), 6)/6",
    .slope = "(y > 0)*(y < 1)/6",
    .inputs = 1,
    .shape = sl_shape_same,
    .forward = sl_unary_forward,
    .backward = sl_unary_backward,
    .activate = hard_sigmoid_activate,
    .derive = hard_sigmoid_derive,
    .bounded = true,
    .low = 0,
    .high = 1,
    .trial = { { .shape = { { 2, { 3, 4 } } }, .low = -2.9, .high = 2.9 },
               { .shape = { { 1, { 6 } } }, .low = -9, .high = -3.1 },
               { .shape = { { 1, { 6 } } }, .low = 3.1, .high = 9 } },
};

sl_tensor *sl_hard_sigmoid(sl_tape *tape, sl_tensor *x)
{
    return sl_apply(tape, &sl_op_hard_sigmoid, &x, NULL);
}
