/* trainer_options.c - what was asked for, checked against the data and the optimizer: rows a batch and a
 * step, how they are drawn, changed and weighted, the step that the schedule goes by. */
#include "train/trainer.h"

#include <limits.h>
#include <string.h>

static sl_status trainer_sampling(sl_trainer *t)
{
    static const char *const words[] = { "shuffle", "replace", "order" };
    if (!t->options.sampling)
        return SL_OK;
    for (int i = 0; i < 3; i++)
        if (!strcmp(t->options.sampling, words[i])) {
            t->sampling = (sl_sampling)i;
            return SL_OK;
        }
    return sl_fail_word(t->ctx, "sampling", t->options.sampling, words, 3);
}

sl_status sl_trainer_take_options(sl_trainer *t, const sl_fit_options *options)
{
    t->options = *options;
    sl_fit_options *o = &t->options;
    if (o->epochs < 0 || o->steps < 0 || o->batch < -1 || o->accumulate < 0)
        return sl_fail(
            t->ctx, SL_EINVAL,
            "epochs %d, steps %d, batch %d, accumulate %d: none may be below 0 (batch -1: all rows)",
            o->epochs, o->steps, o->batch, o->accumulate);
    if (trainer_sampling(t))
        return t->ctx->status;
    t->adaptive = !o->epochs && !o->steps;
    t->default_patience = o->patience == 0;
    if (!o->accumulate)
        o->accumulate = 1;
    if (!o->patience)
        o->patience = t->adaptive ? 10 : -1;
    return SL_OK;
}

/* A layer that goes by the statistics of its batch learns nothing good from a few rows: a last batch of less
 * than half the usual one is joined to the one before. */
static sl_status trainer_batch_statistics(sl_trainer *t, bool whole)
{
    const sl_built *layer = NULL;
    const size_t rows = t->train->rows, batch = (size_t)t->options.batch, rest = rows % batch;
    for (int i = 0; i < t->model->count && !layer; i++)
        layer = t->model->layers[i].runs && !t->model->layers[i].spec.frozen ? &t->model->layers[i] : NULL;
    if (!layer)
        return SL_OK;
    if (batch < 2)
        return sl_fail(t->ctx, SL_EINVAL,
                       "%s goes by the mean and variance of its batch, and the batch is 1 row: wants 2 rows "
                       "or more, better "
                       "16 (--batch)",
                       layer->name);
    if (t->options.accumulate > 1)
        sl_log(t->ctx,
               "batch       %s takes the statistics of each batch of %zu rows, not of the %zu of an update",
               layer->name, batch, t->batch);
    if (whole)
        sl_log(t->ctx, "batch       behind each step %s takes its running statistics from all rows",
               layer->name);
    if (!rest || rest * 2 >= batch || rows < batch)
        return SL_OK;
    t->joins = true;
    t->largest = batch + rest;
    if (rows % t->batch == rest)
        t->steps_an_epoch--;
    sl_log(
        t->ctx,
        "batch       the last %zu row%s of an epoch join the batch before: too few for the statistics of %s",
        rest, rest == 1 ? "" : "s", layer->name);
    return SL_OK;
}

