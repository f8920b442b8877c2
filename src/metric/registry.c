/* registry.c - the metrics of this folder, and counts they share. */
#include "metric/metric.h"

#define SL_INDEX(name) extern const sl_metric sl_metric_##name;
#include "metric/index.inc"
#undef SL_INDEX

#define SL_INDEX(name) &sl_metric_##name,
static const sl_metric *const metric_registry[] = {
#include "metric/index.inc"
    NULL
};
#undef SL_INDEX

const sl_metric *sl_metric_at(size_t index)
{
    return index < sizeof metric_registry / sizeof *metric_registry ? metric_registry[index] : NULL;
}

bool sl_metric_applies(const sl_metric *metric, int classes)
{
    if (classes == 0)
        return metric->of_numbers;
    return metric->of_classes && classes >= metric->classes_from &&
           (classes == 2 || !metric->two_classes_only);
}

size_t sl_confusion_truth(const sl_scored *s, int c)
{
    size_t count = 0;
    for (int p = 0; p < s->classes; p++)
        count += s->confusion[(size_t)c * (size_t)s->classes + (size_t)p];
    return count;
}

size_t sl_confusion_predicted(const sl_scored *s, int c)
{
    size_t count = 0;
    for (int t = 0; t < s->classes; t++)
        count += s->confusion[(size_t)t * (size_t)s->classes + (size_t)c];
    return count;
}

size_t sl_confusion_right(const sl_scored *s, int c)
{
    return s->confusion[(size_t)c * (size_t)s->classes + (size_t)c];
}

bool sl_scored_probabilities(const sl_scored *s)
{
    const size_t count = s->rows * (size_t)s->width;
    for (size_t i = 0; i < count; i++)
        if (!(s->output[i] >= 0 && s->output[i] <= 1))
            return false;
    return count > 0;
}

/* Heap sort (Williams 1964): no memory, and no order of the input is slow. */
static void metric_sift(double *v, size_t at, size_t n)
{
    const double moved = v[at];
    for (size_t child; (child = 2 * at + 1) < n; at = child) {
        child += child + 1 < n && v[child + 1] > v[child];
        if (!(v[child] > moved))
            break;
        v[at] = v[child];
    }
    v[at] = moved;
}

void sl_scored_sort(double *v, size_t n)
{
    for (size_t i = n / 2; i-- > 0;)
        metric_sift(v, i, n);
    for (size_t i = n; i-- > 1;) {
        const double largest = v[0];
        v[0] = v[i];
        v[i] = largest;
        metric_sift(v, 0, i);
    }
}
