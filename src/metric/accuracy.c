/* accuracy: the share of rows whose class was predicted. */
#include "metric/metric.h"

#include <math.h>

static double accuracy_value(const sl_scored *s)
{
    size_t right = 0;
    for (int c = 0; c < s->classes; c++)
        right += sl_confusion_right(s, c);
    return s->rows ? (double)right / (double)s->rows : NAN;
}

const sl_metric sl_metric_accuracy = {
    .name = "accuracy",
    .summary = "share of rows whose class was predicted",
    .formula = "right / rows",
    .source = "-",
    .of_classes = true,
    .value = accuracy_value,
};
