/* perceptron: yes or no by a unit that answers 1 or 0: Rosenblatt's criterion; its slope is step(z) - t. */
#include "loss/loss.h"

const sl_loss sl_loss_perceptron = {
    .name = "perceptron",
    .summary = "yes or no by a step unit: Rosenblatt's criterion",
    .formula = "L = 1/n sum_i (step(z_i) - t_i) z_i",
    .source = "Rosenblatt, Psychological Review 1958",
    .op = &sl_op_perceptron,
    .options = sl_loss_options,
    .target = SL_TARGET_PROBABILITY,
    .whole = true,
    .output = "step",
    .predict = sl_loss_step,
    .from_logits = true,
    .note = "made for the optimizer perceptron; it is 0 when all weights are",
    .least_outputs = 1,
    .two_by_one = true,
    .cut_included = true,
};
