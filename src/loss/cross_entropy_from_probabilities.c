/* cross_entropy_from_probabilities: one of K classes, from a net that ends in softmax. */
#include "loss/loss.h"

const sl_loss sl_loss_cross_entropy_from_probabilities = {
    .name = "cross_entropy_from_probabilities",
    .summary = "one of several classes, from probabilities (the net ends in softmax)",
    .formula = "L = 1/n sum_i -log p_i[label_i]",
    .source = "Bridle 1990",
    .op = &sl_op_cross_entropy_from_probabilities,
    .options = sl_loss_options,
    .target = SL_TARGET_CLASS,
    .activation = "softmax",
    .note = "cross_entropy, from logits, is more exact where p is near 0",
    .least_outputs = 2,
};
