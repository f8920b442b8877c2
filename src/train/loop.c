/* loop.c - forward, loss, backward, update, repeat; at the end of an epoch: measure, keep the best, save,
 * decide. */
#include "core/os.h"
#include "core/profile.h"
#include "train/curvature.h"

#include <math.h>
#include <string.h>

/* The last place where training surely ends; 0: not known. */
static size_t loop_limit(const sl_trainer *t)
{
    if (!t->adaptive)
        return sl_trainer_limit(t);
    const size_t most = SL_MOST_EPOCHS * t->steps_an_epoch;
    return most > SL_LEAST_STEPS
               ? most
               : (SL_LEAST_STEPS + t->steps_an_epoch - 1) / t->steps_an_epoch * t->steps_an_epoch;
}

static sl_progress loop_progress(const sl_trainer *t)
{
    return (sl_progress){ .step = t->steps,
                          .epoch = t->epoch + (t->step_in_epoch > 0),
                          .loss = t->last_loss,
                          .steps_an_epoch = t->steps_an_epoch,
                          .step_limit = loop_limit(t),
                          .patient = t->options.patience > 0,
                          .report = t->report,
                          .model = t->model };
}

static void loop_gradient_norms(sl_trainer *t)
{
    for (int i = 0; i < t->model->count; i++) {
        const sl_built *layer = &t->model->layers[i];
        double squares = 0;
        for (int w = 0; w < layer->wants; w++) {
            const double norm = sl_norm(t->ctx->isa, layer->param[w]->g, layer->param[w]->count);
            squares += norm * norm;
        }
        t->gradient_norms[i] = sqrt(squares);
    }
}

static bool loop_epoch_ends(const sl_trainer *t)
{
    return t->step_in_epoch == t->steps_an_epoch ||
           (t->options.steps && t->steps == (size_t)t->options.steps);
}

/* Which rows this epoch takes, in which order. */
static void loop_order(sl_trainer *t)
{
    if (t->order_epoch == t->epoch + 1)
        return;
    sl_order_begin(&t->order, t->ctx->options.seed, (uint32_t)t->epoch, t->sampling);
    t->order_epoch = t->epoch + 1;
}

sl_tensor *sl_trainer_loss(sl_trainer *t, size_t first, size_t count)
{
    sl_profile_begin(t->ctx, "gather the batch");
    t->y->shape.dim[0] = (int)count;
    t->y->count = count * t->train->outputs;
    sl_order_take(&t->order, first, count, t->rows);
    const sl_status gathered =
        sl_model_gather(t->ctx, t->model, t->train, t->rows, count, t->sampling == SL_REPLACE, t->x, t->y->v);
    if (!gathered)
        sl_target_in(&t->model->target, t->y->v, t->y->count);
    sl_profile_end(t->ctx);
    if (gathered)
        return NULL;
    if (t->augment) {
        sl_profile_begin(t->ctx, "augment the batch");
        sl_augment_rows(t->augment, (uint32_t)t->epoch, first, count, t->x->v);
        sl_profile_end(t->ctx);
    }
    sl_tape_reset(t->tape);
    t->tape->step = (uint32_t)t->steps;
    t->tape->first_row = (uint32_t)(first - t->step_in_epoch * t->batch);
    if (t->row_weights) {
        t->row_weights->shape.dim[0] = (int)count;
        t->row_weights->count = count;
        if (sl_row_weights(t->train, t->rows, count, t->class_weights, t->y->v, t->row_weights->v))
            return NULL;
    }
    return sl_loss_apply(t->tape, t->model->loss, &t->model->loss_values,
                         sl_model_forward(t->tape, t->model, t->x), t->y, t->row_weights);
}

/* Forward and backward for these rows, whose loss counts `share` of the step's. */
static sl_status loop_piece(sl_trainer *t, size_t first, size_t count, sl_real share)
{
    loop_order(t);
    sl_tensor *loss = sl_trainer_loss(t, first, count);
    if (!loss)
        return t->ctx->status;
    const double value = (double)loss->v[0];
    if (!(value - value == 0))
        return sl_trainer_diverged(t, t->steps + 1, t->epoch + 1, "loss", value);
    const double mean = sl_loss_mean(t->model->loss, &t->model->loss_values, value, count,
                                     (size_t)sl_model_outputs(t->model));
    t->last_loss += share == 1 ? mean : mean * (double)share;
    return sl_backward_share(t->tape, loss, t->model->loss_values.sum ? 1 : share);
}

