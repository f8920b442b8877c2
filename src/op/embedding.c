/* embedding: y_i = T[c_i]: the table's row that the first number of row i names.        dT[c_i] += dy_i
 * embedding_bag adds up rows by lists of them; here each row of x names one, as in a table of data. */
#include "op/op.h"

static int embedding_width(const sl_tensor *x)
{
    return x->shape.dim[x->shape.rank - 1];
}

static sl_status embedding_shape(sl_node *n, sl_shape *y)
{
    const sl_shape t = n->x[0]->shape, x = n->x[1]->shape;
    char text[96];
    if (t.rank != 2)
        return sl_node_fail(n, SL_ESHAPE, "the table has shape %s: wants [rows, width]",
                            sl_shape_text(text, t));
    if (x.rank < 1 || embedding_width(n->x[1]) < 1)
        return sl_node_fail(n, SL_ESHAPE,
                            "the numbers of rows have shape %s: wants [.., 1 or more], of which "
                            "the first counts",
                            sl_shape_text(text, x));
    *y = x;
    y->dim[x.rank - 1] = t.dim[1];
    const size_t step = (size_t)embedding_width(n->x[1]), rows = n->x[1]->count / step;
    for (size_t i = 0; i < rows && !n->ctx->dry; i++) {
        const sl_real c = n->x[1]->v[i * step];
        if (!(c >= 0 && c < (sl_real)t.dim[0]) || (sl_real)(int)c != c)
            return sl_node_fail(n, SL_EINVAL,
                                "row %zu begins with %s: wants a category's number, a whole one from 0 to %d",
                                n->first_row + i, sl_real_text(text, c), t.dim[0] - 1);
    }
    if (n->training && n->x[0]->learns && !n->x[0]->tape && sl_tensor_watch_rows(n->x[0]))
        return sl_node_fail(n, SL_ENOMEM, "no memory for the list of touched rows");
    return SL_OK;
}

static size_t embedding_row(const sl_node *n, size_t i)
{
    return (size_t)n->x[1]->v[i * (size_t)embedding_width(n->x[1])];
}

static void embedding_forward(const sl_node *n)
{
    const size_t width = (size_t)n->x[0]->shape.dim[1], rows = width ? n->y->count / width : 0;
    for (size_t i = 0; i < rows; i++)
        memcpy(n->y->v + i * width, n->x[0]->v + embedding_row(n, i) * width, width * sizeof(sl_real));
}

/* Row after row, so each number of dT is one chain in the order of the rows. */
static void embedding_backward(const sl_node *n)
{
    sl_tensor *table = n->x[0];
    const size_t width = (size_t)table->shape.dim[1], rows = width ? n->y->count / width : 0;
    for (size_t i = 0; i < rows; i++) {
        const size_t row = embedding_row(n, i);
        sl_add_n(n->ctx->isa, table->g + row * width, n->y->g + i * width, width);
        if (table->touched)
            sl_rows_touch(table->touched, row);
    }
}

/* Of the table only the rows that are named. */
static void embedding_cost(const sl_node *n, bool backward, sl_cost *cost)
{
    const double rows = (double)(n->x[1]->count / (size_t)embedding_width(n->x[1]));
    cost->flops = (double)n->y->count;
    cost->bytes = ((backward ? 3 : 2) * cost->flops + rows) * sizeof(sl_real);
}

const sl_op sl_op_embedding = {
    .name = "embedding",
    .summary = "the row of a table that each row's first number names",
    .formula = "y_i = T[c_i], c_i the first number of row i of x",
    .source = "Bengio, Ducharme, Vincent, Jauvin, JMLR 3, 2003",
    .inputs = 2,
    .has_target = true,
    .by_rows = true,
    .shape = embedding_shape,
    .forward = embedding_forward,
    .backward = embedding_backward,
    .cost = embedding_cost,
    .trial = { { { { 2, { 4, 3 } }, { 2, { 9, 1 } } }, -1, 1, .classes = 4 },
               { { { 2, { 3, 18 } }, { 2, { 7, 2 } } }, -1, 1, .classes = 3 },
               { { { 2, { 70, 1 } }, { 3, { 2, 3, 4 } } }, -1, 1, .classes = 70 } },
};

sl_tensor *sl_embedding_of(sl_tape *tape, sl_tensor *table, const sl_tensor *x)
{
    return sl_apply(tape, &sl_op_embedding, (sl_tensor *[]){ table, (sl_tensor *)(uintptr_t)x }, NULL);
}
