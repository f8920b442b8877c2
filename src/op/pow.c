/* pow: y = x^p, p a fixed number; as C's pow: below 0 NaN unless p is whole, 0^0 = 1.
 * dx = dy p x^(p - 1), 0 where p is 0                                                                 */
#include "op/curve.h"

SL_INLINE sl_real pow_value(sl_real a, sl_real z)
{
    return sl_pow_r(z, a);
}

SL_INLINE sl_real pow_slope(sl_real a, sl_real z)
{
    const sl_real slope = a * sl_pow_r(z, a - 1);
    return a == 0 ? 0 : slope; /* at 0 it would be 0 times infinity */
}
SL_CURVE(pow, z)
SL_CURVE_NODES(pow)

const sl_op sl_op_pow = {
    .name = "pow",
    .summary = "each element to the power of one fixed number",
    .formula = "y = x^p",
    .source = "-",
    .written = "z^a",
    .slope = "a*z^(a - 1) | 0",
    .inputs = 1,
    .shape = sl_shape_numbered,
    .forward = pow_forward,
    .backward = pow_backward,
    .trial = { { .shape = { { 2, { 3, 4 } } }, .low = 0.5, .high = 3, .number = 2.5 },
               { .shape = { { 1, { 6 } } }, .low = -2, .high = -0.5, .number = 3 },
               { .shape = { { 1, { 6 } } }, .low = 0.5, .high = 3, .number = -1 },
               { .shape = { { 1, { 6 } } }, .low = -2, .high = 2, .number = 0 } },
};

sl_tensor *sl_pow(sl_tape *tape, sl_tensor *x, sl_real power)
{
    return sl_apply(tape, &sl_op_pow, &x, &(sl_op_options){ .number = power });
}
