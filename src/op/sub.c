/* sub: y = a - b; b of the same shape, or used for every row.        da = dy, db = -dy summed over rows */
#include "op/op.h"

#define SUB_LESS(j) (from[j] - b[j])
SL_INLINE void sub_rowwise_body(sl_real *y, const sl_real *a, const sl_real *b, size_t count, size_t width)
{
    for (size_t start = 0; width && start < count; start += width) {
        const sl_real *from = a + start;
        SL_MAP_LANES(y + start, width, SUB_LESS);
    }
}
SL_CLONES(static, sub_rowwise, (sl_real * y, const sl_real *a, const sl_real *b, size_t count, size_t width),
          (y, a, b, count, width))

#define SUB_TAKEN(j) (db[j] - from[j])
SL_INLINE void sub_rows_body(sl_real *db, const sl_real *dy, size_t rows, size_t width)
{
    for (size_t row = 0; row < rows; row++) {
        const sl_real *from = dy + row * width;
        SL_MAP_LANES(db, width, SUB_TAKEN);
    }
}
SL_CLONES(static, sub_rows, (sl_real * db, const sl_real *dy, size_t rows, size_t width),
          (db, dy, rows, width))

static void sub_forward(const sl_node *n)
{
    sub_rowwise(n->ctx->isa, n->y->v, n->x[0]->v, n->x[1]->v, n->y->count, n->x[1]->count);
}

static void sub_backward(const sl_node *n)
{
    const size_t width = n->x[1]->count;
    if (n->x[0]->learns)
        sl_add_n(n->ctx->isa, n->x[0]->g, n->y->g, n->y->count);
    if (n->x[1]->learns && width)
        sub_rows(n->ctx->isa, n->x[1]->g, n->y->g, n->y->count / width, width);
}

const sl_op sl_op_sub = {
    .name = "sub",
    .summary = "element by element; the second input may be one row for all",
    .formula = "y = a - b",
    .source = "-",
    .inputs = 2,
    .shape = sl_shape_rowwise,
    .forward = sub_forward,
    .backward = sub_backward,
    .cost = sl_cost_of_sums,
    .trial = { { .shape = { { 2, { 3, 4 } }, { 2, { 3, 4 } } }, .low = -3, .high = 3 },
               { .shape = { { 2, { 3, 4 } }, { 1, { 4 } } }, .low = -3, .high = 3 },
               { .shape = { { 3, { 2, 3, 2 } }, { 2, { 3, 2 } } }, .low = -3, .high = 3 },
               { .shape = { { 1, { 5 } }, { 0, { 0 } } }, .low = -3, .high = 3 } },
};

sl_tensor *sl_sub(sl_tape *tape, sl_tensor *a, sl_tensor *b)
{
    return sl_apply(tape, &sl_op_sub, (sl_tensor *[]){ a, b }, NULL);
}
