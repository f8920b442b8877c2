/* add: y = a + b; b of the same shape, or used for every row.        da = dy, db = dy summed over rows */
#include "op/op.h"

#define ADD_SUM(j) (from[j] + b[j])
SL_INLINE void add_rowwise_body(sl_real *y, const sl_real *a, const sl_real *b, size_t count, size_t width)
{
    for (size_t start = 0; width && start < count; start += width) {
        const sl_real *from = a + start;
        SL_MAP_LANES(y + start, width, ADD_SUM);
    }
}
SL_CLONES(static, add_rowwise, (sl_real * y, const sl_real *a, const sl_real *b, size_t count, size_t width),
          (y, a, b, count, width))

static void add_forward(const sl_node *n)
{
    add_rowwise(n->ctx->isa, n->y->v, n->x[0]->v, n->x[1]->v, n->y->count, n->x[1]->count);
}

static void add_backward(const sl_node *n)
{
    const size_t width = n->x[1]->count;
    const sl_real *dy = n->y->g;
    if (n->x[0]->learns)
        sl_add_n(n->ctx->isa, n->x[0]->g, dy, n->y->count);
    if (n->x[1]->learns && width)
        sl_add_rows(n->ctx->isa, n->x[1]->g, dy, n->y->count / width, width);
}

const sl_op sl_op_add = {
    .name = "add",
    .summary = "element by element; the second input may be one row for all",
    .formula = "y = a + b",
    .source = "-",
    .inputs = 2,
    .shape = sl_shape_rowwise,
    .forward = add_forward,
    .backward = add_backward,
    .cost = sl_cost_of_sums,
    .trial = { { .shape = { { 2, { 3, 4 } }, { 2, { 3, 4 } } }, .low = -3, .high = 3 },
               { .shape = { { 2, { 3, 4 } }, { 1, { 4 } } }, .low = -3, .high = 3 },
               { .shape = { { 3, { 2, 3, 2 } }, { 2, { 3, 2 } } }, .low = -3, .high = 3 },
               { .shape = { { 1, { 5 } }, { 0, { 0 } } }, .low = -3, .high = 3 } },
};

sl_tensor *sl_add(sl_tape *tape, sl_tensor *a, sl_tensor *b)
{
    return sl_apply(tape, &sl_op_add, (sl_tensor *[]){ a, b }, NULL);
}
