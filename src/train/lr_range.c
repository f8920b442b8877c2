/* lr_range.c - which step sizes a training bears: a throw-away training whose step size grows with every step
 * (Smith, WACV 2017, section 3.3). Advice only: the model is left as it was. */
#include "kernel/math.h"
#include "train/run.h"

#include <math.h>
#include <string.h>

static const double lr_range_beta = 0.98, lr_range_too_much = 4;

typedef struct {
    sl_trainer *trainer;
    sl_report *report;
    double low, growth; /* the logarithm of the first step size, and of the factor from step to step */
    int steps;
    double mean, weight, best; /* of the losses so far, later ones count more */
    sl_status (*on_step)(void *user, const sl_progress *progress); /* the caller's; NULL */
    void *user;
} lr_range_job;

static double lr_range_lr(const lr_range_job *job, size_t done)
{
    return sl_exp_d(job->low + job->growth * (double)done);
}

/* Behind each step: notes the loss that it began with, and sets the next step size. */
static sl_status lr_range_step(void *user, const sl_progress *progress)
{
    lr_range_job *job = user;
    const double loss = progress->loss;
    job->mean = lr_range_beta * job->mean + (1 - lr_range_beta) * loss;
    job->weight = lr_range_beta * job->weight + (1 - lr_range_beta);
    const double smooth = job->mean / job->weight,
                 row[] = { (double)progress->step, lr_range_lr(job, progress->step - 1), loss, smooth };
    job->best = smooth < job->best ? smooth : job->best;
    if (sl_report_add_row(job->report, row) || (job->on_step && job->on_step(job->user, progress) != SL_OK) ||
        smooth - job->best > (lr_range_too_much - 1) * fabs(job->best) ||
        progress->step >= (size_t)job->steps)
        return SL_ESTOPPED;
    sl_step_set_lr(job->trainer->step, (sl_real)lr_range_lr(job, progress->step));
    return SL_OK;
}

static sl_status lr_range_check(sl_ctx *ctx, double low, double high, int steps)
{
    char first[32], last[32];
    if (!(low > 0 && low < high && high < 1e30))
        return sl_fail(
            ctx, SL_EINVAL,
            "sl_lr_range: from %s to %s: wants two numbers, the first above 0, the second larger and "
            "below 1e30 (default 1e-7 and 10)",
            sl_number_text(first, low), sl_number_text(last, high));
    if (steps < 20 || steps > 100000)
        return sl_fail(ctx, SL_EINVAL, "sl_lr_range: %d steps: wants from 20 to 100000 (default 200)", steps);
    return SL_OK;
}

/* Until the loss is much too large, not finite (which is no failure here), or the last step is done. */
static void lr_range_train(lr_range_job *job, sl_model *model, const sl_data *train,
                           const sl_fit_options *options)
{
    sl_fit_options o = *options;
    o.epochs = 0;
    o.steps = job->steps + 1; /* it ends before, so that nothing is measured */
    o.patience = -1;
    o.checkpoint = NULL;
    o.resume = false;
    job->on_step = o.on_step;
    job->user = o.user;
    o.on_step = lr_range_step;
    o.on_epoch = NULL;
    o.user = job;
    sl_ctx *ctx = model->ctx;
    sl_optimizer set;
    const sl_rule *rule = sl_rule_find(ctx, &model->optimizer, &set);
    if (rule && rule->iterate)
        sl_fail(
            ctx, SL_EINVAL,
            "sl_lr_range: optimizer %s finds the length of its steps itself: there is no step size to look "
            "for: leave --lr-range out, or take another optimizer",
            rule->name);
    if (ctx->status)
        return;
    const sl_optimizer optimizer = model->optimizer;
    const sl_target target = model->target;
    model->optimizer.schedule = NULL;
    model->optimizer.warmup = 0;
    model->optimizer.steps = 0;
    sl_hush(ctx); /* this copy is not the training that was asked for */
    sl_trainer *t = job->trainer = sl_trainer_new(model, train, &o);
    sl_unhush(ctx);
    sl_real *values = t ? sl_alloc_array(ctx, model->padded, sizeof *values) : NULL;
    if (values) {
        memcpy(values, model->values, model->padded * sizeof *values);
        sl_step_set_lr(t->step, (sl_real)lr_range_lr(job, 0));
        sl_trainer_run(t);
        if (ctx->status == SL_ESTOPPED || ctx->status == SL_EDIVERGED)
            sl_clear(ctx);
        memcpy(model->values, values, model->padded * sizeof *values);
    }
    sl_free(ctx, values);
    sl_trainer_free(t);
    model->optimizer = optimizer;
    model->target = target;
}

