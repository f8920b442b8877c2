/* cross_entropy_from_probabilities: the mean over rows of -log p[label], p a row of softmax. A p below 1e-12
 * counts as that, so the logarithm is at least -27.7.        dp[label] = -1 / p[label] dy / rows */
#include "op/op.h"

static void likelihood_losses(sl_isa isa, sl_real a, sl_real *d, sl_real *loss, const sl_real *p,
                              const sl_real *label, size_t rows, size_t width)
{
    (void)a;
    for (size_t i = 0; i < rows; i++) {
        const size_t at = i * width + (size_t)label[i];
        const sl_real chosen = p[at] < SL_R(1e-12) ? SL_R(1e-12) : p[at]; /* NaN stays NaN */
        loss[i] = -sl_log_r(chosen);
        sl_fill(isa, d + i * width, 0, width);
        d[at] = -1 / chosen;
    }
}

static sl_status likelihood_shape(sl_node *n, sl_shape *y)
{
    return sl_shape_label_loss(n, y, 2, "probabilities");
}

const sl_op sl_op_cross_entropy_from_probabilities = {
    .name = "cross_entropy_from_probabilities",
    .summary = "negative log-likelihood of the label, from a net that ends in softmax",
    .formula = "L = 1/n sum_i -log p_i[label_i]",
    .source = "Bridle 1990",
    .inputs = 3,
    .optional = 1,
    .has_target = true,
    .shape = likelihood_shape,
    .forward = sl_row_loss_forward,
    .backward = sl_row_loss_backward,
    .row_losses = likelihood_losses,
    .options = sl_loss_options,
    .trial = { { .shape = { { 2, { 6, 5 } }, { 1, { 6 } }, { 1, { 6 } } },
                 .low = 0.1,
                 .high = 0.9,
                 .classes = 5 },
               { .shape = { { 2, { 1, 20 } }, { 1, { 1 } }, { 1, { 1 } } },
                 .low = 0.2,
                 .high = 1,
                 .classes = 20 },
               { .shape = { { 2, { 35, 2 } }, { 1, { 35 } }, { 1, { 35 } } },
                 .low = 0.2,
                 .high = 1,
                 .classes = 2 } },
};

sl_tensor *sl_cross_entropy_from_probabilities(sl_tape *tape, sl_tensor *p, const sl_tensor *labels)
{
    return sl_apply_loss(tape, &sl_op_cross_entropy_from_probabilities, p, labels, NULL, 0, false);
}
