/* mean_absolute: numbers; an error counts by its size: least at the median. */
#include "loss/loss.h"

const sl_loss sl_loss_mean_absolute = {
    .name = "mean_absolute",
    .alias = "mae",
    .summary = "numbers: mean of absolute errors",
    .formula = "L = 1/n sum_i |p_i - t_i|",
    .source = "Boscovich 1757; Laplace 1793",
    .op = &sl_op_mean_absolute,
    .options = sl_loss_options,
    .target = SL_TARGET_NUMBER,
    .note = "its slope is 1 or -1 however small the error is, and jumps at 0, where 0 is taken: let the "
            "learning rate fall, or take huber",
    .least_outputs = 1,
};
