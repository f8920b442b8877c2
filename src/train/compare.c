/* compare.c - a model beside its baselines, on the same rows, with intervals. */
#include "baseline/baseline.h"
#include "train/average.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Of each row: 1 or 0 for right or wrong, or the squared error, the mean over targets; the size of the error,
 * likewise. */
static void compare_row(const sl_baselines *b, const sl_real *answer, size_t width, const sl_real *target,
                        double *figure, double *absolute)
{
    *figure = *absolute = 0;
    if (b->classes) {
        size_t best = 0;
        for (size_t c = 1; c < width; c++)
            best = answer[c] > answer[best] ? c : best;
        *figure = best == (size_t)target[0];
        return;
    }
    for (size_t j = 0; j < b->outputs; j++) {
        const double off = (double)answer[j] - (double)target[j];
        *figure += off * off / (double)b->outputs;
        *absolute += fabs(off) / (double)b->outputs;
    }
}

typedef struct {
    sl_baselines *b;
    sl_ctx *ctx;
    const sl_several *several;
    const sl_data *data; /* of the first model */
    sl_measured model;
    size_t *rows; /* 0, 1, ... */
    bool light;   /* neither the model nor intervals: nothing that takes time */
} compare_job;

/* For numbers of one target: it and its square, from their mean, for r2. */
static void compare_targets(const compare_job *job, const size_t *rows, size_t count, size_t wide, double *v)
{
    double mean = 0;
    for (size_t i = 0; i < count; i++)
        mean += (double)job->model.targets[rows[i]];
    mean /= (double)count;
    for (size_t i = 0; i < count; i++) {
        const double off = (double)job->model.targets[rows[i]] - mean;
        v[i * wide] = off;
        v[i * wide + 1] = off * off;
    }
}

static double compare_figure(const sl_baselines *b, double mean)
{
    return b->classes ? mean : sqrt(mean);
}

static double compare_r2(double squared, double off, double square)
{
    const double variance = square - off * off;
    return variance > 0 ? 1 - squared / variance : NAN;
}

/* Figures and intervals of the table's rows list[0..count), whose per-row figures are v's first columns; v
 * [rows, count + 2]. means: [resamples, count + 2]. */
static sl_status compare_intervals(compare_job *job, const int *list, size_t count, const double *v,
                                   size_t rows, size_t resamples)
{
    sl_baselines *b = job->b;
    const size_t wide = count + 2;
    const bool numbers = !b->classes && b->outputs == 1;
    double *means = sl_alloc_array(job->ctx, resamples * sizeof *means, wide);
    double *values = sl_alloc_array(job->ctx, resamples, sizeof *values);
    if (!job->ctx->status && !sl_bootstrap(job->ctx, b->seed, v, rows, wide, resamples, means))
        for (size_t k = 0; k < count; k++) {
            sl_baseline_row *row = &b->row[list[k]];
            for (size_t i = 0; i < resamples; i++)
                values[i] = compare_figure(b, means[i * wide + k]);
            sl_bootstrap_interval(values, resamples, &row->low, &row->high);
            for (size_t i = 0; i < resamples && numbers; i++)
                values[i] =
                    compare_r2(means[i * wide + k], means[i * wide + count], means[i * wide + count + 1]);
            if (numbers)
                sl_bootstrap_interval(values, resamples, &row->r2_low, &row->r2_high);
            if (list[0] != 0 || !b->against || list[k] != b->against)
                continue;
            b->difference.known = true;
            for (size_t i = 0; i < resamples; i++)
                values[i] = compare_figure(b, means[i * wide]) - compare_figure(b, means[i * wide + k]);
            sl_bootstrap_interval(values, resamples, &b->difference.low, &b->difference.high);
        }
    sl_free(job->ctx, means);
    sl_free(job->ctx, values);
    return job->ctx->status;
}

