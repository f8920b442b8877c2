/* replay.c - a run of a folder trained again in memory, up to a step; from there on with other settings. */
#include "train/replay.h"
#include "core/digest.h"
#include "core/os.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How the run ended, as far as it says. */
static void replay_last(sl_arena *arena, const sl_json *json, size_t *last, uint64_t *digest)
{
    const sl_json *text = sl_json_get(json, "result");
    const sl_json *result = text && text->kind == SL_JSON_STRING
                                ? sl_json_read(arena, "run.json: result", text->text, text->length)
                                : NULL;
    const char *hex = sl_json_string(result, "digest_last", NULL);
    *last = (size_t)sl_json_uint64(result, "steps", 0);
    *digest = hex ? strtoull(hex, NULL, 16) : 0;
}

static sl_status replay_prepare(sl_run *run, const sl_json *json, const char *folder,
                                const sl_replay_options *options, bool changed)
{
    sl_ctx *ctx = run->ctx;
    const sl_run_options callbacks = { .on_step = options->on_step, .user = options->user };
    run->folder = sl_strdup(ctx, folder); /* for messages */
    if (ctx->status || sl_run_take_settings(run, json, &callbacks))
        return ctx->status;
    sl_free(ctx, run->folder);
    run->folder = NULL;
    run->options.keep_nothing = true;
    /* A path lies in a folder; columns of the history are in the checkpoint. */
    sl_setting_set(ctx, &run->options, "record", sl_run_records(run, "curvature") ? "curvature" : NULL);
    for (int i = 0; changed && i < options->count && !ctx->status; i++)
        sl_run_set_change(ctx, &run->options, &options->changes[i]);
    char *last = sl_path_join(ctx, folder, "last.safetensors");
    if (last && sl_os_path_kind(last) != SL_PATH_NONE) /* views of texts are not learned again */
        sl_run_take_views(run, last);
    sl_free(ctx, last);
    if (ctx->status || sl_run_prepare(run) || sl_run_check_data(run, json))
        return ctx->status;
    run->trainer->keeps = false;
    return SL_OK;
}

sl_run *sl_replay_open(sl_ctx *ctx, const char *folder, const sl_replay_options *options, bool changed,
                       size_t *last, uint64_t *digest)
{
    sl_run *run = sl_run_make(ctx);
    if (!run)
        return NULL;
    sl_arena arena;
    sl_arena_init(&arena, ctx);
    const sl_json *json = sl_run_json(ctx, &arena, folder);
    if (json && !replay_prepare(run, json, folder, options, changed) && last)
        replay_last(&arena, json, last, digest);
    sl_arena_free(&arena);
    if (!ctx->status)
        return run;
    sl_run_free(run);
    return NULL;
}

sl_status sl_replay_checkpoint(sl_run *run, const char *folder, size_t step)
{
    sl_trainer *t = run->trainer;
    sl_ctx *ctx = run->ctx;
    sl_snapshot start = { 0 };
    char *last = sl_path_join(ctx, folder, "last.safetensors");
    if (!last || sl_os_path_kind(last) == SL_PATH_NONE || sl_snapshot_take(&start, t)) {
        if (start.ctx) /* begun, and memory ran out */
            sl_snapshot_free(&start);
        sl_free(ctx, last);
        return ctx->status;
    }
    t->options.checkpoint = last;
    sl_trainer_load(t);
    t->options.checkpoint = NULL;
    t->last_loss = NAN; /* the next step's is the first that is known */
    if (!ctx->status && t->steps > step)
        sl_snapshot_put(&start, t);
    sl_snapshot_free(&start);
    sl_free(ctx, last);
    return ctx->status;
}

/* --- courses -------------------------------------------------------------------------------------------- */

typedef struct {
    sl_ctx *ctx;
    sl_run *run, *other;
} replay_kept;

/* What diverges is a result here. */
static sl_status replay_go_on(sl_run *run, size_t until, sl_replay_course *course)
{
    sl_ctx *ctx = run->ctx;
    sl_trainer *t = run->trainer;
    if (sl_trainer_to(t, until ? until : SIZE_MAX) == SL_EDIVERGED) {
        course->diverged = true;
        snprintf(course->message, sizeof course->message, "%.599s", ctx->message);
        sl_clear(ctx);
    }
    course->history = t->report;
    course->steps = t->steps;
    course->best_epoch = t->best_epoch;
    course->best = t->best_epoch ? t->best_loss : (double)NAN;
    course->digest = sl_model_digest(t->model);
    if (t->stopped && !t->finished && !ctx->status)
        return sl_fail(ctx, SL_ESTOPPED, "stopped after step %zu", t->steps);
    return ctx->status;
}

