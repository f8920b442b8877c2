/* proof.c - the same seed with one change: is it better, and is that more than chance? */
#include "core/os.h"
#include "diagnose/diagnose.h"
#include "kernel/math.h"

#include <math.h>
#include <string.h>

static const double proof_most = 3;      /* of the logarithm of a ratio: more is not told apart */
static const double proof_better = 0.02; /* a loss that is lower by less is the same */
static const double proof_sure = 2;      /* standard errors */
static const double proof_large = 0.4; /* of such a gain half as many: it was looked for where it was found */
static const double proof_clear = 0.6; /* below so much of the lowest loss ever seen no more is needed */
static const double proof_half = 0.93; /* of the other loss at that time: less is not worth the rest */
static const double proof_trained = 0.1; /* a gain that may go by the training rows */
static const double proof_broken = 1.5;  /* of a constant answer's loss */
static const double proof_few = 0.3;     /* of rows too few for standard errors the gain has to be as large */
enum { PROOF_EARLY = 4, PROOF_LEAST = 3, PROOF_LONGER = 16 };

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
    sl_proof_by by;
    double best, now; /* of the changed training: lowest so far, and that of its last epoch */
    size_t epochs;    /* finished */
    sl_real *last;    /* its weights then; NULL: not wanted */
    bool late, clear;
} proof_job;

/* What is to be small: the loss that chooses the best epoch; where losses are not of one kind the errors. */
static double proof_figure(const proof_job *job, const sl_report *history, int row)
{
    const bool validation = job->c->validation != NULL, classes = job->c->classes > 0;
    if (job->by != SL_BY_METRIC)
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
    job->now = rows ? proof_figure(job, progress->report, rows - 1) : (double)NAN;
    job->best = job->now < job->best ? job->now : job->best;
    if (job->last)
        memcpy(job->last, progress->model->values, progress->model->padded * sizeof *job->last);
    job->epochs = progress->epoch;
    const double before = proof_best(job, job->c->history, job->epochs);
    const bool some = job->fix->proof == SL_MENDS && job->epochs * PROOF_EARLY >= job->limit &&
                      job->epochs >= PROOF_LEAST,
               early = some && !job->fix->restarts, half = early && job->epochs * 2 >= job->limit;
    job->clear = some && job->by == SL_BY_BEST && !job->fix->longer &&
                 job->best < proof_clear * proof_best(job, job->c->history, SIZE_MAX);
    if (job->epochs >= job->limit || job->clear || (early && !(job->best < before)) ||
        (half && !(job->best < proof_half * before)))
        return SL_ESTOPPED;
    return SL_OK;
}

/* --- the proof ------------------------------------------------------------------------------------------ */

static bool proof_is_about(const sl_fix *fix, const char *setting)
{
    for (int i = 0; i < fix->changes; i++)
        if (!strcmp(fix->change[i].setting, setting))
            return true;
    return false;
}

/* What broke counts as so many times a constant answer's loss: finite alone is no success. */
static double proof_gain(const sl_case *c, double before, double after)
{
    if (!(after - after == 0))
        return before - before == 0 ? -proof_most : 0;
    if (!(before - before == 0)) {
        if (!(c->data.chance > 0))
            return proof_most;
        before = proof_broken * c->data.chance;
    }
    const double least = 1e-12,
                 gain = sl_log_d((before > least ? before : least) / (after > least ? after : least));
    return gain > proof_most ? proof_most : gain < -proof_most ? -proof_most : gain;
}

/* The figures of both; of trainings of one length where the length is not the matter. */
static void proof_figures(const proof_job *job, const sl_run *run, sl_status status, sl_proof *proof)
{
    const sl_case *c = job->c;
    /* What ends by itself, as patience or a number of steps has it, would gain no more. */
    const bool ends = job->fix->longer || job->clear || run->trainer->finished;
    const size_t epochs = ends || job->epochs > c->outcome.epoch ? c->outcome.epoch : job->epochs;
    proof->epochs_before = epochs;
    proof->after = status == SL_EDIVERGED && !run->trainer->best_epoch ? INFINITY : job->best;
    proof->before = c->outcome.diverged ? INFINITY : proof_best(job, c->history, epochs);
    if (job->by != SL_BY_LAST || c->outcome.diverged || status == SL_EDIVERGED)
        return;
    proof->after = job->now;
    if (epochs && epochs <= (size_t)sl_report_rows(c->history))
        proof->before = proof_figure(job, c->history, (int)epochs - 1);
}

