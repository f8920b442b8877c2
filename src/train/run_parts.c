/* run_parts.c - which rows a run learns from, chooses by, and is tested on; the same ones again later. */
#include "core/digest.h"
#include "core/os.h"
#include "data/check/check.h"
#include "train/run.h"

#include <string.h>

/* A share of the rows; false: nothing was given, or a source. */
static bool run_share(const char *text, double *share)
{
    *share = 0;
    return text && sl_number_parse(text, share);
}

sl_status sl_run_split_time(sl_ctx *ctx, const char *split, const char **time)
{
    *time = NULL;
    if (!split || !strcmp(split, "random"))
        return SL_OK;
    if (strncmp(split, "time=", 5) != 0 || !split[5])
        return sl_fail(ctx, SL_EINVAL, "--split is '%s': wants random, or time=COLUMN", split);
    *time = split + 5;
    return SL_OK;
}

sl_status sl_run_check_parts(const sl_run *run)
{
    sl_ctx *ctx = run->ctx;
    const sl_run_options *o = &run->options;
    const char *time;
    double share;
    if (sl_run_split_time(ctx, o->split, &time) || sl_checks_skip(ctx, o->skip_checks))
        return ctx->status;
    if (run_share(o->test, &share) && !(share > 0 && share < 1))
        return sl_fail(ctx, SL_EINVAL,
                       "--test is %s: wants a share of the rows, above 0 and below 1, or a data source",
                       o->test);
    if (time && o->group)
        return sl_fail(
            ctx, SL_EINVAL,
            "--split time=%s and --group %s: rows of one group may lie far apart in time: give one of "
            "the two",
            time, o->group);
    if (!(o->rows >= 0))
        return sl_fail(ctx, SL_EINVAL, "--rows is below 0: wants a share of the training rows, or how many");
    if (o->folds && (o->folds < SL_FOLDS_LEAST || o->folds > SL_FOLDS_MOST))
        return sl_fail(ctx, SL_EINVAL, "--folds is %d: wants %d to %d", o->folds, SL_FOLDS_LEAST,
                       SL_FOLDS_MOST);
    if (o->fold < 0 || o->fold >= (o->folds ? o->folds : 1))
        return sl_fail(ctx, SL_EINVAL, "fold %d of %d: they count from 0", o->fold, o->folds);
    if (o->folds && o->test)
        return sl_fail(ctx, SL_EINVAL,
                       "--folds %d makes the test parts itself, from all rows: leave --test %s out", o->folds,
                       o->test);
    if (o->folds && time)
        return sl_fail(
            ctx, SL_EINVAL,
            "--folds %d and --split time=%s: folds are drawn from all times: take --test 0.2 in place "
            "of --folds",
            o->folds, time);
    return SL_OK;
}

/* Fewer training rows: those of each class with the smallest keys, so that a larger share has them too. */
static sl_status run_thin(sl_run *run, int classes)
{
    const double wanted = run->options.rows, all = (double)run->train->rows;
    sl_data *kept, *others;
    char number[32];
    if (wanted > all)
        return sl_fail(run->ctx, SL_EINVAL, "--rows is %s: there are %zu training rows: wants at most those",
                       sl_number_text(number, wanted), run->train->rows);
    const double share = wanted > 1 ? wanted / all : wanted;
    if (wanted <= 0 || share >= 1)
        return SL_OK;
    if (sl_data_split_as(run->train, classes, share, &kept, &others)) {
        sl_fail_at(run->ctx, "--rows");
        return run->ctx->status;
    }
    sl_log(run->ctx, "rows        %zu of the %zu training rows are learned from, drawn by the seed%s",
           kept->rows, run->train->rows, classes ? ", in each class alike" : "");
    sl_data_free(others);
    sl_data_free(run->train);
    run->train = kept;
    return SL_OK;
}

