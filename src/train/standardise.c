/* standardise.c - the target is standardised inside: mean and deviation of the rows that are fitted, and what
 * speaks against it. */
#include "train/trainer.h"

#include <math.h>

static sl_status standardise_check(const sl_trainer *t, const sl_data *train, const char *word)
{
    const sl_model *model = t->model;
    const sl_loss *loss = model->loss;
    const sl_op *f = model->layers[model->count - 1].activation;
    if (loss->target != SL_TARGET_NUMBER)
        return sl_fail(t->ctx, SL_EINVAL,
                       "target scale %s: loss %s wants %s as they are: numbers alone are standardised; leave "
                       "it out (--target-scale none)",
                       word, loss->name, loss->target == SL_TARGET_CLASS ? "classes" : "probabilities");
    if (loss->from_0)
        return sl_fail(t->ctx, SL_EINVAL,
                       "target scale %s: loss %s wants counts as they are, and standardised ones are none: "
                       "leave it out (--target-scale none), or take mean_squared",
                       word, loss->name);
    if (f && f->bounded)
        return sl_fail(
            t->ctx, SL_EINVAL,
            "target scale %s: standardised targets lie around 0, and the last layer's %s does not "
            "reach them all: leave its activation out, or the target as it is (--target-scale none)",
            word, f->name);
    if (train->outputs != 1)
        return sl_fail(t->ctx, SL_EINVAL,
                       "target scale %s: the training data has %zu targets a row, and one is standardised: "
                       "scale them yourself, and leave it out",
                       word, train->outputs);
    return SL_OK;
}

/* Target of row i, or its logarithm. */
static double standardise_value(const sl_data *data, sl_scaling way, size_t i)
{
    sl_real y;
    sl_data_gather(NULL, data, &i, 1, NULL, NULL, &y);
    return way == SL_LOG ? sl_log_d((double)y) : (double)y;
}

static sl_status standardise_fit(sl_trainer *t, sl_scaling way)
{
    const sl_data *data = t->train;
    const double first = standardise_value(data, way, 0);
    double sum = 0, squares = 0;
    bool constant = true;
    char number[32];
    for (size_t i = 0; i < data->rows; i++) {
        const double y = standardise_value(data, way, i);
        constant = constant && y == first;
        sum += y;
    }
    const double mean = sum / (double)data->rows;
    for (size_t i = 0; i < data->rows; i++) {
        const double off = standardise_value(data, way, i) - mean;
        squares += off * off;
    }
    const double deviation = sqrt(squares / (double)data->rows);
    if (constant)
        return sl_fail(
            t->ctx, SL_EINVAL,
            "target scale %s: all %zu targets that are fitted %s %s: there is nothing to learn, and "
            "no deviation to divide by",
            sl_scaling_word(way), data->rows, way == SL_LOG ? "have the logarithm" : "are",
            sl_number_text(number, first));
    if (!(deviation > 0) || !(deviation - deviation == 0))
        return sl_fail(t->ctx, SL_EINVAL,
                       "target scale %s: the deviation of the targets is %s: wants finite numbers",
                       sl_scaling_word(way), sl_number_text(number, deviation));
    t->model->target = (sl_target){ way, mean, deviation };
    return SL_OK;
}

static void standardise_log(const sl_trainer *t)
{
    const sl_target *target = &t->model->target;
    const char *scaled = t->model->loss->scaled;
    sl_text line;
    sl_text_init(&line, t->ctx);
    sl_text_add(&line, "%sstandardised inside: mean ",
                target->way == SL_LOG ? "its logarithm is learned, " : "");
    sl_text_rounded(&line, target->shift);
    sl_text_put(&line, ", deviation ");
    sl_text_rounded(&line, target->scale);
    sl_text_add(&line, "; loss is in %s%s, rmse and mae in the target's units",
                scaled ? scaled : "deviations", target->way == SL_LOG ? " of the logarithm" : "");
    sl_log(t->ctx, "target      %s", sl_text_string(&line));
    if (target->way == SL_LOG)
        sl_log(t->ctx,
               "            a prediction is e to the logarithm's: nearer to the median than to the mean");
    sl_text_free(&line);
}

sl_status sl_trainer_standardise(sl_trainer *t, const sl_data *train)
{
    sl_model *model = t->model;
    const sl_scaling was = model->target.way;
    sl_scaling way;
    if (sl_scaling_find(t->ctx, t->options.target_scale, &way))
        return t->ctx->status;
    if (was != SL_UNSCALED && t->options.target_scale && way != was)
        return sl_fail(t->ctx, SL_EINVAL,
                       "target scale %s: the model has learned with %s: train it on with that, or a new one",
                       sl_scaling_word(way), sl_scaling_word(was));
    if (was != SL_UNSCALED)
        way = was;
    if (way == SL_UNSCALED)
        return SL_OK;
    if (standardise_check(t, train, sl_scaling_word(way)))
        return t->ctx->status;
    model->target.way = way; /* the targets are to have logarithms */
    if (sl_check_targets(t->ctx, model, train, "the training data") ||
        (was == SL_UNSCALED && standardise_fit(t, way)))
        return t->ctx->status;
    standardise_log(t);
    return SL_OK;
}
