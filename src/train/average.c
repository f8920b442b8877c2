/* average.c - see average.h */
#include "train/average.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { AVERAGE_PIECE = 4096, AVERAGE_SHOWN = 5 };

typedef char average_name[128];
static const char *average_call(average_name name, const sl_several *s, int i)
{
    if (s->names)
        snprintf(name, sizeof(average_name), "%s", s->names[i]);
    else
        snprintf(name, sizeof(average_name), "model %d", i + 1);
    return name;
}

static const char *average_class(char number[32], const sl_model *model, int c)
{
    if (c < model->classes)
        return model->class_names[c];
    snprintf(number, 32, "%d", c);
    return number;
}

/* The class of the first model that is class c of model i; -1: it has none. Most stand in the same place. */
static int average_find(const sl_several *s, int i, int c)
{
    char number[32], other[32];
    const char *name = average_class(number, s->models[i], c);
    const int kinds = sl_model_kinds(s->models[0]);
    if (c < kinds && !strcmp(average_class(other, s->models[0], c), name))
        return c;
    for (int k = 0; k < kinds; k++)
        if (!strcmp(average_class(other, s->models[0], k), name))
            return k;
    return -1;
}

static void average_put_classes(sl_text *text, const sl_model *model)
{
    const int kinds = sl_model_kinds(model);
    char number[32];
    for (int c = 0; c < kinds && c < AVERAGE_SHOWN; c++)
        sl_text_add(text, "%s'%.40s'", c ? ", " : "", average_class(number, model, c));
    if (kinds > AVERAGE_SHOWN)
        sl_text_add(text, " and %d more", kinds - AVERAGE_SHOWN);
}

static sl_status average_other_classes(sl_ctx *ctx, const sl_several *s, int i)
{
    average_name first, name;
    sl_text own, other;
    sl_text_init(&own, ctx);
    sl_text_init(&other, ctx);
    average_put_classes(&own, s->models[0]);
    average_put_classes(&other, s->models[i]);
    sl_fail(
        ctx, SL_EINVAL, "%s and %s tell other classes apart, so their answers have no average: %s, and %s",
        average_call(first, s, 0), average_call(name, s, i), sl_text_string(&own), sl_text_string(&other));
    sl_text_free(&own);
    sl_text_free(&other);
    return ctx->status;
}

/* Does model i answer what the first one answers? */
static sl_status average_alike(sl_ctx *ctx, const sl_several *s, int i)
{
    const sl_model *first = s->models[0], *model = s->models[i];
    const int kinds = sl_model_kinds(model), wanted = sl_model_kinds(first);
    average_name name, other;
    if (!kinds != !wanted)
        return sl_fail(ctx, SL_EINVAL,
                       "%s tells classes apart, and the answers of %s are numbers: they have no "
                       "average",
                       average_call(name, s, kinds ? i : 0), average_call(other, s, kinds ? 0 : i));
    if (sl_loss_has_bounds(model->loss))
        return sl_fail(
            ctx, SL_EINVAL,
            "%s answers with intervals, whose coverage an average would not keep: wants models that "
            "were trained without",
            average_call(name, s, i));
    if (!kinds && sl_prediction_width(model) != sl_prediction_width(first))
        return sl_fail(ctx, SL_ESHAPE, "%s answers with %d numbers a row, %s with %d: they have no average",
                       average_call(name, s, 0), sl_prediction_width(first), average_call(other, s, i),
                       sl_prediction_width(model));
    for (int c = 0; c < kinds; c++)
        if (kinds != wanted || average_find(s, i, c) < 0)
            return average_other_classes(ctx, s, i);
    return SL_OK;
}

sl_status sl_several_alike(sl_ctx *ctx, const sl_several *s)
{
    if (!ctx || ctx->status)
        return sl_error(ctx);
    if (!s || s->count < 1 || !s->models)
        return sl_fail(ctx, SL_EINVAL, "an average wants at least one model");
    for (int i = 0; i < s->count; i++) {
        average_name name;
        if (!s->models[i] || !s->models[i]->built || !s->models[i]->loss)
            return sl_fail(ctx, SL_EINVAL, "%s is not trained: call sl_compile and sl_fit, or load one",
                           average_call(name, s, i));
        if (s->count > 1 && average_alike(ctx, s, i))
            return ctx->status;
    }
    return SL_OK;
}

