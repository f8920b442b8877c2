/* run_folder.c - the files of a run: run.json, and a table each of metrics, weights and confusions, a few
 * lines an epoch. The tables are written before the checkpoint of their epoch, and cut back to it on resume.
 */
#include "core/digest.h"
#include "core/os.h"
#include "train/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *sl_run_path(const sl_run *run, const char *name)
{
    return sl_path_join(run->ctx, run->folder, name);
}

/* "builtin:digits?rows=5" -> digits; "../data/mnist/" -> mnist; "a/houses.csv.gz" -> houses */
static void run_folder_name(const char *source, char name[48])
{
    if (!strncmp(source, "builtin:", 8))
        source += 8;
    size_t end = strcspn(source, "?");
    while (end && source[end - 1] == '/')
        end--;
    size_t start = end;
    while (start && source[start - 1] != '/')
        start--;
    size_t length = 0;
    for (size_t i = start; i < end && length < 40 && (source[i] != '.' || i == start); i++) {
        const char c = source[i];
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           c == '_' || c == '-';
        name[length++] = plain ? c : '_';
    }
    name[length] = 0;
    if (!length)
        strcpy(name, "run");
}

/* The status in a folder's run.json: "finished", "running", ... or "" without one. */
static void run_folder_status(sl_run *run, const char *folder, char status[16])
{
    status[0] = 0;
    sl_ctx *ctx = run->ctx;
    char *path = sl_path_join(ctx, folder, "run.json");
    unsigned char *bytes = NULL;
    size_t size;
    sl_arena arena;
    sl_arena_init(&arena, ctx);
    if (path && sl_os_path_kind(path) == SL_PATH_FILE && !sl_file_read(ctx, path, &bytes, &size)) {
        const sl_json *json = sl_json_read(&arena, path, (const char *)bytes, size);
        snprintf(status, 16, "%s", json ? sl_json_string(json, "status", "unknown") : "damaged");
        if (!json && ctx->status != SL_ENOMEM)
            sl_clear(ctx);
    }
    sl_arena_free(&arena);
    sl_free(ctx, bytes);
    sl_free(ctx, path);
}

/* The nearest folder above that exists must be one, and writable. */
static sl_status run_folder_possible(sl_run *run, const char *folder)
{
    sl_ctx *ctx = run->ctx;
    char *path = sl_strdup(ctx, folder);
    while (path) {
        size_t end = strlen(path);
        while (end > 1 && path[end - 1] == '/')
            path[--end] = 0;
        const sl_path_kind kind = sl_os_path_kind(end ? path : ".");
        if (kind == SL_PATH_FILE)
            sl_fail(ctx, SL_EFILE, "%s: the run folder cannot be made: %s is a file", folder, path);
        else if (kind == SL_PATH_FOLDER && !sl_os_folder_writable(end ? path : "."))
            sl_fail(ctx, SL_EFILE,
                    "%s: the run folder cannot be written: no permission in %s; choose another with -o",
                    folder, end ? path : ".");
        if (kind != SL_PATH_NONE || !end)
            break;
        while (end && path[end - 1] != '/')
            end--;
        path[end] = 0;
    }
    sl_free(ctx, path);
    return ctx->status;
}

