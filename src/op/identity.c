/* identity: y = x.        dy/dx = 1 */
#include "op/op.h"

SL_INLINE void identity_activate_body(sl_real a, sl_real *y, const sl_real *z, size_t n)
{
    (void)a;
    for (size_t i = 0; i < n; i++)
        y[i] = z[i];
}
SL_CLONES(static, identity_activate, (sl_real a, sl_real *y, const sl_real *z, size_t n), (a, y, z, n))

SL_INLINE void identity_derive_body(sl_real a, sl_real *dz, const sl_real *dy, const sl_real *y,
                                    const sl_real *z, size_t n)
{
    (void)a, (void)y, (void)z;
    for (size_t i = 0; i < n; i++)
        dz[i] = dy[i];
}
SL_CLONES(static, identity_derive,
          (sl_real a, sl_real *dz, const sl_real *dy, const sl_real *y, const sl_real *z, size_t n),
          (a, dz, dy, y, z, n))

const sl_op sl_op_identity = {
    .name = "identity",
    .summary = "no activation: a linear layer's own output",
    .formula = "y = x",
    .source = "-",
    .written = "z",
    .slope = "1",
    .inputs = 1,
    .shape = sl_shape_same,
    .forward = sl_unary_forward,
    .backward = sl_unary_backward,
    .activate = identity_activate,
    .derive = identity_derive,
    .trial = { { .shape = { { 2, { 3, 4 } } }, .low = -3, .high = 3 } },
};

sl_tensor *sl_identity(sl_tape *tape, sl_tensor *x)
{
    return sl_apply(tape, &sl_op_identity, &x, NULL);
}