static sl_status replay_keep(sl_run *run, const char *out)
{
    sl_trainer *t = run->trainer;
    if (t->best_epoch)
        memcpy(t->model->values, t->best, t->model->padded * sizeof *t->best);
    if (!out)
        return SL_OK;
    if (sl_os_make_folder(out))
        return sl_fail(run->ctx, SL_EWRITE, "%s: this folder cannot be made: its parent must exist", out);
    char *path = sl_path_join(run->ctx, out, "model.safetensors");
    if (path && sl_os_path_kind(path) != SL_PATH_NONE)
        sl_fail(run->ctx, SL_EINVAL, "%s is there already: name another folder", path);
    else if (path)
        sl_model_save(t->model, path);
    sl_free(run->ctx, path);
    return run->ctx->status;
}

static sl_status replay_courses(sl_replay *replay, const sl_replay_options *options)
{
    replay_kept *kept = replay->kept;
    replay->changed = true;
    return sl_trainer_carry(kept->other->trainer, kept->run->trainer) ||
                   replay_go_on(kept->run, options->until, &replay->was) ||
                   replay_go_on(kept->other, options->until, &replay->is)
               ? kept->ctx->status
               : replay_keep(kept->other, options->out);
}

static sl_status replay_to(sl_replay *replay, const char *folder, const sl_replay_options *options)
{
    replay_kept *kept = replay->kept;
    sl_ctx *ctx = kept->ctx;
    uint64_t recorded = 0;
    if (options->until && options->until < options->to)
        return sl_fail(ctx, SL_EINVAL,
                       "the courses are to end at step %zu, before step %zu, where they begin",
                       options->until, options->to);
    if (options->out && !options->count)
        return sl_fail(ctx, SL_EINVAL, "%s: a model is kept where something is changed: name a setting",
                       options->out);
    if (!(kept->run = sl_replay_open(ctx, folder, options, false, &replay->last, &recorded)) ||
        (options->count && !(kept->other = sl_replay_open(ctx, folder, options, true, NULL, NULL))) ||
        sl_replay_checkpoint(kept->run, folder, options->to))
        return ctx->status;
    sl_trainer *t = kept->run->trainer;
    replay->from = t->steps;
    const bool over = t->steps == options->to; /* a checkpoint may be finished */
    if (!over && sl_trainer_to(t, options->to))
        return ctx->status;
    if (t->stopped && t->steps < options->to)
        return sl_fail(ctx, SL_ESTOPPED, "stopped after step %zu", t->steps);
    if (t->steps < options->to)
        return sl_fail(ctx, SL_EINVAL, "%s: the run ends after step %zu, and step %zu is wanted", folder,
                       t->steps, options->to);
    replay->step = t->steps;
    replay->epoch = t->epoch;
    replay->step_in_epoch = t->step_in_epoch;
    replay->loss = t->steps > replay->from ? t->last_loss : (double)NAN;
    replay->lr = t->steps ? sl_trainer_rate(t) : (double)NAN;
    replay->digest = sl_model_digest(t->model);
    replay->same = replay->last == t->steps && recorded && recorded == replay->digest;
    if (replay->last && replay->last == t->steps && recorded && !replay->same)
        return sl_fail(
            ctx, SL_EFORMAT,
            "%s: the weights behind its last step differ from those that it recorded: it was made by "
            "another build or version, or its run.json was changed",
            folder);
    return options->count ? replay_courses(replay, options) : SL_OK;
}

sl_replay *sl_run_replay(sl_ctx *ctx, const char *folder, const sl_replay_options *options)
{
    const sl_replay_options none = { 0 };
    if (!ctx || ctx->status)
        return NULL;
    sl_replay *replay = sl_alloc(ctx, sizeof *replay);
    replay_kept *kept = replay ? sl_alloc(ctx, sizeof *kept) : NULL;
    if (!kept) {
        sl_free(ctx, replay);
        return NULL;
    }
    kept->ctx = ctx;
    replay->kept = kept;
    if (!replay_to(replay, folder, options ? options : &none))
        return replay;
    sl_replay_free(replay);
    return NULL;
}

void sl_replay_free(sl_replay *replay)
{
    if (!replay)
        return;
    replay_kept *kept = replay->kept;
    sl_ctx *ctx = kept->ctx;
    sl_run_free(kept->run);
    sl_run_free(kept->other);
    sl_free(ctx, kept);
    sl_free(ctx, replay);
}
