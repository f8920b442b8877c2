/* transpose: Y = Aᵀ, [m, n] -> [n, m].        dA = dYᵀ */
#include "op/op.h"

static sl_status transpose_shape(sl_node *n, sl_shape *y)
{
    const sl_shape x = n->x[0]->shape;
    char text[96];
    if (x.rank != 2)
        return sl_node_fail(n, SL_ESHAPE, "transpose of shape %s: wants a matrix [m, n]",
                            sl_shape_text(text, x));
    *y = (sl_shape){ 2, { x.dim[1], x.dim[0] } };
    return SL_OK;
}

static void transpose_forward(const sl_node *n)
{
    const size_t rows = (size_t)n->y->shape.dim[0], columns = (size_t)n->y->shape.dim[1];
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++)
            n->y->v[i * columns + j] = n->x[0]->v[j * rows + i];
}

static void transpose_backward(const sl_node *n)
{
    const size_t rows = (size_t)n->y->shape.dim[0], columns = (size_t)n->y->shape.dim[1];
    for (size_t j = 0; j < columns; j++)
        for (size_t i = 0; i < rows; i++)
            n->x[0]->g[j * rows + i] += n->y->g[i * columns + j];
}

const sl_op sl_op_transpose = {
    .name = "transpose",
    .summary = "rows become columns",
    .formula = "Y = A^T",
    .source = "-",
    .inputs = 1,
    .shape = transpose_shape,
    .forward = transpose_forward,
    .backward = transpose_backward,
    .cost = sl_cost_of_sums,
    .trial = { { .shape = { { 2, { 3, 4 } } }, .low = -1, .high = 1 },
               { .shape = { { 2, { 1, 5 } } }, .low = -1, .high = 1 } },
};

sl_tensor *sl_transpose(sl_tape *tape, sl_tensor *x)
{
    return sl_apply(tape, &sl_op_transpose, &x, NULL);
}
