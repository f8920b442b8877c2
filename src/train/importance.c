/* importance.c - permutation importance: Breiman, Machine Learning 45, 2001; Fisher, Rudin, Dominici, JMLR
 * 20, 2019. Only what one input says is taken away; it keeps its distribution. */
#include "baseline/baseline.h"
#include "core/random.h"
#include "train/measure.h"

#include <math.h>
#include <string.h>

enum {
    IMPORTANCE_SHUFFLES = 5,
    IMPORTANCE_INPUTS = 1000,
    IMPORTANCE_LEAST = 500,
    IMPORTANCE_TEXT = 100 /* inputs: as much work as texts */
};
#define IMPORTANCE_WORK 4e6 /* rows through the net, in all */

/* The cells of these rows of a table. */
static sl_status importance_cells(sl_ctx *ctx, const sl_data *data, const size_t *order, size_t rows,
                                  double *cells)
{
    const int count = data->store->columns->cells;
    double *cell = sl_alloc_array(ctx, rows, sizeof *cell);
    for (int c = 0; cell && c < count && !sl_data_cells(data, c, order, rows, cell); c++)
        for (size_t i = 0; i < rows; i++)
            cells[i * (size_t)count + (size_t)c] = cell[i];
    sl_free(ctx, cell);
    return ctx->status;
}

/* The texts of rows order[0..rows) of `from`, one after the other. */
static sl_status importance_texts(sl_ctx *ctx, sl_store *to, const sl_data *from, const size_t *order,
                                  size_t rows)
{
    size_t bytes = 0, length;
    for (size_t i = 0; i < rows; i++) {
        sl_data_words(from, order[i], &length);
        bytes += length;
    }
    char *texts = sl_alloc(ctx, bytes + 1);
    size_t *offset = sl_alloc_array(ctx, rows + 1, sizeof *offset);
    for (size_t i = 0; !ctx->status && i < rows; i++) {
        const char *text = sl_data_words(from, order[i], &length);
        if (length)
            memcpy(texts + offset[i], text, length);
        offset[i + 1] = offset[i] + length;
    }
    sl_free(ctx, to->texts);
    sl_free(ctx, to->text_offset);
    to->texts = texts;
    to->text_offset = offset;
    if (to->encoded) /* of the texts that were here */
        to->encoded_free(ctx, to->encoded);
    to->encoded = NULL;
    return ctx->status;
}

/* A copy in memory, raw, so that a column can be changed. */
static sl_data *importance_copy(sl_ctx *ctx, const sl_data *data, size_t rows)
{
    const sl_columns *table = data->store->columns;
    const sl_data_plan plan = { .columns = table ? sl_columns_copy(ctx, table) : NULL,
                                .source = data->source,
                                .part = data->part,
                                .shape = data->shape,
                                .rows = rows,
                                .outputs = data->outputs };
    sl_data *copy = ctx->status ? NULL : sl_data_new(ctx, &plan);
    size_t *order = sl_alloc_array(ctx, rows, sizeof *order);
    if (copy && order) {
        sl_baseline_sample(ctx->options.seed, SL_SAMPLE_IMPORTANCE, data->rows, rows, order);
        if (table)
            importance_cells(ctx, data, order, rows, copy->store->cells);
        else
            sl_data_gather(ctx, data, order, rows, NULL, copy->store->reals, copy->store->targets);
        copy->classes = data->classes;
        if (!ctx->status && sl_data_has_words(data))
            importance_texts(ctx, copy->store, data, order, rows);
    }
    sl_free(ctx, order);
    if (!ctx->status)
        return copy;
    sl_data_free(copy);
    return NULL;
}

typedef struct {
    sl_ctx *ctx;
    const sl_model *model;
    sl_data *data;
    const sl_data *texts; /* another copy, whose texts stay; NULL: there are none */
    sl_reader reader;
    bool classes;
} importance_job;

static sl_status importance_figure(importance_job *job, double *figure)
{
    sl_measured m = { 0 };
    if (sl_measure(&job->reader, job->data, NULL, job->data->rows, &m))
        return job->ctx->status;
    *figure = job->classes ? (double)m.right / (double)m.rows : sqrt(m.squared);
    return SL_OK;
}

static double *importance_cell(const sl_data *data, size_t row, size_t input)
{
    const sl_columns *table = data->store->columns;
    const size_t cell = (size_t)table->column[sl_columns_input(table, (int)input)].cell;
    return data->store->cells + row * (size_t)table->cells + cell;
}

static double importance_value(const sl_data *data, size_t row, size_t input)
{
    return data->store->columns ? *importance_cell(data, row, input)
                                : (double)data->store->reals[row * data->features + input];
}

static void importance_set(sl_data *data, size_t row, size_t input, double value)
{
    if (data->store->columns)
        *importance_cell(data, row, input) = value;
    else
        data->store->reals[row * data->features + input] = (sl_real)value;
}

