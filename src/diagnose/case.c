/* case.c - a training repeated in memory, and what is to be seen of it. */
#include "core/os.h"
#include "diagnose/diagnose.h"
#include "diagnose/precheck.h"

#include <math.h>
#include <string.h>

static sl_status case_step(void *user, const sl_progress *progress)
{
    sl_case *c = user;
    (void)progress;
    if (c->stop_at > 0 && sl_os_seconds() > c->stop_at) {
        c->cut = true;
        return SL_ESTOPPED;
    }
    return SL_OK;
}

static sl_status case_epoch(void *user, const sl_progress *progress)
{
    sl_case *c = user;
    memcpy(c->last, progress->model->values, progress->model->padded * sizeof *c->last);
    return c->until && progress->epoch >= c->until ? SL_ESTOPPED : SL_OK;
}

/* Its steps as sl_run_read_steps has them. */
static sl_status case_steps(sl_case *c, const sl_steps *steps, double lr)
{
    static const char *const columns[] = { "step", "loss", "lowest", "highest", "lr" };
    sl_report *report = sl_report_new(c->ctx);
    for (size_t i = 0; i < sizeof columns / sizeof *columns && report; i++)
        sl_report_add_column(report, columns[i]);
    for (size_t i = 0; report && i <= steps->rows && !c->ctx->status; i++) {
        const bool part = i == steps->rows;
        if (part && !steps->count)
            break;
        const sl_steps_row row = part ? sl_steps_part(steps, lr) : steps->row[i];
        const double step = (double)(steps->stride * i + (part ? steps->count : steps->stride)),
                     values[] = { step, (double)row.loss, (double)row.low, (double)row.high, (double)row.lr };
        sl_report_add_row(report, values);
    }
    c->steps = report;
    return c->ctx->status;
}

static void case_end(sl_case *c, sl_status status)
{
    const sl_trainer *t = c->own->trainer;
    sl_outcome *o = &c->outcome;
    const size_t epochs = t->epoch;
    *o = (sl_outcome){ .diverged = status == SL_EDIVERGED,
                       .step = t->steps,
                       .epoch = epochs,
                       .best = NAN,
                       .last = sl_case_judged(c, epochs),
                       .train_best = NAN,
                       .train_last = sl_case_epoch(c, "train_loss", epochs),
                       .metric = NAN };
    if (!t->best_epoch)
        return;
    const char *name = c->classes      ? c->validation ? "validation_accuracy" : "train_accuracy"
                       : c->validation ? "validation_rmse"
                                       : "train_rmse";
    o->best = sl_case_judged(c, t->best_epoch);
    o->train_best = sl_case_epoch(c, "train_loss", t->best_epoch);
    o->metric = sl_case_epoch(c, name, t->best_epoch);
}

static void case_facts(sl_case *c)
{
    const sl_trainer *t = c->own->trainer;
    const sl_optimizer *set = &t->step->set;
    const char *rule = t->step->rule->name;
    c->run = c->own;
    c->model = c->own->model;
    c->train = t->train;
    c->validation = t->validation;
    c->classes = sl_model_kinds(c->model);
    c->gradient_rule = !strcmp(rule, "sgd") || !strcmp(rule, "momentum") || !strcmp(rule, "nesterov");
    c->momentum = c->gradient_rule && strcmp(rule, "sgd") != 0 ? (double)set->momentum : 0;
    c->ahead = c->momentum > 0 && !strcmp(rule, "nesterov");
    c->whole = t->step->rule->iterate != NULL;
    c->lr = (double)set->lr;
    c->batch = t->batch;
    c->steps_an_epoch = t->steps_an_epoch;
    const size_t limit = sl_trainer_limit(t);
    c->planned = t->adaptive || !limit ? SL_MOST_EPOCHS * t->steps_an_epoch : limit;
}