/* The answers of the table's row `at` to rows[0..count): its figures, and column k of v. */
static sl_status compare_take(compare_job *job, int at, const size_t *rows, size_t count, size_t k,
                              size_t wide, double *v)
{
    sl_baselines *b = job->b;
    const size_t width = at ? b->fitted[at - 1].width : (size_t)b->model_width;
    sl_real *answers = at ? sl_alloc_array(job->ctx, count * sizeof *answers, width) : job->model.predictions;
    double figures = 0, absolutes = 0;
    if (!answers || (at && sl_baselines_predict(b, job->ctx, at - 1, job->data, rows, count, answers)))
        count = 0;
    for (size_t i = 0; i < count; i++) {
        double absolute;
        compare_row(b, answers + i * width, width, job->model.targets + rows[i] * b->outputs,
                    &v[i * wide + k], &absolute);
        figures += v[i * wide + k];
        absolutes += absolute;
    }
    if (at)
        sl_free(job->ctx, answers);
    if (job->ctx->status)
        return job->ctx->status;
    sl_baseline_row *row = &b->row[at];
    row->rows = count;
    row->figure = compare_figure(b, figures / (double)count);
    if (b->classes)
        return SL_OK;
    double off = 0, square = 0; /* r2 of several targets is not taken here */
    for (size_t i = 0; i < count && b->outputs == 1; i++) {
        off += v[i * wide + wide - 2];
        square += v[i * wide + wide - 1];
    }
    row->mae = absolutes / (double)count;
    row->r2 = compare_r2(figures / (double)count, off / (double)count, square / (double)count);
    return SL_OK;
}

/* What the model is compared with: the linear model, or of texts naive Bayes where that is better. */
static int compare_against(const sl_baselines *b, const int *list, size_t count)
{
    int best = 0;
    for (size_t k = 1; k < count; k++) {
        const sl_baseline_row *row = &b->row[list[k]];
        if (strcmp(row->name, "linear") != 0 && strcmp(row->name, "naive_bayes") != 0)
            continue;
        if (!best || (b->classes ? row->figure > b->row[best].figure : row->figure < b->row[best].figure))
            best = list[k];
    }
    return best;
}

/* The rows of the table that are measured on these rows of data, all at once: the same rows are drawn. */
static sl_status compare_together(compare_job *job, const int *list, size_t count, const size_t *rows,
                                  size_t shown)
{
    const size_t wide = count + 2;
    double *v = sl_alloc_array(job->ctx, shown * sizeof *v, wide);
    if (v && !job->b->classes && job->b->outputs == 1)
        compare_targets(job, rows, shown, wide, v + count);
    for (size_t k = 0; k < count && !job->ctx->status; k++)
        compare_take(job, list[k], rows, shown, k, wide, v);
    if (list[0] == 0)
        job->b->against = compare_against(job->b, list, count);
    if (!job->ctx->status && !job->light)
        compare_intervals(job, list, count, v, shown, sl_bootstrap_resamples(shown));
    sl_free(job->ctx, v);
    return job->ctx->status;
}

/* About four figures, enough for a sentence. */
static char *compare_text(char text[32], double value)
{
    double scale = 1;
    while (fabs(value) * scale < 1000 && scale < 1e12)
        scale *= 10;
    const double whole = floor(fabs(value) * scale + 0.5) / scale;
    return sl_number_text(text, value < 0 && whole > 0 ? -whole : whole);
}

/* net: what the model is called */
static void compare_say(sl_baselines *b, const char *net)
{
    sl_baseline_difference *d = &b->difference;
    const char *figure = b->classes ? "accuracy" : "rmse";
    char value[32], low[32], high[32];
    if (!d->known || !b->against)
        return;
    d->against = b->row[b->against].name;
    const bool linear = strcmp(d->against, "linear") == 0;
    d->resamples = b->resamples;
    d->value = b->row[0].figure - b->row[b->against].figure;
    d->better = b->classes ? d->low > 0 : d->high < 0;
    compare_text(value, d->value);
    compare_text(low, d->low);
    compare_text(high, d->high);
    if (d->better)
        snprintf(b->verdict, sizeof b->verdict,
                 "%s is better than %s on these rows: its %s is %s by %s (95 %%: %s to %s)", net,
                 linear ? "the linear model" : "naive Bayes", figure, b->classes ? "higher" : "lower",
                 b->classes ? value : value + (*value == '-'), b->classes ? low : high + (*high == '-'),
                 b->classes ? high : low + (*low == '-'));
    else
        snprintf(b->verdict, sizeof b->verdict,
                 "%s is not better than %s on these rows: net less %s is %s in %s (95 %%: %s to %s): %s", net,
                 linear ? "the linear model" : "naive Bayes", linear ? "linear" : "naive Bayes", value,
                 figure, low, high,
                 linear ? "take the linear model (--net linear), or give the net more rows, epochs or units"
                        : "give the net more rows or epochs, or the texts other features (--text)");
}