/* to[shuffles] = how much worse with input `input` shuffled. */
static sl_status importance_of(importance_job *job, size_t input, int shuffles, double plain, double *kept,
                               size_t *order, double *to)
{
    sl_data *data = job->data;
    const size_t rows = data->rows;
    const bool texts = input == data->features;
    for (size_t i = 0; i < rows && !texts; i++)
        kept[i] = importance_value(data, i, input);
    for (int k = 0; k < shuffles && !job->ctx->status; k++) {
        sl_stream stream = { .seed = job->ctx->options.seed,
                             .purpose = SL_FOR_BOOTSTRAP,
                             .a = 1,
                             .b = (uint32_t)(input * (size_t)shuffles + (size_t)k) };
        double figure = NAN;
        for (size_t i = 0; i < rows; i++)
            order[i] = i;
        sl_stream_shuffle(&stream, order, rows);
        if (texts && importance_texts(job->ctx, data->store, job->texts, order, rows))
            break;
        for (size_t i = 0; i < rows && !texts; i++)
            importance_set(data, i, input, kept[order[i]]);
        importance_figure(job, &figure);
        to[k] = job->classes ? plain - figure : figure - plain;
    }
    for (size_t i = 0; i < rows && !texts; i++)
        importance_set(data, i, input, kept[i]);
    return job->ctx->status;
}

/* Descending by mean; equal ones as they stand. */
static void importance_sort(double (*row)[4], size_t count)
{
    for (size_t i = 1; i < count; i++) {
        double moved[4];
        size_t at = i;
        memcpy(moved, row[i], sizeof moved);
        for (; at > 0 && row[at - 1][1] < moved[1]; at--)
            memcpy(row[at], row[at - 1], sizeof moved);
        memcpy(row[at], moved, sizeof moved);
    }
}

static sl_report *importance_report(importance_job *job, int shuffles)
{
    sl_ctx *ctx = job->ctx;
    /* the texts are the last input */
    const size_t rows = job->data->rows, features = job->data->features + (job->texts != NULL);
    double(*row)[4] = sl_alloc_array(ctx, features, sizeof *row), plain = NAN;
    double *worse = sl_alloc_array(ctx, (size_t)shuffles, sizeof *worse);
    double *kept = sl_alloc_array(ctx, rows, sizeof *kept);
    size_t *order = sl_alloc_array(ctx, rows, sizeof *order);
    sl_report *report = sl_report_new(ctx);
    static const char *const columns[] = { "input", "mean", "spread", "rows" };
    for (int c = 0; c < 4 && !ctx->status; c++)
        sl_report_add_column(report, columns[c]);
    if (!ctx->status && job->texts)
        sl_views_encode(ctx, job->model->views, job->data);
    if (!ctx->status)
        importance_figure(job, &plain);
    for (size_t j = 0; j < features && !ctx->status; j++) {
        double mean = 0, spread = 0;
        if (importance_of(job, j, shuffles, plain, kept, order, worse))
            break;
        for (int k = 0; k < shuffles; k++)
            mean += worse[k] / shuffles;
        for (int k = 0; k < shuffles; k++)
            spread += (worse[k] - mean) * (worse[k] - mean);
        row[j][0] = (double)j;
        row[j][1] = mean;
        row[j][2] = shuffles > 1 ? sqrt(spread / (shuffles - 1)) : NAN;
        row[j][3] = (double)rows;
    }
    if (!ctx->status)
        importance_sort(row, features);
    for (size_t j = 0; j < features && !ctx->status; j++)
        sl_report_add_row(report, row[j]);
    sl_free(ctx, row);
    sl_free(ctx, worse);
    sl_free(ctx, kept);
    sl_free(ctx, order);
    if (!ctx->status)
        return report;
    sl_report_free(report);
    return NULL;
}

sl_report *sl_importance(sl_ctx *ctx, const sl_model *model, const sl_data *data, int shuffles)
{
    if (sl_judge_ready(ctx, model, data, "sl_importance"))
        return NULL;
    if (data->features > IMPORTANCE_INPUTS) {
        sl_fail(ctx, SL_EINVAL,
                "%s: importance shuffles one input after the other, and a row has %zu: wants at "
                "most %d",
                data->source, data->features, IMPORTANCE_INPUTS);
        return NULL;
    }
    if (shuffles < 0 || shuffles > 1000 || data->rows < 2) {
        sl_fail(ctx, SL_EINVAL,
                "sl_importance: %d shuffles of %zu rows: wants 1 to 1000 (0: 5), and 2 rows or "
                "more",
                shuffles, data->rows);
        return NULL;
    }
    shuffles = shuffles ? shuffles : IMPORTANCE_SHUFFLES;
    const size_t inputs = data->features + (model->views ? IMPORTANCE_TEXT : 0);
    const size_t most = (size_t)(IMPORTANCE_WORK / (double)inputs / shuffles);
    const size_t wanted = most < IMPORTANCE_LEAST ? IMPORTANCE_LEAST : most;
    importance_job job = { .ctx = ctx, .model = model, .classes = sl_model_kinds(model) > 0 };
    job.data = importance_copy(ctx, data, data->rows < wanted ? data->rows : wanted);
    sl_data *texts_of = job.data && model->views ? importance_copy(ctx, job.data, job.data->rows) : NULL;
    job.texts = texts_of;
    sl_report *report = NULL;
    if (job.data && !ctx->status && !sl_reader_open(&job.reader, ctx, model, job.data))
        report = importance_report(&job, shuffles);
    sl_reader_close(&job.reader);
    sl_data_free(job.data);
    sl_data_free(texts_of);
    return report;
}
