/* square: y = x x.        dx = 2 x dy */
#include "op/curve.h"

SL_INLINE sl_real square_value(sl_real a, sl_real z)
{
    (void)a;
    return z * z;
}

SL_INLINE sl_real square_slope(sl_real a, sl_real z)
{
    (void)a;
    return 2 * z;
}
SL_CURVE(square, z)
SL_CURVE_NODES(square)

const sl_op sl_op_square = {
    .name = "square",
    .summary = "each element times itself",
    .formula = "y = x^2",
    .source = "-",
    .written = "z^2",
    .slope = "2*z",
    .inputs = 1,
    .shape = sl_shape_same,
    .forward = square_forward,
    .backward = square_backward,
    .trial = { { .shape = { { 2, { 3, 4 } } }, .low = -3, .high = 3 } },
};

sl_tensor *sl_square(sl_tape *tape, sl_tensor *x)
{
    return sl_apply(tape, &sl_op_square, &x, NULL);
}
