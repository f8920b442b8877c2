/* binary_cross_entropy: yes or no for each output; the net gives a logit, the sigmoid belongs to the loss. */
#include "loss/loss.h"

static sl_real binary_cross_entropy_of_row(sl_isa isa, sl_real *prediction, const sl_real *target,
                                           size_t outputs)
{
    sl_binary_cross_entropy_n(isa, prediction, prediction, target, outputs);
    return sl_reduce_sum(isa, prediction, outputs) / (sl_real)outputs;
}

const sl_loss sl_loss_binary_cross_entropy = {
    .name = "binary_cross_entropy",
    .alias = "bce",
    .summary = "yes or no, from a logit (sigmoid inside)",
    .formula = "L = 1/n sum_i t_i log(1 + e^-x_i) + (1 - t_i) log(1 + e^x_i)",
    .source = "Cox 1958",
    .target = SL_TARGET_PROBABILITY,
    .output = "sigmoid",
    .from_logits = true,
    .least_outputs = 1,
    .apply = sl_binary_cross_entropy,
    .row = binary_cross_entropy_of_row,
};
