/* sin: y = sin x, x in radians.        dx = dy cos x */
#include "op/op.h"

static void sin_forward(const sl_node *n)
{
    sl_sin_n(n->ctx->isa, n->y->v, n->x[0]->v, n->y->count);
}

#define SIN_DERIVED(i) (dy[i] * dz[i])
SL_INLINE void sin_turn_body(sl_real *dz, const sl_real *dy, size_t n)
{
    SL_MAP_LANES(dz, n, SIN_DERIVED);
}
SL_CLONES(static, sin_turn, (sl_real * dz, const sl_real *dy, size_t n), (dz, dy, n))

static void sin_derive(sl_isa isa, sl_real a, sl_real *dz, const sl_real *dy, const sl_real *y,
                       const sl_real *z, size_t n)
{
    (void)a, (void)y;
    sl_cos_n(isa, dz, z, n);
    sin_turn(isa, dz, dy, n);
}

static void sin_backward(const sl_node *n)
{
    sl_unary_add(n, sin_derive);
}

const sl_op sl_op_sin = {
    .name = "sin",
    .summary = "sine of each element, in radians",
    .formula = "y = sin x",
    .source = "-",
    .written = "sin(z)",
    .slope = "cos(z)",
    .inputs = 1,
    .shape = sl_shape_same,
    .forward = sin_forward,
    .backward = sin_backward,
    .trial = { { .shape = { { 2, { 3, 4 } } }, .low = -3, .high = 3 },
               { .shape = { { 1, { 6 } } }, .low = 3, .high = 9 } },
};

sl_tensor *sl_sin(sl_tape *tape, sl_tensor *x)
{
    return sl_apply(tape, &sl_op_sin, &x, NULL);
}
