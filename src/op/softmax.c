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
    for (size_t i = 0; i < n->y->count; i += width)
        sl_softmax_row(n->y->v + i, n->x[0]->v + i, width);
}

static void softmax_backward(const sl_node *n)
{
    const size_t width = softmax_width(n);
    for (size_t i = 0; i < n->y->count; i += width) {
        const sl_real *y = n->y->v + i, *dy = n->y->g + i;
        sl_real *dx = n->x[0]->g + i;
        const sl_real dot = sl_reduce_dot(dy, y, width);
        for (size_t j = 0; j < width; j++)
            dx[j] += y[j] * (dy[j] - dot);
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
