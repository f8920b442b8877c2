/* fit.c - sl_fit: a trainer from start to end. */
#include "core/profile.h"
#include "train/trainer.h"

sl_report *sl_model_fit(sl_model *model, const sl_data *train, const sl_fit_options *options)
{
    if (!model || model->ctx->status)
        return NULL;
    if (!train) {
        sl_fail(model->ctx, SL_EINVAL, "sl_fit: the training data is NULL");
        return NULL;
    }
    sl_ctx *ctx = model->ctx;
    sl_report *report = NULL;
    const sl_fit_options none = { 0 }, *o = options ? options : &none;
    sl_profile *const before = sl_profile_open(ctx, o->profile);
    sl_profile_begin(ctx, "load and prepare");
    sl_trainer *t = sl_trainer_new(model, train, o);
    if (t && o->resume)
        sl_trainer_load(t);
    sl_profile_end(ctx);
    if (t && !ctx->status) {
        const sl_status status = sl_trainer_run(t);
        if (!status || status == SL_ESTOPPED || status == SL_EWRITE) { /* trained it is */
            report = t->report;
            t->report = NULL;
        }
    }
    sl_trainer_free(t);
    sl_profile_close(ctx, o->profile, before);
    return report;
}
