/* div: y = a / b; b of the same shape, or used for every row. By 0: infinite, 0 / 0 NaN.
 * da = dy / b, db = -dy y / b summed over rows                                                        */
#include "op/op.h"

#define DIV_QUOTIENT(j) (from[j] / b[j])
SL_INLINE void div_rowwise_body(sl_real *y, const sl_real *a, const sl_real *b, size_t count, size_t width)
{
    for (size_t start = 0; width && start < count; start += width) {
        const sl_real *from = a + start;
        SL_MAP_LANES(y + start, width, DIV_QUOTIENT);
    }
}
SL_CLONES(static, div_rowwise, (sl_real * y, const sl_real *a, const sl_real *b, size_t count, size_t width),
          (y, a, b, count, width))

#define DIV_ABOVE(j) (to[j] + flow[j] / b[j])
SL_INLINE void div_above_body(sl_real *da, const sl_real *dy, const sl_real *b, size_t rows, size_t width)
{
    for (size_t row = 0; row < rows; row++) {
        const sl_real *flow = dy + row * width;
        sl_real *to = da + row * width;
        SL_MAP_LANES(to, width, DIV_ABOVE);
    }
}
SL_CLONES(static, div_above, (sl_real * da, const sl_real *dy, const sl_real *b, size_t rows, size_t width),
          (da, dy, b, rows, width))

#define DIV_BELOW(j) (db[j] - flow[j] * from[j] / b[j])
SL_INLINE void div_below_body(sl_real *db, const sl_real *dy, const sl_real *y, const sl_real *b, size_t rows,
                              size_t width)
{
    for (size_t row = 0; row < rows; row++) {
        const sl_real *flow = dy + row * width, *from = y + row * width;
        SL_MAP_LANES(db, width, DIV_BELOW);
    }
}
SL_CLONES(static, div_below,
          (sl_real * db, const sl_real *dy, const sl_real *y, const sl_real *b, size_t rows, size_t width),
          (db, dy, y, b, rows, width))

static void div_forward(const sl_node *n)
{
    div_rowwise(n->ctx->isa, n->y->v, n->x[0]->v, n->x[1]->v, n->y->count, n->x[1]->count);
}

static void div_backward(const sl_node *n)
{
    const size_t width = n->x[1]->count, rows = width ? n->y->count / width : 0;
    if (n->x[0]->learns)
        div_above(n->ctx->isa, n->x[0]->g, n->y->g, n->x[1]->v, rows, width);
    if (n->x[1]->learns)
        div_below(n->ctx->isa, n->x[1]->g, n->y->g, n->y->v, n->x[1]->v, rows, width);
}

const sl_op sl_op_div = {
    .name = "div",
    .summary = "element by element; the second input may be one row for all",
    .formula = "y = a / b",
    .source = "-",
    .inputs = 2,
    .shape = sl_shape_rowwise,
    .forward = div_forward,
    .backward = div_backward,
    .trial = { { .shape = { { 2, { 3, 4 } }, { 2, { 3, 4 } } }, .low = 0.5, .high = 3 },
               { .shape = { { 2, { 3, 4 } }, { 1, { 4 } } }, .low = 0.5, .high = 3 },
               { .shape = { { 3, { 2, 3, 2 } }, { 2, { 3, 2 } } }, .low = 0.5, .high = 3 },
               { .shape = { { 1, { 5 } }, { 0, { 0 } } }, .low = 0.5, .high = 3 } },
};

sl_tensor *sl_div(sl_tape *tape, sl_tensor *a, sl_tensor *b)
{
    return sl_apply(tape, &sl_op_div, (sl_tensor *[]){ a, b }, NULL);
}
