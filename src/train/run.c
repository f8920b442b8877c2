/* run.c - see slope.h: settings to data, model and trainer; then the training itself. */
#include "train/warned.h"
#include "core/digest.h"
#include "core/os.h"
#include "core/profile.h"
#include "data/format.h"
#include "train/curvature.h"

#include <math.h>
#include <string.h>

/* Rows that are packed lie beside the run, so that it goes on without packing them again; where there is no
 * such folder yet, nowhere: nothing is made before the checks. NULL, also without an error. */
static char *run_pack(const sl_run *run)
{
    sl_ctx *ctx = run->ctx;
    if (!run->options.table.memory || run->options.table.pack || run->train || !run->folder)
        return NULL;
    sl_text path;
    sl_text_init(&path, ctx);
    size_t length = strlen(run->folder);
    while (length > 1 && run->folder[length - 1] == '/')
        length--;
    sl_text_bytes(&path, run->folder, length);
    while (length && run->folder[length - 1] != '/')
        length--;
    char *above = sl_strndup(ctx, length ? run->folder : "./", length ? length : 2);
    const bool there = above && sl_os_path_kind(above) == SL_PATH_FOLDER && !sl_os_folder_writable(above);
    sl_text_put(&path, ".pack");
    char *pack = there ? sl_strdup(ctx, sl_text_string(&path)) : NULL;
    sl_free(ctx, above);
    sl_text_free(&path);
    return pack;
}

