/* auc: the chance that a row of the second class gets a higher probability of it than a row of the first,
 * ties counting a half: the rank-sum statistic of Mann and Whitney (1947). Not defined with a probability
 * that is not a number, or one class alone. */
#include "metric/metric.h"

#include <math.h>

double sl_auc_of_class(const sl_scored *s, int class_index)
{
    double *score = s->rows ? sl_alloc_array(s->ctx, 2 * s->rows, sizeof *score) : NULL;
    if (!score)
        return NAN;
    double *end = score + s->rows, rank_sum = 0, area = NAN;
    size_t positives = 0, negatives = 0, below = 0;
    bool numbers = true;
    for (size_t i = 0; i < s->rows && numbers; i++) { /* positives from the front, the others behind them */
        const double p = (double)s->output[i * (size_t)s->width + (size_t)class_index];
        if ((int)s->target[i] == class_index)
            score[positives++] = p;
        else
            end[negatives++] = p;
        numbers = p == p;
    }
    if (numbers && positives && negatives) {
        sl_scored_sort(score, positives);
        sl_scored_sort(end, negatives);
        size_t upto = 0;
        for (size_t i = 0; i < positives;
             i++) { /* of the others: how many lie below, and how many not above */
            while (below < negatives && end[below] < score[i])
                below++;
            upto = upto > below ? upto : below;
            while (upto < negatives && end[upto] == score[i])
                upto++;
            rank_sum += ((double)below + (double)upto) / 2;
        }
        area = rank_sum / ((double)positives * (double)negatives);
    }
    sl_free(s->ctx, score);
    return area;
}

static double auc_value(const sl_scored *s)
{
    return sl_auc_of_class(s, 1);
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
