/* log_loss: the mean of -log p of the true class; p is not let below 1e-15, so one certain error is finite.
 */
#include "kernel/math.h"
#include "metric/metric.h"

#include <math.h>

static double log_loss_value(const sl_scored *s)
{
    double sum = 0;
    for (size_t i = 0; i < s->rows; i++) {
        const double p = (double)s->output[i * (size_t)s->width + (size_t)s->target[i]];
        sum -= sl_log_d(p > 1e-15 ? p : 1e-15);
    }
    return s->rows ? sum / (double)s->rows : NAN;
}

const sl_metric sl_metric_log_loss = {
    .name = "log_loss",
    .summary = "mean of -log of the true class's probability (at least 1e-15)",
    .formula = "1/n sum_i -log p_i",
    .source = "Good 1952",
    .of_classes = true,
    .value = log_loss_value,
};
