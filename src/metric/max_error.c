/* max_error: the largest error, in the target's unit. */
#include "metric/metric.h"

#include <math.h>

static double max_error_value(const sl_scored *s)
{
    const size_t count = s->rows * (size_t)s->width;
    double most = count ? 0 : NAN;
    for (size_t i = 0; i < count && most == most; i++) {
        const double error = fabs((double)s->output[i] - (double)s->target[i]);
        most = error <= most ? most : error; /* also where it is not a number */
    }
    return most;
}

const sl_metric sl_metric_max_error = {
    .name = "max_error",
    .summary = "the largest error, in the target's unit",
    .formula = "max abs(p_i - t_i)",
    .source = "-",
    .of_numbers = true,
    .value = max_error_value,
};
