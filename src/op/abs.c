/* abs: y = |x|.        dx = dy for x > 0, -dy for x < 0, 0 at 0 */
#include "op/curve.h"

SL_INLINE sl_real abs_value(sl_real a, sl_real z)
{
    (void)a;
    const sl_real turned = 0 - z; /* also makes 0 of -0 */
    return z > 0 ? z : turned;
}

SL_INLINE sl_real abs_slope(sl_real a, sl_real z)
{
    (void)a;
    const sl_real left = z < 0 ? -1 : 0;
    return z > 0 ? 1 : left;
}
SL_CURVE(abs, z)
SL_CURVE_NODES(abs)

const sl_op sl_op_abs = {
    .name = "abs",
    .summary = "size of each element, without its sign",
    .formula = "y = |x|",
    .source = "-",
    .written = "abs(z)",
    .slope = "sign(z)",
    .inputs = 1,
    .shape = sl_shape_same,
    .forward = abs_forward,
    .backward = abs_backward,
    .trial = { { .shape = { { 2, { 3, 4 } } }, .low = 0.1, .high = 3 },
               { .shape = { { 1, { 6 } } }, .low = -3, .high = -0.1 } },
};

sl_tensor *sl_abs(sl_tape *tape, sl_tensor *x)
{
    return sl_apply(tape, &sl_op_abs, &x, NULL);
}
