/* flatten: [rows, a, b, ...] -> [rows, a b ...], the same numbers.        dx = dy */
#include "op/op.h"

#include <limits.h>

static sl_status flatten_shape(sl_node *n, sl_shape *y)
{
    const sl_shape x = n->x[0]->shape;
    char text[96];
    if (x.rank < 1)
        return sl_node_fail(n, SL_ESHAPE, "flatten of shape %s: wants [rows, ...]", sl_shape_text(text, x));
    if (sl_shape_row(x) > INT_MAX)
        return sl_node_fail(n, SL_ESHAPE, "flatten of shape %s: a row has more than %d numbers",
                            sl_shape_text(text, x), INT_MAX);
    *y = (sl_shape){ 2, { x.dim[0], (int)sl_shape_row(x) } };
    return SL_OK;
}

static void flatten_forward(const sl_node *n)
{
    for (size_t i = 0; i < n->y->count; i++)
        n->y->v[i] = n->x[0]->v[i];
}

static void flatten_backward(const sl_node *n)
{
    for (size_t i = 0; i < n->y->count; i++)
        n->x[0]->g[i] += n->y->g[i];
}

const sl_op sl_op_flatten = {
    .name = "flatten",
    .summary = "each row's dimensions in one line",
    .formula = "[rows, a, b] -> [rows, a b]",
    .source = "-",
    .inputs = 1,
    .shape = flatten_shape,
    .forward = flatten_forward,
    .backward = flatten_backward,
    .cost = sl_cost_of_sums,
    .trial = { { .shape = { { 3, { 2, 3, 2 } } }, .low = -1, .high = 1 },
               { .shape = { { 1, { 4 } } }, .low = -1, .high = 1 } },
};

sl_tensor *sl_flatten_of(sl_tape *tape, sl_tensor *x)
{
    return sl_apply(tape, &sl_op_flatten, &x, NULL);
}
