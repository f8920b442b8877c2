/* macro_precision: the mean over classes of the share of their predictions that are right; 0 for a class
 * never predicted; classes that neither occur nor are predicted do not count. */
#include "metric/metric.h"

#include <math.h>

static double macro_precision_value(const sl_scored *s)
{
    double sum = 0;
    int counted = 0;
    for (int c = 0; c < s->classes; c++) {
        const size_t called = sl_confusion_predicted(s, c);
        counted += called || sl_confusion_truth(s, c);
        sum += called ? (double)sl_confusion_right(s, c) / (double)called : 0;
    }
    return counted ? sum / counted : NAN;
}

const sl_metric sl_metric_macro_precision = {
    .name = "macro_precision",
    .summary = "mean over classes of precision",
    .formula = "1/K sum_c right_c / predicted_c",
    .source = "van Rijsbergen 1979",
    .of_classes = true,
    .value = macro_precision_value,
};
