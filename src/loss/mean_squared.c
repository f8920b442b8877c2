/* mean_squared: numbers; the mean over rows and outputs, without a factor of a half. */
#include "loss/loss.h"

static sl_real mean_squared_of_row(sl_isa isa, sl_real *prediction, const sl_real *target, size_t outputs)
{
    for (size_t i = 0; i < outputs; i++) {
        const sl_real error = prediction[i] - target[i];
        prediction[i] = error * error;
    }
    return sl_reduce_sum(isa, prediction, outputs) / (sl_real)outputs;
}

const sl_loss sl_loss_mean_squared = {
    .name = "mean_squared",
    .alias = "mse",
    .summary = "numbers: mean of squared errors, without a factor of 1/2",
    .formula = "L = 1/n sum_i (p_i - t_i)^2",
    .source = "Legendre 1805; Gauss 1809",
    .target = SL_TARGET_NUMBER,
    .least_outputs = 1,
    .apply = sl_mean_squared,
    .row = mean_squared_of_row,
};
