/* history.c - what a run folder tells without training: its metrics, its data source. */
#include "train/csv_file.h"
#include "train/run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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

/* All columns are numbers; an empty field is NaN. */
static sl_report *history_read(sl_ctx *ctx, const char *folder, const char *name, const char *missing)
{
    if (!ctx || ctx->status || !sl_run_there(ctx, folder))
        return NULL;
    sl_csv_file csv;
    sl_report *report = NULL;
    double *row = NULL;
    if (!sl_csv_file_open(&csv, ctx, folder, name, missing) && (report = sl_report_new(ctx))) {
        for (int i = 0; i < csv.columns; i++)
            sl_report_add_column(report, csv.names[i]);
        row = sl_alloc_array(ctx, (size_t)csv.columns, sizeof *row);
    }
    while (row && !ctx->status && sl_csv_file_next(&csv)) {
        for (int i = 0; i < csv.columns; i++)
            row[i] = sl_csv_file_number(&csv, i);
        if (!ctx->status)
            sl_report_add_row(report, row);
    }
    sl_csv_file_close(&csv);
    sl_free(ctx, row);
    if (!ctx->status)
        return report;
    sl_report_free(report);
    return NULL;
}

sl_report *sl_run_read_history(sl_ctx *ctx, const char *folder)
{
    sl_report *report = history_read(ctx, folder, "metrics.csv", NULL);
    if (report)
        history_mark_best(report);
    return report;
}

sl_report *sl_run_read_steps(sl_ctx *ctx, const char *folder)
{
    return history_read(ctx, folder, "steps.csv",
                        "the run was begun by an older slope: train anew, and the losses of its steps are "
                        "recorded");
}

/* A text of the settings in run.json; NULL: not there, or a failure. */
static const char *history_setting(sl_ctx *ctx, const char *folder, const char *key)
{
    sl_arena arena;
    if (!ctx)
        return NULL;
    sl_arena_init(&arena, ctx);
    const sl_json *json = sl_run_json(ctx, &arena, folder);
    const char *source = json ? sl_setting_source(ctx, json, key) : NULL;
    sl_arena_free(&arena);
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