static sl_status loop_step(sl_trainer *t)
{
    if (t->step->whole)
        return sl_trainer_whole(t, loop_gradient_norms);
    const size_t first = t->step_in_epoch * t->batch, piece = (size_t)t->options.batch;
    const size_t count = t->step_in_epoch + 1 == t->steps_an_epoch ? t->train->rows - first : t->batch;
    const double before = t->last_loss;
    t->last_loss = 0;
    for (size_t done = 0, part; done < count; done += part) {
        part = count - done < piece ? count - done : piece;
        const size_t rest = count - done - part;
        part += t->joins && rest * 2 < piece ? rest : 0;
        if (loop_piece(t, first + done, part, part == count ? 1 : (sl_real)part / (sl_real)count)) {
            t->last_loss = before;
            return t->ctx->status;
        }
    }
    t->step_in_epoch++;
    t->steps++;
    if (loop_epoch_ends(t))
        loop_gradient_norms(t);
    sl_profile_begin(t->ctx, "update the weights");
    const sl_status status = sl_step_apply(t->step);
    sl_profile_end(t->ctx);
    return status;
}

/* 0.001 as a float is 0.0010000000474974513: the double that is printed alike reads better in a table. */
static double loop_shown(sl_real value)
{
#ifdef SL_REAL_DOUBLE
    return value;
#else
    char text[32];
    double shown = (double)value;
    sl_number_parse(sl_number_text_float(text, value), &shown);
    return shown;
#endif
}

static sl_status loop_measure_rows(sl_trainer *t, sl_measured m[2])
{
    const size_t kinds = (size_t)sl_model_kinds(t->model), bytes = kinds * kinds * sizeof *t->confusion;
    const int judge = t->validation ? 1 : 0; /* which rows the confusion matrix is of */
    m[0] = t->now[0];
    m[1] = t->now[1];
    m[1].loss = m[1].squared = NAN;
    for (int part = 0; part < 2; part++)
        if (t->keeps && (part == 0 || t->validation))
            memset(m[part].confusion, 0, bytes);
    if (!t->keeps) {
        m[judge].confusion = t->confusion;
        memset(t->confusion, 0, bytes);
    }
    if (sl_measure(&t->reader, t->train, t->sample, t->sample_count, &m[0]) ||
        (t->validation && sl_measure(&t->reader, t->validation, NULL, t->validation->rows, &m[1])))
        return t->ctx->status;
    if (t->keeps) {
        memcpy(t->confusion, m[judge].confusion, bytes);
        t->now[0] = m[0];
        t->now[1] = m[1];
    }
    return SL_OK;
}

static void loop_keep(sl_trainer *t)
{
    for (int part = 0; part < 2 && t->keeps; part++) {
        const sl_measured older = t->kept[part];
        t->kept[part] = t->now[part];
        t->now[part] = older;
    }
    t->kept_epoch = t->keeps ? t->epoch : 0;
}

/* For schedules that go by the losses of epochs. */
static void loop_judge(const sl_trainer *t, double loss)
{
    char before[32], now[32];
    sl_real_text(before, sl_step_lr(t->step));
    if (sl_step_judge(t->step, loss))
        sl_log(t->ctx, "epoch %zu: the schedule lets lr fall from %s to %s", t->epoch, before,
               sl_real_text(now, sl_step_lr(t->step)));
}

static sl_status loop_measure(sl_trainer *t)
{
    const size_t kinds = (size_t)sl_model_kinds(t->model);
    sl_measured measured[2];
    if (loop_measure_rows(t, measured))
        return t->ctx->status;
    const sl_measured train = measured[0], validation = measured[1];
    if (sl_trainer_check_weights(t))
        return t->ctx->status;
    double *row = sl_alloc_array(t->ctx, (size_t)t->report->columns, sizeof *row);
    if (!row)
        return SL_ENOMEM;
    int c = 0;
    row[c++] = (double)t->epoch;
    row[c++] = (double)t->steps;
    row[c++] = loop_shown((sl_real)sl_trainer_rate(t));
    row[c++] = train.loss;
    row[c++] = validation.loss;
    row[c++] = kinds ? (double)train.right / (double)train.rows : sqrt(train.squared);
    row[c++] = !t->validation ? NAN
               : kinds        ? (double)validation.right / (double)validation.rows
                              : sqrt(validation.squared);
    for (int i = 0; i < t->model->count; i++)
        if (t->model->layers[i].wants)
            row[c++] = t->gradient_norms[i];
    if (t->penalised)
        row[c++] = train.loss + sl_step_penalty(t->step);
    if (t->clips)
        row[c++] = (double)sl_step_clipped(t->step);
    if (t->options.curvature) {
        row[c++] = t->curvature;
        row[c++] = t->curvature > 0 ? 2 / t->curvature : NAN;
        row[c++] = t->noise;
    }
    row[c++] = sl_trainer_seconds(t);
    sl_report_add_row(t->report, row);
    sl_free(t->ctx, row);
    if (t->ctx->status)
        return t->ctx->status;
    const bool by_train = t->by_train || !t->validation;
    const double judged = by_train ? train.loss : validation.loss;
    if (!(judged - judged == 0))
        return sl_trainer_diverged(t, t->steps, t->epoch, by_train ? "train loss" : "validation loss",
                                   judged);
    loop_judge(t, judged);
    t->waited++;
    if (judged < t->best_loss) {
        t->best_loss = judged;
        t->best_epoch = t->epoch;
        t->waited = 0;
        t->report->best = t->report->rows - 1;
        memcpy(t->best, t->model->values, t->model->padded * sizeof *t->best);
        loop_keep(t);
        return sl_trainer_correct(t);
    }
    return SL_OK;
}

