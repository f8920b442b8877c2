/* f1: the harmonic mean of precision and recall of the second class. Not defined when it neither occurs nor
 * is predicted. */
#include "metric/metric.h"

#include <math.h>

static double f1_value(const sl_scored *s)
{
    const size_t both = sl_confusion_truth(s, 1) + sl_confusion_predicted(s, 1);
    return both ? 2 * (double)sl_confusion_right(s, 1) / (double)both : NAN;
}

const sl_metric sl_metric_f1 = {
    .name = "f1",
    .summary = "harmonic mean of precision and recall of the second class",
    .formula = "2 right / (rows of it + called so)",
    .source = "van Rijsbergen 1979",
    .of_classes = true,
    .two_classes_only = true,
    .value = f1_value,
};
