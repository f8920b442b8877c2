/* macro_recall: the mean over classes of the share of their rows found; 0 for a class that is predicted and
 * does not occur (balanced_accuracy leaves it out); classes that do neither do not count. */
#include "metric/metric.h"

#include <math.h>

static double macro_recall_value(const sl_scored *s)
{
    double sum = 0;
    int counted = 0;
    for (int c = 0; c < s->classes; c++) {
        const size_t rows = sl_confusion_truth(s, c);
        counted += rows || sl_confusion_predicted(s, c);
        sum += rows ? (double)sl_confusion_right(s, c) / (double)rows : 0;
    }
    return counted ? sum / counted : NAN;
}

const sl_metric sl_metric_macro_recall = {
    .name = "macro_recall",
    .summary = "mean over classes of recall",
    .formula = "1/K sum_c right_c / rows_c",
    .source = "van Rijsbergen 1979",
    .of_classes = true,
    .value = macro_recall_value,
};
