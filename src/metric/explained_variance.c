/* explained_variance: the share of the target's variance that the errors do not have: r2 of predictions
 * that are allowed one constant error. */
#include "metric/metric.h"

#include <math.h>

static double explained_variance_value(const sl_scored *s)
{
    double residual = 0, total = 0;
    for (size_t j = 0; j < (size_t)s->width; j++) {
        double mean = 0, shift = 0;
        for (size_t i = 0; i < s->rows; i++) {
            const size_t at = i * (size_t)s->width + j;
            mean += (double)s->target[at] / (double)s->rows;
            shift += ((double)s->output[at] - (double)s->target[at]) / (double)s->rows;
        }
        for (size_t i = 0; i < s->rows; i++) {
            const size_t at = i * (size_t)s->width + j;
            const double t = (double)s->target[at], error = (double)s->output[at] - t - shift;
            residual += error * error;
            total += (t - mean) * (t - mean);
        }
    }
    return total > 0 ? 1 - residual / total : NAN;
}

const sl_metric sl_metric_explained_variance = {
    .name = "explained_variance",
    .summary = "as r2, but one constant error is free",
    .formula = "1 - variance of (p - t) / variance of t",
    .source = "-",
    .of_numbers = true,
    .value = explained_variance_value,
};
