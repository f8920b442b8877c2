/* run.c - see slope.h: settings to data, model and trainer; then the training itself. */
#include "train/run.h"
#include "core/digest.h"
#include "core/os.h"

#include <math.h>
#include <string.h>

static void run_copy_options(sl_run *run, const sl_run_options *o)
{
    sl_ctx *ctx = run->ctx;
    run->options = *o;
    run->options.data = run->data = sl_strdup(ctx, o->data);
    run->options.test = run->test_source = sl_strdup(ctx, o->test);
    run->options.validation = run->validation_source = sl_strdup(ctx, o->validation);
    run->options.net = run->net = sl_strdup(ctx, o->net ? o->net : "linear");
    run->options.task = run->task = sl_strdup(ctx, o->task);
    run->options.loss = run->loss = sl_strdup(ctx, o->loss);
    run->options.init = run->init = sl_strdup(ctx, o->init);
    run->options.optimizer.rule = run->rule = sl_strdup(ctx, o->optimizer.rule);
}

static sl_data *run_open(sl_ctx *ctx, const char *source, const char *part, const char *role)
{
    sl_data *data = sl_data_open(ctx, source, part);
    if (!data)
        return NULL;
    char shape[96], classes[48] = "numbers as targets";
    if (data->classes) {
        strcpy(classes, " classes");
        sl_number_text(classes, data->classes);
        strcat(classes, " classes");
    }
    sl_log(ctx, "%-10s  %s: %zu rows of %s %s, %s", role, source, data->rows,
           sl_shape_text(shape, data->shape), sl_data_is_bytes(data) ? "bytes" : "numbers",
           data->outputs ? classes : "without targets");
    return data;
}

static sl_status run_open_data(sl_run *run)
{
    sl_ctx *ctx = run->ctx;
    const sl_run_options *o = &run->options;
    if (!o->data)
        return sl_fail(ctx, SL_EINVAL, "no data: wants a folder, a file, or builtin:NAME");
    if (!(run->train = run_open(ctx, o->data, NULL, "data")))
        return ctx->status;
    if (o->test)
        run->test = run_open(ctx, o->test, sl_data_has_part(ctx, o->test, "test") ? "test" : NULL, "test");
    else if (sl_data_has_part(ctx, o->data, "test") && sl_data_has_part(ctx, o->data, "train"))
        run->test = run_open(ctx, o->data, "test", "test");
    double fraction;
    if (!ctx->status && o->validation && !sl_number_parse(o->validation, &fraction))
        run->validation = run_open(ctx, o->validation, NULL, "validation");
    if (ctx->status)
        return ctx->status;
    run->data_digest = sl_data_digest(run->train);
    run->test_digest = run->test ? sl_data_digest(run->test) : 0;
    run->validation_digest = run->validation ? sl_data_digest(run->validation) : 0;
    return SL_OK;
}

/* Whole numbers 0 .. K-1, each once at least and K small: class numbers. Returns K, or 0. */
static int run_class_numbers(const sl_data *data)
{
    enum { MOST = 1000 };
    bool seen[MOST] = { false };
    int classes = 0;
    for (size_t i = 0; i < data->rows && data->outputs == 1; i++) {
        sl_real y;
        sl_data_gather(data, &i, 1, 1, NULL, &y);
        if (!(y >= 0 && y < MOST && y == (sl_real)(int)y))
            return 0;
        seen[(int)y] = true;
        classes = (int)y + 1 > classes ? (int)y + 1 : classes;
    }
    for (int c = 0; c < classes; c++)
        if (!seen[c])
            return 0;
    return classes;
}

static sl_status run_set_classes(sl_run *run, int classes)
{
    sl_data *const parts[] = { run->train, run->validation, run->test };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i])
            parts[i]->classes = classes;
    return SL_OK;
}

