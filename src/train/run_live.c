/* run_live.c - a run in memory that goes on a few steps at a time, takes changes on its way, and can be put
 * into a folder. */
#include "train/run.h"
#include "train/snapshot.h"

#include <string.h>

/* What holds step by step; all else is settled before the first one. */
static const char *const live_free[] = { "net",        "activation", "loss",     "sampling",
                                         "augment",    "epochs",     "steps",    "batch",
                                         "accumulate", "lr_batch",   "patience", "class_weight" };

sl_status sl_run_set_change(sl_ctx *ctx, sl_run_options *options, const sl_change *change)
{
    enum { MOST = 64 };
    char name[MOST];
    size_t i = 0;
    for (const char *at = change->name ? change->name : ""; at[i] && i < MOST - 1; i++)
        name[i] = at[i] == '-' ? '_' : at[i];
    name[i] = 0;
    bool settled = !strcmp(name, "seed"); /* is recorded, and in no table */
    for (size_t k = 0; sl_setting_at(k); k++)
        settled = settled || !strcmp(sl_setting_at(k)->name, name);
    for (size_t k = 0; k < sizeof live_free / sizeof *live_free; k++)
        settled = settled && strcmp(live_free[k], name) != 0;
    if (settled)
        return sl_fail(
            ctx, SL_EINVAL,
            "%s is settled before the first step, so it cannot change behind one: train another run "
            "with it",
            change->name);
    return sl_setting_set(ctx, options, change->name, change->text);
}

static sl_status live_check(const sl_run *run, const char *what)
{
    if (!run)
        return SL_EINVAL;
    if (!run->ctx->status && (!run->options.keep_nothing || run->begun))
        return sl_fail(run->ctx, SL_EINVAL,
                       "%s: wants a run that keeps nothing and was not trained by sl_run_train", what);
    return run->ctx->status;
}

sl_status sl_run_to(sl_run *run, size_t step)
{
    if (live_check(run, "sl_run_to"))
        return run ? run->ctx->status : SL_EINVAL;
    sl_trainer *t = run->trainer;
    if (!t->losses.row && !t->steps && sl_steps_open(&t->losses, run->ctx))
        return run->ctx->status;
    return sl_trainer_to(t, step);
}

size_t sl_run_steps(const sl_run *run)
{
    return run && run->trainer ? run->trainer->steps : 0;
}

bool sl_run_over(const sl_run *run)
{
    return !run || !run->trainer || run->trainer->finished || run->trainer->stopped;
}

const sl_data *sl_run_part(const sl_run *run, const char *part)
{
    if (!run || !run->trainer || !part)
        return NULL;
    return !strcmp(part, "train")        ? run->trainer->train
           : !strcmp(part, "validation") ? run->trainer->validation
           : !strcmp(part, "test")       ? run->test
                                         : NULL;
}

static sl_status live_losses(sl_trainer *to, const sl_trainer *from)
{
    if (!from->losses.row || (!to->losses.row && sl_steps_open(&to->losses, to->ctx)))
        return to->ctx->status;
    sl_steps_row *row = to->losses.row;
    memcpy(row, from->losses.row, from->losses.rows * sizeof *row);
    to->losses = from->losses;
    to->losses.row = row;
    return SL_OK;
}

/* The run with these options, where it stands now; NULL on failure. */
static sl_run *live_other(sl_run *run, const sl_run_options *options)
{
    sl_run *other = sl_run_new_like(run->ctx, options, run);
    if (!other)
        return NULL;
    other->like = NULL; /* its data were taken, and are kept alive by it */
    if (!sl_trainer_carry(other->trainer, run->trainer) && !live_losses(other->trainer, run->trainer))
        return other;
    sl_run_free(other);
    return NULL;
}

sl_status sl_run_change(sl_run *run, const sl_change *changes, int count)
{
    if (live_check(run, "sl_run_change"))
        return run ? run->ctx->status : SL_EINVAL;
    sl_ctx *ctx = run->ctx;
    sl_run_options options;
    if (!changes && count > 0)
        return sl_fail(ctx, SL_EINVAL, "sl_run_change: the changes are NULL: wants %d", count);
    sl_settings_copy(ctx, &options, &run->options);
    for (int i = 0; i < count && !ctx->status; i++)
        sl_run_set_change(ctx, &options, &changes[i]);
    sl_run *other = ctx->status ? NULL : live_other(run, &options);
    sl_settings_free(ctx, &options);
    if (!other)
        return ctx->status;
    const sl_run before = *run;
    *run = *other;
    *other = before;
    sl_run_free(other);
    return ctx->status;
}

/* As a stopped training leaves its folder. */
static sl_status live_write(sl_run *kept)
{
    sl_ctx *ctx = kept->ctx;
    sl_trainer *t = kept->trainer;
    char *last = sl_run_begin_folder(kept) ? NULL : sl_run_path(kept, "last.safetensors");
    if (!last)
        return ctx->status;
    sl_run_put_epochs(kept);
    t->options.checkpoint = last;
    if (!sl_run_flush(kept) && !sl_trainer_save(t, true)) {
        if (t->best_epoch)
            memcpy(t->model->values, t->best, t->model->padded * sizeof *t->best);
        sl_fail(ctx, SL_ESTOPPED, "stopped after step %zu", t->steps);
        sl_run_close(kept, "stopped");
        if (ctx->status == SL_ESTOPPED)
            sl_clear(ctx);
    }
    t->options.checkpoint = NULL;
    sl_free(ctx, last);
    sl_run_unlock(kept);
    return ctx->status;
}

sl_status sl_run_keep(sl_run *run, const char *folder)
{
    if (live_check(run, "sl_run_keep"))
        return run ? run->ctx->status : SL_EINVAL;
    sl_ctx *ctx = run->ctx;
    sl_run_options options;
    sl_settings_copy(ctx, &options, &run->options);
    options.keep_nothing = false;
    options.out = folder;
    sl_run *kept = ctx->status ? NULL : live_other(run, &options);
    options.out = NULL;
    sl_settings_free(ctx, &options);
    if (kept)
        live_write(kept);
    sl_run_free(kept);
    return ctx->status;
}
