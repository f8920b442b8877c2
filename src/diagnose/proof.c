/* proof.c - the same seed with one change: is it better, and is that more than chance? */
#include "core/os.h"
#include "diagnose/diagnose.h"
#include "kernel/math.h"

#include <math.h>
#include <string.h>

static const double proof_most = 3;      /* of the logarithm of a ratio: more is not told apart */
static const double proof_better = 0.02; /* a loss that is lower by less is the same */
static const double proof_sure = 2;      /* standard errors */
enum { PROOF_EARLY = 4, PROOF_LEAST = 3 };

sl_status sl_fix_apply(sl_ctx *ctx, const sl_run_options *options, const sl_fix *fix, sl_run_options *to)
{
    sl_settings_copy(ctx, to, options);
    for (int i = 0; i < fix->changes && !ctx->status; i++)
        sl_setting_set(ctx, to, fix->change[i].setting, fix->change[i].text);
    return ctx->status;
}

typedef struct {
    const sl_case *c;
    const sl_fix *fix;
    size_t limit;   /* epochs */
    double seconds; /* on the clock: until then; 0: any */
    bool by_metric;
    double best;   /* of the changed training so far */
    size_t epochs; /* finished */
    bool late;
} proof_job;

/* What is to be small: the loss that chooses the best epoch; where losses are not of one kind the errors. */
static double proof_figure(const proof_job *job, const sl_report *history, int row)
{
    const bool validation = job->c->validation != NULL, classes = job->c->classes > 0;
    if (!job->by_metric)
        return sl_report_at(history, row, validation ? "validation_loss" : "train_loss");
    if (classes)
        return 1 - sl_report_at(history, row, validation ? "validation_accuracy" : "train_accuracy");
    return sl_report_at(history, row, validation ? "validation_rmse" : "train_rmse");
}

static double proof_best(const proof_job *job, const sl_report *history, size_t epochs)
{
    double best = INFINITY;
    for (int row = 0; history && row < sl_report_rows(history) && (size_t)row < epochs; row++) {
        const double figure = proof_figure(job, history, row);
        best = figure < best ? figure : best;
    }
    return best;
}

static sl_status proof_step(void *user, const sl_progress *progress)
{
    proof_job *job = user;
    (void)progress;
    if (job->seconds > 0 && sl_os_seconds() > job->seconds) {
        job->late = true;
        return SL_ESTOPPED;
    }
    return SL_OK;
}

static sl_status proof_epoch(void *user, const sl_progress *progress)
{
    proof_job *job = user;
    const int rows = sl_report_rows(progress->report);
    const double now = rows ? proof_figure(job, progress->report, rows - 1) : (double)NAN;
    job->best = now < job->best ? now : job->best;
    job->epochs = progress->epoch;
    const bool early = job->fix->proof == SL_MENDS && !job->fix->restarts &&
                       job->epochs * PROOF_EARLY >= job->limit && job->epochs >= PROOF_LEAST;
    if (job->epochs >= job->limit || (early && !(job->best < proof_best(job, job->c->history, job->epochs))))
        return SL_ESTOPPED;
    return SL_OK;
}

/* --- more than chance? ---------------------------------------------------------------------------------- */

/* Losses of the validation rows, in their order: -ln p of the truth, or the squared error. */
static double *proof_rows(sl_ctx *ctx, const sl_model *model, const sl_data *data, bool classes)
{
    sl_report *report = sl_errors(ctx, model, data, 0);
    double *loss = report ? sl_alloc_array(ctx, data->rows, sizeof *loss) : NULL;
    for (int i = 0; loss && i < sl_report_rows(report); i++) {
        const size_t row = (size_t)sl_report_at(report, i, "row");
        const double p = classes ? sl_report_at(report, i, "p_truth") : NAN,
                     residual = classes ? NAN : sl_report_at(report, i, "residual");
        if (row < data->rows)
            loss[row] = classes ? -sl_log_d(p > 1e-12 ? p : 1e-12) : residual * residual;
    }
    sl_report_free(report);
    return loss;
}

/* Mean difference of the rows' losses in its standard errors. */
static double proof_sureness(const sl_case *c, const sl_run *changed)
{
    sl_ctx *ctx = c->ctx;
    const sl_data *other = changed->trainer->validation;
    if (!c->validation || !other || other->rows != c->validation->rows || c->validation->rows < 8 ||
        c->validation->outputs != 1)
        return NAN;
    const bool classes = c->classes > 0;
    double *before = proof_rows(ctx, c->model, c->validation, classes),
           *after = before ? proof_rows(ctx, changed->model, other, classes) : NULL;
    double mean = 0, squares = 0, sure = NAN;
    const double n = (double)c->validation->rows;
    for (size_t i = 0; after && i < c->validation->rows; i++)
        mean += (before[i] - after[i]) / n;
    for (size_t i = 0; after && i < c->validation->rows; i++) {
        const double off = before[i] - after[i] - mean;
        squares += off * off;
    }
    if (after)
        sure = squares > 0 ? mean / sqrt(squares / (n - 1) / n) : mean > 0 ? 1e9 : 0;
    sl_free(ctx, before);
    sl_free(ctx, after);
    if (ctx->status == SL_EINVAL || ctx->status == SL_ESHAPE) { /* answers that sl_errors does not know */
        sl_clear(ctx);
        return NAN;
    }
    return sure;
}

