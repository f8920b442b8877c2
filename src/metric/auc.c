/* auc: the chance that a row of the second class gets a higher probability of it than a row of the first,
 * ties counting a half: the rank-sum statistic of Mann and Whitney (1947). */
#include "metric/metric.h"

#include <math.h>
#include <stdlib.h>

typedef struct {
    sl_real score;
    int positive;
} auc_row;

static int auc_compare(const void *a, const void *b)
{
    const sl_real x = ((const auc_row *)a)->score, y = ((const auc_row *)b)->score;
    return (x > y) - (x < y);
}

static double auc_value(const sl_scored *s)
{
    auc_row *row = sl_alloc_array(s->ctx, s->rows, sizeof *row);
    if (!row)
        return NAN;
    size_t positives = 0;
    for (size_t i = 0; i < s->rows; i++) {
        row[i] = (auc_row){ s->output[2 * i + 1], s->target[i] > 0 };
        positives += (size_t)row[i].positive;
    }
    qsort(row, s->rows, sizeof *row, auc_compare);
    double rank_sum = 0; /* ranks from 1; equal scores share their mean rank */
    for (size_t i = 0; i < s->rows;) {
        size_t end = i, here = 0;
        while (end < s->rows && row[end].score == row[i].score)
            here += (size_t)row[end++].positive;
        rank_sum += (double)here * ((double)(i + 1 + end) / 2);
        i = end > i ? end : i + 1; /* a NaN equals nothing */
    }
    sl_free(s->ctx, row);
    const double p = (double)positives, n = (double)(s->rows - positives);
    return p > 0 && n > 0 ? (rank_sum - p * (p + 1) / 2) / (p * n) : NAN;
}

const sl_metric sl_metric_auc = {
    .name = "auc",
    .summary = "chance that a row of the second class is ranked above one of the first",
    .formula = "(R - p (p + 1) / 2) / (p n), R the sum of ranks",
    .source = "Mann, Whitney 1947; Hanley, McNeil 1982",
    .of_classes = true,
    .two_classes_only = true,
    .value = auc_value,
};
