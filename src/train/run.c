/* run.c - see slope.h: settings to data, model and trainer; then the training itself. */
#include "train/run.h"
#include "core/digest.h"
#include "core/os.h"
#include "core/profile.h"

#include <math.h>
#include <string.h>

void sl_run_copy_options(sl_run *run, const sl_run_options *o)
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
    run->options.optimizer.schedule = run->schedule = sl_strdup(ctx, o->optimizer.schedule);
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
    run->data_digest = sl_data_digest_in(ctx, run->train);
    run->test_digest = run->test ? sl_data_digest_in(ctx, run->test) : 0;
    run->validation_digest = run->validation ? sl_data_digest_in(ctx, run->validation) : 0;
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

/* Class numbers run from 0 without gaps: a hole is a damaged label (255 makes 256 classes), and with one
 * class there is nothing to learn. */
static sl_status run_check_classes(sl_run *run, int classes)
{
    sl_ctx *ctx = run->ctx;
    const sl_data *data = run->train;
    size_t *rows = sl_alloc(ctx, (size_t)classes * sizeof *rows), first = 0;
    for (size_t i = 0; rows && i < data->rows; i++) {
        sl_real y;
        sl_data_gather(data, &i, 1, 1, NULL, &y);
        if (!rows[(int)y]++ && (int)y == classes - 1)
            first = i;
    }
    int held = 0, empty = -1;
    for (int c = 0; rows && c < classes; c++) {
        held += rows[c] > 0;
        empty = empty < 0 && !rows[c] ? c : empty;
    }
    sl_free(ctx, rows);
    if (!ctx->status && held == 1)
        sl_fail(ctx, SL_EINVAL, "%s: all %zu training rows are of class %s: wants two classes or more",
                run->options.data, data->rows, sl_data_class_name(data, classes - 1));
    else if (!ctx->status && empty >= 0)
        sl_fail(
            ctx, SL_EINVAL,
            "%s: the label of row %zu is %s, but no training row has the label %s: classes are numbered from "
            "0 without gaps",
            run->options.data, first, sl_data_class_name(data, classes - 1), sl_data_class_name(data, empty));
    return ctx->status;
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
    if (*classes && (!task || strcmp(task, "regression") != 0) && run_check_classes(run, *classes))
        return ctx->status;
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

/* --net lists hidden layers, so a softmax at its end can only be meant for the output: taken at its word it
 * would squeeze all that the output layer sees into one choice. */
static sl_status run_check_end(sl_ctx *ctx, const sl_layer *layers, int count)
{
    while (count && !layers[count - 1].units)
        count--;
    const sl_layer *last = count ? &layers[count - 1] : NULL;
    const sl_op *f = last && last->activation ? sl_op_find(last->activation) : NULL;
    if (!f || !f->activates_rows)
        return SL_OK;
    return sl_fail(ctx, SL_EINVAL,
                   "--net ends in '%d %s', but it lists the hidden layers: the output layer comes from the "
                   "data, and %s from the loss: leave '%d %s' out",
                   last->units, f->name, f->name, last->units, f->name);
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
    sl_loss_values values;
    const sl_loss *found = sl_loss_find(ctx, loss, &values);
    sl_layer *layers = found ? sl_net_parse(ctx, o->net, 1, &count) : NULL;
    if (!layers)
        return ctx->status;
    if (run_check_end(ctx, layers, count)) {
        sl_free(ctx, layers);
        return ctx->status;
    }
    layers[count] = (sl_layer){ .type = "dense",
                                .name = "output",
                                .units = sl_loss_outputs(found, classes, run->train->outputs),
                                .activation = found->activation };
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
    if (sl_compile(run->model, .loss = loss, .optimizer = o->optimizer))
        return ctx->status;
    sl_log(ctx, "loss        %s%s: %s%s", run->model->loss_text, o->loss ? "" : " (default)",
           values.sum ? "sum over rows (figures are means)" : "mean over rows",
           found->from_logits                 ? ", from logits"
           : found->op == &sl_op_mean_squared ? ", without a factor of 1/2"
                                              : "");
    if (found->note)
        sl_log(ctx, "            %s", found->note);
    return SL_OK;
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
    if (sl_trainer_keep(run->trainer))
        return ctx->status;
    run->trainer->on_record = sl_run_record;
    run->trainer->record_user = run;
    return SL_OK;
}

sl_run *sl_run_make(sl_ctx *ctx)
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
    sl_run *run = sl_run_make(ctx);
    if (!run)
        return NULL;
    const sl_run_options none = { 0 };
    char here[4096];
    sl_run_copy_options(run, options ? options : &none);
    run->begun_in = sl_os_working_folder(here, sizeof here) ? NULL : sl_strdup(ctx, here);
    sl_profile *const profile = run->options.profile, *const before = sl_profile_open(ctx, profile);
    sl_profile_begin(ctx, "load and prepare");
    if (!ctx->status && !sl_run_choose_folder(run) && !sl_run_prepare(run))
        sl_run_log_settings(run);
    sl_profile_end(ctx);
    sl_profile_close(ctx, profile, before);
    if (!ctx->status)
        return run;
    sl_run_free(run);
    return NULL;
}

/* --- training --------------------------------------------------------------------------------------- */

static sl_status run_train(sl_run *run)
{
    sl_ctx *ctx = run->ctx;
    sl_profile_begin(ctx, "save");
    char *last = sl_run_begin_folder(run) ? NULL : sl_run_path(run, "last.safetensors");
    sl_profile_end(ctx);
    if (!last)
        return ctx->status;
    run->trainer->options.checkpoint = last;
    const sl_status status = sl_trainer_run(run->trainer);
    if (!status)
        sl_run_close(run, "finished");
    else if (status == SL_ESTOPPED || status == SL_EDIVERGED)
        sl_run_close(run, status == SL_ESTOPPED ? "stopped" : "diverged");
    run->finished = !ctx->status;
    sl_run_unlock(run);
    run->trainer->options.checkpoint = NULL;
    sl_free(ctx, last);
    return ctx->status;
}

sl_status sl_run_train(sl_run *run)
{
    if (!run)
        return SL_EINVAL;
    sl_ctx *ctx = run->ctx;
    if (run->finished || ctx->status)
        return ctx->status;
    if (run->begun) /* its folder must not be begun anew: that would remove the checkpoint */
        return sl_fail(ctx, SL_EINVAL, "%s: this run was trained already: open it again to go on",
                       run->folder);
    run->begun = true;
    sl_profile *const profile = run->options.profile, *const before = sl_profile_open(ctx, profile);
    const sl_status status = run_train(run);
    sl_profile_close(ctx, profile, before);
    return status;
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
    char *const texts[] = { run->data,     run->test_source, run->validation_source,
                            run->net,      run->task,        run->loss,
                            run->init,     run->rule,        run->folder,
                            run->begun_in, run->schedule };
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
