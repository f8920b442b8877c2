/* rmse: root mean squared error, in the target's unit. */
#include "metric/metric.h"

#include <math.h>

static double rmse_value(const sl_scored *s)
{
    const size_t count = s->rows * (size_t)s->width;
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        const double error = (double)s->output[i] - (double)s->target[i];
        sum += error * error;
    }
    return count ? sqrt(sum / (double)count) : NAN;
}

const sl_metric sl_metric_rmse = {
    .name = "rmse",
    .summary = "root mean squared error, in the target's unit",
    .formula = "sqrt(1/n sum_i (p_i - t_i)^2)",
    .source = "-",
    .of_numbers = true,
    .value = rmse_value,
};
