/* cross_entropy: the mean over rows of -log softmax(x)[label] = log sum_j e^(x_j - m) - (x_label - m), m =
 * max. dx = (softmax(x) - one-hot(label)) dy / rows.   smoothing s, classes K: (1 - s) one-hot + s / K stands
 * for the one-hot label, and the loss for its cross-entropy with softmax(x). */
#include "op/op.h"

/* log sum_j e^(x_j - m) + (1 - s) (m - x_label) + s/K sum_j (m - x_j): no term is negative, so none cancels
 * another, and no finite logits give NaN. */
static sl_real cross_entropy_smoothed(sl_isa isa, double s, sl_real *d, const sl_real *x, size_t label,
                                      size_t width)
{
    const double most = (double)sl_reduce_max(isa, x, width), share = s / (double)width;
    double below = 0;
    size_t best = width;
    for (size_t j = 0; j < width; j++) {
        below += most - (double)x[j];
        best = best == width && (double)x[j] == most ? j : best;
    }
    double loss = (1 - s) * (most - (double)x[label]) + share * below;
    sl_softmax_rows(isa, d, x, 1, width);
    loss += best < width ? -sl_log_d((double)d[best]) : loss; /* no largest one: NaN */
    for (size_t j = 0; j < width; j++)
        d[j] -= (sl_real)(share + (j == label ? 1 - s : 0));
    return (sl_real)loss;
}

static void cross_entropy_losses(sl_isa isa, sl_real s, sl_real *d, sl_real *loss, const sl_real *x,
                                 const sl_real *label, size_t rows, size_t width)
{
    if (s == 0)
        sl_cross_entropy_rows(isa, d, loss, x, label, rows, width);
    for (size_t i = 0; s != 0 && i < rows; i++)
        loss[i] =
            cross_entropy_smoothed(isa, (double)s, d + i * width, x + i * width, (size_t)label[i], width);
}

static sl_status cross_entropy_shape(sl_node *n, sl_shape *y)
{
    return sl_shape_label_loss(n, y, 2, "logits");
}

const sl_op sl_op_cross_entropy = {
    .name = "cross_entropy",
    .summary = "softmax and negative log-likelihood of the label, from logits",
    .formula = "L = 1/n sum_i -log softmax(x_i)[label_i]",
    .source = "Bridle 1990; smoothing: Szegedy et al., CVPR 2016",
    .inputs = 3,
    .optional = 1,
    .has_target = true,
    .shape = cross_entropy_shape,
    .forward = sl_row_loss_forward,
    .backward = sl_row_loss_backward,
    .row_losses = cross_entropy_losses,
    .options = sl_smoothing_options,
    .trial = { { .shape = { { 2, { 6, 5 } }, { 1, { 6 } }, { 1, { 6 } } },
                 .low = -2,
                 .high = 2,
                 .classes = 5 },
               { .shape = { { 2, { 3, 2 } }, { 1, { 3 } }, { 1, { 3 } } },
                 .low = -9,
                 .high = 9,
                 .classes = 2 },
               { .shape = { { 2, { 1, 40 } }, { 1, { 1 } }, { 1, { 1 } } },
                 .low = -1,
                 .high = 1,
                 .classes = 40 },
               { .shape = { { 2, { 5, 4 } }, { 1, { 5 } }, { 1, { 5 } } },
                 .low = -2,
                 .high = 2,
                 .classes = 4,
                 .number = 0.1 } },
};

sl_tensor *sl_cross_entropy(sl_tape *tape, sl_tensor *logits, const sl_tensor *labels)
{
    return sl_apply_loss(tape, &sl_op_cross_entropy, logits, labels, NULL, 0, false);
}
