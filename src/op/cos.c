/* cos: y = cos x, x in radians.        dx = -dy sin x */
#include "op/op.h"

static void cos_forward(const sl_node *n)
{
    sl_cos_n(n->ctx->isa, n->y->v, n->x[0]->v, n->y->count);
}

#define COS_DERIVED(i) (-(dy[i] * dz[i]))
SL_INLINE void cos_turn_body(sl_real *dz, const sl_real *dy, size_t n)
{
    SL_MAP_LANES(dz, n, COS_DERIVED);
}
SL_CLONES(static, cos_turn, (sl_real * dz, const sl_real *dy, size_t n), (dz, dy, n))

static void cos_derive(sl_isa isa, sl_real a, sl_real *dz, const sl_real *dy, const sl_real *y,
                       const sl_real *z, size_t n)
{
    (void)a, (void)y;
    sl_sin_n(isa, dz, z, n);
    cos_turn(isa, dz, dy, n);
}

static void cos_backward(const sl_node *n)
{
    sl_unary_add(n, cos_derive);
}

const sl_op sl_op_cos = {
    .name = "cos",
    .summary = "cosine of each element, in radians",
    .formula = "y = cos x",
    .source = "-",
    .written = "cos(z)",
    .slope = "-sin(z)",
    .inputs = 1,
    .shape = sl_shape_same,
    .forward = cos_forward,
    .backward = cos_backward,
    .trial = { { .shape = { { 2, { 3, 4 } } }, .low = -3, .high = 3 },
               { .shape = { { 1, { 6 } } }, .low = 3, .high = 9 } },
};

sl_tensor *sl_cos(sl_tape *tape, sl_tensor *x)
{
    return sl_apply(tape, &sl_op_cos, &x, NULL);
}
