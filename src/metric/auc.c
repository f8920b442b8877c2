/* auc: the chance that a row of the second class gets a higher probability of it than a row of the first,
 * ties counting a half: the rank-sum statistic of Mann and Whitney (1947). Not defined with a probability
 * that is not a number, or one class alone. */
#include "metric/metric.h"

#include <math.h>

/* How many of v[0..n), ascending, lie below x; or are not above it. Without a branch that nobody can foresee.
 */
static size_t auc_below(const double *v, size_t n, double x, bool or_equal)
{
    size_t from = 0;
    for (; n > 1; n -= n / 2) {
        const double middle = v[from + n / 2 - 1];
        from += (or_equal ? middle <= x : middle < x) ? n / 2 : 0;
    }
    return from + (n && (or_equal ? v[from] <= x : v[from] < x));
}

double sl_auc_of_class(const sl_scored *s, int class_index)
{
    double *score = s->rows ? sl_alloc_array(s->ctx, s->rows, sizeof *score) : NULL;
    if (!score)
        return NAN;
    size_t own = 0, other = 0;
    bool numbers = true;
    for (size_t i = 0; i < s->rows && numbers;
         i++) { /* the class's from the front, the others from the back */
        const double p = (double)s->output[i * (size_t)s->width + (size_t)class_index];
        score[(int)s->target[i] == class_index ? own++ : s->rows - ++other] = p;
        numbers = p == p;
    }
    double area = NAN;
    if (numbers && own && other) {
        /* Only the smaller group is sorted; each of the other one is looked up in it. */
        const bool few = own <= other;
        double *sorted = few ? score : score + own, *others = few ? score + own : score, below = 0;
        const size_t count = few ? own : other;
        sl_scored_sort(sorted, count);
        for (size_t i = 0; i < s->rows - count; i++) /* ties count a half: the sum is exact */
            below += ((double)auc_below(sorted, count, others[i], false) +
                      (double)auc_below(sorted, count, others[i], true)) /
                     2;
        const double pairs = (double)own * (double)other;
        area = (few ? pairs - below : below) / pairs;
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