sl_report *sl_lr_range(sl_model *model, const sl_data *train, const sl_fit_options *options, double low,
                       double high, int steps)
{
    static const char *const columns[] = { "step", "lr", "loss", "smoothed" };
    if (!model || model->ctx->status)
        return NULL;
    sl_ctx *ctx = model->ctx;
    const sl_fit_options none = { 0 };
    low = low == 0 ? 1e-7 : low;
    high = high == 0 ? 10 : high;
    steps = steps ? steps : 200;
    if (!train) {
        sl_fail(ctx, SL_EINVAL, "sl_lr_range: the training data is NULL");
        return NULL;
    }
    if (lr_range_check(ctx, low, high, steps))
        return NULL;
    char from[32], to[32];
    sl_decided(ctx, "lr range", "in so many steps", "from %s to %s in %d steps, a steady factor between them",
               sl_number_text(from, low), sl_number_text(to, high), steps);
    const double first = sl_log_d(low);
    lr_range_job job = { .low = first,
                         .growth = (sl_log_d(high) - first) / (steps - 1),
                         .steps = steps,
                         .best = HUGE_VAL,
                         .report = sl_report_new(ctx) };
    for (size_t i = 0; i < sizeof columns / sizeof *columns && !ctx->status; i++)
        sl_report_add_column(job.report, columns[i]);
    if (!ctx->status)
        lr_range_train(&job, model, train, options ? options : &none);
    if (!ctx->status)
        return job.report;
    sl_report_free(job.report);
    return NULL;
}

sl_report *sl_run_lr_range(sl_run *run, double low, double high, int steps)
{
    if (!run || run->ctx->status)
        return NULL;
    if (!run->trainer) {
        sl_fail(run->ctx, SL_EINVAL,
                "sl_run_lr_range: %s is finished: wants a run that is still to be trained", run->folder);
        return NULL;
    }
    sl_fit_options o = run->trainer->options;
    o.validation_fraction = -1; /* its rows are already cut off */
    o.profile = NULL;
    return sl_lr_range(run->model, run->trainer->train, &o, low, high, steps);
}

bool sl_lr_range_advice(const sl_report *range, sl_lr_advice *advice)
{
    const int rows = sl_report_rows(range), reach = rows / 20 > 1 ? rows / 20 : 1;
    sl_lr_advice unwanted = { 0 };
    advice = advice ? advice : &unwanted;
    *advice = (sl_lr_advice){ .steepest = NAN, .largest = NAN, .advised = NAN };
    int first = rows / 10, least = first; /* the first means are of few losses */
    for (int i = first; i < rows; i++)
        if (sl_report_at(range, i, "smoothed") < sl_report_at(range, least, "smoothed"))
            least = i;
    double steepest = 0;
    for (int i = first + reach; i + reach <= least; i++) {
        const double slope =
            sl_report_at(range, i + reach, "smoothed") - sl_report_at(range, i - reach, "smoothed");
        if (slope < steepest) {
            steepest = slope;
            advice->steepest = sl_report_at(range, i, "lr");
        }
    }
    if (!(steepest < 0))
        return false;
    advice->largest = sl_report_at(range, least, "lr");
    advice->advised = advice->largest / 10 < advice->steepest ? advice->largest / 10 : advice->steepest;
    advice->rose = least + 1 < rows;
    return true;
}
