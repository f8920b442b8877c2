/* log: y = ln x; 0 gives -infinity, less NaN.        dx = dy / x */
#include "op/curve.h"

SL_INLINE sl_real log_value(sl_real a, sl_real z)
{
    (void)a;
    return sl_log_r(z);
}

SL_INLINE sl_real log_slope(sl_real a, sl_real z)
{
    (void)a;
    return 1 / z;
}
SL_CURVE(log, z)
SL_CURVE_NODES(log)

const sl_op sl_op_log = {
    .name = "log",
    .summary = "natural logarithm of each element",
    .formula = "y = ln x",
    .source = "-",
    .written = "log(z)",
    .slope = "1/z",
    .inputs = 1,
    .shape = sl_shape_same,
    .forward = log_forward,
    .backward = log_backward,
    .trial = { { .shape = { { 2, { 3, 4 } } }, .low = 0.5, .high = 3 },
               { .shape = { { 1, { 6 } } }, .low = 20, .high = 90 } },
};

sl_tensor *sl_log_of(sl_tape *tape, sl_tensor *x)
{
    return sl_apply(tape, &sl_op_log, &x, NULL);
}
