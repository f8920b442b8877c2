/* add: y = a + b; b of the same shape, or used for every row.        da = dy, db = dy summed over rows */
#include "op/op.h"

static void add_forward(const sl_node *n)
{
    const size_t width = n->x[1]->count;
    const sl_real *a = n->x[0]->v, *b = n->x[1]->v;
    for (size_t i = 0; width && i < n->y->count; i += width)
        for (size_t j = 0; j < width; j++)
            n->y->v[i + j] = a[i + j] + b[j];
}

static void add_backward(const sl_node *n)
{
    const size_t width = n->x[1]->count;
    const sl_real *dy = n->y->g;
    if (n->x[0]->learns)
        for (size_t i = 0; i < n->y->count; i++)
            n->x[0]->g[i] += dy[i];
    if (n->x[1]->learns && width)
        sl_add_rows(n->x[1]->g, dy, n->y->count / width, width);
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
    .trial = { { .shape = { { 2, { 3, 4 } }, { 2, { 3, 4 } } }, .low = -3, .high = 3 },
               { .shape = { { 2, { 3, 4 } }, { 1, { 4 } } }, .low = -3, .high = 3 },
               { .shape = { { 3, { 2, 3, 2 } }, { 2, { 3, 2 } } }, .low = -3, .high = 3 },
               { .shape = { { 1, { 5 } }, { 0, { 0 } } }, .low = -3, .high = 3 } },
};

sl_tensor *sl_add(sl_tape *tape, sl_tensor *a, sl_tensor *b)
{
    return sl_apply(tape, &sl_op_add, (sl_tensor *[]){ a, b }, NULL);
}