/* The training itself; a number that was not finite is no failure here. */
static sl_status case_train(sl_case *c)
{
    sl_ctx *ctx = c->ctx;
    sl_trainer *t = c->own->trainer;
    c->last = sl_alloc_array(ctx, t->model->padded, sizeof *c->last);
    if (!c->last || sl_steps_open(&t->losses, ctx))
        return ctx->status;
    const double before = sl_os_seconds();
    const sl_status status = sl_trainer_run(t);
    c->seconds = sl_os_seconds() - before;
    c->history = t->report;
    c->work = (double)t->epoch * (double)c->train->rows + (double)t->step_in_epoch * (double)c->batch;
    if (status && status != SL_EDIVERGED && status != SL_ESTOPPED)
        return status;
    char message[sizeof ctx->message];
    memcpy(message, ctx->message, sizeof message);
    sl_clear(ctx);
    if (status == SL_EDIVERGED)
        c->message = sl_strdup(ctx, message);
    case_end(c, status);
    return case_steps(c, &t->losses, sl_trainer_rate(t));
}

/* What the net does behind its last epoch; the model keeps the best epoch's weights. */
static sl_status case_look_end(sl_case *c)
{
    sl_trainer *t = c->own->trainer;
    const size_t bytes = t->model->padded * sizeof *c->last;
    if (!t->epoch)
        return c->ctx->status;
    sl_real *best = sl_alloc(c->ctx, bytes);
    if (!best)
        return c->ctx->status;
    memcpy(best, t->model->values, bytes);
    memcpy(t->model->values, c->last, bytes);
    if (!sl_net_look_take(&c->end, t, true, c->look_seconds) && c->gradient_rule && !c->cut &&
        c->steps_an_epoch == 1)
        sl_net_look_valley(&c->end, t); /* full batches that oscillate do so above a valley's floor */
    memcpy(t->model->values, best, bytes);
    sl_free(c->ctx, best);
    return c->ctx->status;
}

/* Refused by a check before the first step: a finding may know more of it. */
static bool case_refused(sl_case *c)
{
    sl_ctx *ctx = c->ctx;
    if (ctx->status != SL_EINVAL && ctx->status != SL_EFORMAT)
        return false;
    c->refused = true;
    char message[sizeof ctx->message];
    memcpy(message, ctx->message, sizeof message);
    sl_clear(ctx);
    c->message = sl_strdup(ctx, message);
    return !ctx->status;
}

/* *precheck becomes true for a run that has no epoch. */
static sl_status case_open(sl_case *c, bool *precheck)
{
    c->own = sl_run_new(c->ctx, &c->settings);
    if (!c->own)
        return case_refused(c) ? SL_OK : c->ctx->status;
    case_facts(c);
    if (sl_case_check_run(c, precheck) || sl_data_look_take(c) ||
        sl_net_look_take(&c->start, c->own->trainer, true, c->look_seconds))
        return c->ctx->status;
    return *precheck || case_train(c) || case_look_end(c) ? c->ctx->status : SL_OK;
}

sl_case *sl_case_new(sl_ctx *ctx, const sl_run_options *options, const char *folder, bool precheck,
                     double seconds)
{
    sl_case *c = ctx && !ctx->status ? sl_alloc(ctx, sizeof *c) : NULL;
    if (!c)
        return NULL;
    c->ctx = ctx;
    c->options = &c->settings;
    c->folder = folder;
    sl_settings_copy(ctx, &c->settings, options);
    c->settings.out = NULL;
    sl_free(ctx, (void *)(uintptr_t)c->settings.record); /* nothing is kept, so nothing is recorded */
    c->settings.record = NULL;
    c->settings.keep_nothing = true;
    c->settings.on_step = case_step;
    c->settings.on_epoch = case_epoch;
    c->settings.user = c;
    c->settings.profile = NULL;
    c->look_seconds = seconds / 5;
    c->stop_at = seconds > 0 ? sl_os_seconds() + seconds : 0;
    if (!ctx->status)
        case_open(c, &precheck);
    if (!ctx->status && precheck)
        sl_precheck_take(c);
    if (!ctx->status)
        return c;
    sl_case_free(c);
    return NULL;
}

void sl_case_free(sl_case *c)
{
    if (!c)
        return;
    sl_ctx *ctx = c->ctx;
    sl_net_look_close(ctx, &c->start);
    sl_net_look_close(ctx, &c->end);
    sl_report_free((sl_report *)(uintptr_t)c->steps);
    sl_run_free(c->own);
    sl_free(ctx, c->last);
    sl_free(ctx, c->checks);
    sl_free(ctx, (void *)(uintptr_t)c->message);
    sl_settings_free(ctx, &c->settings);
    sl_free(ctx, c);
}