/* Further tables are read by the columns of the first, and have a quarter of the memory. */
static sl_data *run_open(const sl_run *run, const char *source, const char *part, const char *role)
{
    sl_ctx *ctx = run->ctx;
    sl_table_options table = run->options.table;
    table.task = run->options.task;
    table.group = run->options.group;
    if (!run->train && sl_run_split_time(ctx, run->options.split, &table.time))
        return NULL;
    const sl_opening how = { .options = &table,
                             .columns = run->train ? run->train->store->columns : NULL,
                             .learning = true };
    char *pack = run_pack(run);
    table.pack = pack ? pack : run->train ? NULL : table.pack;
    table.memory = run->train && table.memory ? table.memory / 4 + 1 : table.memory;
    sl_data *data = ctx->status ? NULL : sl_data_open_by(ctx, source, part, &how);
    sl_free(ctx, pack);
    if (!data)
        return NULL;
    if (data->store->columns) {
        sl_run_log_table(run, data, source, role);
        return data;
    }
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

/* All rows of the run that it is like, not read again; NULL, also without an error. */
static sl_data *run_take(sl_run *run)
{
    const sl_run *like = run->like;
    const sl_data *all = like ? like->all ? like->all : like->train : NULL;
    const char *source = run->options.data;
    if (!all || strcmp(source, like->options.data) != 0 || all->store->columns || all->store->packed ||
        all->store->texts)
        return NULL;
    size_t *order = sl_alloc_array(run->ctx, all->rows, sizeof *order);
    for (size_t i = 0; order && i < all->rows; i++)
        order[i] = i;
    return order ? sl_data_view(all, order, all->rows, all->part) : NULL;
}

sl_status sl_run_open_data(sl_run *run)
{
    sl_ctx *ctx = run->ctx;
    const sl_run_options *o = &run->options;
    if (!o->data)
        return sl_fail(ctx, SL_EINVAL, "no data: wants a folder, a file, or builtin:NAME");
    double fraction;
    if (sl_run_check_parts(run))
        return ctx->status;
    run->train = run_take(run);
    const bool taken = run->train != NULL;
    if (ctx->status || (!taken && !(run->train = run_open(run, o->data, NULL, "data"))))
        return ctx->status;
    const bool cut = o->folds || (o->test && sl_number_parse(o->test, &fraction)); /* by sl_run_split */
    const bool has_test = sl_data_has_part(ctx, o->data, "test") && sl_data_has_part(ctx, o->data, "train");
    if (taken)
        run->test = NULL;
    else if (cut && has_test)
        sl_log(ctx,
               "test        the test part of %s is not looked at: the one that was asked for is cut off its "
               "train part",
               o->data);
    else if (o->test && !cut)
        run->test = run_open(run, o->test, sl_data_has_part(ctx, o->test, "test") ? "test" : NULL, "test");
    else if (has_test)
        run->test = run_open(run, o->data, "test", "test");
    if (!ctx->status && o->validation && !sl_number_parse(o->validation, &fraction))
        run->validation = run_open(run, o->validation, NULL, "validation");
    if (ctx->status)
        return ctx->status;
    if (sl_decides(ctx))
        sl_run_tell_parts(run, cut, has_test);
    run->data_digest = taken ? run->like->data_digest : sl_data_digest_in(ctx, run->train);
    run->test_digest = run->test ? sl_data_digest_in(ctx, run->test) : 0;
    run->validation_digest = run->validation ? sl_data_digest_in(ctx, run->validation) : 0;
    return SL_OK;
}

void sl_run_plan(const sl_run_options *plan, sl_fit_options *fit)
{
    fit->epochs = plan->epochs;
    fit->steps = plan->steps;
    fit->batch = plan->batch;
    fit->accumulate = plan->accumulate;
    fit->sampling = plan->sampling;
    fit->augment = plan->augment;
    fit->class_weight = plan->class_weight;
    fit->target_scale = plan->target_scale;
    fit->text = plan->text;
    fit->tokenizer = plan->tokenizer;
    fit->patience = plan->patience;
}

sl_status sl_run_prepare(sl_run *run)
{
    sl_ctx *ctx = run->ctx;
    const sl_run_options *o = &run->options;
    sl_fit_options fit = { .on_step = o->on_step, .on_epoch = o->on_epoch, .user = o->user };
    if (o->validation && sl_number_parse(o->validation, &fit.validation_fraction)) {
        if (!(fit.validation_fraction >= 0 && fit.validation_fraction < 1))
            return sl_fail(ctx, SL_EINVAL,
                           "--validation is %s: wants a share of the rows, 0 or more and less than 1, or a "
                           "data source",
                           o->validation);
        if (fit.validation_fraction == 0)
            fit.validation_fraction = -1; /* none */
    }
    int classes = 0;
    if (sl_run_check_record(run) || sl_run_check_unlabelled(run) || sl_run_open_data(run) ||
        sl_run_task(run, &classes) || sl_run_split(run, classes))
        return ctx->status;
    if (o->test_validates && !run->validation && fit.validation_fraction < 0) {
        run->validation = run->test;
        run->test = NULL;
    }
    if (sl_run_recipe(run, classes) || sl_run_open_unlabelled(run) || sl_run_make_model(run, classes))
        return ctx->status;
    sl_run_plan(&run->plan, &fit);
    run->classes = classes;
    fit.validation = run->validation;
    fit.curvature = sl_run_records(run, "curvature");
    const sl_built *flat = fit.curvature ? sl_probe_flat(run->model) : NULL;
    if (flat)
        return sl_fail(
            ctx, SL_EINVAL,
            "--record curvature: it is measured by gradients, and none come through %s: the slope of "
            "%s is 0 wherever it has one: leave --record curvature out, or take sigmoid",
            flat->name, flat->activation->name);
    if (run->all && !run->validation) /* it was seen to: the trainer cuts none off either */
        fit.validation_fraction = -1;
    fit.unlabelled = run->unlabelled;
    if (run->model_before && run->model_before->views &&
        sl_model_set_views(run->model, run->model_before->views))
        return ctx->status;
    run->trainer = sl_trainer_new(run->model, run->train, &fit);
    if (run->trainer)
        run->trainer->options.unlabelled = NULL;
    sl_data_free(run->unlabelled); /* has been learned from */
    run->unlabelled = NULL;
    if (!run->trainer || sl_run_start_vectors(run, run->model))
        return ctx->status;
    run->start_digest = sl_model_digest(run->model);
    if (run->test && (sl_check_inputs(ctx, run->model, run->test, "the test data") ||
                      sl_check_targets(ctx, run->model, run->test, "the test data")))
        return ctx->status;
    run->trainer->by_train = run->refits; /* what is learned in the end has no other measure */
    if (sl_trainer_keep(run->trainer))
        return ctx->status;
    return run->options.keep_nothing ? SL_OK : sl_run_prepare_records(run);
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
        sl_text_init(&run->points, ctx);
        for (int table = 0; table < SL_RUN_TABLES; table++)
            sl_text_init(&run->lines[table], ctx);
    }
    return run;
}

sl_run *sl_run_new(sl_ctx *ctx, const sl_run_options *options)
{
    return sl_run_new_like(ctx, options, NULL);
}

