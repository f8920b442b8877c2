/* top5_accuracy: the share of rows whose class is among the five of the highest probability; of equal ones
 * the first classes count as higher, as for accuracy. A probability that is not a number is not among them.
 */
#include "metric/metric.h"

#include <math.h>

static double top5_accuracy_value(const sl_scored *s)
{
    size_t right = 0;
    for (size_t i = 0; i < s->rows; i++) {
        const sl_real *p = s->output + i * (size_t)s->width;
        const int truth = (int)s->target[i];
        int before = 0;
        for (int c = 0; c < s->width && before < 5; c++)
            before += p[c] > p[truth] || (p[c] == p[truth] && c < truth);
        right += before < 5 && p[truth] == p[truth];
    }
    return s->rows ? (double)right / (double)s->rows : NAN;
}

const sl_metric sl_metric_top5_accuracy = {
    .name = "top5_accuracy",
    .summary = "share of rows whose class is among the five most probable",
    .formula = "rows with fewer than 5 classes before the true one / rows",
    .source = "Krizhevsky, Sutskever, Hinton, NeurIPS 2012",
    .of_classes = true,
    .classes_from = 6,
    .value = top5_accuracy_value,
};
