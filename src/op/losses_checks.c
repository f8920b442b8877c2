/* losses_checks.c - what the operators of losses refuse: shapes, labels, targets, weights. */
#include "op/op.h"

static sl_status losses_check_weights(const sl_node *n)
{
    const sl_tensor *w = n->x[2];
    const sl_shape x = n->x[0]->shape;
    char a[96], b[96], number[32];
    if (!w)
        return SL_OK;
    if (x.rank < 1 || w->shape.rank != 1 || w->shape.dim[0] != x.dim[0])
        return sl_node_fail(n, SL_ESHAPE,
                            "the weights have shape %s for a prediction %s: wants one weight a row, [%d]",
                            sl_shape_text(a, w->shape), sl_shape_text(b, x), x.rank ? x.dim[0] : 1);
    for (size_t i = 0; i < w->count && !n->ctx->dry; i++)
        if (!(w->v[i] >= 0 && w->v[i] - w->v[i] == 0))
            return sl_node_fail(n, SL_EINVAL, "weight %zu is %s: wants a finite number of at least 0", i,
                                sl_real_text(number, w->v[i]));
    return SL_OK;
}

/* The loss's own number, such as delta, was given by a program or a word. The end of its range is in it, also
 * where it is no sl_real. */
static sl_status losses_check_number(const sl_node *n)
{
    const sl_option *o = n->op->options;
    if (!o || o->choices)
        return SL_OK;
    const sl_real number = n->options.number;
    return sl_option_check(n->ctx, n->place, o, number == (sl_real)o->high ? o->high : (double)number);
}

sl_status sl_shape_loss(sl_node *n, sl_shape *y)
{
    const sl_tensor *x = n->x[0], *t = n->x[1];
    *y = (sl_shape){ 0 };
    char a[96], b[96];
    if (!sl_shape_equal(x->shape, t->shape))
        return sl_node_fail(n, SL_ESHAPE,
                            "the prediction has shape %s and the target %s: wants the same shape, nothing is "
                            "stretched to fit",
                            sl_shape_text(a, x->shape), sl_shape_text(b, t->shape));
    if (!x->count)
        return sl_node_fail(n, SL_ESHAPE, "the prediction %s is empty: a mean needs at least one element",
                            sl_shape_text(a, x->shape));
    n->scratch_bytes = x->count * sizeof(sl_real);
    return losses_check_number(n) ? n->ctx->status : losses_check_weights(n);
}

sl_status sl_shape_label_loss(sl_node *n, sl_shape *y, int least, const char *what)
{
    const sl_tensor *x = n->x[0], *labels = n->x[1];
    char tx[96], tl[96], number[32];
    *y = (sl_shape){ 0 };
    if (x->shape.rank != 2 || x->shape.dim[1] < least)
        return sl_node_fail(n, SL_ESHAPE,
                            "the %s have shape %s: wants [rows, classes], classes at least %d%s", what,
                            sl_shape_text(tx, x->shape), least,
                            x->shape.rank == 2 && least > 1 ? " (one output: binary_cross_entropy)" : "");
    if (labels->shape.rank != 1 || labels->shape.dim[0] != x->shape.dim[0])
        return sl_node_fail(
            n, SL_ESHAPE, "the labels have shape %s for %s %s: wants [%d], a class number a row",
            sl_shape_text(tl, labels->shape), what, sl_shape_text(tx, x->shape), x->shape.dim[0]);
    if (!x->count)
        return sl_node_fail(n, SL_ESHAPE, "the %s %s are empty: a mean needs at least one row", what,
                            sl_shape_text(tx, x->shape));
    const int outputs = x->shape.dim[1], classes = outputs > 1 ? outputs : 2;
    for (size_t i = 0; i < labels->count && !n->ctx->dry; i++) {
        const sl_real label = labels->v[i];
        if (label >= 0 && label < (sl_real)classes && label == (sl_real)(int)label)
            continue;
        return sl_node_fail(n, SL_EINVAL, "label %zu is %s: wants a whole number from 0 to %d (%d outputs)",
                            i, sl_real_text(number, label), classes - 1, outputs);
    }
    n->scratch_bytes = (x->count + labels->count) * sizeof(sl_real);
    return losses_check_number(n) ? n->ctx->status : losses_check_weights(n);
}

sl_status sl_shape_several_loss(sl_node *n, sl_shape *y, int each)
{
    const sl_tensor *x = n->x[0], *t = n->x[1];
    char a[96], b[96];
    *y = (sl_shape){ 0 };
    if (x->shape.rank != 2 || t->shape.rank != 2 || t->shape.dim[0] != x->shape.dim[0] || !t->count ||
        x->shape.dim[1] % each || t->shape.dim[1] != x->shape.dim[1] / each)
        return sl_node_fail(n, SL_ESHAPE,
                            "the prediction has shape %s and the target %s: wants [rows, %d * targets] and "
                            "[rows, targets], neither empty",
                            sl_shape_text(a, x->shape), sl_shape_text(b, t->shape), each);
    n->scratch_bytes = (x->count + (size_t)x->shape.dim[0]) * sizeof(sl_real);
    return losses_check_number(n) ? n->ctx->status : losses_check_weights(n);
}
