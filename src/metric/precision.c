/* precision: of the rows that were called the second class, the share that are. Not defined when none was. */
#include "metric/metric.h"

#include <math.h>

static double precision_value(const sl_scored *s)
{
    const size_t called = sl_confusion_predicted(s, 1);
    return called ? (double)sl_confusion_right(s, 1) / (double)called : NAN;
}

const sl_metric sl_metric_precision = {
    .name = "precision",
    .summary = "share of the rows called the second class that are of it",
    .formula = "right / called so",
    .source = "van Rijsbergen 1979",
    .of_classes = true,
    .two_classes_only = true,
    .value = precision_value,
};
