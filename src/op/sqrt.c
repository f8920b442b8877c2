/* sqrt: y = root of x; below 0 NaN.        dx = dy / (2 y), infinite at 0 */
#include "op/curve.h"

#include <math.h>

SL_INLINE sl_real sqrt_root(sl_real x)
{
#ifdef SL_REAL_DOUBLE
    return sqrt(x);
#else
    return sqrtf(x);
#endif
}

SL_INLINE sl_real sqrt_value(sl_real a, sl_real z)
{
    (void)a;
    return sqrt_root(z);
}

SL_INLINE sl_real sqrt_slope(sl_real a, sl_real y)
{
    (void)a;
    return SL_R(0.5) / y;
}
SL_CURVE(sqrt, y)
SL_CURVE_NODES(sqrt)

const sl_op sl_op_sqrt = {
    .name = "sqrt",
    .summary = "square root of each element",
    .formula = "y = sqrt x",
    .source = "-",
    .written = "sqrt(z)",
    .slope = "1/(2*y)",
    .inputs = 1,
    .shape = sl_shape_same,
    .forward = sqrt_forward,
    .backward = sqrt_backward,
    .trial = { { .shape = { { 2, { 3, 4 } } }, .low = 0.5, .high = 3 },
               { .shape = { { 1, { 6 } } }, .low = 20, .high = 90 } },
};

sl_tensor *sl_sqrt(sl_tape *tape, sl_tensor *x)
{
    return sl_apply(tape, &sl_op_sqrt, &x, NULL);
}
