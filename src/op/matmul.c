/* matmul: Y = A B, [m, k] [k, n] -> [m, n].        dA = dY Bᵀ, dB = Aᵀ dY */
#include "op/op.h"

static sl_status matmul_shape(sl_node *n, sl_shape *y)
{
    const sl_shape a = n->x[0]->shape, b = n->x[1]->shape;
    char ta[96], tb[96];
    if (a.rank != 2 || b.rank != 2 || a.dim[1] != b.dim[0])
        return sl_node_fail(n, SL_ESHAPE, "shapes %s and %s do not multiply: wants [m, k] and [k, n]",
                            sl_shape_text(ta, a), sl_shape_text(tb, b));
    *y = (sl_shape){ 2, { a.dim[0], b.dim[1] } };
    return sl_product_reserve(n->ctx, (size_t)a.dim[0], (size_t)b.dim[1], (size_t)a.dim[1]);
}

static void matmul_forward(const sl_node *n)
{
    const size_t m = (size_t)n->x[0]->shape.dim[0], k = (size_t)n->x[0]->shape.dim[1];
    const size_t width = (size_t)n->x[1]->shape.dim[1];
    const sl_product p = sl_product_of(m, width, k, n->x[0]->v, k, 1, n->x[1]->v, width, 1, n->y->v, false);
    sl_product_run(n->ctx, &p);
}

static void matmul_backward(const sl_node *n)
{
    const size_t m = (size_t)n->x[0]->shape.dim[0], k = (size_t)n->x[0]->shape.dim[1];
    const size_t width = (size_t)n->x[1]->shape.dim[1];
    if (n->x[0]->learns) {
        const sl_product p =
            sl_product_of(m, k, width, n->y->g, width, 1, n->x[1]->v, 1, width, n->x[0]->g, true);
        sl_product_run(n->ctx, &p);
    }
    if (n->x[1]->learns) {
        const sl_product p =
            sl_product_of(k, width, m, n->x[0]->v, 1, k, n->y->g, width, 1, n->x[1]->g, true);
        sl_product_run(n->ctx, &p);
    }
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
    .cost = sl_cost_of_product,
    .trial = { { .shape = { { 2, { 4, 6 } }, { 2, { 6, 5 } } }, .low = -1, .high = 1 },
               { .shape = { { 2, { 3, 1 } }, { 2, { 1, 4 } } }, .low = -1, .high = 1 },
               { .shape = { { 2, { 1, 9 } }, { 2, { 9, 1 } } }, .low = -1, .high = 1 } },
};

sl_tensor *sl_matmul(sl_tape *tape, sl_tensor *a, sl_tensor *b)
{
    return sl_apply(tape, &sl_op_matmul, (sl_tensor *[]){ a, b }, NULL);
}
