/* run_result.c - the figures at the end of a run, as one line of JSON. */
#include "core/digest.h"
#include "train/run.h"

#include <string.h>

/* Taken over from an evaluation under "PART_NAME". */
static const char *const result_names[] = { "accuracy", "rmse", "mae", "r2", "auc", "macro_f1" };

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
sl_status sl_run_make_result(sl_run *run)
{
    sl_ctx *ctx = run->ctx;
    const sl_trainer *t = run->trainer;
    sl_report *train = sl_trainer_figures(t, 0), *validation = sl_trainer_figures(t, 1);
    if (run->test && !ctx->status)
        run->test_report = sl_measure_all(ctx, run->model, run->test, NULL, run->test->rows);
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
        sl_json_put_number(json, (double)(uint64_t)(sl_trainer_seconds(t) * 1000) / 1000);
        result_loss(json, &first, "train_loss", train);
        result_loss(json, &first, "validation_loss", validation);
        result_loss(json, &first, "test_loss", run->test_report);
        result_part(json, &first, "train", train);
        result_part(json, &first, "validation", validation);
        result_part(json, &first, "test", run->test_report);
        result_text(json, &first, "digest", sl_digest_text(digest, sl_model_digest(run->model)));
        result_text(json, &first, "digest_last", sl_digest_text(digest, t->digest_last));
        result_text(json, &first, "run", run->folder);
        sl_text_put(json, "}");
    }
    sl_report_free(train);
    sl_report_free(validation);
    return ctx->status;
}
