/* exp: y = e^x.        dx = dy y */
#include "op/curve.h"

SL_INLINE sl_real exp_value(sl_real a, sl_real z)
{
    (void)a;
    return sl_exp_r(z);
}

SL_INLINE sl_real exp_slope(sl_real a, sl_real y)
{
    (void)a;
    return y;
}
SL_CURVE(exp, y)
SL_CURVE_NODES(exp)

const sl_op sl_op_exp = {
    .name = "exp",
    .summary = "e to the power of each element",
    .formula = "y = e^x",
    .source = "-",
    .written = "exp(z)",
    .slope = "y",
    .inputs = 1,
    .shape = sl_shape_same,
    .forward = exp_forward,
    .backward = exp_backward,
    .trial = { { .shape = { { 2, { 3, 4 } } }, .low = -3, .high = 3 },
               { .shape = { { 1, { 6 } } }, .low = 3, .high = 5 } },
};

sl_tensor *sl_exp(sl_tape *tape, sl_tensor *x)
{
    return sl_apply(tape, &sl_op_exp, &x, NULL);
}
