/* run_tables.c - the tables of a run: metrics, weights, activations and confusions, a few lines an epoch.
 * They are written before the checkpoint of their epoch, and cut back to it on resume. The two that are not
 * lines an epoch, steps.csv and path.bin, are in run_steps.c and run_path.c. */
#include "core/os.h"
#include "train/run.h"

#include <stdlib.h>
#include <string.h>

static void run_metrics_header(const sl_run *run, sl_text *text)
{
    for (int i = 0; i < run->trainer->report->columns; i++)
        sl_text_add(text, i ? ",%s" : "%s", run->trainer->report->names[i]);
}

static void run_weights_header(const sl_run *run, sl_text *text)
{
    (void)run;
    sl_text_put(text, "epoch,layer,low,high");
    for (int i = 1; i <= SL_WEIGHT_BINS; i++)
        sl_text_add(text, ",bin_%d", i);
}

static void run_confusion_header(const sl_run *run, sl_text *text)
{
    (void)run;
    sl_text_put(text, "epoch,truth,prediction,rows");
}

void sl_run_put_field(sl_text *text, const char *field)
{
    if (!strpbrk(field, ",\"\r\n")) {
        sl_text_put(text, field);
        return;
    }
    sl_text_put(text, "\"");
    for (const char *c = field; *c; c++)
        sl_text_put(text, *c == '"' ? "\"\"" : (char[]){ *c, 0 });
    sl_text_put(text, "\"");
}

void sl_run_put_number(sl_text *text, double value)
{
    if (value - value == 0)
        sl_text_number(text, value); /* else: nothing between the commas */
}

void sl_run_put_float(sl_text *text, float value)
{
    char number[32];
    if (value - value == 0)
        sl_text_put(text, sl_number_text_float(number, value));
}

static void run_put_history(const sl_report *r, int epoch, sl_text *text)
{
    const double *row = r->values + (size_t)epoch * (size_t)r->columns;
    for (int i = 0; i < r->columns; i++) {
        sl_text_put(text, i ? "," : "");
        sl_run_put_number(text, row[i]);
    }
    sl_text_put(text, "\n");
}

static void run_put_metrics(const sl_run *run, sl_text *text)
{
    run_put_history(run->trainer->report, run->trainer->report->rows - 1, text);
}

void sl_run_put_epochs(sl_run *run)
{
    for (int epoch = 0; epoch < run->trainer->report->rows; epoch++)
        run_put_history(run->trainer->report, epoch, &run->lines[0]);
}

static void run_put_weights(const sl_run *run, sl_text *text)
{
    for (int i = 0; i < run->model->count; i++) {
        const sl_built *layer = &run->model->layers[i];
        if (!layer->wants)
            continue;
        const sl_tensor *w = layer->param[0];
        sl_real low = w->v[0], high = w->v[0];
        for (size_t j = 1; j < w->count; j++) {
            low = w->v[j] < low ? w->v[j] : low;
            high = w->v[j] > high ? w->v[j] : high;
        }
        size_t bins[SL_WEIGHT_BINS] = { 0 };
        const double width = ((double)high - (double)low) / SL_WEIGHT_BINS;
        for (size_t j = 0; j < w->count; j++) {
            const double bin = width > 0 ? ((double)w->v[j] - (double)low) / width : 0;
            bins[bin < SL_WEIGHT_BINS - 1 ? (int)bin : SL_WEIGHT_BINS - 1]++;
        }
        sl_text_add(text, "%zu,", run->trainer->epoch);
        sl_run_put_field(text, layer->name);
        sl_text_put(text, ",");
        sl_text_real(text, low);
        sl_text_put(text, ",");
        sl_text_real(text, high);
        for (int b = 0; b < SL_WEIGHT_BINS; b++)
            sl_text_add(text, ",%zu", bins[b]);
        sl_text_put(text, "\n");
    }
}

static void run_put_confusion(const sl_run *run, sl_text *text)
{
    const int kinds = sl_model_kinds(run->model);
    for (int truth = 0; truth < kinds; truth++)
        for (int answer = 0; answer < kinds; answer++) {
            const size_t rows = run->trainer->confusion[(size_t)truth * (size_t)kinds + (size_t)answer];
            if (!rows)
                continue; /* a cell that is not listed is 0 */
            sl_text_add(text, "%zu,", run->trainer->epoch);
            sl_run_put_field(text, sl_model_class_name(run->model, truth));
            sl_text_put(text, ",");
            sl_run_put_field(text, sl_model_class_name(run->model, answer));
            sl_text_add(text, ",%zu\n", rows);
        }
}

