/* calibration_error: how far confidence is from accuracy. Rows are put into 15 bins of equal width by the
 * probability of the predicted class (the first of the highest); a confidence on an edge belongs to the bin
 * below it. The mean over the rows of their bin's |accuracy - mean confidence|. Not defined for outputs
 * that are no probabilities. */
#include "metric/metric.h"

#include <math.h>

static double calibration_error_value(const sl_scored *s)
{
    enum { BINS = 15 };
    double surplus[BINS] = { 0 }, sum = 0; /* right rows less confidence, a bin */
    if (!sl_scored_probabilities(s))
        return NAN;
    for (size_t i = 0; i < s->rows; i++) {
        const sl_real *p = s->output + i * (size_t)s->width;
        int best = 0;
        for (int c = 1; c < s->width; c++)
            best = p[c] > p[best] ? c : best;
        const double edge = ceil((double)p[best] * BINS) - 1; /* exact: 24 bits times 4 */
        surplus[edge > 0 ? (int)edge : 0] += (best == (int)s->target[i]) - (double)p[best];
    }
    for (int b = 0; b < BINS; b++)
        sum += fabs(surplus[b]);
    return sum / (double)s->rows;
}

const sl_metric sl_metric_calibration_error = {
    .name = "calibration_error",
    .summary = "expected calibration error: how far confidence is from accuracy, in 15 bins",
    .formula = "sum_b n_b / n abs(accuracy_b - confidence_b)",
    .source = "Guo, Pleiss, Sun, Weinberger, ICML 2017",
    .of_classes = true,
    .value = calibration_error_value,
};
