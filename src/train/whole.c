/* whole.c - a step of an optimizer that wants the loss of all rows, as often as it asks (optim/whole/): rows
 * in pieces, in their own order, each weighted by its rows. */
#include "core/profile.h"
#include "optim/whole/whole.h"
#include "train/trainer.h"

#include <math.h>
#include <string.h>

enum { WHOLE_PIECE = 4096 }; /* rows at once */

static sl_status trainer_evaluate(void *user, sl_whole *whole, bool gradient, double *loss)
{
    sl_trainer *t = user;
    const size_t rows = t->train->rows;
    double sum = 0;
    for (size_t first = 0; first < rows; first += WHOLE_PIECE) {
        const size_t count = rows - first < WHOLE_PIECE ? rows - first : WHOLE_PIECE;
        const double share = t->model->loss_values.sum ? 1 : (double)count / (double)rows;
        sl_tensor *part = sl_trainer_loss(t, first, count);
        if (!part)
            return t->ctx->status;
        sum += share * (double)part->v[0];
        whole->random = whole->random || t->tape->randoms > 0;
        if (!gradient || !(sum - sum == 0))
            continue;
        if (sl_backward(t->tape, part))
            return t->ctx->status;
        sl_whole_take(whole, share);
    }
    *loss = sum;
    return SL_OK;
}

/* The gradient into the layers' own, for their norms; NaN where the method has none. */
static void trainer_put_gradient(const sl_trainer *t, const sl_whole *whole)
{
    size_t at = 0;
    for (int i = 0; i < t->step->count; i++) {
        const sl_tensor *param = t->step->params[i];
        for (size_t j = 0; param->learns && j < param->count; j++, at++)
            param->g[j] = whole->sloped ? (sl_real)whole->slope[at] : (sl_real)NAN;
    }
}

size_t sl_trainer_piece(const sl_trainer *t, size_t rows)
{
    return t->step->whole && rows > WHOLE_PIECE ? WHOLE_PIECE : rows;
}

sl_status sl_trainer_whole(sl_trainer *t, void (*norms)(sl_trainer *))
{
    sl_whole *whole = t->step->whole;
    for (size_t i = 0; i < t->train->rows && !t->order_epoch; i++)
        t->order[i] = i;
    t->order_epoch = 1;
    whole->evaluate = trainer_evaluate;
    whole->user = t;
    sl_profile_begin(t->ctx, "update the weights");
    const sl_status status = sl_whole_iterate(t->step);
    sl_profile_end(t->ctx);
    if (status)
        return status;
    t->last_loss = whole->number[SL_WHOLE_LOSS];
    t->steps++;
    t->step_in_epoch++;
    trainer_put_gradient(t, whole);
    norms(t);
    for (int i = 0; i < t->step->count; i++)
        memset(t->step->params[i]->g, 0, t->step->params[i]->count * sizeof(sl_real));
    if (sl_step_converged(t->step))
        sl_log(t->ctx, "converged   after step %zu: %s", t->steps,
               whole->why ? whole->why : "nothing more is to be gained");
    return SL_OK;
}
