/* scale: y = c x, c a number.        dx = c dy */
#include "op/curve.h"

SL_INLINE sl_real scale_value(sl_real a, sl_real z)
{
    return a * z;
}

SL_INLINE sl_real scale_slope(sl_real a, sl_real y)
{
    (void)y;
    return a;
}
SL_CURVE(scale, y)
SL_CURVE_NODES(scale)

const sl_op sl_op_scale = {
    .name = "scale",
    .summary = "each element times one fixed number",
    .formula = "y = c x",
    .source = "-",
    .written = "a*z",
    .slope = "a",
    .inputs = 1,
    .shape = sl_shape_numbered,
    .forward = scale_forward,
    .backward = scale_backward,
    .trial = { { .shape = { { 2, { 3, 4 } } }, .low = -3, .high = 3, .number = -1 },
               { .shape = { { 1, { 6 } } }, .low = -3, .high = 3, .number = 0.25 } },
};

sl_tensor *sl_scale(sl_tape *tape, sl_tensor *x, sl_real factor)
{
    return sl_apply(tape, &sl_op_scale, &x, &(sl_op_options){ .number = factor });
}