/* The task follows the target; *classes: 0 for regression. */
static sl_status run_task(sl_run *run, int *classes)
{
    sl_ctx *ctx = run->ctx;
    const char *task = run->options.task;
    const sl_data *data = run->train;
    if (!data->outputs)
        return sl_fail(ctx, SL_EINVAL, "%s has no targets: it can be predicted, not trained on",
                       run->options.data);
    if (task && strcmp(task, "classification") && strcmp(task, "regression"))
        return sl_fail(ctx, SL_EINVAL, "unknown task '%s': there are classification and regression", task);
    *classes = data->classes;
    if (!task) {
        sl_log(ctx, "task        %s (default): %s", *classes ? "classification" : "regression",
               *classes ? "the target is a class" : "the target is a number");
        return SL_OK;
    }
    sl_log(ctx, "task        %s, as asked", task);
    if (!strcmp(task, "regression")) {
        *classes = 0;
        return run_set_classes(run, 0);
    }
    if (*classes)
        return SL_OK;
    *classes = run_class_numbers(data);
    if (*classes < 2)
        return sl_fail(ctx, SL_EINVAL,
                       "--task classification: the target is not a class number: wants whole numbers from 0 "
                       "to K-1, each of which occurs");
    return run_set_classes(run, *classes);
}

static sl_status run_model(sl_run *run)
{
    sl_ctx *ctx = run->ctx;
    const sl_run_options *o = &run->options;
    int classes = 0, count = 0;
    if (run_task(run, &classes))
        return ctx->status;
    const char *loss = o->loss        ? o->loss
                       : classes == 0 ? "mean_squared"
                       : classes == 2 ? "binary_cross_entropy"
                                      : "cross_entropy";
    const sl_loss *found = sl_loss_find(ctx, loss);
    sl_layer *layers = found ? sl_net_parse(ctx, o->net, 1, &count) : NULL;
    if (!layers)
        return ctx->status;
    const int outputs = classes == 0                             ? (int)run->train->outputs
                        : found->target == SL_TARGET_CLASS       ? classes
                        : found->target == SL_TARGET_PROBABILITY ? 1
                                                                 : (int)run->train->outputs;
    layers[count] = (sl_layer){ .type = "dense", .name = "output", .units = outputs };
    run->model = sl_model_new(ctx, layers);
    sl_free(ctx, layers);
    if (!run->model)
        return ctx->status;
    if (o->init) {
        sl_init_job job;
        if (!sl_init_find(ctx, o->init, &job))
            return ctx->status;
        run->model->init = sl_strdup(ctx, o->init);
    }
    sl_log(ctx, "loss        %s%s: mean over rows%s", found->name, o->loss ? "" : " (default)",
           found->from_logits ? ", from logits" : ", without a factor of 1/2");
    return sl_compile(run->model, .loss = loss, .optimizer = o->optimizer);
}

