/* weighted_f1: the mean of F1 over classes, each counted by its rows. */
#include "metric/metric.h"

#include <math.h>

static double weighted_f1_value(const sl_scored *s)
{
    double sum = 0;
    for (int c = 0; c < s->classes; c++) {
        const size_t rows = sl_confusion_truth(s, c);
        if (rows)
            sum += (double)rows *
                   (2 * (double)sl_confusion_right(s, c) / (double)(rows + sl_confusion_predicted(s, c)));
    }
    return s->rows ? sum / (double)s->rows : NAN;
}

const sl_metric sl_metric_weighted_f1 = {
    .name = "weighted_f1",
    .summary = "mean over classes of F1, each counted by its rows",
    .formula = "1/n sum_c rows_c 2 right_c / (rows_c + predicted_c)",
    .source = "van Rijsbergen 1979",
    .of_classes = true,
    .value = weighted_f1_value,
};
