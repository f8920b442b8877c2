/* kl: the mean over rows of sum_j t_j (log t_j - log softmax(x)_j), where t_j = 0 adds 0: how far softmax(x)
 * is from the distribution t; it differs from the cross-entropy by the entropy of t alone. dx = (softmax(x)
 * sum_j t_j - t) dy / rows, and the sum is 1 */
#include "op/op.h"

#include <math.h>

/* -log softmax(x)_j = log sum_k e^(x_k - m) + (m - x_j), both at least 0: nothing cancels, no finite logits
 * give NaN. In double, since divergences are often small. */
static sl_real kl_row(sl_isa isa, sl_real *d, const sl_real *x, const sl_real *t, size_t width)
{
    const double most = (double)sl_reduce_max(isa, x, width);
    double loss = 0, all = 0;
    size_t best = width;
    for (size_t j = 0; j < width; j++) {
        const double share = (double)t[j];
        if (share > 0)
            loss += share * (sl_log_d(share) + (most - (double)x[j]));
        all += share;
        best = best == width && (double)x[j] == most ? j : best;
    }
    sl_softmax_rows(isa, d, x, 1, width);
    loss +=
        best < width ? -all * sl_log_d((double)d[best]) : (double)NAN; /* no largest one: NaN among them */
    for (size_t j = 0; j < width; j++)
        d[j] = (sl_real)all * d[j] - t[j];
    return (sl_real)loss;
}

static void kl_losses(sl_isa isa, sl_real a, sl_real *d, sl_real *loss, const sl_real *x, const sl_real *t,
                      size_t rows, size_t width)
{
    (void)a;
    for (size_t i = 0; i < rows; i++)
        loss[i] = kl_row(isa, d + i * width, x + i * width, t + i * width, width);
}

static sl_status kl_shape(sl_node *n, sl_shape *y)
{
    if (sl_shape_loss(n, y) || sl_check_loss_targets(n, 0, 1, false, "0 to 1, the probability of a class"))
        return n->ctx->status;
    char text[96], number[32];
    const sl_tensor *t = n->x[1];
    if (t->shape.rank != 2)
        return sl_node_fail(n, SL_ESHAPE, "the logits have shape %s: wants [rows, classes]",
                            sl_shape_text(text, t->shape));
    const size_t rows = (size_t)t->shape.dim[0], width = (size_t)t->shape.dim[1];
    for (size_t i = 0; i < rows && !n->ctx->dry; i++) {
        double sum = 0;
        for (size_t j = 0; j < width; j++)
            sum += (double)t->v[i * width + j];
        if (!(fabs(sum - 1) <= SL_SHARES_OFF))
            return sl_node_fail(n, SL_EINVAL,
                                "the targets of row %zu add up to %s: wants a distribution, whose sum is 1",
                                i, sl_number_text(number, sum));
    }
    n->scratch_bytes += rows * sizeof(sl_real); /* a loss a row behind the slopes */
    return SL_OK;
}

const sl_op sl_op_kl = {
    .name = "kl",
    .summary = "Kullback-Leibler divergence of softmax(x) from a distribution",
    .formula = "L = 1/n sum_i sum_j t_ij (log t_ij - log softmax(x_i)_j)",
    .source = "Kullback, Leibler, Annals of Mathematical Statistics 1951",
    .inputs = 3,
    .optional = 1,
    .has_target = true,
    .shape = kl_shape,
    .forward = sl_row_loss_forward,
    .backward = sl_row_loss_backward,
    .row_losses = kl_losses,
    .options = sl_loss_options,
    .trial = { { .shape = { { 2, { 6, 5 } }, { 2, { 6, 5 } }, { 1, { 6 } } },
                 .low = -2,
                 .high = 2,
                 .fixed_last = true,
                 .target_low = 0,
                 .target_high = 1,
                 .shares = true },
               { .shape = { { 2, { 2, 20 } }, { 2, { 2, 20 } }, { 1, { 2 } } },
                 .low = -1,
                 .high = 1,
                 .fixed_last = true,
                 .target_low = 0.1,
                 .target_high = 1,
                 .shares = true } },
};

sl_tensor *sl_kl(sl_tape *tape, sl_tensor *logits, const sl_tensor *targets)
{
    return sl_apply_loss(tape, &sl_op_kl, logits, targets, NULL, 0, false);
}
