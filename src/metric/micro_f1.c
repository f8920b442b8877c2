/* micro_f1: F1 of all classes counted together. Every row has one class and one prediction, so precision,
 * recall and F1 are all the accuracy. */
#include "metric/metric.h"

#include <math.h>

static double micro_f1_value(const sl_scored *s)
{
    double right = 0, both = 0;
    for (int c = 0; c < s->classes; c++) {
        right += (double)sl_confusion_right(s, c);
        both += (double)(sl_confusion_truth(s, c) + sl_confusion_predicted(s, c));
    }
    return both > 0 ? 2 * right / both : NAN;
}

const sl_metric sl_metric_micro_f1 = {
    .name = "micro_f1",
    .summary = "F1 of all classes counted together: the accuracy, where a row has one class",
    .formula = "2 sum_c right_c / sum_c (rows_c + predicted_c)",
    .source = "van Rijsbergen 1979",
    .of_classes = true,
    .value = micro_f1_value,
};