static void run_log_settings(const sl_run *run)
{
    sl_ctx *ctx = run->ctx;
    const sl_run_options *o = &run->options;
    const sl_trainer *t = run->trainer;
    const sl_model *model = run->model;
    const sl_optimizer *given = &o->optimizer, *set = &t->step->set;
    char shape[96];
    sl_text line;
    sl_text_init(&line, ctx);
    sl_log(ctx, "inputs      %s", sl_model_preprocessing(model));
    sl_log(ctx, "net         %s -> %s: %zu parameters", sl_shape_text(shape, model->input), model->net,
           model->parameters);
    for (int i = 0; i < model->count; i++)
        if (model->layers[i].wants) {
            const char *init =
                o->init && !model->layers[i].spec.init ? o->init : model->layers[i].wanted[0].init;
            sl_text_add(&line, "%s%s %s", line.length ? ", " : "", model->layers[i].name, init);
            if (line.length > 160 && i + 1 < model->count) {
                sl_text_add(&line, ", ... (%d layers)", model->count);
                break;
            }
        }
    sl_log(ctx, "init        %s%s; biases %s", sl_text_string(&line), o->init ? "" : " (default)",
           o->init && !strncmp(o->init, "pytorch", 7) ? "likewise" : "0");
    const struct {
        const char *name;
        sl_real is, given;
    } words[] = { { "lr", set->lr, given->lr },
                  { "momentum", set->momentum, given->momentum },
                  { "beta1", set->beta1, given->beta1 },
                  { "beta2", set->beta2, given->beta2 },
                  { "epsilon", set->epsilon, given->epsilon } };
    sl_text_clear(&line);
    sl_text_add(&line, "%s%s", set->rule, given->rule ? "" : " (default)");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (words[i].is != 0) {
            sl_text_add(&line, ", %s ", words[i].name);
            sl_text_real(&line, words[i].is);
            sl_text_put(&line, words[i].given != 0 ? "" : " (default)");
        }
    if (set->decay != 0) {
        sl_text_put(&line, ", decay ");
        sl_text_real(&line, set->decay);
        sl_text_add(&line, "%s %s, not of biases", given->decay != 0 ? "" : " (default)",
                    t->step->rule->decoupled ? "of the weights (decoupled)"
                                             : "as L2, decay * w in the gradient");
    }
    sl_log(ctx, "optimizer   %s", sl_text_string(&line));
    sl_log(ctx, "batch       %d%s%s, %zu step%s an epoch, shuffled anew each epoch%s",
           o->batch ? o->batch : 32, o->batch ? "" : " (default)", t->steps_an_epoch == 1 ? ": all rows" : "",
           t->steps_an_epoch, t->steps_an_epoch == 1 ? "" : "s",
           t->steps_an_epoch > 1 && t->train->rows % (size_t)t->options.batch ? "; the last batch is smaller"
                                                                              : "");
    sl_text_clear(&line);
    sl_trainer_describe_stop(t, &line);
    sl_log(ctx, "stop        %s; the best epoch is kept", sl_text_string(&line));
    sl_log(ctx, "measured    after each epoch in inference mode, on %s%zu training rows%s",
           t->sample ? "" : "all ", t->sample_count, t->sample ? " drawn by the seed" : "");
    sl_log(ctx, "seed        %llu%s; %d thread%s, %s: neither changes a result",
           (unsigned long long)ctx->options.seed, ctx->options.seed == 1 ? " (default)" : "",
           sl_ctx_threads(ctx), sl_ctx_threads(ctx) == 1 ? "" : "s", sl_ctx_isa(ctx));
    sl_log(ctx, "folder      %s", run->folder);
    sl_text_free(&line);
}

sl_status sl_run_prepare(sl_run *run)
{
    sl_ctx *ctx = run->ctx;
    const sl_run_options *o = &run->options;
    sl_fit_options fit = { .epochs = o->epochs,
                           .steps = o->steps,
                           .batch = o->batch,
                           .patience = o->patience,
                           .on_step = o->on_step,
                           .on_epoch = o->on_epoch,
                           .user = o->user };
    if (o->validation && sl_number_parse(o->validation, &fit.validation_fraction)) {
        if (!(fit.validation_fraction >= 0 && fit.validation_fraction < 1))
            return sl_fail(ctx, SL_EINVAL,
                           "--validation is %s: wants a share of the rows, 0 or more and less than 1, or a "
                           "data source",
                           o->validation);
        if (fit.validation_fraction == 0)
            fit.validation_fraction = -1; /* none */
    }
    if (run_open_data(run) || run_model(run))
        return ctx->status;
    fit.validation = run->validation;
    run->trainer = sl_trainer_new(run->model, run->train, &fit);
    if (!run->trainer)
        return ctx->status;
    if (run->test && (sl_check_inputs(ctx, run->model, run->test, "the test data") ||
                      sl_check_targets(ctx, run->model, run->test, "the test data")))
        return ctx->status;
    run->trainer->on_record = sl_run_record;
    run->trainer->record_user = run;
    return SL_OK;
}

static sl_run *run_new(sl_ctx *ctx)
{
    if (!ctx || ctx->status)
        return NULL;
    sl_run *run = sl_alloc(ctx, sizeof *run);
    if (run) {
        run->ctx = ctx;
        run->model_saved = -1e9;
        run->lock = -1;
        sl_text_init(&run->result, ctx);
    }
    return run;
}

sl_run *sl_run_new(sl_ctx *ctx, const sl_run_options *options)
{
    sl_run *run = run_new(ctx);
    if (!run)
        return NULL;
    run_copy_options(run, options);
    if (!ctx->status && !sl_run_choose_folder(run) && !sl_run_prepare(run))
        run_log_settings(run);
    if (!ctx->status)
        return run;
    sl_run_free(run);
    return NULL;
}

/* --- opening a folder again ------------------------------------------------------------------------- */