static bool loop_is_over(const sl_trainer *t)
{
    const sl_fit_options *o = &t->options;
    if (sl_step_converged(t->step))
        return true;
    const bool tired = o->patience > 0 && t->waited >= (size_t)o->patience;
    if (t->adaptive)
        return t->steps >= SL_LEAST_STEPS && (tired || t->epoch >= SL_MOST_EPOCHS);
    return tired || (o->epochs && t->epoch >= (size_t)o->epochs) ||
           (o->steps && t->steps >= (size_t)o->steps);
}

/* true: it asks to stop. NULL: never. */
static bool loop_call(const sl_trainer *t, sl_status (*call)(void *user, const sl_progress *progress))
{
    if (!call)
        return false;
    const sl_progress progress = loop_progress(t);
    sl_profile_begin(t->ctx, "callbacks");
    const bool stop = call(t->options.user, &progress) != SL_OK;
    sl_profile_end(t->ctx);
    return stop;
}

static sl_status loop_epoch_end(sl_trainer *t)
{
    t->epoch++;
    t->step_in_epoch = 0;
    sl_profile_begin(t->ctx, "measure");
    if (t->options.curvature)
        sl_trainer_curve(t);                        /* where the steps are taken, not at averages */
    const bool averages = t->step->set.average > 0; /* they are what is judged and kept */
    if (averages && !t->ctx->status)
        sl_step_average_swap(t->step);
    if (!t->ctx->status)
        loop_measure(t);
    if (averages && t->step->averaged) {
        const sl_status status = t->ctx->status;
        t->ctx->status = SL_OK; /* a failure stays, and the weights come back */
        sl_step_average_swap(t->step);
        t->ctx->status = status;
    }
    sl_profile_end(t->ctx);
    if (t->ctx->status)
        return t->ctx->status;
    t->finished = loop_is_over(t);
    sl_profile_begin(t->ctx, "save");
    if (t->on_record)
        t->on_record(t->record_user);
    sl_profile_end(t->ctx);
    if (sl_trainer_bear(t))
        return t->ctx->status;
    if (loop_call(t, t->options.on_epoch))
        t->stopped = !t->finished;
    return sl_trainer_store(t, true);
}

/* Rosenblatt's rule stops changing weights once a line separates the classes, and never if none does. */
static void loop_remark(const sl_trainer *t)
{
    if (t->clips && t->finished)
        sl_log(t->ctx, "clipped     %zu of %zu steps", sl_step_clipped(t->step), t->steps);
    if (t->step->rule->only_loss && t->finished && !(sl_report_last(t->report, "train_accuracy") == 1))
        sl_log(t->ctx,
               "perceptron  some rows are still on the wrong side: if no line separates the classes, as in "
               "XOR, the "
               "rule goes on for ever (Minsky, Papert 1969): add a hidden layer, and train it by gradients");
}

sl_status sl_trainer_to(sl_trainer *t, size_t step)
{
    sl_ctx *ctx = t->ctx;
    t->finished = t->finished && loop_is_over(t); /* a finished checkpoint, and now more is wanted */
    while (!t->finished && !t->stopped && !ctx->status && t->steps < step) {
        if (loop_step(t))
            break;
        if (t->losses.row && sl_steps_add(&t->losses, t->last_loss))
            sl_steps_end(&t->losses, sl_trainer_rate(t));
        if (loop_call(t, t->options.on_step))
            t->stopped = true;
        if (loop_epoch_ends(t)) {
            if (loop_epoch_end(t))
                break;
        } else if (sl_trainer_store(t, false)) {
            break;
        }
    }
    return ctx->status;
}

sl_status sl_trainer_run(sl_trainer *t)
{
    sl_ctx *ctx = t->ctx;
    sl_trainer_tell_best(t);
    sl_trainer_to(t, SIZE_MAX);
    if (ctx->status == SL_ENOMEM)
        return ctx->status;
    t->digest_last = sl_model_digest(t->model);
    loop_remark(t);
    if (t->best_epoch)
        memcpy(t->model->values, t->best, t->model->padded * sizeof *t->best);
    if (t->best_epoch && !ctx->status)
        sl_trainer_log_interval(t);
    if (t->stopped && !t->finished && !ctx->status)
        return sl_fail(ctx, SL_ESTOPPED, "stopped after step %zu of epoch %zu", t->steps,
                       t->epoch + (t->step_in_epoch > 0));
    return ctx->status;
}
