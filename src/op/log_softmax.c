/* log_softmax over the last dimension: y_i = (x_i - m) - log sum_j e^(x_j - m), m = max x.
 * dx_i = dy_i - e^y_i sum_j dy_j                                                                      */
#include "op/op.h"

static sl_status log_softmax_shape(sl_node *n, sl_shape *y)
{
    const sl_shape s = n->x[0]->shape;
    char text[96];
    if (s.rank < 1 || s.dim[s.rank - 1] < 1)
        return sl_node_fail(n, SL_ESHAPE, "log_softmax of shape %s: wants a last dimension of at least 1",
                            sl_shape_text(text, s));
    return sl_shape_same(n, y);
}

SL_INLINE void log_softmax_less_body(sl_real *y, const sl_real *x, sl_real less, sl_real less_too, size_t n)
{
    SL_EACH(i, n) y[i] = (x[i] - less) - less_too;
}
SL_CLONES(static, log_softmax_less, (sl_real * y, const sl_real *x, sl_real less, sl_real less_too, size_t n),
          (y, x, less, less_too, n))

static void log_softmax_forward(const sl_node *n)
{
    const sl_isa isa = n->ctx->isa;
    const size_t width = (size_t)n->y->shape.dim[n->y->shape.rank - 1];
    for (size_t i = 0; i < n->y->count; i += width) {
        const sl_real *x = n->x[0]->v + i, most = sl_reduce_max(isa, x, width);
        sl_real *y = n->y->v + i;
        log_softmax_less(isa, y, x, most, 0, width);
        sl_exp_n(isa, y, y, width);
        log_softmax_less(isa, y, x, most, sl_log_r(sl_reduce_sum(isa, y, width)), width);
    }
}

SL_INLINE void log_softmax_derive_body(sl_real *dx, const sl_real *y, const sl_real *dy, sl_real sum,
                                       size_t n)
{
    sl_real lane[SL_LANES];
    size_t i = 0;
    for (; i + SL_LANES <= n; i += SL_LANES) {
        SL_EACH_LANE(j) lane[j] = dx[i + j] + (dy[i + j] - sl_exp_r(y[i + j]) * sum);
        lanes_store(dx + i, lane);
    }
    for (; i < n; i++)
        dx[i] += dy[i] - sl_exp_r(y[i]) * sum;
}
SL_CLONES(static, log_softmax_derive,
          (sl_real * dx, const sl_real *y, const sl_real *dy, sl_real sum, size_t n), (dx, y, dy, sum, n))

static void log_softmax_backward(const sl_node *n)
{
    const size_t width = (size_t)n->y->shape.dim[n->y->shape.rank - 1];
    for (size_t i = 0; i < n->y->count; i += width)
        log_softmax_derive(n->ctx->isa, n->x[0]->g + i, n->y->v + i, n->y->g + i,
                           sl_reduce_sum(n->ctx->isa, n->y->g + i, width), width);
}

const sl_op sl_op_log_softmax = {
    .name = "log_softmax",
    .summary = "logarithms of softmax, exact where that underflows",
    .formula = "y_i = x_i - log sum_j e^x_j",
    .source = "Bridle 1990",
    .inputs = 1,
    .shape = log_softmax_shape,
    .forward = log_softmax_forward,
    .backward = log_softmax_backward,
    .activates_rows = true,
    .trial = { { .shape = { { 2, { 2, 4 } } }, .low = -3, .high = 3 },
               { .shape = { { 2, { 1, 6 } } }, .low = -3, .high = 3 },
               { .shape = { { 2, { 3, 1 } } }, .low = -1, .high = 1 } },
};

sl_tensor *sl_log_softmax(sl_tape *tape, sl_tensor *x)
{
    return sl_apply(tape, &sl_op_log_softmax, &x, NULL);
}