sl_status sl_several_check(sl_ctx *ctx, const sl_several *s, const char *what, bool targets)
{
    if (sl_several_alike(ctx, s))
        return sl_error(ctx);
    for (int i = 0; i < s->count; i++) {
        average_name name, first;
        if (!s->data || !s->data[i])
            return sl_fail(ctx, SL_EINVAL, "%s: wants data for each model: there are none for %s", what,
                           average_call(name, s, i));
        if (sl_check_inputs(ctx, s->models[i], s->data[i], "the data") ||
            (targets && sl_check_targets(ctx, s->models[i], s->data[i], "the data")))
            return ctx->status;
        if (s->data[i]->rows != s->data[0]->rows || (targets && s->data[i]->outputs != s->data[0]->outputs))
            return sl_fail(ctx, SL_ESHAPE,
                           "the data for %s are %zu rows, those for %s are %zu: wants the same rows for each "
                           "model (of parts that runs cut off: with the same seed)",
                           average_call(first, s, 0), s->data[0]->rows, average_call(name, s, i),
                           s->data[i]->rows);
    }
    return SL_OK;
}

typedef struct { /* memory for a piece */
    sl_ctx *ctx;
    const sl_several *several;
    size_t width;
    int *map;                       /* [count, width]: where a number of model i belongs */
    double *sum;                    /* [AVERAGE_PIECE, width] */
    size_t *places, *others, *rows; /* [AVERAGE_PIECE] */
    sl_real *y;                     /* [AVERAGE_PIECE, outputs] */
} average_job;

static sl_status average_open(average_job *job, sl_ctx *ctx, const sl_several *s)
{
    const size_t width = (size_t)sl_prediction_width(s->models[0]);
    const size_t outputs = s->data[0]->outputs ? s->data[0]->outputs : 1;
    *job = (average_job){ .ctx = ctx, .several = s, .width = width };
    job->map = sl_alloc_array(ctx, (size_t)s->count * width, sizeof *job->map);
    job->sum = sl_alloc_array(ctx, AVERAGE_PIECE * width, sizeof *job->sum);
    job->places = sl_alloc_array(ctx, AVERAGE_PIECE, sizeof *job->places);
    job->others = sl_alloc_array(ctx, AVERAGE_PIECE, sizeof *job->others);
    job->rows = sl_alloc_array(ctx, AVERAGE_PIECE, sizeof *job->rows);
    job->y = sl_alloc_array(ctx, AVERAGE_PIECE * outputs, sizeof *job->y);
    for (int i = 0; !ctx->status && i < s->count; i++)
        for (size_t c = 0; c < width; c++)
            job->map[(size_t)i * width + c] =
                sl_model_kinds(s->models[0]) ? average_find(s, i, (int)c) : (int)c;
    return ctx->status;
}

static void average_close(average_job *job)
{
    sl_free(job->ctx, job->map);
    sl_free(job->ctx, job->sum);
    sl_free(job->ctx, job->places);
    sl_free(job->ctx, job->others);
    sl_free(job->ctx, job->rows);
    sl_free(job->ctx, job->y);
}

/* Row by row, the data of model i come from the same places as those of the first. */
static sl_status average_same_rows(const average_job *job, int i, size_t first, size_t count)
{
    const sl_several *s = job->several;
    average_name name, other;
    sl_data_places(s->data[0], NULL, first, count, job->places);
    sl_data_places(s->data[i], NULL, first, count, job->others);
    for (size_t k = 0; k < count; k++)
        if (job->places[k] != job->others[k])
            return sl_fail(job->ctx, SL_EINVAL,
                           "row %zu of the data for %s is row %zu of where they come from, for %s it is row "
                           "%zu: wants the same rows for each model (of parts that runs cut off: with the "
                           "same seed)",
                           first + k, average_call(name, s, 0), job->places[k], average_call(other, s, i),
                           job->others[k]);
    return SL_OK;
}