/* --- the proof ------------------------------------------------------------------------------------------ */

/* Can the losses be compared? Not of another loss, and not of targets scaled otherwise. */
static bool proof_is_other(const sl_fix *fix)
{
    bool other = false;
    for (int i = 0; i < fix->changes; i++) {
        const char *setting = fix->change[i].setting;
        other = other || !strcmp(setting, "loss") || !strcmp(setting, "target_scale");
    }
    return other;
}

/* Amounts and classes have no figure in common. */
static bool proof_is_of_another_task(const sl_fix *fix)
{
    bool other = false;
    for (int i = 0; i < fix->changes; i++)
        other = other || !strcmp(fix->change[i].setting, "task");
    return other;
}

static double proof_gain(double before, double after)
{
    if (!(after - after == 0))
        return before - before == 0 ? -proof_most : 0;
    if (!(before - before == 0))
        return proof_most;
    const double least = 1e-12,
                 gain = sl_log_d((before > least ? before : least) / (after > least ? after : least));
    return gain > proof_most ? proof_most : gain < -proof_most ? -proof_most : gain;
}

static void proof_judge(const proof_job *job, const sl_run *run, sl_status status, sl_proof *proof)
{
    const sl_case *c = job->c;
    const sl_trainer *t = run->trainer;
    proof->epochs = job->epochs;
    proof->by_metric = job->by_metric;
    proof->after = status == SL_EDIVERGED && !t->best_epoch ? INFINITY : job->best;
    proof->before = c->outcome.diverged ? INFINITY : proof_best(job, c->history, job->epochs);
    proof->gain = proof_gain(proof->before, proof->after);
    proof->sure = NAN;
    proof->outcome = (sl_outcome){ .diverged = status == SL_EDIVERGED,
                                   .step = t->steps,
                                   .epoch = t->epoch,
                                   .best = job->best,
                                   .last = NAN,
                                   .train_best = NAN,
                                   .train_last = sl_report_last(t->report, "train_loss"),
                                   .metric = NAN };
    proof->done = job->epochs >= job->limit || t->finished || status == SL_EDIVERGED || !job->late;
    const double wanted = job->fix->proof == SL_MENDS ? proof->gain : -proof->gain;
    proof->improved = proof->done && wanted > proof_better;
    if (proof->improved && !c->outcome.diverged && status != SL_EDIVERGED &&
        job->epochs >= c->outcome.epoch) {
        proof->sure = proof_sureness(c, run);
        const double sure = job->fix->proof == SL_MENDS ? proof->sure : -proof->sure;
        proof->improved = !(sure < proof_sure);
    }
}

sl_status sl_prove(sl_case *c, const sl_fix *fix, double most, double seconds, sl_proof *proof)
{
    sl_ctx *ctx = c->ctx;
    sl_run_options options;
    proof_job job = {
        .c = c, .fix = fix, .seconds = seconds, .best = INFINITY, .by_metric = proof_is_other(fix)
    };
    const size_t whole = c->outcome.diverged || !c->outcome.epoch
                             ? (c->planned + c->steps_an_epoch - 1) / c->steps_an_epoch
                             : c->outcome.epoch;
    const double allowed = floor(most * (double)whole);
    *proof = (sl_proof){ .before = NAN, .after = NAN, .sure = NAN };
    job.limit = allowed < (double)whole ? (size_t)allowed : whole;
    if ((c->cut && !c->outcome.epoch) || job.limit < (whole < PROOF_LEAST ? whole : PROOF_LEAST) ||
        proof_is_of_another_task(fix))
        return SL_OK;
    if (sl_fix_apply(ctx, c->options, fix, &options))
        return ctx->status;
    options.on_step = proof_step;
    options.on_epoch = proof_epoch;
    options.user = &job;
    void (*const log)(void *, const char *) = ctx->options.log;
    ctx->options.log = NULL; /* it is not the training that was asked for */
    sl_hush(ctx);
    sl_run *run = sl_run_new(ctx, &options);
    const sl_status status = run ? sl_trainer_run(run->trainer) : ctx->status;
    sl_unhush(ctx);
    ctx->options.log = log;
    const bool refused = !run && (status == SL_EINVAL || status == SL_ESHAPE);
    if (refused || status == SL_ESTOPPED || status == SL_EDIVERGED)
        sl_clear(ctx); /* a change that does not fit these data proves nothing */
    if (run && !ctx->status) {
        proof_judge(&job, run, status, proof);
        proof->work = whole ? (double)job.epochs / (double)whole : 0;
    }
    sl_run_free(run);
    sl_settings_free(ctx, &options);
    return ctx->status;
}
