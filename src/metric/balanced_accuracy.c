/* balanced_accuracy: the mean over classes of the share found (recall); a constant answer gets 1/K. */
#include "metric/metric.h"

#include <math.h>

static double balanced_accuracy_value(const sl_scored *s)
{
    double sum = 0;
    int present = 0;
    for (int c = 0; c < s->classes; c++) {
        const size_t truth = sl_confusion_truth(s, c);
        if (!truth)
            continue;
        present++;
        sum += (double)sl_confusion_right(s, c) / (double)truth;
    }
    return present ? sum / present : NAN;
}

const sl_metric sl_metric_balanced_accuracy = {
    .name = "balanced_accuracy",
    .summary = "mean over the classes present of the share of their rows found",
    .formula = "1/K sum_c right_c / rows_c",
    .source = "Brodersen et al., ICPR 2010",
    .of_classes = true,
    .value = balanced_accuracy_value,
};
