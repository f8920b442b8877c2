/* binary_cross_entropy: the mean of t log(1 + e^-x) + (1 - t) log(1 + e^x): from logits, finite for all of
 * them. dx = (sigmoid(x) - t) dy / n */
#include "op/op.h"

/* Scratch: a loss an element. */
static sl_status binary_cross_entropy_shape(sl_node *n, sl_shape *y)
{
    const sl_tensor *target = n->x[1];
    if (sl_shape_loss(n, y))
        return n->ctx->status;
    for (size_t i = 0; i < target->count && !n->ctx->dry; i++)
        if (!(target->v[i] >= 0 && target->v[i] <= 1)) {
            char number[32];
            return sl_node_fail(n, SL_EINVAL,
                                "target %zu is %s: wants 0 to 1, the probability of the second class", i,
                                sl_real_text(number, target->v[i]));
        }
    n->scratch_bytes = target->count * sizeof(sl_real);
    return SL_OK;
}

static void binary_cross_entropy_forward(const sl_node *n)
{
    const size_t count = n->x[0]->count;
    sl_binary_cross_entropy_n(n->ctx->isa, n->scratch, n->x[0]->v, n->x[1]->v, count);
    n->y->v[0] = sl_reduce_sum(n->ctx->isa, n->scratch, count) / (sl_real)count;
}

#define BINARY_CROSS_ENTROPY_ADDED(i) (dx[i] + (p[i] - t[i]) * share)
SL_INLINE void binary_cross_entropy_derive_body(sl_real *dx, const sl_real *p, const sl_real *t,
                                                sl_real share, size_t n)
{
    SL_MAP_LANES(dx, n, BINARY_CROSS_ENTROPY_ADDED);
}
SL_CLONES(static, binary_cross_entropy_derive,
          (sl_real * dx, const sl_real *p, const sl_real *t, sl_real share, size_t n), (dx, p, t, share, n))

static void binary_cross_entropy_backward(const sl_node *n)
{
    const size_t count = n->x[0]->count;
    sl_sigmoid_n(n->ctx->isa, n->scratch, n->x[0]->v, count); /* the losses are summed and done with */
    binary_cross_entropy_derive(n->ctx->isa, n->x[0]->g, n->scratch, n->x[1]->v, n->y->g[0] / (sl_real)count,
                                count);
}

const sl_op sl_op_binary_cross_entropy = {
    .name = "binary_cross_entropy",
    .summary = "sigmoid and log-likelihood of a probability, from logits",
    .formula = "L = 1/n sum_i t_i log(1 + e^-x_i) + (1 - t_i) log(1 + e^x_i)",
    .source = "Cox 1958",
    .inputs = 2,
    .has_target = true,
    .shape = binary_cross_entropy_shape,
    .forward = binary_cross_entropy_forward,
    .backward = binary_cross_entropy_backward,
    .trial = { { .shape = { { 2, { 6, 1 } }, { 2, { 6, 1 } } }, .low = 0, .high = 1, .fixed_last = true },
               { .shape = { { 1, { 4 } }, { 1, { 4 } } }, .low = -9, .high = 9, .classes = 2 } },
};

sl_tensor *sl_binary_cross_entropy(sl_tape *tape, sl_tensor *logits, const sl_tensor *targets)
{
    /* The tape only reads targets. */
    return sl_apply(tape, &sl_op_binary_cross_entropy,
                    (sl_tensor *[]){ logits, (sl_tensor *)(uintptr_t)targets }, NULL);
}