sl_status sl_run_choose_folder(sl_run *run)
{
    sl_ctx *ctx = run->ctx;
    const char *out = run->options.out;
    char status[16];
    if (out && !*out)
        return sl_fail(ctx, SL_EINVAL, "-o: the name of the run folder is empty");
    if (out) {
        run->folder = sl_strdup(ctx, out);
        if (ctx->status || run_folder_possible(run, out))
            return ctx->status;
        run_folder_status(run, out, status);
        char *last = sl_run_path(run, "last.safetensors"), *model = sl_run_path(run, "model.safetensors");
        const bool begun = last && sl_os_path_kind(last) != SL_PATH_NONE;
        const bool holds_model = model && sl_os_path_kind(model) != SL_PATH_NONE;
        sl_free(ctx, last);
        sl_free(ctx, model);
        if (ctx->status || run->options.overwrite)
            return ctx->status;
        if (!strcmp(status, "finished"))
            return sl_fail(ctx, SL_EINVAL,
                           "%s holds a finished run: choose another folder with -o, or replace it with "
                           "--overwrite",
                           out);
        if (!strcmp(status, "diverged"))
            return sl_fail(ctx, SL_EINVAL,
                           "%s holds a run that diverged: choose another folder with -o, or replace it with "
                           "--overwrite",
                           out);
        if (*status && begun)
            return sl_fail(ctx, SL_EINVAL,
                           "%s holds a run that is not finished: continue it with `slope train --resume %s`, "
                           "or replace it with --overwrite",
                           out, out);
        if (!*status && (begun || holds_model))
            return sl_fail(ctx, SL_EINVAL,
                           "%s holds a model that no run.json explains: choose another folder with -o, or "
                           "replace it with --overwrite",
                           out);
        return SL_OK;
    }
    char name[48];
    run_folder_name(run->options.data ? run->options.data : "", name);
    for (int n = 1; n < 1000000; n++) {
        char path[80];
        snprintf(path, sizeof path, "runs/%s-%d", name, n);
        if (sl_os_path_kind(path) != SL_PATH_NONE)
            continue;
        run->folder = sl_strdup(ctx, path);
        return ctx->status ? ctx->status : run_folder_possible(run, path);
    }
    return sl_fail(ctx, SL_EINVAL, "runs/%s-1 to -999999 all exist: choose a folder with -o", name);
}

/* --- tables ----------------------------------------------------------------------------------------- */

static const char *const run_tables[] = { "metrics.csv", "weights.csv", "confusion.csv" };
enum { RUN_TABLES = 3, RUN_BINS = 20 };

static void run_header(const sl_run *run, int table, sl_text *text)
{
    if (table == 0)
        for (int i = 0; i < run->trainer->report->columns; i++)
            sl_text_add(text, i ? ",%s" : "%s", run->trainer->report->names[i]);
    if (table == 1) {
        sl_text_put(text, "epoch,layer,low,high");
        for (int i = 1; i <= RUN_BINS; i++)
            sl_text_add(text, ",bin_%d", i);
    }
    if (table == 2)
        sl_text_put(text, "epoch,truth,prediction,rows");
    sl_text_put(text, "\n");
}

/* Keeps the header and the complete lines of epochs up to the checkpoint's. */
static sl_status run_cut_back(sl_run *run, const char *path, int table)
{
    sl_ctx *ctx = run->ctx;
    unsigned char *bytes = NULL;
    size_t size = 0;
    sl_text kept;
    sl_text_init(&kept, ctx);
    run_header(run, table, &kept);
    if (sl_os_path_kind(path) == SL_PATH_FILE && sl_file_read(ctx, path, &bytes, &size)) {
        sl_text_free(&kept);
        return ctx->status;
    }
    const char *line = (const char *)bytes, *end = bytes ? line + size : line, *newline;
    for (bool first = true; line && line < end && (newline = memchr(line, '\n', (size_t)(end - line)));
         line = newline + 1) {
        const bool header = first;
        first = false;
        if (!header && strtoull(line, NULL, 10) <= run->trainer->epoch)
            sl_text_bytes(&kept, line, (size_t)(newline + 1 - line));
    }
    sl_free(ctx, bytes);
    sl_file_write_text(ctx, path, &kept, false);
    sl_text_free(&kept);
    return ctx->status;
}

sl_status sl_run_lock(sl_run *run)
{
    bool busy;
    if (run->lock < 0 && sl_os_lock_folder(run->folder, &run->lock, &busy) && busy)
        return sl_fail(run->ctx, SL_EINVAL,
                       "%s: another process is training in this folder: wait for its end, or stop it "
                       "first",
                       run->folder);
    return SL_OK;
}

void sl_run_unlock(sl_run *run)
{
    if (run->lock >= 0)
        sl_os_close(run->lock);
    run->lock = -1;
}

