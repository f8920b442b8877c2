/* matmul: Y = A B, [m, k] [k, n] -> [m, n].        dA = dY Bᵀ, dB = Aᵀ dY */
#include "op/op.h"

static sl_status matmul_shape(sl_node *n, sl_shape *y)
{
    if (sl_product_reserve(n->ctx))
        return n->ctx->status;
    const sl_shape a = n->x[0]->shape, b = n->x[1]->shape;
    char ta[96], tb[96];
    if (a.rank != 2 || b.rank != 2 || a.dim[1] != b.dim[0])
        return sl_node_fail(n, SL_ESHAPE, "shapes %s and %s do not multiply: wants [m, k] and [k, n]",
                            sl_shape_text(ta, a), sl_shape_text(tb, b));
    *y = (sl_shape){ 2, { a.dim[0], b.dim[1] } };
    return SL_OK;
}

static void matmul_forward(const sl_node *n)
{
    const size_t m = (size_t)n->x[0]->shape.dim[0], k = (size_t)n->x[0]->shape.dim[1];
    const size_t width = (size_t)n->x[1]->shape.dim[1];
    sl_product_run(n->ctx, &(sl_product){ .rows = m,
                                          .columns = width,
                                          .depth = k,
                                          .a = n->x[0]->v,
                                          .a_row = k,
                                          .a_col = 1,
                                          .b = n->x[1]->v,
                                          .b_row = width,
                                          .b_col = 1,
                                          .c = n->y->v,
                                          .c_row = width });
}

static void matmul_backward(const sl_node *n)
{
    const size_t m = (size_t)n->x[0]->shape.dim[0], k = (size_t)n->x[0]->shape.dim[1];
    const size_t width = (size_t)n->x[1]->shape.dim[1];
    if (n->x[0]->learns)
        sl_product_run(n->ctx, &(sl_product){ .rows = m,
                                              .columns = k,
                                              .depth = width,
                                              .a = n->y->g,
                                              .a_row = width,
                                              .a_col = 1,
                                              .b = n->x[1]->v,
                                              .b_row = 1,
                                              .b_col = width,
                                              .c = n->x[0]->g,
                                              .c_row = k,
                                              .add = true });
    if (n->x[1]->learns)
        sl_product_run(n->ctx, &(sl_product){ .rows = k,
                                              .columns = width,
                                              .depth = m,
                                              .a = n->x[0]->v,
                                              .a_row = 1,
                                              .a_col = k,
                                              .b = n->y->g,
                                              .b_row = width,
                                              .b_col = 1,
                                              .c = n->x[1]->g,
                                              .c_row = width,
                                              .add = true });
}

const sl_op sl_op_matmul = {
    .name = "matmul",
    .summary = "matrix product",
    .formula = "Y = A B",
    .source = "-",
    .inputs = 2,
    .shape = matmul_shape,
    .forward = matmul_forward,
    .backward = matmul_backward,
    .trial = { { .shape = { { 2, { 4, 6 } }, { 2, { 6, 5 } } }, .low = -1, .high = 1 },
               { .shape = { { 2, { 3, 1 } }, { 2, { 1, 4 } } }, .low = -1, .high = 1 },
               { .shape = { { 2, { 1, 9 } }, { 2, { 9, 1 } } }, .low = -1, .high = 1 } },
};

sl_tensor *sl_matmul(sl_tape *tape, sl_tensor *a, sl_tensor *b)
{
    return sl_apply(tape, &sl_op_matmul, (sl_tensor *[]){ a, b }, NULL);
}
