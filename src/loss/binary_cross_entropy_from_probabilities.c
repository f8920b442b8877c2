/* binary_cross_entropy_from_probabilities: yes or no for each output, from a net that ends in sigmoid. */
#include "loss/loss.h"

const sl_loss sl_loss_binary_cross_entropy_from_probabilities = {
    .name = "binary_cross_entropy_from_probabilities",
    .summary = "yes or no, from a probability (the net ends in sigmoid)",
    .formula = "L = 1/n sum_i -t_i log p_i - (1 - t_i) log(1 - p_i)",
    .source = "Cox 1958",
    .op = &sl_op_binary_cross_entropy_from_probabilities,
    .options = sl_loss_options,
    .target = SL_TARGET_PROBABILITY,
    .activation = "sigmoid",
    .note = "binary_cross_entropy, from logits, is more exact where p is near 0 or 1",
    .least_outputs = 1,
    .two_by_one = true,
    .cut = SL_R(0.5),
};
