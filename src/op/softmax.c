/* softmax over the last dimension: y_i = e^(x_i - m) / sum_j e^(x_j - m), m = max x (so nothing overflows).
 * dx_i = y_i (dy_i - sum_j dy_j y_j)                                                                  */
#include "op/op.h"

static sl_status softmax_shape(sl_node *n, sl_shape *y)
{
    const sl_shape s = n->x[0]->shape;
    char text[96];
    if (s.rank < 1 || s.dim[s.rank - 1] < 1)
        return sl_node_fail(n, SL_ESHAPE, "softmax of shape %s: wants a last dimension of at least 1",
                            sl_shape_text(text, s));
    return sl_shape_same(n, y);
}

static size_t softmax_width(const sl_node *n)
{
    return (size_t)n->y->shape.dim[n->y->shape.rank - 1];
}

static void softmax_forward(const sl_node *n)
{
    const size_t width = softmax_width(n);
    sl_softmax_rows(n->ctx->isa, n->y->v, n->x[0]->v, n->y->count / width, width);
}

#define SOFTMAX_ADDED(i) (dx[i] + y[i] * (dy[i] - dot))
SL_INLINE void softmax_derive_body(sl_real *dx, const sl_real *y, const sl_real *dy, sl_real dot, size_t n)
{
    SL_MAP_LANES(dx, n, SOFTMAX_ADDED);
}
SL_CLONES(static, softmax_derive, (sl_real * dx, const sl_real *y, const sl_real *dy, sl_real dot, size_t n),
          (dx, y, dy, dot, n))

static void softmax_backward(const sl_node *n)
{
    const size_t width = softmax_width(n);
    for (size_t i = 0; i < n->y->count; i += width) {
        const sl_real *y = n->y->v + i, *dy = n->y->g + i;
        softmax_derive(n->ctx->isa, n->x[0]->g + i, y, dy, sl_reduce_dot(n->ctx->isa, dy, y, width), width);
    }
}

const sl_op sl_op_softmax = {
    .name = "softmax",
    .summary = "turns a row of scores into probabilities that sum to 1",
    .formula = "y_i = e^x_i / sum_j e^x_j",
    .source = "Bridle 1990",
    .inputs = 1,
    .shape = softmax_shape,
    .forward = softmax_forward,
    .backward = softmax_backward,
    .activates_rows = true,
    .bounded = true,
    .low = 0,
    .high = 1,
    .trial = { { .shape = { { 2, { 3, 4 } } }, .low = -3, .high = 3 },
               { .shape = { { 2, { 2, 20 } } }, .low = -1, .high = 1 },
               { .shape = { { 2, { 3, 1 } } }, .low = -1, .high = 1 } },
};

sl_tensor *sl_softmax(sl_tape *tape, sl_tensor *x)
{
    return sl_apply(tape, &sl_op_softmax, &x, NULL);
}
