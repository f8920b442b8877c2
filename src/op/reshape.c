/* reshape: the same numbers in the same order, in another shape.        dx = dy */
#include "op/op.h"

static sl_status reshape_shape(sl_node *n, sl_shape *y)
{
    size_t count;
    char from[96], to[96];
    *y = n->options.shape;
    if (sl_shape_check(n->ctx, *y, &count)) {
        sl_fail_at(n->ctx, n->place);
        return n->ctx->status;
    }
    if (count == n->x[0]->count)
        return SL_OK;
    return sl_node_fail(n, SL_ESHAPE, "shape %s has %zu numbers and does not become %s, which has %zu",
                        sl_shape_text(from, n->x[0]->shape), n->x[0]->count, sl_shape_text(to, *y), count);
}

static void reshape_forward(const sl_node *n)
{
    memcpy(n->y->v, n->x[0]->v, n->y->count * sizeof(sl_real));
}

static void reshape_backward(const sl_node *n)
{
    sl_add_n(n->ctx->isa, n->x[0]->g, n->y->g, n->y->count);
}

const sl_op sl_op_reshape = {
    .name = "reshape",
    .summary = "the same numbers in another shape",
    .formula = "[a, b c] -> [a, b, c]",
    .source = "-",
    .inputs = 1,
    .shape = reshape_shape,
    .forward = reshape_forward,
    .backward = reshape_backward,
    .cost = sl_cost_of_sums,
    .trial = { { .shape = { { 2, { 3, 4 } } }, .reshaped = { 3, { 2, 3, 2 } }, .low = -1, .high = 1 },
               { .shape = { { 2, { 1, 1 } } }, .reshaped = { 0, { 0 } }, .low = -1, .high = 1 } },
};

sl_tensor *sl_reshape_of(sl_tape *tape, sl_tensor *x, sl_shape shape)
{
    return sl_apply(tape, &sl_op_reshape, &x, &(sl_op_options){ .shape = shape });
}
