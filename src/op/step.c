/* step: y = 1 for x >= 0, else 0.        dy/dx = 0 (none at 0): nothing is learned through it */
#include "op/curve.h"

SL_INLINE sl_real step_value(sl_real a, sl_real z) /* NaN stays NaN, here and in the other curves */
{
    (void)a;
    const sl_real below = z < 0 ? 0 : z;
    return z >= 0 ? 1 : below;
}

SL_INLINE sl_real step_slope(sl_real a, sl_real y)
{
    (void)a, (void)y;
    return 0;
}
SL_CURVE(step, y)

const sl_op sl_op_step = {
    .name = "step",
    .summary = "threshold: 1 from 0 on, else 0; not for gradient training",
    .formula = "y = 1 for x >= 0, else 0",
    .source = "McCulloch, Pitts 1943",
    .written = "(z >= 0)",
    .slope = "0",
    .inputs = 1,
    .shape = sl_shape_same,
    .forward = sl_unary_forward,
    .backward = sl_unary_backward,
    .activate = step_activate,
    .derive = step_derive,
    .flat =
        "its slope is 0 wherever it has one, so gradient training cannot learn through it: take sigmoid, or "
        "the perceptron rule",
    .bounded = true,
    .low = 0,
    .high = 1,
    .trial = { { .shape = { { 2, { 3, 4 } } }, .low = -3, .high = 3 } },
};

sl_tensor *sl_step_unit(sl_tape *tape, sl_tensor *x)
{
    return sl_apply(tape, &sl_op_step, &x, NULL);
}
