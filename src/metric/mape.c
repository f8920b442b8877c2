/* mape: mean absolute error as a share of the target's size. Targets of 0 have no such share and are left
 * out; not defined when all are. */
#include "metric/metric.h"

#include <math.h>

static double mape_value(const sl_scored *s)
{
    const size_t count = s->rows * (size_t)s->width;
    double sum = 0;
    size_t counted = 0;
    for (size_t i = 0; i < count; i++) {
        const double t = (double)s->target[i];
        if (t == 0)
            continue;
        counted++;
        sum += fabs(((double)s->output[i] - t) / t);
    }
    return counted ? sum / (double)counted : NAN;
}

const sl_metric sl_metric_mape = {
    .name = "mape",
    .summary = "mean absolute error as a share of the target; targets of 0 are left out",
    .formula = "1/n sum_i abs(p_i - t_i) / abs(t_i), t_i != 0",
    .source = "-",
    .of_numbers = true,
    .value = mape_value,
};
