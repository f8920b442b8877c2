/* selu: y = l x for x > 0, else l a (e^x - 1), l = 1.0507..., a = 1.6732...: mean 0 and variance 1 stay.
 * dy/dx = l for x > 0, else y + l a (also at 0)                                                        */
#include "op/curve.h"

#define SELU_SCALE SL_R(1.0507009873554804934193349852946)
#define SELU_BELOW SL_R(1.7580993408473768599402175208123) /* scale alpha, alpha = 1.6732632423543772848 */

SL_INLINE sl_real selu_value(sl_real a, sl_real z)
{
    (void)a;
    const sl_real right = SELU_SCALE * z, left = SELU_BELOW * curve_expm1(z < 0 ? z : 0);
    return z < 0 ? left : right;
}

SL_INLINE sl_real selu_slope(sl_real a, sl_real y)
{
    (void)a;
    return y > 0 ? SELU_SCALE : y + SELU_BELOW;
}
SL_CURVE(selu, y)

const sl_op sl_op_selu = {
    .name = "selu",
    .summary = "elu scaled so that layers keep mean 0 and variance 1: starts from lecun",
    .formula = "y = 1.0507 x for x > 0, else 1.7581 (e^x - 1)",
    .source = "Klambauer, Unterthiner, Mayr, Hochreiter, NIPS 2017",
    .written = "1.0507009873554805*max(0, z) + 1.7580993408473768*(exp(min(0, z)) - 1)",
    .slope = "1.0507009873554805*(z > 0) + (z <= 0)*(y + 1.7580993408473768)",
    .inputs = 1,
    .shape = sl_shape_same,
    .forward = sl_unary_forward,
    .backward = sl_unary_backward,
    .activate = selu_activate,
    .derive = selu_derive,
    .init = "lecun",
    .bounded = true,
    .low = -1.7581,
    .high = 1e300,
    .trial = { { .shape = { { 2, { 3, 4 } } }, .low = -3, .high = -0.1 },
               { .shape = { { 1, { 6 } } }, .low = 0.1, .high = 3 } },
};

sl_tensor *sl_selu(sl_tape *tape, sl_tensor *x)
{
    return sl_apply(tape, &sl_op_selu, &x, NULL);
}