static sl_status run_check_digest(sl_run *run, const sl_json *json, const char *key, uint64_t is,
                                  const char *source)
{
    char text[17];
    const char *was = sl_json_string(json, key, NULL);
    if (!was || !strcmp(was, sl_digest_text(text, is)))
        return SL_OK;
    return sl_fail(run->ctx, SL_EINVAL,
                   "%s has changed since the run was begun (digest %s, was %s): a run continues with "
                   "the same data only; begin a new one with `slope train`",
                   source, text, was);
}

static sl_real run_word(const sl_json *o, const char *key)
{
    return (sl_real)sl_json_number(o, key, 0);
}

static sl_status run_take_json(sl_run *run, const sl_json *json, const sl_run_options *callbacks)
{
    sl_ctx *ctx = run->ctx;
    const sl_json *s = sl_json_get(json, "settings"), *o = sl_json_get(s, "optimizer");
    const uint64_t format = sl_json_uint64(json, "format", 0);
    if (format != SL_RUN_FORMAT)
        return sl_fail(ctx, SL_EFORMAT,
                       "%s: its run.json has format %llu, written by slope %s; slope %s reads format %d",
                       run->folder, (unsigned long long)format, sl_json_string(json, "version", "(unknown)"),
                       SLOPE_VERSION, SL_RUN_FORMAT);
    const sl_run_options options = { .data = sl_json_string(s, "data", NULL),
                                     .test = sl_json_string(s, "test", NULL),
                                     .validation = sl_json_string(s, "validation", NULL),
                                     .net = sl_json_string(s, "net", NULL),
                                     .task = sl_json_string(s, "task", NULL),
                                     .loss = sl_json_string(s, "loss", NULL),
                                     .init = sl_json_string(s, "init", NULL),
                                     .epochs = (int)sl_json_number(s, "epochs", 0),
                                     .steps = (int)sl_json_number(s, "steps", 0),
                                     .batch = (int)sl_json_number(s, "batch", 0),
                                     .patience = (int)sl_json_number(s, "patience", 0),
                                     .optimizer = { .rule = sl_json_string(o, "rule", NULL),
                                                    .lr = run_word(o, "lr"),
                                                    .momentum = run_word(o, "momentum"),
                                                    .beta1 = run_word(o, "beta1"),
                                                    .beta2 = run_word(o, "beta2"),
                                                    .epsilon = run_word(o, "epsilon"),
                                                    .decay = run_word(o, "decay") },
                                     .on_step = callbacks ? callbacks->on_step : NULL,
                                     .on_epoch = callbacks ? callbacks->on_epoch : NULL,
                                     .user = callbacks ? callbacks->user : NULL };
    ctx->options.seed = sl_json_uint64(s, "seed", 1);
    const sl_json *result = sl_json_get(json, "result");
    const char *status = sl_json_string(json, "status", "");
    run_copy_options(run, &options);
    if (result && result->kind == SL_JSON_STRING && !strcmp(status, "finished")) {
        run->finished = true;
        sl_text_put(&run->result, result->text);
        return ctx->status;
    }
    if (ctx->status || sl_run_prepare(run))
        return ctx->status;
    if (run_check_digest(run, json, "data_digest", run->data_digest, run->data) ||
        (run->test && run_check_digest(run, json, "test_digest", run->test_digest,
                                       run->test_source ? run->test_source : run->data)) ||
        (run->validation &&
         run_check_digest(run, json, "validation_digest", run->validation_digest, run->validation_source)))
        return ctx->status;
    char *last = sl_run_path(run, "last.safetensors");
    if (last && sl_os_path_kind(last) != SL_PATH_NONE) {
        run->resuming = true;
        run->trainer->options.checkpoint = last;
        sl_trainer_load(run->trainer);
        run->trainer->options.checkpoint = NULL;
    }
    sl_free(ctx, last);
    run_log_settings(run);
    if (run->resuming)
        sl_log(ctx, "resuming    after step %zu, %zu epochs finished", run->trainer->steps,
               run->trainer->epoch);
    else
        sl_log(ctx, "resuming    from the beginning: the folder has no checkpoint yet");
    return ctx->status;
}

