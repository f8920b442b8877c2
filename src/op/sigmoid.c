/* sigmoid: y = 1 / (1 + e^-x).        dy/dx = y (1 - y) */
#include "op/op.h"

static void sigmoid_activate(sl_isa isa, sl_real a, sl_real *y, const sl_real *z, size_t n)
{
    (void)a;
    sl_sigmoid_n(isa, y, z, n);
}

#define SIGMOID_DERIVED(i) (dy[i] * (y[i] * (1 - y[i])))
SL_INLINE void sigmoid_derive_body(sl_real a, sl_real *dz, const sl_real *dy, const sl_real *y,
                                   const sl_real *z, size_t n)
{
    (void)a, (void)z;
    SL_MAP_LANES(dz, n, SIGMOID_DERIVED);
}
SL_CLONES(static, sigmoid_derive,
          (sl_real a, sl_real *dz, const sl_real *dy, const sl_real *y, const sl_real *z, size_t n),
          (a, dz, dy, y, z, n))

const sl_op sl_op_sigmoid = {
    .name = "sigmoid",
    .summary = "logistic function: 0 to 1, a probability",
    .formula = "y = 1 / (1 + e^-x)",
    .source = "Verhulst 1838; Cox 1958",
    .written = "1/(1 + exp(-z))",
    .slope = "y*(1 - y)",
    .inputs = 1,
    .shape = sl_shape_same,
    .forward = sl_unary_forward,
    .backward = sl_unary_backward,
    .activate = sigmoid_activate,
    .derive = sigmoid_derive,
    .bounded = true,
    .low = 0,
    .high = 1,
    .trial = { { .shape = { { 2, { 3, 4 } } }, .low = -3, .high = 3 },
               { .shape = { { 1, { 6 } } }, .low = -12, .high = -8 } },
};

sl_tensor *sl_sigmoid(sl_tape *tape, sl_tensor *x)
{
    return sl_apply(tape, &sl_op_sigmoid, &x, NULL);
}