/* Parts of run->train, which becomes run->all. validation: by share too where the trainer would cut it. */
static sl_status run_divide(sl_run *run, int classes)
{
    const sl_run_options *o = &run->options;
    sl_parts_options parts = {
        .group = o->group, .folds = o->folds, .fold = o->fold, .if_enough = !o->validation, .validation = 0.1
    };
    sl_data *train, *validation, *test;
    if (sl_run_split_time(run->ctx, o->split, &parts.time))
        return run->ctx->status;
    run_share(o->test, &parts.test);
    if (run->validation || run_share(o->validation, &parts.validation))
        parts.validation = run->validation ? 0 : parts.validation;
    else
        parts.validation = 0.1;
    const double kept = o->folds ? 1 - 1.0 / o->folds : 1 - parts.test;
    run->learning = (size_t)((double)run->train->rows * kept + 0.5);
    if (sl_data_parts(run->train, classes, &parts, &train, &validation, &test))
        return run->ctx->status;
    run->all = run->train;
    run->train = train;
    run->validation = validation ? validation : run->validation;
    run->test = test ? test : run->test;
    return run_thin(run, classes);
}

sl_data *sl_run_learning(sl_run *run)
{
    const sl_run_options *o = &run->options;
    sl_parts_options parts = { .group = o->group, .folds = o->folds, .fold = o->fold };
    sl_data *train = NULL, *validation = NULL, *test = NULL;
    if (sl_run_split_time(run->ctx, o->split, &parts.time))
        return NULL;
    run_share(o->test, &parts.test);
    sl_data_parts(run->all, run->classes, &parts, &train, &validation, &test);
    sl_data_free(test);
    return train;
}

/* Checks keep some numbers a row: where rows were too many for memory, a part of them stands for all. */
static sl_status run_some(const sl_data *data, sl_data **some)
{
    enum { MOST = 1 << 17 };
    const bool all = !data->store->packed || data->rows <= MOST;
    *some = all ? (sl_data *)(uintptr_t)data : sl_data_some(data, MOST);
    return *some ? SL_OK : data->ctx->status;
}

static sl_status run_look(sl_run *run, int classes, bool test_is_cut)
{
    const sl_run_options *o = &run->options;
    sl_data *train, *test;
    const sl_data *own = test_is_cut ? NULL : run->test;
    if (run_some(run->train, &train) || (own && run_some(own, &test)))
        return run->ctx->status;
    if (train != run->train)
        sl_decided(run->ctx, "checks", "of some rows",
                   "%zu of %zu, drawn by the seed: all take too much memory", train->rows, run->train->rows);
    if (train != run->train)
        sl_log(run->ctx,
               "checks      of %zu of the rows, drawn by the seed: all of them take too much memory",
               train->rows);
    sl_checks_run(&(sl_check_job){ .ctx = run->ctx,
                                   .name = o->data,
                                   .train = train,
                                   .test = own ? test : NULL,
                                   .test_name = o->test ? o->test : o->data,
                                   .classes = classes,
                                   .weighted = o->class_weight != NULL },
                  o->skip_checks);
    if (train != run->train)
        sl_data_free(train);
    if (own && test != own)
        sl_data_free(test);
    return run->ctx->status;
}

sl_status sl_run_split(sl_run *run, int classes)
{
    const sl_run_options *o = &run->options;
    const char *time;
    double share;
    if (sl_run_split_time(run->ctx, o->split, &time))
        return run->ctx->status;
    const bool cut = o->folds || run_share(o->test, &share);
    if (cut || time || o->group || o->rows > 0 || run->train->store->columns)
        if (run_divide(run, classes))
            return run->ctx->status;
    return run_look(run, classes, cut);
}

/* --- the parts of a run that is there already ---------------------------------------------------------- */

/* The rows of the run are known by their number: a default may have changed since. */
static sl_status run_same_rows(sl_run *run, const sl_json *json)
{
    const sl_json *used = sl_json_get(json, "used");
    const uint64_t rows = sl_json_uint64(used, "rows", 0),
                   validation = sl_json_uint64(used, "validation_rows", 0);
    const uint64_t found = run->validation ? run->validation->rows : 0;
    if (rows == run->train->rows && validation == found)
        return SL_OK;
    return sl_fail(
        run->ctx, SL_EINVAL,
        "%s: the run had %llu training and %llu validation rows; drawn again there are %zu and %llu: "
        "it was begun by another version of slope, so which rows it saw is not known",
        run->folder, (unsigned long long)rows, (unsigned long long)validation, run->train->rows,
        (unsigned long long)found);
}

