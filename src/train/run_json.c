/* run_json.c - run.json: what was asked for, what came of it, what the data was, how it ended. */
#include "core/digest.h"
#include "train/warned.h"

#include <string.h>

static void run_json_text(sl_text *json, bool *first, const char *key, const char *value)
{
    sl_json_key(json, first, key);
    sl_json_put_string(json, value);
}

static void run_json_digest(sl_text *json, bool *first, const char *key, uint64_t digest)
{
    char text[17];
    run_json_text(json, first, key, digest ? sl_digest_text(text, digest) : NULL);
}

static void run_json_whole(sl_text *json, bool *first, const char *key, int value)
{
    sl_json_key(json, first, key);
    sl_text_add(json, "%d", value);
}

/* The initialiser of each layer's weights. */
static void run_json_inits(const sl_run *run, sl_text *json)
{
    bool first = true;
    sl_text_put(json, "{");
    for (int i = 0; i < run->model->count; i++) {
        const sl_built *layer = &run->model->layers[i];
        if (layer->wants)
            run_json_text(json, &first, layer->name, sl_model_init_of(run->model, layer));
    }
    sl_text_put(json, "}");
}

/* "settings" is what was asked for (0 and null: the default), "used" what came of it. */
sl_status sl_run_write_json(sl_run *run, const char *status)
{
    sl_ctx *ctx = run->ctx;
    const sl_trainer *t = run->trainer;
    sl_text json;
    sl_text_init(&json, ctx);
    bool top = true, first = true;
    sl_text_put(&json, "{");
    run_json_whole(&json, &top, "format", SL_RUN_FORMAT);
    run_json_text(&json, &top, "version", SLOPE_VERSION);
    run_json_text(&json, &top, "status", status);
    run_json_text(&json, &top, "begun_in", run->begun_in);
    run_json_digest(&json, &top, "data_digest", run->data_digest);
    run_json_digest(&json, &top, "test_digest", run->test_digest);
    run_json_digest(&json, &top, "validation_digest", run->validation_digest);
    run_json_digest(&json, &top, "start_digest", run->start_digest);
    sl_json_key(&json, &top, "settings");
    sl_text_put(&json, "{");
    sl_settings_put(&json, &first, &run->options);
    sl_json_key(&json, &first, "seed");
    sl_json_put_uint64(&json, ctx->options.seed);
    sl_text_put(&json, "}");
    sl_json_key(&json, &top, "used");
    first = true;
    sl_text_put(&json, "{");
    run_json_text(&json, &first, "net", run->model->net);
    run_json_text(&json, &first, "task", sl_model_kinds(run->model) ? "classification" : "regression");
    run_json_text(&json, &first, "loss", run->model->loss_text);
    sl_json_key(&json, &first, "optimizer");
    sl_optimizer_put(&json, &t->step->set);
    sl_json_key(&json, &first, "init");
    run_json_inits(run, &json);
    run_json_whole(&json, &first, "epochs", t->adaptive ? SL_MOST_EPOCHS : t->options.epochs);
    run_json_whole(&json, &first, "steps", t->options.steps);
    run_json_whole(&json, &first, "least_steps", t->adaptive ? SL_LEAST_STEPS : 0);
    run_json_whole(&json, &first, "batch", t->options.batch);
    run_json_whole(&json, &first, "patience", t->options.patience);
    sl_json_key(&json, &first, "seed");
    sl_json_put_uint64(&json, ctx->options.seed);
    sl_json_key(&json, &first, "rows");
    sl_json_put_uint64(&json, t->train->rows);
    sl_json_key(&json, &first, "validation_rows");
    sl_json_put_uint64(&json, t->validation ? t->validation->rows : 0);
    sl_json_key(&json, &first, "refit_rows");
    sl_json_put_uint64(&json, run->learned ? run->learned->rows : 0);
    run_json_whole(&json, &first, "threads", sl_ctx_threads(ctx));
    run_json_text(&json, &first, "isa", sl_ctx_isa(ctx));
    sl_text_put(&json, "}");
    sl_run_put_warnings(run, &json, &top);
    run_json_text(&json, &top, "result", run->result.length ? run->result.bytes : NULL);
    sl_text_put(&json, "}\n");
    sl_run_put_file(run, "run.json", &json, true);
    sl_text_free(&json);
    return ctx->status;
}
