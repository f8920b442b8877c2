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
    return metric->of_classes && (classes == 2 || !metric->two_classes_only);
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