static sl_status run_same_data(sl_run *run, const sl_json *json)
{
    char text[17];
    const char *was = sl_json_string(json, "data_digest", "");
    if (!strcmp(was, sl_digest_text(text, run->data_digest)))
        return SL_OK;
    return sl_fail(
        run->ctx, SL_EINVAL,
        "%s is not the data that the run in %s began with (digest %s, was %s): its parts cannot be "
        "drawn again from it",
        run->options.data, run->folder, text, was);
}

static sl_data *run_take_part(sl_run *run, const sl_json *json, const char *source, const char *part)
{
    sl_ctx *ctx = run->ctx;
    int classes = 0;
    if (sl_run_take_settings(run, json, NULL))
        return NULL;
    if (source) {
        sl_free(ctx, (void *)(uintptr_t)run->options.data);
        run->options.data = sl_strdup(ctx, source);
    }
    if (ctx->status || sl_run_open_data(run) || sl_run_task(run, &classes) || run_same_data(run, json) ||
        run_divide(run, classes) || run_same_rows(run, json))
        return NULL;
    sl_data **const found = !strcmp(part, "train")        ? &run->train
                            : !strcmp(part, "validation") ? &run->validation
                                                          : &run->test;
    sl_data *data = *found;
    *found = NULL;
    if (!data)
        sl_fail(ctx, SL_EINVAL, "%s: the run had no %s part", run->folder, part);
    return data;
}

sl_data *sl_run_open_part(sl_ctx *ctx, const char *folder, const char *source, const char *part)
{
    sl_run *run = sl_run_make(ctx);
    if (!run)
        return NULL;
    sl_data *data = NULL;
    sl_arena arena;
    sl_arena_init(&arena, ctx);
    sl_hush(ctx); /* all of it was said when the run began */
    run->folder = sl_strdup(ctx, folder);
    if (!folder || !part || (strcmp(part, "train") && strcmp(part, "validation") && strcmp(part, "test")))
        sl_fail(ctx, SL_EINVAL, "sl_run_open_part: wants a run folder, and train, validation or test");
    const sl_json *json = ctx->status ? NULL : sl_run_json(ctx, &arena, folder);
    if (json)
        data = run_take_part(run, json, source, part);
    sl_unhush(ctx);
    sl_arena_free(&arena);
    sl_run_free(run);
    return data;
}

bool sl_run_cut_part(sl_ctx *ctx, const char *folder, const char *part)
{
    if (!ctx || ctx->status || !folder || !part)
        return false;
    sl_arena arena;
    sl_arena_init(&arena, ctx);
    const sl_json *json = sl_run_json(ctx, &arena, folder), *settings = sl_json_get(json, "settings");
    const char *test = sl_json_string(settings, "test", NULL),
               *validation = sl_json_string(settings, "validation", NULL);
    double share;
    const bool cuts_test = sl_json_number(settings, "folds", 0) > 0 || run_share(test, &share);
    const bool cuts_validation = (!validation || run_share(validation, &share)) &&
                                 sl_json_number(sl_json_get(json, "used"), "validation_rows", 0) > 0;
    const bool cut = json && (!strcmp(part, "test") ? cuts_test
                              : !strcmp(part, "validation")
                                  ? cuts_validation
                                  : cuts_test || cuts_validation || sl_json_number(settings, "rows", 0) > 0);
    sl_arena_free(&arena);
    if (ctx->status && ctx->status != SL_ENOMEM)
        sl_clear(ctx);
    return cut;
}

bool sl_run_learned_part(sl_ctx *ctx, const char *folder, const char *part)
{
    if (!ctx || ctx->status || !folder || !part)
        return false;
    sl_arena arena;
    sl_arena_init(&arena, ctx);
    const sl_json *json = sl_run_json(ctx, &arena, folder);
    const bool refit = sl_json_number(sl_json_get(json, "used"), "refit_rows", 0) > 0;
    const bool learned = json && (!strcmp(part, "train") || (refit && !strcmp(part, "validation")));
    sl_arena_free(&arena);
    if (ctx->status && ctx->status != SL_ENOMEM)
        sl_clear(ctx);
    return learned;
}