sl_status sl_run_begin_folder(sl_run *run)
{
    static const char *const files[] = { "last.safetensors", "model.safetensors", "baselines.safetensors",
                                         "run.json" };
    sl_ctx *ctx = run->ctx;
    if (!sl_make_folders(ctx, run->folder))
        sl_run_lock(run);
    for (size_t i = 0; i < sizeof files / sizeof *files && !run->resuming && !ctx->status; i++) {
        char *path = sl_run_path(run, files[i]);
        if (path)
            sl_os_remove_file(path);
        sl_free(ctx, path);
    }
    for (int table = 0; table < RUN_TABLES && !ctx->status; table++) {
        char *path = sl_run_path(run, run_tables[table]);
        if (path && !run->resuming)
            sl_os_remove_file(path);
        if (path)
            run_cut_back(run, path, table);
        sl_free(ctx, path);
    }
    if (!ctx->status)
        sl_run_write_json(run, "running");
    if (ctx->status == SL_EWRITE)
        ctx->status = SL_EFILE; /* nothing was trained yet: the folder is wrong input */
    return ctx->status;
}

static void run_put_number(sl_text *text, double value)
{
    if (value - value == 0)
        sl_text_number(text, value); /* else: nothing between the commas */
}

static void run_put_metrics(const sl_run *run, sl_text *text)
{
    const sl_report *r = run->trainer->report;
    const double *row = r->values + (size_t)(r->rows - 1) * (size_t)r->columns;
    for (int i = 0; i < r->columns; i++) {
        sl_text_put(text, i ? "," : "");
        run_put_number(text, row[i]);
    }
    sl_text_put(text, "\n");
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
        size_t bins[RUN_BINS] = { 0 };
        const double width = ((double)high - (double)low) / RUN_BINS;
        for (size_t j = 0; j < w->count; j++) {
            const double bin = width > 0 ? ((double)w->v[j] - (double)low) / width : 0;
            bins[bin < RUN_BINS - 1 ? (int)bin : RUN_BINS - 1]++;
        }
        sl_text_add(text, "%zu,%s,", run->trainer->epoch, layer->name);
        sl_text_real(text, low);
        sl_text_put(text, ",");
        sl_text_real(text, high);
        for (int b = 0; b < RUN_BINS; b++)
            sl_text_add(text, ",%zu", bins[b]);
        sl_text_put(text, "\n");
    }
}

static void run_put_field(sl_text *text, const char *field)
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

static void run_put_confusion(const sl_run *run, sl_text *text)
{
    const int kinds = sl_model_kinds(run->model);
    for (int truth = 0; truth < kinds; truth++)
        for (int answer = 0; answer < kinds; answer++) {
            const size_t rows = run->trainer->confusion[(size_t)truth * (size_t)kinds + (size_t)answer];
            if (!rows)
                continue; /* a cell that is not listed is 0 */
            sl_text_add(text, "%zu,", run->trainer->epoch);
            run_put_field(text, sl_model_class_name(run->model, truth));
            sl_text_put(text, ",");
            run_put_field(text, sl_model_class_name(run->model, answer));
            sl_text_add(text, ",%zu\n", rows);
        }
}

sl_status sl_run_record(void *user)
{
    sl_run *run = user;
    sl_ctx *ctx = run->ctx;
    void (*const put[RUN_TABLES])(const sl_run *, sl_text *) = { run_put_metrics, run_put_weights,
                                                                 run_put_confusion };
    for (int table = 0; table < RUN_TABLES && !ctx->status; table++) {
        sl_text text;
        sl_text_init(&text, ctx);
        put[table](run, &text);
        char *path = text.failed ? NULL : sl_run_path(run, run_tables[table]);
        if (path && text.length)
            sl_file_append(ctx, path, text.bytes, text.length);
        sl_free(ctx, path);
        sl_text_free(&text);
    }
    const double now = sl_os_seconds();
    if (run->trainer->waited == 0 && now - run->model_saved > 0.1 && !ctx->status) {
        char *path = sl_run_path(run, "model.safetensors"); /* the weights at hand are the best so far */
        if (path)
            sl_model_save(run->model, path);
        sl_free(ctx, path);
        run->model_saved = now;
        run->model_epoch = run->trainer->epoch;
    }
    return ctx->status;
}
