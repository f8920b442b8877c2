/* run_open.c - a run folder opened again: its recorded settings, the same data, the checkpoint. */
#include "core/digest.h"
#include "core/os.h"
#include "core/profile.h"
#include "train/warned.h"

#include <string.h>

static sl_status run_check_digest(sl_run *run, const sl_json *json, const char *key, uint64_t is,
                                  const char *source)
{
    char text[17];
    const char *was = sl_json_string(json, key, NULL);
    if (was ? is && !strcmp(was, sl_digest_text(text, is)) : !is)
        return SL_OK;
    if (!is || !was)
        return sl_fail(run->ctx, SL_EINVAL,
                       "%s: the run was begun %s this part of the data, and now it is %s: a run continues "
                       "with the same data only; begin a new one with `slope train`",
                       source, was ? "with" : "without", is ? "there" : "gone");
    return sl_fail(run->ctx, SL_EINVAL,
                   "%s has changed since the run was begun (digest %s, was %s): a run continues with "
                   "the same data only; begin a new one with `slope train`",
                   source, text, was);
}

sl_status sl_run_check_data(sl_run *run, const sl_json *json)
{
    const sl_run_options *o = &run->options;
    if (run_check_digest(run, json, "data_digest", run->data_digest, o->data) ||
        run_check_digest(run, json, "test_digest", run->test_digest, o->test ? o->test : o->data))
        return run->ctx->status;
    return run_check_digest(run, json, "validation_digest", run->validation_digest,
                            o->validation ? o->validation : o->data);
}

sl_status sl_run_take_settings(sl_run *run, const sl_json *json, const sl_run_options *callbacks)
{
    sl_ctx *ctx = run->ctx;
    const sl_json *s = sl_json_get(json, "settings");
    const uint64_t format = sl_json_uint64(json, "format", 0);
    if (format != SL_RUN_FORMAT)
        return sl_fail(ctx, SL_EFORMAT,
                       "%s: its run.json has format %llu, written by slope %s; slope %s reads format %d",
                       run->folder, (unsigned long long)format, sl_json_string(json, "version", "(unknown)"),
                       SLOPE_VERSION, SL_RUN_FORMAT);
    run->begun_in = sl_strdup(ctx, sl_json_string(json, "begun_in", NULL));
    sl_run_options *o = &run->options;
    *o = callbacks ? (sl_run_options){ .on_step = callbacks->on_step,
                                       .on_epoch = callbacks->on_epoch,
                                       .user = callbacks->user,
                                       .profile = callbacks->profile }
                   : (sl_run_options){ 0 };
    if (sl_settings_take(ctx, json, o))
        return ctx->status;
    ctx->options.seed = sl_json_uint64(s, "seed", 1);
    char *path = sl_run_path(run, "run.json");
    if (path)
        sl_json_fits(ctx, json, path);
    sl_free(ctx, path);
    return ctx->status;
}

static sl_status run_take_json(sl_run *run, const sl_json *json, const sl_run_options *callbacks)
{
    sl_ctx *ctx = run->ctx;
    if (sl_run_take_settings(run, json, callbacks))
        return ctx->status;
    const sl_json *result = sl_json_get(json, "result");
    const char *status = sl_json_string(json, "status", "");
    if (result && result->kind == SL_JSON_STRING && !strcmp(status, "finished")) {
        run->finished = true;
        sl_text_put(&run->result, result->text);
        return ctx->status;
    }
    char *last = sl_run_path(run, "last.safetensors");
    if (last && sl_os_path_kind(last) != SL_PATH_NONE) {
        sl_run_take_views(run, last);
        sl_run_take_warnings(run, json);
    }
    if (ctx->status || sl_run_prepare(run)) {
        sl_free(ctx, last);
        return ctx->status;
    }
    if (sl_run_check_data(run, json)) {
        sl_free(ctx, last);
        return ctx->status;
    }
    if (last && sl_os_path_kind(last) != SL_PATH_NONE) {
        run->resuming = true;
        run->trainer->options.checkpoint = last;
        sl_trainer_load(run->trainer);
        run->trainer->options.checkpoint = NULL;
    }
    sl_free(ctx, last);
    if (ctx->status)
        return ctx->status;
    sl_run_log_settings(run);
    if (run->resuming)
        sl_log(ctx, "resuming    after step %zu, %zu epoch%s finished", run->trainer->steps,
               run->trainer->epoch, run->trainer->epoch == 1 ? "" : "s");
    else
        sl_log(ctx, "resuming    from the beginning: the folder has no checkpoint yet");
    return ctx->status;
}

/* SL_OK: the run is as it was when it stopped. */
static sl_status run_open_folder(sl_run *run, const char *folder, const sl_run_options *callbacks)
{
    sl_ctx *ctx = run->ctx;
    run->folder = sl_strdup(ctx, folder);
    if (run->folder && sl_os_path_kind(folder) == SL_PATH_FOLDER && sl_run_lock(run))
        return ctx->status;
    sl_arena arena;
    sl_arena_init(&arena, ctx);
    const sl_json *json = sl_run_json(ctx, &arena, folder);
    if (json)
        run_take_json(run, json, callbacks);
    sl_arena_free(&arena);
    return ctx->status;
}

static sl_run *run_open_fold(sl_ctx *ctx, const sl_json *json, sl_run *like, int fold, const char *out,
                             const sl_run_options *callbacks)
{
    if (sl_run_take_settings(like, json, callbacks))
        return NULL;
    if (like->options.folds <= 0) {
        sl_fail(ctx, SL_EINVAL, "%s: it was begun without --folds: wants the run of a fold", like->folder);
        return NULL;
    }
    sl_run_options options = like->options;
    options.fold = fold;
    options.out = out;
    options.keep_nothing = !out;
    sl_run *run = sl_run_new(ctx, &options);
    if (run && sl_run_check_data(run, json)) {
        sl_run_free(run);
        run = NULL;
    }
    return run;
}

sl_run *sl_run_open_fold(sl_ctx *ctx, const char *folder, int fold, const char *out,
                         const sl_run_options *callbacks)
{
    sl_run *like = sl_run_make(ctx), *run = NULL;
    if (!like)
        return NULL;
    sl_arena arena;
    sl_arena_init(&arena, ctx);
    like->folder = sl_strdup(ctx, folder);
    const sl_json *json = sl_run_json(ctx, &arena, folder);
    if (json && !ctx->status)
        run = run_open_fold(ctx, json, like, fold, out, callbacks);
    sl_arena_free(&arena);
    sl_run_free(like);
    return run;
}

sl_run *sl_run_open(sl_ctx *ctx, const char *folder, const sl_run_options *callbacks)
{
    sl_run *run = sl_run_make(ctx);
    if (!run)
        return NULL;
    sl_profile *const profile = callbacks ? callbacks->profile : NULL, *const before =
                                                                           sl_profile_open(ctx, profile);
    sl_profile_begin(ctx, "load and prepare");
    if (run_open_folder(run, folder, callbacks)) {
        sl_run_free(run);
        run = NULL;
    }
    sl_profile_end(ctx);
    sl_profile_close(ctx, profile, before);
    return run;
}
