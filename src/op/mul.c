/* mul: y = a b element by element; b of the same shape, or used for every row.
 * da = dy b, db = dy a summed over rows                                                               */
#include "op/op.h"

static void mul_forward(const sl_node *n)
{
    const size_t width = n->x[1]->count;
    const sl_real *a = n->x[0]->v, *b = n->x[1]->v;
    for (size_t i = 0; width && i < n->y->count; i += width)
        for (size_t j = 0; j < width; j++)
            n->y->v[i + j] = a[i + j] * b[j];
}

static void mul_backward(const sl_node *n)
{
    const size_t width = n->x[1]->count;
    const sl_real *a = n->x[0]->v, *b = n->x[1]->v, *dy = n->y->g;
    for (size_t i = 0; width && i < n->y->count; i += width) {
        if (n->x[0]->learns)
            for (size_t j = 0; j < width; j++)
                n->x[0]->g[i + j] += dy[i + j] * b[j];
        if (n->x[1]->learns)
            for (size_t j = 0; j < width; j++)
                n->x[1]->g[j] += dy[i + j] * a[i + j];
    }
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
