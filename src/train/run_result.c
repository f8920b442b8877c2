/* run_result.c - the end of a run: its figures as one line of JSON, and what is written then. */
#include "core/digest.h"
#include "core/profile.h"
#include "train/warned.h"

#include <string.h>

/* Taken over from an evaluation under "PART_NAME". */
static const char *const result_names[] = {
    "accuracy", "rmse",      "mae",           "r2",       "auc",
    "macro_f1", "macro_auc", "top5_accuracy", "coverage", "coverage_uncorrected",
    "width"
};

static void result_part(sl_text *json, bool *first, const char *part, const sl_report *report)
{
    char key[64];
    for (size_t i = 0; i < sizeof result_names / sizeof *result_names; i++)
        if (sl_report_find(report, result_names[i]) >= 0) {
            strcpy(key, part);
            strcat(key, "_");
            strcat(key, result_names[i]);
            sl_json_key(json, first, key);
            sl_json_put_number(json, sl_report_last(report, result_names[i]));
        }
}

static void result_loss(sl_text *json, bool *first, const char *key, const sl_report *report)
{
    sl_json_key(json, first, key);
    if (report)
        sl_json_put_number(json, sl_report_last(report, "loss"));
    else
        sl_text_put(json, "null");
}

static void result_text(sl_text *json, bool *first, const char *key, const char *value)
{
    sl_json_key(json, first, key);
    sl_json_put_string(json, value);
}

/* The weights at hand are those of the best epoch. */
static sl_status result_make(sl_run *run)
{
    sl_ctx *ctx = run->ctx;
    const sl_trainer *t = run->trainer;
    sl_report *train = sl_trainer_figures(t, 0), *validation = sl_trainer_figures(t, 1);
    if (!run->test && !ctx->status)
        sl_run_fit_baselines(run);
    sl_run_refit(run);
    if (run->learned && !run->test && !ctx->status)
        sl_run_keep_baselines(run);
    if (run->test && run->model->views && !ctx->status) /* the baselines read the texts too */
        sl_views_encode(ctx, run->model->views, run->test);
    if (run->test && !ctx->status)
        run->test_report = sl_measure_all(ctx, run->model, run->test, NULL, run->test->rows);
    const double seconds = sl_trainer_seconds(t);
    if (run->test && !ctx->status)
        sl_run_fit_baselines(run);
    if (!ctx->status) {
        char digest[17];
        sl_text *json = &run->result;
        bool first = true;
        sl_text_clear(json);
        sl_text_put(json, "{");
        result_text(json, &first, "task", sl_model_kinds(run->model) ? "classification" : "regression");
        sl_json_key(json, &first, "rows");
        sl_json_put_uint64(json, t->train->rows);
        sl_json_key(json, &first, "epochs");
        sl_json_put_uint64(json, t->epoch);
        sl_json_key(json, &first, "steps");
        sl_json_put_uint64(json, t->steps);
        sl_json_key(json, &first, "best_epoch");
        sl_json_put_uint64(json, t->best_epoch);
        sl_json_key(json, &first, "seconds");
        sl_json_put_number(json, (double)(uint64_t)(seconds * 1000) / 1000);
        result_loss(json, &first, "train_loss", train);
        result_loss(json, &first, "validation_loss", validation);
        result_loss(json, &first, "test_loss", run->test_report);
        static const char *const counts[] = { "penalised_loss", "clipped_steps" };
        for (size_t i = 0; i < 2; i++)
            if (sl_report_find(t->report, counts[i]) >= 0) {
                sl_json_key(json, &first, counts[i]);
                sl_json_put_number(json, sl_report_last(t->report, counts[i]));
            }
        size_t corrected;
        const double interval = sl_model_interval(run->model, NULL, &corrected);
        if (interval > 0) {
            sl_json_key(json, &first, "interval");
            sl_json_put_number(json, interval);
            sl_json_key(json, &first, "interval_rows");
            sl_json_put_uint64(json, corrected);
        }
        result_part(json, &first, "train", train);
        result_part(json, &first, "validation", validation);
        result_part(json, &first, "test", run->test_report);
        sl_run_put_baselines(run, json, &first);
        if (run->refits) {
            sl_json_key(json, &first, "refit_rows");
            sl_json_put_uint64(json, run->learned ? run->learned->rows : 0);
        }
        result_text(json, &first, "digest", sl_digest_text(digest, sl_model_digest(run->model)));
        result_text(json, &first, "digest_last", sl_digest_text(digest, t->digest_last));
        result_text(json, &first, "run", run->folder);
        sl_run_put_warnings(run, json, &first);
        sl_text_put(json, "}");
    }
    sl_report_free(train);
    sl_report_free(validation);
    return ctx->status;
}

/* What is written after a failure needs a context without one; then the failure is put back. */
sl_status sl_run_close(sl_run *run, const char *status)
{
    sl_ctx *ctx = run->ctx;
    const sl_status failed = ctx->status;
    char message[sizeof ctx->message];
    memcpy(message, ctx->message, sizeof message);
    sl_clear(ctx);
    const bool keeps = run->folder != NULL;
    char *path = keeps ? sl_run_path(run, "model.safetensors") : NULL;
    const size_t best = run->trainer->best_epoch;
    sl_profile_begin(ctx, "save");
    if (keeps && !sl_run_here(run) && sl_run_flush(run) == SL_EWRITE && failed == SL_EWRITE)
        sl_clear(ctx); /* the model is smaller than the checkpoint: there may be room for it */
    if (path && (best ? best != run->model_epoch : failed == SL_ESTOPPED))
        sl_model_save(run->model, path);
    sl_profile_end(ctx);
    sl_free(ctx, path);
    sl_profile_begin(ctx, "measure");
    if (!failed && !ctx->status)
        result_make(run);
    sl_profile_end(ctx);
    sl_profile_begin(ctx, "save");
    if (!ctx->status && keeps && failed != SL_EWRITE)
        sl_run_write_json(run, status);
    sl_profile_end(ctx);
    if (failed) {
        ctx->status = failed;
        memcpy(ctx->message, message, sizeof message);
    }
    return ctx->status;
}
