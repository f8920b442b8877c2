/* losses.c - what all losses share: the mean or sum, and the way back. With
 * weights w [rows]: L = 1/n sum_i w_i l_i, n being the number of rows (times outputs), not the sum of the
 * weights: so a mini-batch's loss is an unbiased estimate of the whole, and batches add up. (PyTorch's
 * cross_entropy with class weights divides by their sum over the batch.) */
#include "op/op.h"

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
    for (size_t i = 0; w && i < w->count; i++) { /* 0 times infinity is none: such a row does not count */
        sl_real *own = loss + i * (count / w->count);
        if (w->v[i] == 0)
            sl_fill(isa, own, 0, count / w->count);
        else
            losses_weigh(isa, own, w->v[i], count / w->count);
    }
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
        if (!w || w->v[i] != 0)
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
