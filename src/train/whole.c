/* whole.c - a step of an optimizer that wants the loss of all rows, as often as it asks (optim/whole/): rows
 * in pieces, each weighted by its rows. */
#include "core/profile.h"
#include "optim/whole/whole.h"
#include "train/trainer.h"

#include <math.h>
#include <string.h>

enum { WHOLE_PIECE = 4096 }; /* rows at once at most */

/* All of nearly the same size: a rest of few rows has no statistics. */
size_t sl_trainer_piece(const sl_trainer *t, size_t rows)
{
    const size_t pieces = (rows + WHOLE_PIECE - 1) / WHOLE_PIECE;
    return t->step->whole && pieces > 1 ? (rows + pieces - 1) / pieces : rows;
}

static sl_status trainer_evaluate(void *user, sl_whole *whole, bool gradient, double *loss)
{
    sl_trainer *t = user;
    const size_t rows = t->train->rows, piece = sl_trainer_piece(t, rows);
    double sum = 0;
    for (size_t first = 0; first < rows; first += piece) {
        const size_t count = rows - first < piece ? rows - first : piece;
        const double share = t->model->loss_values.sum ? 1 : (double)count / (double)rows;
        sl_tensor *part = sl_trainer_loss(t, first, count);
        if (!part)
            return t->ctx->status;
        sum += share * (double)part->v[0];
        whole->random = whole->random || t->tape->randoms > 0 || t->augment; /* other rows each epoch */
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

static bool whole_runs(const sl_built *layer)
{
    return layer->runs && layer->param[0]->learns;
}

static bool trainer_runs(const sl_trainer *t)
{
    bool runs = false;
    for (int i = 0; i < t->model->count; i++)
        runs = runs || whole_runs(&t->model->layers[i]);
    return runs;
}

/* One order for all steps: the rows' own; but where pieces have statistics, which are to be alike, a shuffled
 * one, unless the order was asked for. */
static void trainer_whole_order(sl_trainer *t)
{
    const size_t rows = t->train->rows;
    if (t->order_epoch)
        return;
    const bool shuffled = t->sampling == SL_SHUFFLE && sl_trainer_piece(t, rows) < rows && trainer_runs(t);
    sl_order_begin(&t->order, t->ctx->options.seed, 0, shuffled ? SL_SHUFFLE : SL_ORDER);
    t->order_epoch = 1;
}

/* Which use of its running statistics the layer is in a pass; *uses: of how many. */
static size_t whole_use(const sl_model *model, int layer, size_t *uses)
{
    size_t before = 0;
    *uses = 0;
    for (int i = 0; i < model->count; i++)
        if (whole_runs(&model->layers[i]) && model->layers[i].param[0] == model->layers[layer].param[0]) {
            before += i < layer;
            ++*uses;
        }
    return before;
}

/* In piece k of a pass, or as the layer says: k below 0. */
static void trainer_momentum(sl_model *model, double k)
{
    for (int i = 0; i < model->count; i++)
        if (whole_runs(&model->layers[i])) {
            size_t uses;
            const size_t use = whole_use(model, i, &uses);
            model->layers[i].momentum = k < 0 ? 0 : (sl_real)(1 / (k * (double)uses + (double)use + 1));
        }
}

/* Every loss that was asked for left its mark in the running statistics, those of places left again too.
 * Behind the step they become the mean over all rows' pieces, at the weights that were kept. */
static sl_status trainer_statistics(sl_trainer *t)
{
    sl_model *model = t->model;
    const size_t rows = t->train->rows, piece = sl_trainer_piece(t, rows);
    if (!trainer_runs(t))
        return SL_OK;
    for (int i = 0; i < model->count; i++)
        for (int r = 0; r < model->layers[i].runs && whole_runs(&model->layers[i]); r++) {
            const sl_tensor *running = model->layers[i].param[model->layers[i].wants + r];
            memset(running->v, 0, running->count * sizeof *running->v);
        }
    for (size_t first = 0; first < rows && !t->ctx->status; first += piece) {
        trainer_momentum(model, (double)(first / piece));
        sl_trainer_loss(t, first, rows - first < piece ? rows - first : piece);
    }
    trainer_momentum(model, -1);
    return t->ctx->status;
}

sl_status sl_trainer_whole(sl_trainer *t, void (*norms)(sl_trainer *))
{
    sl_whole *whole = t->step->whole;
    trainer_whole_order(t);
    whole->evaluate = trainer_evaluate;
    whole->user = t;
    sl_profile_begin(t->ctx, "update the weights");
    const sl_status status = sl_whole_iterate(t->step);
    sl_profile_end(t->ctx);
    if (status || trainer_statistics(t))
        return t->ctx->status;
    t->last_loss = sl_loss_mean(t->model->loss, &t->model->loss_values, whole->number[SL_WHOLE_LOSS],
                                t->train->rows, (size_t)sl_model_outputs(t->model));
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
