/* median_absolute_error: half of the errors are smaller, in the target's unit; of an even number the mean
 * of the middle two. */
#include "metric/metric.h"

#include <math.h>

static double median_absolute_error_value(const sl_scored *s)
{
    const size_t count = s->rows * (size_t)s->width;
    double *error = count ? sl_alloc_array(s->ctx, count, sizeof *error) : NULL, median = NAN;
    bool numbers = error;
    for (size_t i = 0; i < count && numbers; i++) {
        error[i] = fabs((double)s->output[i] - (double)s->target[i]);
        numbers = error[i] == error[i];
    }
    if (numbers) {
        sl_scored_sort(error, count);
        median = (error[(count - 1) / 2] + error[count / 2]) / 2;
    }
    sl_free(s->ctx, error);
    return median;
}

const sl_metric sl_metric_median_absolute_error = {
    .name = "median_absolute_error",
    .summary = "median of the errors' sizes, in the target's unit",
    .formula = "median abs(p_i - t_i)",
    .source = "-",
    .of_numbers = true,
    .value = median_absolute_error_value,
};