sl_status sl_trainer_choose_batch(sl_trainer *t)
{
    sl_optimizer set;
    sl_fit_options *o = &t->options;
    const size_t rows = t->train->rows;
    const sl_rule *rule = sl_rule_find(t->ctx, &t->model->optimizer, &set);
    if (!rule)
        return t->ctx->status;
    if (rule->iterate && o->batch && (size_t)o->batch < rows)
        return sl_fail(
            t->ctx, SL_EINVAL,
            "batch is %d, and optimizer %s compares losses, which it can only where each is that of "
            "all %zu rows: leave batch out",
            o->batch, rule->name, rows);
    if (rule->iterate && (o->accumulate > 1 || t->sampling == SL_REPLACE))
        return sl_fail(t->ctx, SL_EINVAL, "optimizer %s looks at all rows in each step: leave %s out",
                       rule->name, o->accumulate > 1 ? "accumulate" : "sampling replace");
    if (rule->iterate && rows > INT_MAX)
        return sl_fail(t->ctx, SL_EINVAL, "%zu rows are too many for optimizer %s: wants at most %d", rows,
                       rule->name, INT_MAX);
    if (rule->iterate && t->adaptive) { /* 2,000 such steps would be too many */
        t->adaptive = false;
        o->epochs = SL_MOST_EPOCHS;
        o->patience =
            t->default_patience ? -1 : o->patience; /* they know themselves when they have arrived */
    }
    if (!o->batch)
        o->batch = rule->iterate ? (int)rows : 32;
    const size_t batch = o->batch > 0 && (size_t)o->batch < rows ? (size_t)o->batch : rows;
    o->batch = (int)batch;
    t->batch = (size_t)o->accumulate <= rows / batch ? batch * (size_t)o->accumulate : rows;
    t->steps_an_epoch = (rows + t->batch - 1) / t->batch;
    t->largest = batch;
    t->penalised = set.l1 > 0 || set.l1_prox > 0 || (set.decay > 0 && !rule->decoupled);
    for (int i = 0; i < t->model->param_count; i++) {
        sl_real lr_scale, decay;
        sl_model_param_group(t->model, i, &lr_scale, &decay);
        t->penalised = t->penalised || (decay > 0 && !rule->decoupled);
    }
    t->clips = set.clip_norm > 0 || set.clip_value > 0;
    if (rule->wants_all_rows && t->batch < rows)
        sl_log(t->ctx, "optimizer   %s: %s: take --batch all", rule->name, rule->wants_all_rows);
    return trainer_batch_statistics(t, rule->iterate != NULL);
}

size_t sl_trainer_limit(const sl_trainer *t)
{
    const size_t by_epochs = (size_t)t->options.epochs * t->steps_an_epoch,
                 by_steps = (size_t)t->options.steps;
    if (by_epochs && by_steps)
        return by_epochs < by_steps ? by_epochs : by_steps;
    return by_epochs ? by_epochs : by_steps;
}

/* A schedule goes by the whole length of this training. */
sl_step *sl_trainer_make_step(sl_trainer *t)
{
    sl_optimizer optimizer = t->model->optimizer;
    if (!optimizer.steps && (optimizer.schedule || optimizer.warmup > 0))
        optimizer.steps = sl_trainer_limit(t);
    const size_t most = t->steps_an_epoch * SL_MOST_EPOCHS;
    if (t->adaptive && !optimizer.steps && optimizer.warmup >= (double)most) {
        char number[32];
        sl_fail(t->ctx, SL_EINVAL,
                "warmup lasts to step %s, and the training, whose end is not given, to step %zu at most (%d "
                "epochs): wants a shorter one, or epochs or steps (--epochs, --steps)",
                sl_number_text(number, optimizer.warmup), most, SL_MOST_EPOCHS);
        return NULL;
    }
    return sl_model_step(t->model, optimizer);
}

sl_status sl_trainer_change_rows(sl_trainer *t)
{
    if (t->options.augment && !(t->augment = sl_augment_new(t->ctx, t->options.augment, t->train->shape)))
        return t->ctx->status;
    if (t->options.class_weight) {
        const int kinds = sl_model_kinds(t->model);
        t->class_weights = sl_alloc_array(t->ctx, (size_t)kinds, sizeof *t->class_weights);
        if (t->class_weights)
            sl_class_weights(t->ctx, t->train, kinds, t->options.class_weight, t->class_weights);
    }
    if (!t->ctx->status && (t->class_weights || sl_data_weighted(t->train)))
        t->row_weights = sl_tensor_new(t->ctx, sl_dims((int)sl_trainer_piece(t, t->largest)), NULL);
    return t->ctx->status;
}
