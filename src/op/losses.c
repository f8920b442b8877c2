/* losses.c - what all losses share: checks of target and weights, the mean or sum, and the way back. With
 * weights w [rows]: L = 1/n sum_i w_i l_i, n being the number of rows (times outputs), not the sum of the
 * weights: so a mini-batch's loss is an unbiased estimate of the whole, and batches add up. (PyTorch's
 * cross_entropy with class weights divides by their sum over the batch.) */
#include "op/op.h"

#include <math.h>

#define LOSSES_REDUCTION                                                                                     \
    {                                                                                                        \
        .name = "reduction", .summary = "what is made of the losses of all rows", .choices = "mean|sum"      \
    }

const sl_option sl_loss_options[] = { LOSSES_REDUCTION, { 0 } };
const sl_option sl_huber_options[] = {
    { .name = "delta",
      .summary = "errors up to it count squared, larger ones by their size",
      .normal = 1,
      .high = HUGE_VAL,
      .above_low = true },
    LOSSES_REDUCTION,
    { 0 },
};
const sl_option sl_quantile_options[] = {
    { .name = "q",
      .summary = "the share of targets that lie below the prediction",
      .normal = 0.5,
      .high = 1,
      .above_low = true,
      .below_high = true },
    LOSSES_REDUCTION,
    { 0 },
};
const sl_option sl_smoothing_options[] = {
    { .name = "smoothing",
      .summary = "the share of each target that is spread evenly over all classes",
      .high = 1,
      .below_high = true },
    LOSSES_REDUCTION,
    { 0 },
};

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

/* The loss's own number, such as delta, was given by a program or a word. */
static sl_status losses_check_number(const sl_node *n)
{
    const sl_option *o = n->op->options;
    return o && !o->choices ? sl_option_check(n->ctx, n->place, o, (double)n->options.number) : SL_OK;
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
                            "the %s have shape %s: wants [rows, classes] with at least %d class%s", what,
                            sl_shape_text(tx, x->shape), least,
                            least == 1           ? ""
                            : x->shape.rank == 2 ? "es (one output: binary_cross_entropy)"
                                                 : "es");
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

sl_status sl_check_loss_targets(const sl_node *n, double low, double high, bool whole, const char *wants)
{
    const sl_tensor *t = n->x[1];
    for (size_t i = 0; i < t->count && !n->ctx->dry; i++) {
        const double value = (double)t->v[i];
        char number[32];
        if (!(value >= low && value <= high) || (whole && value != low && value != high))
            return sl_node_fail(n, SL_EINVAL, "target %zu is %s: wants %s", i, sl_real_text(number, t->v[i]),
                                wants);
    }
    return SL_OK;
}

#define LOSSES_WEIGHED(i) (loss[i] * weight)
SL_INLINE void losses_weigh_body(sl_real *loss, sl_real weight, size_t n)
{
    SL_MAP_LANES(loss, n, LOSSES_WEIGHED);
}
SL_CLONES(static, losses_weigh, (sl_real * loss, sl_real weight, size_t n), (loss, weight, n))

#define LOSSES_ADDED(i) (dx[i] + d[i] * share)
SL_INLINE void losses_add_body(sl_real *dx, const sl_real *d, sl_real share, size_t n)
{
    SL_MAP_LANES(dx, n, LOSSES_ADDED);
}
SL_CLONES(static, losses_add, (sl_real * dx, const sl_real *d, sl_real share, size_t n), (dx, d, share, n))

/* All losses, `count` of them and equally many a row -> the result. */
static void losses_total(const sl_node *n, sl_real *loss, size_t count)
{
    const sl_isa isa = n->ctx->isa;
    const sl_tensor *w = n->x[2];
    for (size_t i = 0; w && i < w->count; i++)
        losses_weigh(isa, loss + i * (count / w->count), w->v[i], count / w->count);
    const sl_real sum = sl_reduce_sum(isa, loss, count);
    n->y->v[0] = n->options.sum ? sum : sum / (sl_real)count;
}

/* Slopes d of all inputs, for `count` losses -> their gradients. */
static void losses_back(const sl_node *n, const sl_real *d, size_t count)
{
    const sl_isa isa = n->ctx->isa;
    const sl_tensor *w = n->x[2];
    const sl_real share = n->options.sum ? n->y->g[0] : n->y->g[0] / (sl_real)count;
    const size_t all = n->x[0]->count, width = w ? all / w->count : all;
    for (size_t i = 0; i * width < all; i++)
        losses_add(isa, n->x[0]->g + i * width, d + i * width, w ? share * w->v[i] : share, width);
}

void sl_element_loss_forward(const sl_node *n)
{
    const size_t count = n->x[0]->count;
    n->op->element_losses(n->ctx->isa, n->options.number, n->scratch, n->x[0]->v, n->x[1]->v, count);
    losses_total(n, n->scratch, count);
}

void sl_element_loss_backward(const sl_node *n) /* the losses are summed and done with */
{
    const size_t count = n->x[0]->count;
    n->op->element_slopes(n->ctx->isa, n->options.number, n->scratch, n->x[0]->v, n->x[1]->v, count);
    losses_back(n, n->scratch, count);
}

void sl_row_loss_forward(const sl_node *n)
{
    const size_t rows = (size_t)n->x[0]->shape.dim[0], width = (size_t)n->x[0]->shape.dim[1];
    sl_real *d = n->scratch, *loss = d + rows * width;
    n->op->row_losses(n->ctx->isa, n->options.number, d, loss, n->x[0]->v, n->x[1]->v, rows, width);
    losses_total(n, loss, rows);
}

void sl_row_loss_backward(const sl_node *n)
{
    losses_back(n, n->scratch, (size_t)n->x[0]->shape.dim[0]);
}

sl_tensor *sl_apply_loss(sl_tape *tape, const sl_op *op, sl_tensor *x, const sl_tensor *target,
                         const sl_tensor *weights, sl_real number, bool sum)
{
    /* The tape only reads target and weights. */
    sl_tensor *const inputs[] = { x, (sl_tensor *)(uintptr_t)target, (sl_tensor *)(uintptr_t)weights };
    return sl_apply(tape, op, inputs, &(sl_op_options){ .number = number, .sum = sum });
}