/* What the most frequent class or the mean of these rows gets: all that can be said without the rows that
 * were fitted. */
static sl_status compare_always(compare_job *job)
{
    sl_baselines *b = job->b;
    sl_baselines *own = sl_baselines_make(job->ctx, job->data, b->design.table, b->classes, NULL);
    for (int i = 0, k = 0; own && k < own->count && i < b->count; i++) {
        sl_fitted *f = &b->fitted[i], *from = &own->fitted[k];
        if (f->kind != from->kind)
            continue;
        k++;
        if (!f->kind->of_inputs && !*from->why) {
            *f = *from;
            f->design = &b->design;
            memset(from->array, 0, sizeof from->array);
            const size_t length = strlen(f->text);
            snprintf(f->text + length, sizeof f->text - length, " here");
        }
    }
    sl_baselines_free(own);
    return job->ctx->status;
}

static sl_status compare_check(compare_job *job, const sl_model *model)
{
    const sl_baselines *b = job->b;
    const sl_data *data = job->data;
    if (b->classes != sl_model_kinds(model))
        return sl_fail(job->ctx, SL_EINVAL,
                       "the baselines are of %d classes, the model tells %d apart: they "
                       "belong to another run",
                       b->classes, sl_model_kinds(model));
    const sl_preparation how = sl_design_preparation(&b->design);
    const size_t features = sl_prepared_features(&how, data);
    if (data->outputs != b->outputs || (b->features && features != b->features))
        return sl_fail(job->ctx, SL_ESHAPE,
                       "the baselines were fitted to %zu inputs and %zu targets a row, the "
                       "data has %zu and %zu",
                       b->features, b->outputs, features, data->outputs);
    return SL_OK;
}

static sl_status compare_all(compare_job *job, const sl_model *model)
{
    sl_baselines *b = job->b;
    sl_ctx *ctx = job->ctx;
    const size_t rows = job->data->rows;
    int list[SL_BASELINES_MOST + 1] = { 0 };
    size_t together = 1;
    b->measured = 1 + b->count;
    b->model_width = sl_prediction_width(model);
    b->resamples = job->light ? 0 : sl_bootstrap_resamples(rows);
    for (int i = 0; i < b->measured; i++) {
        const sl_fitted *f = i ? &b->fitted[i - 1] : NULL;
        b->row[i] = (sl_baseline_row){ .name = f ? f->kind->name : "model",
                                       .text = f                         ? f->text
                                               : job->several->count > 1 ? "their average"
                                                                         : "this model",
                                       .why = f && *f->why ? f->why : NULL,
                                       .figure = NAN,
                                       .low = NAN,
                                       .high = NAN,
                                       .mae = NAN,
                                       .r2 = NAN,
                                       .r2_low = NAN,
                                       .r2_high = NAN };
        const size_t most = f && !*f->why && f->kind->most ? f->kind->most(f, rows) : rows;
        if (!i || *f->why)
            continue;
        if (most >= rows) {
            list[together++] = i;
            continue;
        }
        size_t *own = sl_alloc_array(ctx, most, sizeof *own);
        if (!own)
            return ctx->status;
        sl_baseline_sample(b->seed, SL_SAMPLE_SHOWN, rows, most, own);
        compare_together(job, &i, 1, own, most);
        sl_free(ctx, own);
        if (ctx->status)
            return ctx->status;
    }
    if (!compare_together(job, list + job->light, together - job->light, job->rows, rows))
        compare_say(b, job->several->count > 1 ? "the average of the nets" : "the net");
    return ctx->status;
}

