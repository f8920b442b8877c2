/* macro_f1: the mean over classes of F1 = 2 right / (rows + predictions); classes that neither occur nor are
 * predicted do not count.                                                                             */
#include "metric/metric.h"

#include <math.h>

static double macro_f1_value(const sl_scored *s)
{
    double sum = 0;
    int counted = 0;
    for (int c = 0; c < s->classes; c++) {
        const size_t both = sl_confusion_truth(s, c) + sl_confusion_predicted(s, c);
        if (!both)
            continue;
        counted++;
        sum += 2 * (double)sl_confusion_right(s, c) / (double)both;
    }
    return counted ? sum / counted : NAN;
}

const sl_metric sl_metric_macro_f1 = {
    .name = "macro_f1",
    .summary = "mean over classes of F1, the harmonic mean of precision and recall",
    .formula = "1/K sum_c 2 right_c / (rows_c + predicted_c)",
    .source = "van Rijsbergen 1979",
    .of_classes = true,
    .value = macro_f1_value,
};
