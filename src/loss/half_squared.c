/* half_squared: yes or no by a tanh unit, whose -1 and 1 stand for the two classes. As (1 + o)/2 is what the
 * net says of the second class, the loss is twice the Brier score, so that is a probability like others. */
#include "loss/loss.h"

const sl_loss sl_loss_half_squared = {
    .name = "half_squared",
    .summary = "yes or no by a tanh unit: half its squared error, -1 for no and 1 for yes",
    .formula = "L = 1/n sum_i 1/2 (o_i - (2 t_i - 1))^2, p = (1 + o)/2",
    .source = "TensorFlow Playground (Smilkov, Carter 2016)",
    .op = &sl_op_half_squared,
    .options = sl_loss_options,
    .target = SL_TARGET_PROBABILITY,
    .predict = sl_loss_halves,
    .activation = "tanh",
    .note = "it is twice the Brier score; binary_cross_entropy learns faster from confident errors",
    .least_outputs = 1,
    .two_by_one = true,
};