/* Their targets too. y [count, outputs]: those of the first. */
static sl_status average_same_targets(const average_job *job, int i, size_t first, size_t count,
                                      const sl_real *y)
{
    const sl_several *s = job->several;
    const sl_data *data = s->data[i];
    const bool kinds = sl_model_kinds(s->models[0]) > 0;
    average_name name, other;
    for (size_t k = 0; k < count; k++)
        job->rows[k] = first + k;
    if (sl_data_gather(job->ctx, data, job->rows, count, NULL, NULL, job->y))
        return job->ctx->status;
    for (size_t k = 0; k < count * data->outputs; k++) {
        const sl_real own = kinds && data->outputs == 1
                                ? (sl_real)job->map[(size_t)i * job->width + (size_t)job->y[k]]
                                : job->y[k];
        if (own != y[k])
            return sl_fail(job->ctx, SL_EINVAL,
                           "row %zu has another target in the data for %s than in those for %s: wants the "
                           "same rows for each model",
                           first + k / data->outputs, average_call(name, s, 0), average_call(other, s, i));
    }
    return SL_OK;
}

/* What the models get alone: right answers, or squared errors. p, y: of `count` rows. */
static double average_alone(const average_job *job, int i, const sl_real *p, const sl_real *y, size_t count)
{
    const size_t width = job->width;
    const bool kinds = sl_model_kinds(job->several->models[0]) > 0;
    double sum = 0;
    for (size_t k = 0; k < count; k++, p += width) {
        size_t best = 0;
        for (size_t c = 0; c < width; c++) {
            const double off = kinds ? 0 : (double)p[c] - (double)y[k * width + c];
            best = p[c] > p[best] ? c : best;
            sum += off * off / (double)width;
        }
        sum += kinds && (sl_real)job->map[(size_t)i * width + best] == y[k];
    }
    return sum;
}

/* to [count, width] = the means. y, alone: as in sl_several_measure, or NULL. */
static sl_status average_piece(average_job *job, size_t first, size_t count, const sl_real *y, double *alone,
                               sl_real *to)
{
    const sl_several *s = job->several;
    const size_t width = job->width;
    const bool kinds = sl_model_kinds(s->models[0]) > 0;
    memset(job->sum, 0, count * width * sizeof *job->sum);
    for (int i = 0; i < s->count; i++) {
        if (average_same_rows(job, i, first, count) ||
            (y && i && average_same_targets(job, i, first, count, y)))
            return job->ctx->status;
        sl_tensor *answers = sl_predict_data(job->ctx, s->models[i], s->data[i], first, count);
        if (!answers)
            return job->ctx->status;
        bool sound = true;
        for (size_t k = 0; k < count * width; k++) {
            const sl_real p = answers->v[k];
            sound = sound && (!kinds || (p >= 0 && p <= 1));
            job->sum[k - k % width + (size_t)job->map[(size_t)i * width + k % width]] += (double)p;
        }
        if (alone)
            alone[i] += average_alone(job, i, answers->v, y, count);
        sl_tensor_free(answers);
        average_name name;
        if (!sound)
            return sl_fail(job->ctx, SL_EINVAL,
                           "the answers of %s are no probabilities: they are not all from 0 to 1",
                           average_call(name, s, i));
    }
    for (size_t k = 0; k < count * width; k++)
        to[k] = (sl_real)(job->sum[k] / (double)s->count);
    return SL_OK;
}

sl_tensor *sl_predict_several(sl_ctx *ctx, const sl_several *s, size_t first, size_t rows)
{
    if (sl_several_check(ctx, s, "sl_predict_several", false))
        return NULL;
    if (s->count == 1)
        return sl_predict_data(ctx, s->models[0], s->data[0], first, rows);
    if (first > s->data[0]->rows || rows > s->data[0]->rows - first || rows > 1u << 30) {
        sl_fail(ctx, SL_EINVAL, "sl_predict_several: rows %zu to %zu: there are %zu", first, first + rows,
                s->data[0]->rows);
        return NULL;
    }
    average_job job;
    average_open(&job, ctx, s);
    sl_tensor *answers = sl_tensor_new(ctx, sl_dims((int)rows, (int)job.width), NULL);
    for (size_t done = 0; !ctx->status && done < rows; done += AVERAGE_PIECE) {
        const size_t piece = rows - done < AVERAGE_PIECE ? rows - done : AVERAGE_PIECE;
        average_piece(&job, first + done, piece, NULL, NULL, answers->v + done * job.width);
    }
    average_close(&job);
    if (!ctx->status)
        return answers;
    sl_tensor_free(answers);
    return NULL;
}

