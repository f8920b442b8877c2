/* concat: y = a and b side by side: [.., m] and [.., n] -> [.., m + n].        da, db: their parts of dy */
#include "op/op.h"

#include <limits.h>

static sl_status concat_shape(sl_node *n, sl_shape *y)
{
    const sl_shape a = n->x[0]->shape, b = n->x[1]->shape;
    const int last = a.rank - 1;
    char ta[96], tb[96];
    bool alike = a.rank == b.rank && last >= 0;
    for (int i = 0; i < last && alike; i++)
        alike = a.dim[i] == b.dim[i];
    if (!alike)
        return sl_node_fail(n, SL_ESHAPE,
                            "shapes %s and %s do not stand side by side: only the last "
                            "dimension may differ",
                            sl_shape_text(ta, a), sl_shape_text(tb, b));
    if (a.dim[last] > INT_MAX - b.dim[last])
        return sl_node_fail(n, SL_ESHAPE, "%s beside %s: a row has more than %d numbers",
                            sl_shape_text(ta, a), sl_shape_text(tb, b), INT_MAX);
    *y = a;
    y->dim[last] += b.dim[last];
    return SL_OK;
}

static size_t concat_width(const sl_tensor *t)
{
    return (size_t)t->shape.dim[t->shape.rank - 1];
}

static void concat_forward(const sl_node *n)
{
    const size_t m = concat_width(n->x[0]), k = concat_width(n->x[1]);
    const size_t rows = m + k ? n->y->count / (m + k) : 0;
    for (size_t i = 0; i < rows; i++) {
        memcpy(n->y->v + i * (m + k), n->x[0]->v + i * m, m * sizeof(sl_real));
        memcpy(n->y->v + i * (m + k) + m, n->x[1]->v + i * k, k * sizeof(sl_real));
    }
}

static void concat_backward(const sl_node *n)
{
    const size_t m = concat_width(n->x[0]), k = concat_width(n->x[1]);
    const size_t rows = m + k ? n->y->count / (m + k) : 0;
    for (size_t i = 0; i < rows; i++) {
        if (n->x[0]->learns)
            sl_add_n(n->ctx->isa, n->x[0]->g + i * m, n->y->g + i * (m + k), m);
        if (n->x[1]->learns)
            sl_add_n(n->ctx->isa, n->x[1]->g + i * k, n->y->g + i * (m + k) + m, k);
    }
}

const sl_op sl_op_concat = {
    .name = "concat",
    .summary = "two inputs side by side, along the last dimension",
    .formula = "y = [a, b]",
    .source = "-",
    .inputs = 2,
    .shape = concat_shape,
    .forward = concat_forward,
    .backward = concat_backward,
    .cost = sl_cost_of_sums,
    .trial = { { .shape = { { 2, { 3, 4 } }, { 2, { 3, 2 } } }, .low = -1, .high = 1 },
               { .shape = { { 3, { 2, 2, 1 } }, { 3, { 2, 2, 3 } } }, .low = -1, .high = 1 },
               { .shape = { { 1, { 2 } }, { 1, { 5 } } }, .low = -1, .high = 1 } },
};

sl_tensor *sl_concat(sl_tape *tape, sl_tensor *a, sl_tensor *b)
{
    return sl_apply(tape, &sl_op_concat, (sl_tensor *[]){ a, b }, NULL);
}
