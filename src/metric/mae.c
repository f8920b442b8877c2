/* mae: mean absolute error, in the target's unit. */
#include "metric/metric.h"

#include <math.h>

static double mae_value(const sl_scored *s)
{
    const size_t count = s->rows * (size_t)s->width;
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        const double error = (double)s->output[i] - (double)s->target[i];
        sum += error < 0 ? -error : error;
    }
    return count ? sum / (double)count : NAN;
}

const sl_metric sl_metric_mae = {
    .name = "mae",
    .summary = "mean absolute error, in the target's unit",
    .formula = "1/n sum_i abs(p_i - t_i)",
    .source = "-",
    .of_numbers = true,
    .value = mae_value,
};
