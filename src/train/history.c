/* history.c - what a run folder tells without training: its metrics, its data source. */
#include "train/run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static sl_status history_line(sl_report *report, const char *path, size_t number, char *line, double *row)
{
    int column = 0;
    for (char *field = line; field; column++) {
        char *comma = strchr(field, ',');
        if (comma)
            *comma = 0;
        if (column < report->columns) {
            row[column] = NAN;
            if (*field && !sl_number_parse(field, &row[column]))
                return sl_fail(report->ctx, SL_EFORMAT,
                               "%s line %zu: found '%s' in column %s: wants a number", path, number, field,
                               report->names[column]);
        }
        field = comma ? comma + 1 : NULL;
    }
    if (column != report->columns)
        return sl_fail(report->ctx, SL_EFORMAT, "%s line %zu: %d fields: the header has %d", path, number,
                       column, report->columns);
    return sl_report_add_row(report, row);
}

static void history_mark_best(sl_report *report)
{
    const bool validated =
        sl_report_last(report, "validation_loss") == sl_report_last(report, "validation_loss");
    double best = INFINITY;
    for (int i = 0; i < report->rows; i++) {
        const double loss = sl_report_at(report, i, validated ? "validation_loss" : "train_loss");
        if (loss < best) {
            best = loss;
            report->best = i;
        }
    }
}

sl_report *sl_run_read_history(sl_ctx *ctx, const char *folder)
{
    if (!ctx || ctx->status)
        return NULL;
    char *path = sl_path_join(ctx, folder, "metrics.csv");
    unsigned char *bytes = NULL;
    size_t size;
    sl_report *report = NULL;
    double *row = NULL;
    if (path && !sl_file_read(ctx, path, &bytes, &size) && (report = sl_report_new(ctx))) {
        size_t number = 1;
        for (char *line = (char *)bytes; *line && !ctx->status; number++) {
            char *end = strchr(line, '\n');
            if (!end)
                break; /* a line that is still being written */
            *end = 0;
            if (end > line && end[-1] == '\r')
                end[-1] = 0;
            if (number > 1) {
                history_line(report, path, number, line, row);
            } else {
                for (char *name = line, *comma; name; name = comma ? comma + 1 : NULL) {
                    comma = strchr(name, ',');
                    if (comma)
                        *comma = 0;
                    sl_report_add_column(report, name);
                }
                row = sl_alloc_array(ctx, (size_t)report->columns, sizeof *row);
            }
            line = end + 1;
        }
        if (!ctx->status)
            history_mark_best(report);
    }
    sl_free(ctx, row);
    sl_free(ctx, bytes);
    sl_free(ctx, path);
    if (!ctx->status)
        return report;
    sl_report_free(report);
    return NULL;
}

/* A text of the settings in run.json; NULL: not there, or a failure. */
static const char *history_setting(sl_ctx *ctx, const char *folder, const char *key)
{
    if (!ctx || ctx->status)
        return NULL;
    char *path = sl_path_join(ctx, folder, "run.json"), *source = NULL;
    unsigned char *bytes = NULL;
    size_t size;
    sl_arena arena;
    sl_arena_init(&arena, ctx);
    if (path && !sl_file_read(ctx, path, &bytes, &size)) {
        const sl_json *json = sl_json_read(&arena, path, (const char *)bytes, size);
        source = sl_setting_source(ctx, json, key);
    }
    sl_arena_free(&arena);
    sl_free(ctx, bytes);
    sl_free(ctx, path);
    return source;
}

const char *sl_run_read_data(sl_ctx *ctx, const char *folder)
{
    const char *source = history_setting(ctx, folder, "data");
    if (!source && ctx && !ctx->status)
        sl_fail(ctx, SL_EFORMAT, "%s/run.json: it does not say what the data was", folder);
    return source;
}

const char *sl_run_read_test(sl_ctx *ctx, const char *folder)
{
    const char *source = history_setting(ctx, folder, "test");
    double share;
    return source && sl_number_parse(source, &share) ? NULL : source;
}