sl_run *sl_run_open(sl_ctx *ctx, const char *folder, const sl_run_options *callbacks)
{
    sl_run *run = run_new(ctx);
    if (!run)
        return NULL;
    run->folder = sl_strdup(ctx, folder);
    char *path = sl_path_join(ctx, folder, "run.json");
    if (!ctx->status && sl_os_path_kind(folder) == SL_PATH_FOLDER && sl_run_lock(run)) {
        sl_free(ctx, path);
        sl_run_free(run);
        return NULL;
    }
    unsigned char *bytes = NULL;
    size_t size;
    sl_arena arena;
    sl_arena_init(&arena, ctx);
    if (path && sl_os_path_kind(path) == SL_PATH_NONE) {
        sl_fail(ctx, SL_EFILE,
                "%s: there is no run.json: wants the folder of a run that was begun with `slope train`",
                folder);
    } else if (path && !sl_file_read(ctx, path, &bytes, &size)) {
        const sl_json *json = sl_json_read(&arena, path, (const char *)bytes, size);
        if (json)
            run_take_json(run, json, callbacks);
    }
    sl_arena_free(&arena);
    sl_free(ctx, bytes);
    sl_free(ctx, path);
    if (!ctx->status)
        return run;
    sl_run_free(run);
    return NULL;
}

/* --- training --------------------------------------------------------------------------------------- */

/* What is written after a failure needs a context without one; then the failure is put back. */
static sl_status run_close(sl_run *run, const char *status)
{
    sl_ctx *ctx = run->ctx;
    const sl_status failed = ctx->status;
    char message[sizeof ctx->message];
    memcpy(message, ctx->message, sizeof message);
    sl_clear(ctx);
    char *path = sl_run_path(run, "model.safetensors");
    if (path && (run->trainer->best_epoch || failed == SL_ESTOPPED))
        sl_model_save(run->model, path);
    sl_free(ctx, path);
    if (!failed && !ctx->status)
        sl_run_make_result(run);
    if (!ctx->status)
        sl_run_write_json(run, status);
    if (failed) {
        ctx->status = failed;
        memcpy(ctx->message, message, sizeof message);
    }
    return ctx->status;
}

sl_status sl_run_train(sl_run *run)
{
    if (!run)
        return SL_EINVAL;
    sl_ctx *ctx = run->ctx;
    if (run->finished || ctx->status)
        return ctx->status;
    if (sl_run_begin_folder(run))
        return ctx->status;
    char *last = sl_run_path(run, "last.safetensors");
    if (!last)
        return SL_ENOMEM;
    run->trainer->options.checkpoint = last;
    const sl_status status = sl_trainer_run(run->trainer);
    if (!status)
        run_close(run, "finished");
    else if (status == SL_ESTOPPED || status == SL_EDIVERGED)
        run_close(run, status == SL_ESTOPPED ? "stopped" : "diverged");
    run->finished = !ctx->status;
    sl_run_unlock(run);
    run->trainer->options.checkpoint = NULL;
    sl_free(ctx, last);
    return ctx->status;
}

void sl_run_free(sl_run *run)
{
    if (!run)
        return;
    sl_ctx *ctx = run->ctx;
    sl_run_unlock(run);
    sl_trainer_free(run->trainer);
    sl_model_free(run->model);
    sl_report_free(run->test_report);
    sl_data_free(run->train);
    sl_data_free(run->validation);
    sl_data_free(run->test);
    sl_text_free(&run->result);
    char *const texts[] = { run->data, run->test_source, run->validation_source,
                            run->net,  run->task,        run->loss,
                            run->init, run->rule,        run->folder };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        sl_free(ctx, texts[i]);
    sl_free(ctx, run);
}

bool sl_run_finished(const sl_run *run)
{
    return run && run->finished;
}

const char *sl_run_folder(const sl_run *run)
{
    return run ? run->folder : NULL;
}

const char *sl_run_result(const sl_run *run)
{
    return run && run->result.length ? run->result.bytes : NULL;
}

const sl_report *sl_run_history(const sl_run *run)
{
    return run && run->trainer ? run->trainer->report : NULL;
}

const sl_report *sl_run_test(const sl_run *run)
{
    return run ? run->test_report : NULL;
}

sl_model *sl_run_model(sl_run *run)
{
    return run ? run->model : NULL;
}
