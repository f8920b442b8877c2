/* fit.c - sl_fit: a trainer from start to end. */
#include "train/trainer.h"

sl_report *sl_model_fit(sl_model *model, const sl_data *train, const sl_fit_options *options)
{
    if (!model || model->ctx->status)
        return NULL;
    if (!train) {
        sl_fail(model->ctx, SL_EINVAL, "sl_fit: the training data is NULL");
        return NULL;
    }
    const sl_fit_options none = { 0 };
    sl_trainer *t = sl_trainer_new(model, train, options ? options : &none);
    if (!t)
        return NULL;
    sl_report *report = NULL;
    if (!t->options.resume || !sl_trainer_load(t)) {
        const sl_status status = sl_trainer_run(t);
        if (!status || status == SL_ESTOPPED) {
            report = t->report;
            t->report = NULL;
        }
    }
    sl_trainer_free(t);
    return report;
}
