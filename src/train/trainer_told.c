/* trainer_told.c - what a training has decided by itself, told (core/ctx.h) once all of it is settled. */
#include "train/trainer.h"

#include <stdio.h>

static void trainer_told_end(const sl_trainer *t, const sl_fit_options *asked)
{
    sl_ctx *ctx = t->ctx;
    const sl_fit_options *o = &t->options;
    const bool neither = !asked->epochs && !asked->steps;
    char number[32];
    if (t->adaptive)
        sl_decided(ctx, "epochs", "as long as it helps",
                   "neither epochs nor steps were asked for: at least %d steps, at most %d epochs",
                   SL_LEAST_STEPS, SL_MOST_EPOCHS);
    else if (neither)
        sl_decided(ctx, "epochs", sl_number_text(number, o->epochs),
                   "at most: a method that looks at all rows in each step finds its end itself");
    if (asked->patience)
        return;
    if (t->adaptive)
        sl_decided(ctx, "patience", sl_number_text(number, o->patience),
                   "the default where neither epochs nor steps are asked for");
    else
        sl_decided(ctx, "patience", "0",
                   neither ? "such a method needs none"
                           : "the length of training is known: it is not cut short");
}

static void trainer_told_batch(const sl_trainer *t, const sl_fit_options *asked)
{
    sl_ctx *ctx = t->ctx;
    const size_t rows = t->train->rows, rest = rows % (size_t)t->options.batch;
    char number[32], all[32];
    sl_count_text(all, rows);
    sl_count_text(number, (uint64_t)t->options.batch);
    if (!asked->batch && t->step->rule->iterate)
        sl_decided(ctx, "batch", number, "optimizer %s looks at all rows in each step", t->step->rule->name);
    else if (!asked->batch && t->options.batch < 32)
        sl_decided(ctx, "batch", number, "the default is 32, and there are %s rows to fit", all);
    else if (!asked->batch)
        sl_decided(ctx, "batch", number, "the default; %zu step%s an epoch for %s rows", t->steps_an_epoch,
                   t->steps_an_epoch == 1 ? "" : "s", all);
    else if (asked->batch > t->options.batch)
        sl_decided(ctx, "batch", number, "%d were asked for, and there are %s rows to fit", asked->batch,
                   all);
    if (!asked->accumulate)
        sl_decided(ctx, "accumulate", "1", "the default: a step behind each batch");
    if (!asked->sampling && !t->step->whole)
        sl_decided(ctx, "sampling", "shuffle", "the default: each row once an epoch, in an order drawn anew");
    if (t->joins)
        sl_decided(ctx, "last batch", "joined", "%zu rows are too few for the statistics of a batch of %d",
                   rest, t->options.batch);
    else if (rest && t->sampling != SL_REPLACE)
        sl_decided(ctx, "last batch", "smaller", "%s rows are no multiple of %d: %zu are left", all,
                   t->options.batch, rest);
}

void sl_trainer_tell(const sl_trainer *t, const sl_fit_options *asked)
{
    sl_ctx *ctx = t->ctx;
    const sl_model *model = t->model;
    char number[32];
    if (!sl_decides(ctx))
        return;
    if (!model->columns)
        sl_decided(ctx, "inputs", model->divisor > 1 ? "divided by 255" : "as they are",
                   sl_data_is_bytes(t->train) ? "they are bytes, 0 to 255"
                                              : "they are numbers without named columns");
    trainer_told_batch(t, asked);
    trainer_told_end(t, asked);
    if (t->sample)
        sl_decided(ctx, "train figures", "of some rows", "%s rows drawn by the seed stand for all",
                   sl_count_text(number, t->sample_count));
    if (model->target.way != SL_UNSCALED && !asked->target_scale)
        sl_decided(ctx, "target-scale", sl_scaling_word(model->target.way),
                   "the model has learned so before");
}

void sl_trainer_tell_best(const sl_trainer *t)
{
    const bool rows = t->validation != NULL, by_train = t->by_train || !rows;
    char number[32];
    sl_decided(t->ctx, "best epoch", by_train ? "by train loss" : "by validation loss",
               t->by_train
                   ? "the %s rows that validate only tell how good it is: in the end they are learned too"
                   : "%s rows validate",
               sl_count_text(number, rows ? t->validation->rows : 0));
}
