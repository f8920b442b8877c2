/* diverged.c - numbers that are not finite: where they were first, what the cause may be. */
#include "train/trainer.h"

#include <string.h>

sl_status sl_trainer_diverged(sl_trainer *t, size_t step, size_t epoch, const char *what, double loss)
{
    size_t element = 0;
    const sl_node *bad = sl_tape_first_bad(t->tape, &element);
    char number[32], first[32], lr[32], lower[32];
    const double rate = (double)t->step->set.lr;
    sl_text place;
    sl_text_init(&place, t->ctx);
    if (bad) {
        const size_t width = bad->y->shape.rank > 1 ? sl_shape_row(bad->y->shape) : 1;
        sl_text_add(&place, "; the first number that is not finite: %s in %s",
                    sl_number_text(first, (double)bad->y->v[element]), bad->place);
        if (bad->y->shape.rank > 1)
            sl_text_add(&place, ", row %zu of the batch, unit %zu", element / width, element % width);
    }
#ifdef SL_REAL_DOUBLE
    sl_number_text(lr, rate);
    sl_number_text(lower, rate / 10);
#else
    sl_number_text_float(lr, (float)rate);
    sl_number_text_float(lower, (float)(rate / 10));
#endif
    char kept[64] = "no epoch was finished, so nothing is kept";
    if (t->best_epoch) {
        char *end = kept;
        memcpy(end, "the weights of epoch ", 21);
        sl_number_text(end + 21, (double)t->best_epoch);
        strcat(kept, " are kept");
    }
    sl_text cause;
    sl_text_init(&cause, t->ctx);
    if (rate > 0)
        sl_text_add(&cause, "The usual cause is a learning rate that is too large (%s): try %s", lr, lower);
    else
        sl_text_put(&cause, "Inputs or targets far from 1 are the usual cause: scale them");
    const sl_status status =
        sl_fail(t->ctx, SL_EDIVERGED, "step %zu, epoch %zu: the %s is %s%s. %s; %s", step, epoch, what,
                sl_number_text(number, loss), sl_text_string(&place), sl_text_string(&cause), kept);
    sl_text_free(&cause);
    sl_text_free(&place);
    return status;
}

sl_status sl_trainer_check_weights(sl_trainer *t)
{
    for (int i = 0; i < t->model->param_count; i++) {
        const sl_tensor *param = t->model->params[i];
        size_t element;
        if (sl_all_finite(t->ctx->isa, param->v, param->count, &element))
            continue;
        sl_text what;
        sl_text_init(&what, t->ctx);
        sl_text_add(&what, "number %zu of %s", element, t->model->param_names[i]);
        sl_trainer_diverged(t, t->steps, t->epoch, sl_text_string(&what), (double)param->v[element]);
        sl_text_free(&what);
        return t->ctx->status;
    }
    return SL_OK;
}
