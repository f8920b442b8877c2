/* macro_auc: for more than two classes: the mean over classes of the chance that a row of the class gets a
 * higher probability of it than a row of another, ties counting a half. Classes without rows, or with all
 * of them, do not count. */
#include "metric/metric.h"

#include <math.h>

static double macro_auc_value(const sl_scored *s)
{
    double sum = 0;
    int counted = 0;
    for (int c = 0; c < s->classes; c++) {
        const size_t rows = sl_confusion_truth(s, c);
        if (rows == 0 || rows == s->rows)
            continue;
        counted++;
        sum += sl_auc_of_class(s, c);
    }
    return counted ? sum / counted : NAN;
}

const sl_metric sl_metric_macro_auc = {
    .name = "macro_auc",
    .summary = "mean over classes of the auc of each against the rest",
    .formula = "1/K sum_c (R_c - p (p + 1) / 2) / (p n)",
    .source = "Provost, Domingos 2000; Hanley, McNeil 1982",
    .of_classes = true,
    .classes_from = 3,
    .value = macro_auc_value,
};
