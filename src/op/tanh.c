/* tanh: y = (e^x - e^-x) / (e^x + e^-x).        dy/dx = 1 - y^2 */
#include "op/op.h"

static void tanh_activate(sl_isa isa, sl_real a, sl_real *y, const sl_real *z, size_t n)
{
    (void)a;
    sl_tanh_n(isa, y, z, n);
}

#define TANH_DERIVED(i) (dy[i] * (1 - y[i] * y[i]))
SL_INLINE void tanh_derive_body(sl_real a, sl_real *dz, const sl_real *dy, const sl_real *y, const sl_real *z,
                                size_t n)
{
    (void)a, (void)z;
    SL_MAP_LANES(dz, n, TANH_DERIVED);
}
SL_CLONES(static, tanh_derive,
          (sl_real a, sl_real *dz, const sl_real *dy, const sl_real *y, const sl_real *z, size_t n),
          (a, dz, dy, y, z, n))

const sl_op sl_op_tanh = {
    .name = "tanh",
    .summary = "hyperbolic tangent: -1 to 1, centred on 0",
    .formula = "y = tanh(x)",
    .source = "LeCun, Bottou, Orr, Müller: Efficient BackProp, 1998",
    .written = "tanh(z)",
    .slope = "1 - y^2",
    .inputs = 1,
    .shape = sl_shape_same,
    .forward = sl_unary_forward,
    .backward = sl_unary_backward,
    .activate = tanh_activate,
    .derive = tanh_derive,
    .bounded = true,
    .low = -1,
    .high = 1,
    .trial = { { .shape = { { 2, { 3, 4 } } }, .low = -3, .high = 3 },
               { .shape = { { 1, { 6 } } }, .low = -0.01, .high = 0.01 } },
};

sl_tensor *sl_tanh(sl_tape *tape, sl_tensor *x)
{
    return sl_apply(tape, &sl_op_tanh, &x, NULL);
}
