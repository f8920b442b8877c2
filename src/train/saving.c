/* saving.c - when a training in progress is saved. A file that cannot be written does not end it: that is
 * said, and tried again at the next occasion; only the last one must succeed. */
#include "core/os.h"
#include "core/profile.h"
#include "train/trainer.h"

/* Seconds between checkpoints; of large models at least so many times what writing the last one took, so that
 * most of the time goes into learning. */
static const double saving_every = 30, saving_least = 0.1, saving_times = 8;

sl_status sl_trainer_bear(sl_trainer *t)
{
    sl_ctx *ctx = t->ctx;
    if (ctx->status != SL_EWRITE)
        return ctx->status;
    if (!t->unsaved)
        sl_log(ctx, "not saved   epoch %zu, step %zu: %s; training goes on, and tries again", t->epoch,
               t->steps, sl_message(ctx));
    t->unsaved = true;
    sl_clear(ctx);
    return SL_OK;
}

sl_status sl_trainer_store(sl_trainer *t, bool epoch)
{
    const double now = sl_os_seconds(), slow = saving_times * t->saving;
    const bool last = t->finished || t->stopped;
    double least = last ? 0 : epoch ? saving_least : saving_every;
    if (least > 0 && least < slow)
        least = slow < saving_every ? slow : saving_every;
    if (!t->options.checkpoint || now - t->saved < least)
        return SL_OK;
    t->saved = now;
    sl_profile_begin(t->ctx, "save");
    const sl_status status =
        t->on_save && t->on_save(t->record_user) ? t->ctx->status : sl_trainer_save(t, true);
    sl_profile_end(t->ctx);
    t->saving = sl_os_seconds() - now;
    if (status)
        return last ? status : sl_trainer_bear(t);
    if (t->unsaved)
        sl_log(t->ctx, "saved       epoch %zu, step %zu: all that could not be written before is", t->epoch,
               t->steps);
    t->unsaved = false;
    t->saved_steps = t->steps;
    return SL_OK;
}