static void proof_judge(const proof_job *job, sl_run *run, sl_status status, sl_proof *proof)
{
    const sl_case *c = job->c;
    const sl_trainer *t = run->trainer;
    const bool both = !c->outcome.diverged && status != SL_EDIVERGED,
               whole = job->epochs >= c->outcome.epoch || t->finished || job->clear;
    const double way = job->fix->proof == SL_MENDS ? 1 : -1;
    proof->epochs = job->epochs;
    proof->by = job->by;
    proof->seen = c->validation != NULL;
    proof->sure = NAN;
    proof->done = job->epochs >= job->limit || t->finished || status == SL_EDIVERGED || !job->late;
    proof_figures(job, run, status, proof);
    if (job->by == SL_BY_CLASS && both) {
        proof->done = sl_proof_classes(c, run, proof) && proof->done;
        proof->epochs_before = c->outcome.epoch; /* the rows' losses are those of its best epoch */
    }
    proof->gain = proof_gain(c, proof->before, proof->after);
    proof->improved = proof->done && way * proof->gain > proof_better;
    if (!proof->improved || !both)
        return;
    if (job->last)
        memcpy(run->model->values, job->last, run->model->padded * sizeof *job->last);
    if (job->by != SL_BY_CLASS)
        proof->sure = sl_proof_losses(c, run, job->by == SL_BY_LAST, false);
    const double gain = fabs(proof->gain), needed = gain > 3 * proof_large          ? proof_sure / 4
                                                    : gain > proof_large || way < 0 ? proof_sure / 2
                                                                                    : proof_sure;
    proof->improved = way * proof->sure >= needed;
    /* A training that ended early is compared with the other one as far as that, but its rows with those of
     * the whole other one: where these decide nothing they are no matter of the two figures. */
    const bool apart = !whole && job->by != SL_BY_CLASS &&
                       (job->by == SL_BY_LAST || c->own->trainer->best_epoch > job->epochs);
    if (apart && !proof->improved)
        proof->sure = NAN;
    /* Few validation rows say little; of what makes training itself better its rows do. */
    if (!proof->improved && job->by == SL_BY_BEST && job->fix->proof == SL_MENDS &&
        !proof_is_about(job->fix, "net") && whole && proof->gain > proof_trained)
        proof->improved = sl_proof_losses(c, run, false, true) >= 2 * proof_sure;
    if (!(proof->sure == proof->sure) || !whole) /* it ended early, or rows do not compare */
        proof->improved = proof->improved || fabs(proof->gain) > proof_few;
    if (!whole && way * proof->sure < 0) /* against epochs of the training that the proof did not reach */
        proof->sure = NAN;
}

sl_status sl_prove(sl_case *c, const sl_fix *fix, double most, double seconds, sl_proof *proof)
{
    sl_ctx *ctx = c->ctx;
    sl_run_options options;
    proof_job job = { .c = c,
                      .fix = fix,
                      .seconds = seconds,
                      .best = INFINITY,
                      .now = NAN,
                      /* losses of another kind, or of targets scaled otherwise */
                      .by = proof_is_about(fix, "loss") || proof_is_about(fix, "target_scale") ? SL_BY_METRIC
                                                                                               : fix->by };
    const size_t whole = c->outcome.diverged || !c->outcome.epoch
                             ? (c->planned + c->steps_an_epoch - 1) / c->steps_an_epoch
                             : c->outcome.epoch;
    const double allowed = floor(most * (double)whole);
    *proof = (sl_proof){ .before = NAN, .after = NAN, .sure = NAN };
    const size_t longest = fix->longer ? PROOF_LONGER * whole : whole;
    job.limit = allowed < (double)longest ? (size_t)allowed : longest;
    if ((c->cut && !c->outcome.epoch) || job.limit < (whole < PROOF_LEAST ? whole : PROOF_LEAST) ||
        (fix->longer && job.limit <= whole) ||
        proof_is_about(fix, "task") /* amounts and classes have no figure in common */)
        return SL_OK;
    if (sl_fix_apply(ctx, c->options, fix, &options)) {
        sl_settings_free(ctx, &options);
        if (ctx->status == SL_EINVAL) /* a number that the setting does not take */
            sl_clear(ctx);
        return ctx->status;
    }
    options.on_step = proof_step;
    options.on_epoch = proof_epoch;
    options.user = &job;
    void (*const log)(void *, const char *) = ctx->options.log;
    ctx->options.log = NULL; /* it is not the training that was asked for */
    sl_hush(ctx);
    sl_run *run = sl_run_new_like(ctx, &options, c->own);
    if (run && job.by == SL_BY_LAST)
        job.last = sl_alloc_array(ctx, run->model->padded, sizeof *job.last);
    const sl_status status = run && !ctx->status ? sl_trainer_run(run->trainer) : ctx->status;
    sl_unhush(ctx);
    ctx->options.log = log;
    const bool refused = !run && (status == SL_EINVAL || status == SL_ESHAPE);
    if (refused || status == SL_ESTOPPED || status == SL_EDIVERGED)
        sl_clear(ctx); /* a change that does not fit these data proves nothing */
    if (run && !ctx->status) {
        proof_judge(&job, run, status, proof);
        proof->work = whole ? (double)job.epochs / (double)whole : 0;
    }
    sl_free(ctx, job.last);
    sl_run_free(run);
    sl_settings_free(ctx, &options);
    return ctx->status;
}
