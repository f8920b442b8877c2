/* kl: a distribution over K classes; the net gives K logits, softmax belongs to the loss. */
#include "loss/loss.h"

const sl_loss sl_loss_kl = {
    .name = "kl",
    .summary = "a distribution over classes, from logits (softmax inside)",
    .formula = "L = 1/n sum_i sum_j t_ij (log t_ij - log softmax(x_i)_j)",
    .source = "Kullback, Leibler, Annals of Mathematical Statistics 1951",
    .op = &sl_op_kl,
    .options = sl_loss_options,
    .target = SL_TARGET_DISTRIBUTION,
    .output = "softmax",
    .predict = sl_softmax_rows,
    .from_logits = true,
    .least_outputs = 2,
};
