/* brier: the mean squared distance of the probabilities from the truth, 1 for the true class and 0 for the
 * others; of two classes that of the second alone, which is half of it. Not defined for outputs that are no
 * probabilities. */
#include "metric/metric.h"

#include <math.h>

static double brier_value(const sl_scored *s)
{
    if (!sl_scored_probabilities(s))
        return NAN;
    double sum = 0;
    for (size_t i = 0; i < s->rows; i++)
        for (int c = s->classes == 2; c < s->width; c++) {
            const double truth = c == (int)s->target[i];
            const double error = (double)s->output[i * (size_t)s->width + (size_t)c] - truth;
            sum += error * error;
        }
    return sum / (double)s->rows;
}

const sl_metric sl_metric_brier = {
    .name = "brier",
    .summary = "mean squared error of the probabilities",
    .formula = "1/n sum_i sum_c (p_ic - t_ic)^2; of two classes half of it",
    .source = "Brier, Monthly Weather Review 78, 1950",
    .of_classes = true,
    .value = brier_value,
};
