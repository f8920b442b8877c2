/* columns: numbers first .. first + count - 1 of each row: [.., n] -> [.., count].        dx: dy there, 0
 * else */
#include "op/op.h"

static int columns_op_width(const sl_tensor *x)
{
    return x->shape.dim[x->shape.rank - 1];
}

static sl_status columns_op_shape(sl_node *n, sl_shape *y)
{
    const sl_shape x = n->x[0]->shape;
    const int first = n->options.shape.dim[0], count = n->options.shape.dim[1];
    char text[96];
    if (x.rank < 1)
        return sl_node_fail(n, SL_ESHAPE, "of a single number: wants rows, [.., n]");
    const int width = columns_op_width(n->x[0]);
    if (first < 0 || count < 0 || first > width || count > width - first)
        return sl_node_fail(n, SL_ESHAPE,
                            "%d numbers from number %d on of rows of shape %s: a row has %d, from 0", count,
                            first, sl_shape_text(text, x), width);
    *y = x;
    y->dim[x.rank - 1] = count;
    return SL_OK;
}

static void columns_op_forward(const sl_node *n)
{
    const size_t width = (size_t)columns_op_width(n->x[0]), count = (size_t)columns_op_width(n->y);
    const size_t first = (size_t)n->options.shape.dim[0], rows = count ? n->y->count / count : 0;
    for (size_t i = 0; i < rows; i++)
        memcpy(n->y->v + i * count, n->x[0]->v + i * width + first, count * sizeof(sl_real));
}

static void columns_op_backward(const sl_node *n)
{
    const size_t width = (size_t)columns_op_width(n->x[0]), count = (size_t)columns_op_width(n->y);
    const size_t first = (size_t)n->options.shape.dim[0], rows = count ? n->y->count / count : 0;
    for (size_t i = 0; i < rows; i++)
        sl_add_n(n->ctx->isa, n->x[0]->g + i * width + first, n->y->g + i * count, count);
}

/* Of x only what is taken. */
static void columns_op_cost(const sl_node *n, bool backward, sl_cost *cost)
{
    cost->flops = (double)n->y->count;
    cost->bytes = (backward ? 3 : 2) * (double)n->y->count * sizeof(sl_real);
}

const sl_op sl_op_columns = {
    .name = "columns",
    .summary = "some numbers of each row, which stand side by side",
    .formula = "y_j = x_(first + j), j = 0 .. count - 1",
    .source = "-",
    .inputs = 1,
    .shape = columns_op_shape,
    .forward = columns_op_forward,
    .backward = columns_op_backward,
    .cost = columns_op_cost,
    .trial = { { .shape = { { 2, { 4, 5 } } }, .reshaped = { 2, { 1, 3 } }, .low = -1, .high = 1 },
               { .shape = { { 3, { 2, 2, 3 } } }, .reshaped = { 2, { 2, 1 } }, .low = -1, .high = 1 },
               { .shape = { { 1, { 4 } } }, .reshaped = { 2, { 0, 4 } }, .low = -1, .high = 1 } },
};

sl_tensor *sl_columns_of(sl_tape *tape, sl_tensor *x, int first, int count)
{
    return sl_apply(tape, &sl_op_columns, &x, &(sl_op_options){ .shape = { 2, { first, count } } });
}