/* Targets and the matrix of a piece whose predictions stand in m. */
static void average_confuse(const average_job *job, size_t first, size_t count, sl_measured *m)
{
    const size_t width = job->width;
    for (size_t k = first; k < first + count; k++) {
        const sl_real *p = m->predictions + k * width;
        size_t best = 0;
        for (size_t c = 1; c < width; c++)
            best = p[c] > p[best] ? c : best;
        m->confusion[(size_t)m->targets[k] * width + best]++;
        m->right += (size_t)m->targets[k] == best;
    }
}

static sl_status average_one(sl_ctx *ctx, const sl_several *s, sl_measured *m)
{
    sl_reader reader = { 0 };
    if (!sl_reader_open(&reader, ctx, s->models[0], s->data[0]))
        sl_measure(&reader, s->data[0], NULL, s->data[0]->rows, m);
    sl_reader_close(&reader);
    return ctx->status;
}

sl_status sl_several_measure(sl_ctx *ctx, const sl_several *s, sl_measured *m, double *alone)
{
    const sl_data *data = s->data[0];
    if (s->count == 1)
        return average_one(ctx, s, m);
    average_job job;
    average_open(&job, ctx, s);
    for (size_t first = 0; !ctx->status && first < data->rows; first += AVERAGE_PIECE) {
        const size_t piece = data->rows - first < AVERAGE_PIECE ? data->rows - first : AVERAGE_PIECE;
        sl_real *y = m->targets + first * data->outputs;
        for (size_t k = 0; k < piece; k++)
            job.rows[k] = first + k;
        if (!sl_data_gather(ctx, data, job.rows, piece, NULL, NULL, y) &&
            !average_piece(&job, first, piece, y, alone, m->predictions + first * job.width) &&
            sl_model_kinds(s->models[0]))
            average_confuse(&job, first, piece, m);
    }
    for (int i = 0; alone && i < s->count; i++)
        alone[i] /= (double)data->rows;
    m->rows = data->rows;
    m->loss = m->squared = NAN;
    average_close(&job);
    return ctx->status;
}

/* A row for each model behind that of the average: its accuracy or rmse. */
static void average_rows(sl_report *report, const sl_several *s, const double *alone)
{
    const bool kinds = sl_model_kinds(s->models[0]) > 0;
    const int at = sl_report_find(report, kinds ? "accuracy" : "rmse"), columns = report->columns;
    double *values = sl_alloc_array(report->ctx, (size_t)columns, sizeof *values);
    for (int i = 0; values && i < s->count && !report->ctx->status; i++) {
        for (int c = 0; c < columns; c++)
            values[c] = c != at ? NAN : kinds ? alone[i] : sqrt(alone[i]);
        sl_report_add_row(report, values);
    }
    sl_free(report->ctx, values);
}

sl_report *sl_evaluate_several(sl_ctx *ctx, const sl_several *s)
{
    if (sl_several_check(ctx, s, "sl_evaluate_several", true))
        return NULL;
    if (s->count == 1)
        return sl_evaluate(ctx, s->models[0], s->data[0]);
    double *alone = sl_alloc_array(ctx, (size_t)s->count, sizeof *alone);
    sl_report *report = NULL;
    sl_measured m = { 0 };
    if (alone && !sl_measured_open(&m, ctx, s->models[0], s->data[0], s->data[0]->rows) &&
        !sl_several_measure(ctx, s, &m, alone) && (report = sl_measured_report(ctx, s->models[0], &m)))
        average_rows(report, s, alone);
    sl_measured_close(&m, ctx);
    sl_free(ctx, alone);
    if (!ctx->status)
        return report;
    sl_report_free(report);
    return NULL;
}
