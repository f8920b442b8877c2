/* run_baselines.c - the baselines of a run: fitted to the rows that it learned from, kept in its folder. */
#include "core/profile.h"
#include "train/run.h"

#include <stdio.h>

sl_status sl_run_fit_baselines(sl_run *run)
{
    sl_ctx *ctx = run->ctx;
    const sl_trainer *t = run->trainer;
    const sl_data *shown = run->test ? run->test : t->validation;
    sl_profile_begin(ctx, "baselines");
    run->baselines = sl_baselines_fit(ctx, run->model, run->learned ? run->learned : t->train);
    char *path =
        run->baselines && !run->options.keep_nothing ? sl_run_path(run, "baselines.safetensors") : NULL;
    if (path && run->baselines->rows)
        sl_baselines_save(run->baselines, path);
    if (!shown) {
        sl_baselines_free(run->baselines); /* the rows that they were fitted to would flatter them */
        run->baselines = NULL;
    } else if (run->baselines && !ctx->status &&
               sl_data_is_bytes(t->train)) /* images: the model took long enough */
        sl_baselines_glance(run->baselines, run->model, shown);
    else if (run->baselines && !ctx->status)
        sl_baselines_measure(run->baselines, run->model, shown);
    sl_free(ctx, path);
    sl_profile_end(ctx);
    return ctx->status;
}

/* Fitted once more, to all rows that the model that is kept has learned from. */
sl_status sl_run_keep_baselines(const sl_run *run)
{
    sl_ctx *ctx = run->ctx;
    if (run->options.keep_nothing)
        return SL_OK;
    sl_baselines *baselines = sl_baselines_fit(ctx, run->model, run->learned);
    char *path = baselines ? sl_run_path(run, "baselines.safetensors") : NULL;
    if (path)
        sl_baselines_save(baselines, path);
    sl_free(ctx, path);
    sl_baselines_free(baselines);
    return ctx->status;
}

static void run_baselines_put(sl_text *json, bool *first, const char *before, const char *name,
                              const char *behind, double value)
{
    char key[96];
    if (value != value)
        return;
    snprintf(key, sizeof key, "%s_%s%s", before, name, behind);
    sl_json_key(json, first, key);
    sl_json_put_number(json, value);
}

void sl_run_put_baselines(const sl_run *run, sl_text *json, bool *first)
{
    const bool classes = sl_model_kinds(run->model) > 0;
    const char *part = run->test ? "test" : "validation", *figure = classes ? "accuracy" : "rmse";
    sl_baseline_row row;
    for (int i = 0; sl_baselines_at(run->baselines, i, &row); i++) {
        char before[64];
        snprintf(before, sizeof before, "baseline_%s", row.name);
        if (i == 0) {
            run_baselines_put(json, first, part, figure, "_low", row.low);
            run_baselines_put(json, first, part, figure, "_high", row.high);
            run_baselines_put(json, first, part, "r2", "_low", row.r2_low);
            run_baselines_put(json, first, part, "r2", "_high", row.r2_high);
            continue;
        }
        run_baselines_put(json, first, before, figure, "", row.figure);
        if (!classes)
            run_baselines_put(json, first, before, "mae", "", row.mae);
    }
    const sl_baseline_difference d = sl_baselines_difference(run->baselines);
    if (!d.known)
        return;
    char less[64], better[64];
    snprintf(less, sizeof less, "less_%s", d.against);
    snprintf(better, sizeof better, "better_than_%s", d.against);
    run_baselines_put(json, first, less, figure, "", d.value);
    run_baselines_put(json, first, less, figure, "_low", d.low);
    run_baselines_put(json, first, less, figure, "_high", d.high);
    sl_json_key(json, first, better);
    sl_json_put_bool(json, d.better);
}
