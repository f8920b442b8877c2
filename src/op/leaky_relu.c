/* leaky_relu: y = x for x > 0, else slope x.        dy/dx = 1 for x > 0, else slope (also at 0) */
#include "op/curve.h"

SL_INLINE sl_real leaky_relu_value(sl_real a, sl_real z)
{
    const sl_real small = a * z;
    return z > 0 ? z : small;
}

SL_INLINE sl_real leaky_relu_slope(sl_real a, sl_real y) /* y > 0 where x > 0, as the slope is not negative */
{
    return y > 0 ? 1 : a;
}
SL_CURVE(leaky_relu, y)

static const sl_option leaky_relu_options[] = {
    { .name = "slope", .summary = "below 0", .normal = 0.01, .low = 0, .high = 1, .below_high = true }, { 0 }
};

const sl_op sl_op_leaky_relu = {
    .name = "leaky_relu",
    .summary = "relu that lets a little of the negative through, so that no unit dies",
    .formula = "y = x for x > 0, else slope x",
    .source = "Maas, Hannun, Ng, ICML 2013",
    .written = "max(0, z) + a*min(0, z)",
    .slope = "(z > 0) + a*(z <= 0)",
    .inputs = 1,
    .shape = sl_shape_numbered,
    .forward = sl_unary_forward,
    .backward = sl_unary_backward,
    .activate = leaky_relu_activate,
    .derive = leaky_relu_derive,
    .options = leaky_relu_options,
    .init = "he",
    .trial = { { .shape = { { 2, { 3, 4 } } }, .low = -3, .high = -0.1, .number = 0.01 },
               { .shape = { { 1, { 6 } } }, .low = 0.1, .high = 3, .number = 0.01 },
               { .shape = { { 3, { 2, 3, 2 } } }, .low = -9, .high = -1, .number = 0.3 } },
};

sl_tensor *sl_leaky_relu(sl_tape *tape, sl_tensor *x, sl_real slope)
{
    return sl_apply(tape, &sl_op_leaky_relu, &x, &(sl_op_options){ .number = slope });
}
