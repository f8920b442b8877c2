/* cross_entropy: one of K classes; the net gives K logits, softmax belongs to the loss. */
#include "loss/loss.h"

static sl_real cross_entropy_of_row(sl_isa isa, sl_real *prediction, const sl_real *target, size_t outputs)
{
    sl_real loss;
    sl_cross_entropy_rows(isa, prediction, &loss, prediction, target, 1, outputs);
    return loss;
}

const sl_loss sl_loss_cross_entropy = {
    .name = "cross_entropy",
    .alias = "ce",
    .summary = "one of several classes, from logits (softmax inside)",
    .formula = "L = 1/n sum_i -log softmax(x_i)[label_i]",
    .source = "Bridle 1990",
    .target = SL_TARGET_CLASS,
    .output = "softmax",
    .from_logits = true,
    .least_outputs = 2,
    .apply = sl_cross_entropy,
    .row = cross_entropy_of_row,
};
