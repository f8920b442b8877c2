/* cross_entropy: the mean over rows of -log softmax(x)[label] = log sum_j e^(x_j - m) - (x_label - m), m =
 * max. dx = (softmax(x) - one-hot(label)) dy / rows                                                        */
#include "op/op.h"

/* Scratch: softmax(x) - one-hot(label) [rows, classes], then a loss a row. */
static sl_status cross_entropy_shape(sl_node *n, sl_shape *y)
{
    const sl_tensor *x = n->x[0], *labels = n->x[1];
    char tx[96], tl[96];
    if (x->shape.rank != 2 || x->shape.dim[1] < 2)
        return sl_node_fail(
            n, SL_ESHAPE, "the logits have shape %s: wants [rows, classes] with at least 2 classes%s",
            sl_shape_text(tx, x->shape), x->shape.rank == 2 ? " (one output: binary_cross_entropy)" : "");
    if (labels->shape.rank != 1 || labels->shape.dim[0] != x->shape.dim[0])
        return sl_node_fail(n, SL_ESHAPE,
                            "the labels have shape %s for logits %s: wants [%d], a class number a row",
                            sl_shape_text(tl, labels->shape), sl_shape_text(tx, x->shape), x->shape.dim[0]);
    if (!x->count)
        return sl_node_fail(n, SL_ESHAPE, "the logits %s are empty: a mean needs at least one row",
                            sl_shape_text(tx, x->shape));
    for (size_t i = 0; i < labels->count && !n->ctx->dry; i++) {
        const sl_real label = labels->v[i];
        if (label >= 0 && label < (sl_real)x->shape.dim[1] && label == (sl_real)(int)label)
            continue;
        char number[32];
        return sl_node_fail(n, SL_EINVAL, "label %zu is %s: wants a whole number from 0 to %d (%d outputs)",
                            i, sl_real_text(number, label), x->shape.dim[1] - 1, x->shape.dim[1]);
    }
    n->scratch_bytes = (x->count + labels->count) * sizeof(sl_real);
    return sl_shape_scalar(n, y);
}

static void cross_entropy_forward(const sl_node *n)
{
    const size_t classes = (size_t)n->x[0]->shape.dim[1], rows = n->x[1]->count;
    sl_real *d = n->scratch, *loss = d + rows * classes;
    sl_cross_entropy_rows(n->ctx->isa, d, loss, n->x[0]->v, n->x[1]->v, rows, classes);
    n->y->v[0] = sl_reduce_sum(n->ctx->isa, loss, rows) / (sl_real)rows;
}

#define CROSS_ENTROPY_ADDED(i) (dx[i] + d[i] * share)
SL_INLINE void cross_entropy_derive_body(sl_real *dx, const sl_real *d, sl_real share, size_t n)
{
    SL_MAP_LANES(dx, n, CROSS_ENTROPY_ADDED);
}
SL_CLONES(static, cross_entropy_derive, (sl_real * dx, const sl_real *d, sl_real share, size_t n),
          (dx, d, share, n))

static void cross_entropy_backward(const sl_node *n)
{
    cross_entropy_derive(n->ctx->isa, n->x[0]->g, n->scratch, n->y->g[0] / (sl_real)n->x[1]->count,
                         n->x[0]->count);
}

const sl_op sl_op_cross_entropy = {
    .name = "cross_entropy",
    .summary = "softmax and negative log-likelihood of the label, from logits",
    .formula = "L = 1/n sum_i -log softmax(x_i)[label_i]",
    .source = "Bridle 1990",
    .inputs = 2,
    .has_target = true,
    .shape = cross_entropy_shape,
    .forward = cross_entropy_forward,
    .backward = cross_entropy_backward,
    .trial = { { .shape = { { 2, { 6, 5 } }, { 1, { 6 } } }, .low = -2, .high = 2, .classes = 5 },
               { .shape = { { 2, { 3, 2 } }, { 1, { 3 } } }, .low = -9, .high = 9, .classes = 2 },
               { .shape = { { 2, { 1, 40 } }, { 1, { 1 } } }, .low = -1, .high = 1, .classes = 40 } },
};

sl_tensor *sl_cross_entropy(sl_tape *tape, sl_tensor *logits, const sl_tensor *labels)
{
    /* The tape only reads labels. */
    return sl_apply(tape, &sl_op_cross_entropy, (sl_tensor *[]){ logits, (sl_tensor *)(uintptr_t)labels },
                    NULL);
}