static const struct {
    const char *name;
    void (*header)(const sl_run *run, sl_text *text);
    void (*put)(const sl_run *run, sl_text *text); /* the lines of this epoch; a failure is the context's */
    bool starts;                                   /* it has lines of epoch 0 */
} run_tables[] = {
    { "metrics.csv", run_metrics_header, run_put_metrics, false },
    { "weights.csv", run_weights_header, run_put_weights, true },
    { "activations.csv", sl_run_activations_header, sl_run_put_activations, true },
    { "confusion.csv", run_confusion_header, run_put_confusion, false },
};
enum { RUN_TABLES = sizeof run_tables / sizeof *run_tables };

/* The end of a line at `at`: line breaks between quotation marks are not one. NULL: it is not complete. */
static const char *run_line_end(const char *at, const char *end)
{
    for (bool quoted = false; at < end; at++) {
        quoted = quoted != (*at == '"');
        if (*at == '\n' && !quoted)
            return at;
    }
    return NULL;
}

/* Keeps the complete lines of epochs up to the checkpoint's. */
static sl_status run_keep_lines(const sl_run *run, const char *path, sl_text *kept)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    if (sl_file_read(run->ctx, path, &bytes, &size))
        return run->ctx->status;
    const char *line = (const char *)bytes, *const end = line + size, *newline;
    for (bool header = true; (newline = run_line_end(line, end)); line = newline + 1, header = false)
        if (!header && strtoull(line, NULL, 10) <= run->trainer->epoch)
            sl_text_bytes(kept, line, (size_t)(newline + 1 - line));
    sl_free(run->ctx, bytes);
    return run->ctx->status;
}

sl_status sl_run_begin_tables(sl_run *run)
{
    sl_ctx *ctx = run->ctx;
    for (int table = 0; table < RUN_TABLES && !ctx->status; table++) {
        char *path = sl_run_path(run, run_tables[table].name);
        const bool there = path && run->resuming && sl_os_path_kind(path) != SL_PATH_NONE;
        sl_text text;
        sl_text_init(&text, ctx);
        run_tables[table].header(run, &text);
        sl_text_put(&text, "\n");
        for (int epoch = 0; table == 0 && run->resuming && epoch < run->trainer->report->rows; epoch++)
            run_put_history(run->trainer->report, epoch, &text); /* the checkpoint has all of them */
        if (there && table > 0)
            run_keep_lines(run, path, &text);
        else if (run_tables[table].starts && !run->trainer->epoch)
            run_tables[table].put(run, &text);
        if (path && !ctx->status && !sl_run_put_file(run, run_tables[table].name, &text, false))
            run->whole[table] = text.length;
        sl_free(ctx, path);
        sl_text_free(&text);
    }
    return ctx->status;
}

bool sl_run_epoch_counts(size_t epoch, size_t all)
{
    size_t stride = 1;
    for (; epoch > all; all *= 2)
        stride *= 2;
    return epoch % stride == 0;
}

sl_status sl_run_flush(void *user)
{
    sl_run *run = user;
    sl_ctx *ctx = run->ctx;
    sl_run_here(run);
    for (int table = 0; table < RUN_TABLES && !ctx->status; table++) {
        sl_text *text = &run->lines[table];
        char *path = text->length ? sl_run_path(run, run_tables[table].name) : NULL;
        if (path && !sl_file_append(ctx, path, text->bytes, text->length, &run->whole[table]))
            sl_text_clear(text);
        sl_free(ctx, path);
    }
    run->flushed = sl_os_seconds();
    return ctx->status || sl_run_write_path(run) ? ctx->status : sl_run_write_steps(run);
}

/* Epochs may be shorter than opening a file takes: their lines wait for others. */
static sl_status run_record(void *user)
{
    static const double wait = 0.1;
    sl_run *run = user;
    sl_ctx *ctx = run->ctx;
    for (int table = 0; table < RUN_TABLES && !ctx->status; table++)
        run_tables[table].put(run, &run->lines[table]);
    sl_run_put_path(run);
    const double now = sl_os_seconds();
    if (!ctx->status && now - run->flushed > wait)
        sl_run_flush(run);
    if (run->trainer->waited == 0 && now - run->model_saved > wait && !ctx->status && !sl_run_here(run)) {
        char *path = sl_run_path(run, "model.safetensors"); /* the weights at hand may not be the averages */
        if (path && !sl_model_save_values(run->model, run->trainer->best, path))
            run->model_epoch = run->trainer->epoch;
        sl_free(ctx, path);
        run->model_saved = now;
    }
    return ctx->status;
}

sl_status sl_run_prepare_records(sl_run *run)
{
    sl_trainer *t = run->trainer;
    t->on_record = run_record;
    t->on_save = sl_run_flush;
    t->record_user = run;
    if (sl_run_open_activations(run) || sl_run_open_path(run))
        return run->ctx->status;
    return sl_steps_open(&t->losses, run->ctx);
}
