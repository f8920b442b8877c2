/* always: the most frequent class of the training rows with the frequencies as probabilities, or the mean of
 * the targets: the best that can be said without looking at the inputs. */
#include "baseline/baseline.h"

#include <stdio.h>

static sl_status always_fit(sl_fitted *f, const sl_baseline_job *job)
{
    double *v = sl_fitted_add(job->ctx, f, 0, "always.value", 1, f->width);
    sl_real *y = sl_alloc_array(job->ctx, f->outputs, sizeof *y);
    const size_t rows = job->data->rows;
    for (size_t i = 0; v && y && i < rows; i++) {
        sl_data_gather(NULL, job->data, &i, 1, NULL, NULL, y);
        for (size_t j = 0; j < f->outputs && !f->classes; j++)
            v[j] += (double)y[j];
        if (f->classes)
            v[(size_t)y[0]]++;
    }
    for (size_t j = 0; v && j < f->width; j++)
        v[j] /= (double)rows;
    sl_free(job->ctx, y);
    snprintf(f->text, sizeof f->text, f->classes ? "always the most frequent class" : "always the mean");
    return job->ctx->status;
}

sl_status sl_constant_predict(sl_ctx *ctx, const sl_fitted *f, const double *x, size_t count, sl_real *to)
{
    (void)ctx;
    (void)x;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < f->width; j++)
            to[i * f->width + j] = (sl_real)f->array[0].v[j];
    return SL_OK;
}

bool sl_constant_sound(const sl_fitted *f)
{
    return f->array[0].v && f->array[0].rows == 1 && f->array[0].columns == f->width;
}

const sl_baseline sl_baseline_always = {
    .name = "always",
    .summary = "always the most frequent class, or the mean of the targets",
    .source = "-",
    .of_classes = true,
    .of_numbers = true,
    .fit = always_fit,
    .predict = sl_constant_predict,
    .sound = sl_constant_sound,
};
