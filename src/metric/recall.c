/* recall: of the rows of the second class, the share that were found. Not defined when there is none. */
#include "metric/metric.h"

#include <math.h>

static double recall_value(const sl_scored *s)
{
    const size_t rows = sl_confusion_truth(s, 1);
    return rows ? (double)sl_confusion_right(s, 1) / (double)rows : NAN;
}

const sl_metric sl_metric_recall = {
    .name = "recall",
    .summary = "share of the rows of the second class that were found",
    .formula = "right / rows of it",
    .source = "van Rijsbergen 1979",
    .of_classes = true,
    .two_classes_only = true,
    .value = recall_value,
};
