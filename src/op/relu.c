/* relu: y = x for x > 0, else 0.        dy/dx = 1 for x > 0, else 0 (also at 0) */
#include "op/op.h"

#define RELU_VALUE(i) (z[i] > 0 ? z[i] : 0)
SL_INLINE void relu_activate_body(sl_real a, sl_real *y, const sl_real *z, size_t n)
{
    (void)a;
    SL_MAP_LANES(y, n, RELU_VALUE);
}
SL_CLONES(static, relu_activate, (sl_real a, sl_real *y, const sl_real *z, size_t n), (a, y, z, n))

SL_INLINE sl_real relu_slope(sl_real dy, sl_real y) /* dy is read in any case: no branch around a load */
{
    return y > 0 ? dy : 0;
}

#define RELU_DERIVED(i) relu_slope(dy[i], y[i])
SL_INLINE void relu_derive_body(sl_real a, sl_real *dz, const sl_real *dy, const sl_real *y, const sl_real *z,
                                size_t n)
{
    (void)a, (void)z;
    SL_MAP_LANES(dz, n, RELU_DERIVED);
}
SL_CLONES(static, relu_derive,
          (sl_real a, sl_real *dz, const sl_real *dy, const sl_real *y, const sl_real *z, size_t n),
          (a, dz, dy, y, z, n))

const sl_op sl_op_relu = {
    .name = "relu",
    .summary = "rectified linear unit: the default of hidden layers",
    .formula = "y = max(0, x)",
    .source = "Nair, Hinton, ICML 2010",
    .written = "max(0, z)",
    .slope = "(z > 0)",
    .inputs = 1,
    .shape = sl_shape_same,
    .forward = sl_unary_forward,
    .backward = sl_unary_backward,
    .activate = relu_activate,
    .derive = relu_derive,
    .init = "he",
    .bounded = true,
    .low = 0,
    .high = 1e300,
    .trial = { { .shape = { { 2, { 3, 4 } } }, .low = -3, .high = 3 },
               { .shape = { { 1, { 5 } } }, .low = -9, .high = -1 },
               { .shape = { { 3, { 2, 3, 2 } } }, .low = 1, .high = 9 } },
};

sl_tensor *sl_relu(sl_tape *tape, sl_tensor *x)
{
    return sl_apply(tape, &sl_op_relu, &x, NULL);
}
