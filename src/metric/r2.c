/* r2: the share of the target's variance that is explained: 1 perfect, 0 as good as the mean, below 0 worse.
 */
#include "metric/metric.h"

#include <math.h>

static double r2_value(const sl_scored *s)
{
    double residual = 0, total = 0;
    for (int j = 0; j < s->width; j++) {
        double mean = 0;
        for (size_t i = 0; i < s->rows; i++)
            mean += (double)s->target[i * (size_t)s->width + (size_t)j];
        mean /= s->rows ? (double)s->rows : 1;
        for (size_t i = 0; i < s->rows; i++) {
            const size_t at = i * (size_t)s->width + (size_t)j;
            const double t = (double)s->target[at], error = (double)s->output[at] - t;
            residual += error * error;
            total += (t - mean) * (t - mean);
        }
    }
    return total > 0 ? 1 - residual / total : NAN;
}

const sl_metric sl_metric_r2 = {
    .name = "r2",
    .summary = "share of the target's variance explained; 0: as good as the mean",
    .formula = "1 - sum_i (p_i - t_i)^2 / sum_i (t_i - mean)^2",
    .source = "Wright 1921",
    .of_numbers = true,
    .value = r2_value,
};
