/* naive_bayes: of texts, how much more often a feature stands in texts of one class than of another; each
 * counts once a text (binarised multinomial naive Bayes, one added to each count). */
#include "baseline/baseline.h"

#include <stdio.h>

#include "kernel/math.h"

#define NAIVE_BAYES_MOST 1.6e7 /* numbers that are kept */

/* The different features of list i, in their order there, into id; returns how many. seen [features] has
 * whose list each stood in last, numbered from 1. */
static size_t naive_bayes_once(const sl_bags *lists, size_t i, size_t *seen, size_t number, int *id)
{
    size_t count = 0;
    for (size_t k = lists->offsets[i]; k < lists->offsets[i + 1]; k++) {
        const int feature = lists->ids[k];
        if (seen[feature] == number)
            continue;
        seen[feature] = number;
        id[count++] = feature;
    }
    return count;
}

/* counts [classes, features] += the rows of each class that have a feature; rows [classes]. */
static sl_status naive_bayes_count(const sl_baseline_job *job, size_t features, double *counts, double *rows)
{
    sl_ctx *ctx = job->ctx;
    const size_t all = job->data->rows;
    sl_ragged *lists = sl_ragged_new(ctx, sl_views_count(job->views));
    size_t *seen = sl_alloc_array(ctx, features, sizeof *seen);
    size_t *own = sl_alloc_array(ctx, SL_BASELINE_TEXTS, sizeof *own);
    sl_real *y = sl_alloc_array(ctx, SL_BASELINE_TEXTS, sizeof *y);
    int *id = sl_alloc_array(ctx, features, sizeof *id);
    for (size_t first = 0; !ctx->status && first < all; first += SL_BASELINE_TEXTS) {
        const size_t piece = all - first < SL_BASELINE_TEXTS ? all - first : SL_BASELINE_TEXTS;
        for (size_t i = 0; i < piece; i++)
            own[i] = first + i;
        if (sl_views_gather(ctx, job->views, job->data, own, piece, lists) ||
            sl_data_gather(ctx, job->data, own, piece, NULL, NULL, y))
            break;
        for (size_t i = 0; i < piece; i++) {
            double *count = counts + (size_t)y[i] * features;
            const size_t once = naive_bayes_once(&lists->view[0], i, seen, first + i + 1, id);
            for (size_t k = 0; k < once; k++)
                count[id[k]]++;
            rows[(size_t)y[i]]++;
        }
    }
    sl_ragged_free(lists);
    sl_free(ctx, seen);
    sl_free(ctx, own);
    sl_free(ctx, y);
    sl_free(ctx, id);
    return ctx->status;
}

/* In place: counts become logarithms of shares. Of two classes the first one's become the second's less the
 * first's. */
static void naive_bayes_logs(double *counts, size_t classes, size_t features)
{
    for (size_t c = 0; c < classes; c++) {
        double *count = counts + c * features, sum = (double)features;
        for (size_t j = 0; j < features; j++)
            sum += count[j];
        const double all = sl_log_d(sum);
        for (size_t j = 0; j < features; j++)
            count[j] = sl_log_d(count[j] + 1) - all;
    }
    for (size_t j = 0; classes == 2 && j < features; j++)
        counts[j] = counts[features + j] - counts[j];
}

static sl_status naive_bayes_fit(sl_fitted *f, const sl_baseline_job *job)
{
    sl_ctx *ctx = job->ctx;
    const size_t features = job->views ? sl_views_size(job->views, 0) : 0, classes = (size_t)f->classes;
    char number[32];
    if (!f->classes)
        snprintf(f->why, sizeof f->why, "it tells classes apart, and the targets are numbers");
    else if (!features)
        snprintf(f->why, sizeof f->why, "there are no texts");
    else if ((double)features * (double)classes > NAIVE_BAYES_MOST)
        snprintf(f->why, sizeof f->why, "%s features of texts are too many for %zu classes",
                 sl_count_text(number, features), classes);
    if (*f->why)
        return SL_OK;
    const size_t outputs = classes == 2 ? 1 : classes;
    double *prior = sl_fitted_add(ctx, f, 0, "naive_bayes.prior", 1, classes);
    double *scores = sl_fitted_add(ctx, f, 1, "naive_bayes.scores", outputs, features);
    double *counts = sl_alloc_array(ctx, classes * features, sizeof *counts);
    if (!ctx->status && !naive_bayes_count(job, features, counts, prior)) {
        naive_bayes_logs(counts, classes, features);
        for (size_t c = 0; c < classes; c++)
            prior[c] = sl_log_d((prior[c] + 1) / ((double)job->data->rows + (double)classes));
        for (size_t j = 0; j < outputs * features; j++)
            scores[j] = (double)(float)counts[j]; /* what the file will hold */
    }
    f->array[1].single = true;
    sl_free(ctx, counts);
    snprintf(f->text, sizeof f->text, "naive Bayes, %s features of texts", sl_count_text(number, features));
    return ctx->status;
}

/* z [classes] of the features id[0..count). */
static void naive_bayes_row(const sl_fitted *f, const int *id, size_t count, double *z)
{
    const size_t features = f->array[1].columns, classes = (size_t)f->classes;
    const double *prior = f->array[0].v, *scores = f->array[1].v;
    for (size_t c = 0; c < classes; c++)
        z[c] = prior[c];
    for (size_t k = 0; k < count; k++)
        for (size_t c = 0; c < f->array[1].rows; c++)
            z[classes == 2 ? 1 : c] += scores[c * features + (size_t)id[k]];
}

static sl_status naive_bayes_predict(sl_ctx *ctx, const sl_fitted *f, const sl_bags *lists, sl_real *to)
{
    const size_t features = f->array[1].columns, classes = (size_t)f->classes;
    size_t *seen = sl_alloc_array(ctx, features, sizeof *seen);
    int *id = sl_alloc_array(ctx, features, sizeof *id);
    double *z = sl_alloc_array(ctx, classes, sizeof *z);
    for (size_t i = 0; !ctx->status && i < (size_t)lists->count; i++) {
        naive_bayes_row(f, id, naive_bayes_once(lists, i, seen, i + 1, id), z);
        double most = z[0], sum = 0;
        for (size_t c = 1; c < classes; c++)
            most = z[c] > most ? z[c] : most;
        for (size_t c = 0; c < classes; c++)
            sum += z[c] = sl_exp_d(z[c] - most);
        for (size_t c = 0; c < classes; c++)
            to[i * classes + c] = (sl_real)(z[c] / sum);
    }
    sl_free(ctx, seen);
    sl_free(ctx, id);
    sl_free(ctx, z);
    return ctx->status;
}

static bool naive_bayes_sound(const sl_fitted *f)
{
    const sl_fitted_array *prior = &f->array[0], *scores = &f->array[1];
    return f->classes && prior->v && scores->v && prior->rows == 1 && prior->columns == (size_t)f->classes &&
           scores->columns > 0 && scores->rows == (f->classes == 2 ? 1 : (size_t)f->classes);
}

const sl_baseline sl_baseline_naive_bayes = {
    .name = "naive_bayes",
    .summary = "of texts: the class whose texts have such features most often (naive Bayes)",
    .source = "Maron 1961; Wang, Manning, ACL 2012",
    .of_classes = true,
    .of_numbers = true, /* which it says it cannot do */
    .of_texts = true,
    .fit = naive_bayes_fit,
    .predict_texts = naive_bayes_predict,
    .sound = naive_bayes_sound,
};
