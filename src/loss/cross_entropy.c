/* cross_entropy: one of K classes; the net gives K logits, softmax belongs to the loss. */
#include "loss/loss.h"

const sl_loss sl_loss_cross_entropy = {
    .name = "cross_entropy",
    .alias = "ce",
    .summary = "one of several classes, from logits (softmax inside)",
    .formula = "L = 1/n sum_i -log softmax(x_i)[label_i]",
    .source = "Bridle 1990; smoothing: Szegedy et al., CVPR 2016",
    .op = &sl_op_cross_entropy,
    .options = sl_smoothing_options,
    .target = SL_TARGET_CLASS,
    .output = "softmax",
    .predict = sl_softmax_rows,
    .from_logits = true,
    .instead = "cross_entropy_from_probabilities",
    .least_outputs = 2,
};
