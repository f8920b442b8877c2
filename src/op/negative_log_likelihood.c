/* negative_log_likelihood: the mean over rows of -x[label], x a row of log-probabilities (log_softmax).
 * dx[label] = -dy / rows */
#include "op/op.h"

static void negative_losses(sl_isa isa, sl_real a, sl_real *d, sl_real *loss, const sl_real *x,
                            const sl_real *label, size_t rows, size_t width)
{
    (void)a;
    for (size_t i = 0; i < rows; i++) {
        const size_t at = i * width + (size_t)label[i];
        loss[i] = -x[at];
        sl_fill(isa, d + i * width, 0, width);
        d[at] = -1;
    }
}

static sl_status negative_shape(sl_node *n, sl_shape *y)
{
    return sl_shape_label_loss(n, y, 2, "log-probabilities");
}

const sl_op sl_op_negative_log_likelihood = {
    .name = "negative_log_likelihood",
    .summary = "of the label, from log-probabilities",
    .formula = "L = 1/n sum_i -x_i[label_i]",
    .source = "Fisher 1922",
    .inputs = 3,
    .optional = 1,
    .has_target = true,
    .shape = negative_shape,
    .forward = sl_row_loss_forward,
    .backward = sl_row_loss_backward,
    .row_losses = negative_losses,
    .options = sl_loss_options,
    .trial = { { .shape = { { 2, { 6, 5 } }, { 1, { 6 } }, { 1, { 6 } } },
                 .low = -2,
                 .high = 0.1,
                 .classes = 5 },
               { .shape = { { 2, { 39, 2 } }, { 1, { 39 } }, { 1, { 39 } } },
                 .low = -9,
                 .high = -1,
                 .classes = 2 } },
};

sl_tensor *sl_negative_log_likelihood(sl_tape *tape, sl_tensor *log_p, const sl_tensor *labels)
{
    return sl_apply_loss(tape, &sl_op_negative_log_likelihood, log_p, labels, NULL, 0, false);
}
