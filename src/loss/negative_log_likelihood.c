/* negative_log_likelihood: one of K classes, from a net that ends in log_softmax. */
#include "loss/loss.h"

const sl_loss sl_loss_negative_log_likelihood = {
    .name = "negative_log_likelihood",
    .alias = "nll",
    .summary = "one of several classes, from log-probabilities (the net ends in log_softmax)",
    .formula = "L = 1/n sum_i -x_i[label_i]",
    .source = "Fisher 1922",
    .op = &sl_op_negative_log_likelihood,
    .options = sl_loss_options,
    .target = SL_TARGET_CLASS,
    .output = "exp",
    .predict = sl_loss_exp,
    .activation = "log_softmax",
    .least_outputs = 2,
};