/* Targets, and unless light the model's answers to all rows. */
static sl_status compare_model(compare_job *job, const sl_model *model)
{
    sl_ctx *ctx = job->ctx;
    const sl_data *data = job->data;
    job->rows = sl_alloc_array(ctx, data->rows, sizeof *job->rows);
    for (size_t i = 0; job->rows && i < data->rows; i++)
        job->rows[i] = i;
    if (job->light) {
        job->model.targets = sl_alloc_array(ctx, data->rows, data->outputs * sizeof *job->model.targets);
        if (!ctx->status)
            sl_data_gather(ctx, data, job->rows, data->rows, NULL, NULL, job->model.targets);
        return ctx->status;
    }
    if (!ctx->status && model->views && data->ctx == ctx) /* they are read several times */
        sl_views_encode(ctx, model->views, data);
    if (!ctx->status && !sl_measured_open(&job->model, ctx, model, data, data->rows))
        sl_several_measure(ctx, job->several, &job->model, NULL);
    return ctx->status;
}

static sl_status compare_run(sl_baselines *b, const sl_several *several, bool light)
{
    sl_ctx *ctx = b->ctx;
    const sl_model *model = several->models[0];
    compare_job job = { .b = b, .ctx = ctx, .several = several, .data = several->data[0], .light = light };
    b->design.table = model->columns;
    b->views = model->views;
    b->against = 0;
    b->difference = (sl_baseline_difference){ 0 };
    b->verdict[0] = 0;
    b->measured = 0;
    if (!b->rows && !b->outputs) {
        b->outputs = job.data->outputs;
        compare_always(&job);
    }
    if (!ctx->status && !compare_check(&job, model) && !compare_model(&job, model))
        compare_all(&job, model);
    sl_baselines_tell(b, job.data->rows);
    sl_measured_close(&job.model, ctx);
    sl_free(ctx, job.rows);
    if (ctx->status)
        b->measured = 0;
    return ctx->status;
}

/* Intervals want a dozen numbers a row: of very many rows some stand for all, and do no worse. */
static sl_status compare_some(sl_baselines *b, const sl_several *several, bool light)
{
    enum { MOST = 1 << 17 };
    sl_ctx *ctx = b->ctx;
    const size_t rows = several->data[0]->rows, count = (size_t)several->count;
    if (rows <= MOST)
        return compare_run(b, several, light);
    sl_data **some = sl_alloc_array(ctx, count, sizeof *some);
    const sl_data **data = sl_alloc_array(ctx, count, sizeof *data);
    bool drawn = some && data;
    for (size_t i = 0; drawn && i < count; i++) {
        data[i] = some[i] = sl_data_some(several->data[i], MOST);
        drawn = some[i] != NULL;
        if (!drawn && !ctx->status)
            sl_fail(ctx, sl_error(several->data[i]->ctx), "%s", sl_message(several->data[i]->ctx));
    }
    if (drawn) {
        sl_several own = *several;
        own.data = data;
        sl_log(ctx, "baselines   beside the model on %zu of %zu rows, drawn by the seed", some[0]->rows,
               rows);
        compare_run(b, &own, light);
    }
    for (size_t i = 0; some && i < count; i++)
        sl_data_free(some[i]);
    sl_free(ctx, some);
    sl_free(ctx, data);
    return ctx->status;
}

sl_status sl_baselines_measure(sl_baselines *b, const sl_model *model, const sl_data *data)
{
    if (!b)
        return SL_EINVAL;
    sl_ctx *ctx = b->ctx;
    if (ctx->status)
        return ctx->status;
    if (!model || !data || !model->built || !model->loss)
        return sl_fail(ctx, SL_EINVAL, "sl_baselines_measure: wants a trained model, and data");
    if (sl_check_inputs(ctx, model, data, "the data") || sl_check_targets(ctx, model, data, "the data"))
        return ctx->status;
    return compare_some(b, &(sl_several){ .models = &model, .data = &data, .count = 1 }, false);
}

sl_status sl_baselines_measure_several(sl_baselines *b, const sl_several *several)
{
    if (!b)
        return SL_EINVAL;
    if (sl_several_check(b->ctx, several, "sl_baselines_measure_several", true))
        return sl_error(b->ctx);
    return compare_some(b, several, false);
}

sl_status sl_baselines_glance(sl_baselines *b, const sl_model *model, const sl_data *data)
{
    return compare_some(b, &(sl_several){ .models = &model, .data = &data, .count = 1 }, true);
}
