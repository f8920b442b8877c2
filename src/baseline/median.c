/* median: always the middle target of the training rows, which no other constant beats in mean absolute
 * error. */
#include "baseline/baseline.h"
#include "metric/metric.h"

#include <stdio.h>

static sl_status median_fit(sl_fitted *f, const sl_baseline_job *job)
{
    sl_ctx *ctx = job->ctx;
    const size_t rows = job->data->rows;
    double *v = sl_fitted_add(ctx, f, 0, "median.value", 1, f->width);
    double *column = sl_alloc_array(ctx, rows, sizeof *column);
    sl_real *y = sl_alloc_array(ctx, f->outputs, sizeof *y);
    for (size_t j = 0; !ctx->status && j < f->outputs; j++) {
        for (size_t i = 0; i < rows; i++) {
            sl_data_gather(NULL, job->data, &i, 1, NULL, NULL, y);
            column[i] = (double)y[j];
        }
        sl_scored_sort(column, rows);
        v[j] = column[rows / 2] / 2 + column[(rows - 1) / 2] / 2;
    }
    sl_free(ctx, column);
    sl_free(ctx, y);
    snprintf(f->text, sizeof f->text, "always the median");
    return ctx->status;
}

static sl_status median_predict(sl_ctx *ctx, const sl_fitted *f, const double *x, size_t count, sl_real *to)
{
    (void)ctx;
    (void)x;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < f->width; j++)
            to[i * f->width + j] = (sl_real)f->array[0].v[j];
    return SL_OK;
}

static bool median_sound(const sl_fitted *f)
{
    return f->array[0].v && f->array[0].rows == 1 && f->array[0].columns == f->width;
}

const sl_baseline sl_baseline_median = {
    .name = "median",
    .summary = "always the median of the targets: the constant of the least mean absolute error",
    .source = "-",
    .of_numbers = true,
    .fit = median_fit,
    .predict = median_predict,
    .sound = median_sound,
};
