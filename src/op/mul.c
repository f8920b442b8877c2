/* mul: y = a b element by element; b of the same shape, or used for every row.
 * da = dy b, db = dy a summed over rows                                                               */
#include "op/op.h"

#define MUL_PRODUCT(j) (from[j] * b[j])
SL_INLINE void mul_rowwise_body(sl_real *y, const sl_real *a, const sl_real *b, size_t count, size_t width)
{
    for (size_t start = 0; width && start < count; start += width) {
        const sl_real *from = a + start;
        SL_MAP_LANES(y + start, width, MUL_PRODUCT);
    }
}
SL_CLONES(static, mul_rowwise, (sl_real * y, const sl_real *a, const sl_real *b, size_t count, size_t width),
          (y, a, b, count, width))

/* y (+)= a b for every row: `to_row` and `by_row` say how far y and b go on with each; 0: the same for all.
 */
#define MUL_ADDED(j) (to[j] + from[j] * by[j])
SL_INLINE void mul_add_body(sl_real *y, size_t to_row, const sl_real *a, const sl_real *b, size_t by_row,
                            size_t rows, size_t width)
{
    for (size_t row = 0; row < rows; row++) {
        sl_real *to = y + row * to_row;
        const sl_real *from = a + row * width, *by = b + row * by_row;
        SL_MAP_LANES(to, width, MUL_ADDED);
    }
}
SL_CLONES(static, mul_add,
          (sl_real * y, size_t to_row, const sl_real *a, const sl_real *b, size_t by_row, size_t rows,
           size_t width),
          (y, to_row, a, b, by_row, rows, width))

static void mul_forward(const sl_node *n)
{
    mul_rowwise(n->ctx->isa, n->y->v, n->x[0]->v, n->x[1]->v, n->y->count, n->x[1]->count);
}

static void mul_backward(const sl_node *n)
{
    const size_t width = n->x[1]->count, rows = width ? n->y->count / width : 0;
    const sl_real *dy = n->y->g;
    if (n->x[0]->learns)
        mul_add(n->ctx->isa, n->x[0]->g, width, dy, n->x[1]->v, 0, rows, width);
    if (n->x[1]->learns)
        mul_add(n->ctx->isa, n->x[1]->g, 0, dy, n->x[0]->v, width, rows, width);
}

const sl_op sl_op_mul = {
    .name = "mul",
    .summary = "element by element; the second input may be one row for all",
    .formula = "y = a b",
    .source = "-",
    .inputs = 2,
    .shape = sl_shape_rowwise,
    .forward = mul_forward,
    .backward = mul_backward,
    .trial = { { .shape = { { 2, { 3, 4 } }, { 2, { 3, 4 } } }, .low = -3, .high = 3 },
               { .shape = { { 2, { 3, 4 } }, { 1, { 4 } } }, .low = -3, .high = 3 },
               { .shape = { { 1, { 5 } }, { 0, { 0 } } }, .low = -3, .high = 3 } },
};

sl_tensor *sl_mul(sl_tape *tape, sl_tensor *a, sl_tensor *b)
{
    return sl_apply(tape, &sl_op_mul, (sl_tensor *[]){ a, b }, NULL);
}