sl_run *sl_run_new_like(sl_ctx *ctx, const sl_run_options *options, const sl_run *like)
{
    sl_run *run = sl_run_make(ctx);
    if (!run)
        return NULL;
    run->like = like;
    const sl_run_options none = { 0 };
    char here[4096];
    sl_settings_copy(ctx, &run->options, options ? options : &none);
    if (!ctx->status && (run->options.text || run->options.tokenizer)) /* before much is read for nothing */
        sl_views_check_words(ctx, run->options.text, run->options.tokenizer);
    run->begun_in = sl_os_working_folder(here, sizeof here) ? NULL : sl_strdup(ctx, here);
    sl_profile *const profile = run->options.profile, *const before = sl_profile_open(ctx, profile);
    sl_profile_begin(ctx, "load and prepare");
    if (!ctx->status && (run->options.keep_nothing || !sl_run_choose_folder(run)) && !sl_run_prepare(run))
        sl_run_log_settings(run);
    sl_profile_end(ctx);
    sl_profile_close(ctx, profile, before);
    if (!ctx->status)
        return run;
    sl_run_free(run);
    return NULL;
}

/* --- training --------------------------------------------------------------------------------------- */

/* What the last save could not write: where the run can be gone on with. */
static sl_status run_unsaved(const sl_run *run)
{
    sl_ctx *ctx = run->ctx;
    sl_text why;
    sl_text_init(&why, ctx);
    sl_text_put(&why, ctx->message);
    sl_clear(ctx);
    if (run->trainer->saved_steps)
        sl_fail(ctx, SL_EWRITE,
                "%s; what is saved goes up to step %zu of %zu: once %s can be written, slope train --resume "
                "%s goes "
                "on from there",
                sl_text_string(&why), run->trainer->saved_steps, run->trainer->steps, run->folder,
                run->folder);
    else
        sl_fail(ctx, SL_EWRITE, "%s; none of the %zu steps could be saved to be gone on with",
                sl_text_string(&why), run->trainer->steps);
    sl_text_free(&why);
    return ctx->status;
}

static sl_status run_train(sl_run *run)
{
    sl_ctx *ctx = run->ctx;
    char *last = NULL;
    if (!run->options.keep_nothing) {
        sl_profile_begin(ctx, "save");
        last = sl_run_begin_folder(run) ? NULL : sl_run_path(run, "last.safetensors");
        sl_profile_end(ctx);
        if (!last)
            return ctx->status;
    }
    run->trainer->options.checkpoint = last;
    const sl_status status = sl_trainer_run(run->trainer);
    if (!status)
        sl_run_close(run, "finished");
    else if (status == SL_ESTOPPED || status == SL_EDIVERGED || status == SL_EWRITE)
        sl_run_close(run, status == SL_EDIVERGED ? "diverged" : "stopped");
    if (ctx->status == SL_EWRITE && last)
        run_unsaved(run);
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
        return sl_fail(ctx, SL_EINVAL, "%s: this run was trained already: %s",
                       run->folder ? run->folder : run->options.data,
                       run->folder ? "open it again to go on" : "make a new one");
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
    sl_packed *packed = run->train ? run->train->store->packed : NULL;
    if (packed && run->begun) /* who goes on with the run wants it again */
        sl_packed_keep(packed, !run->finished && ctx->status != SL_EDIVERGED);
    sl_run_unlock(run);
    sl_trainer_free(run->trainer);
    sl_model_free(run->model);
    sl_model_free(run->first_model);
    sl_model_free(run->model_before);
    sl_data_free(run->unlabelled);
    sl_free(ctx, run->words);
    sl_data_free(run->learned);
    sl_columns_free(run->columns);
    sl_report_free(run->test_report);
    sl_baselines_free(run->baselines);
    sl_data_free(run->train);
    sl_data_free(run->validation);
    sl_data_free(run->test);
    sl_data_free(run->all);
    sl_text_free(&run->result);
    sl_free(ctx, run->watched_rows);
    sl_run_free_warnings(run);
    sl_text_free(&run->points);
    for (int table = 0; table < SL_RUN_TABLES; table++)
        sl_text_free(&run->lines[table]);
    sl_settings_free(ctx, &run->options);
    sl_free(ctx, run->folder);
    sl_free(ctx, run->begun_in);
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

const sl_baselines *sl_run_baselines(const sl_run *run)
{
    return run ? run->baselines : NULL;
}
