/* mean_squared: numbers; the mean over rows and outputs, without a factor of a half. */
#include "loss/loss.h"

const sl_loss sl_loss_mean_squared = {
    .name = "mean_squared",
    .alias = "mse",
    .summary = "numbers: mean of squared errors, without a factor of 1/2",
    .formula = "L = 1/n sum_i (p_i - t_i)^2",
    .source = "Legendre 1805; Gauss 1809",
    .op = &sl_op_mean_squared,
    .options = sl_loss_options,
    .target = SL_TARGET_NUMBER,
    .scaled = "deviations squared",
    .least_outputs = 1,
};
