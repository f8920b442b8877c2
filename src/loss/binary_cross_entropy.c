/* binary_cross_entropy: yes or no for each output; the net gives a logit, the sigmoid belongs to the loss. */
#include "loss/loss.h"

const sl_loss sl_loss_binary_cross_entropy = {
    .name = "binary_cross_entropy",
    .alias = "bce",
    .summary = "yes or no, from a logit (sigmoid inside)",
    .formula = "L = 1/n sum_i t_i log(1 + e^-x_i) + (1 - t_i) log(1 + e^x_i)",
    .source = "Cox 1958; smoothing: Szegedy et al., CVPR 2016",
    .op = &sl_op_binary_cross_entropy,
    .options = sl_smoothing_options,
    .target = SL_TARGET_PROBABILITY,
    .output = "sigmoid",
    .predict = sl_loss_sigmoid,
    .from_logits = true,
    .instead = "binary_cross_entropy_from_probabilities",
    .least_outputs = 1,
    .two_by_one = true,
};
