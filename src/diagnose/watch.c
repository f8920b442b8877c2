/* watch.c - a training that is watched while it goes: see slope.h and watch.h. */
#include "diagnose/watch.h"
#include "train/warned.h"

#include <math.h>
#include <string.h>

/* --- what is known before the first step -------------------------------------------------------------- */

/* The loss of a constant answer, unless what training makes small is another one: rows or classes weigh. */
static double watch_chance(sl_watcher *w)
{
    if (w->t->row_weights || w->t->step->rule->only_loss || sl_data_look_targets(&w->c))
        return (double)NAN;
    return w->c.data.chance;
}

/* Two units of a hidden layer that begin with the same weights; of its first two, as a cheap sign. */
static bool watch_twins(const sl_model *model)
{
    for (int i = 0; i < model->count; i++) {
        const sl_built *layer = &model->layers[i];
        if (layer->kind != &sl_layer_dense || layer == sl_model_last(model) || layer->spec.units < 2)
            continue;
        const sl_tensor *weight = layer->param[0];
        const size_t in = weight->count / (size_t)layer->spec.units;
        if (!memcmp(weight->v, weight->v + in, in * sizeof *weight->v))
            return true;
    }
    return false;
}

static double watch_length(const sl_model *model)
{
    double squares = 0;
    for (int i = 0; i < model->count; i++) {
        const sl_built *layer = &model->layers[i];
        for (size_t j = 0; layer->kind == &sl_layer_dense && j < layer->param[0]->count; j++)
            squares += (double)layer->param[0]->v[j] * (double)layer->param[0]->v[j];
    }
    return sqrt(squares);
}

/* As sl_signs_stride, of these weights. */
static double watch_stride(const sl_watcher *w)
{
    double most = (double)NAN;
    for (int i = 0; i < w->run->model->count; i++) {
        const sl_built *layer = &w->run->model->layers[i];
        double squares = 0;
        if (layer->kind != &sl_layer_dense)
            continue;
        const sl_tensor *weight = layer->param[0];
        for (size_t j = 0; j < weight->count; j++)
            squares += (double)weight->v[j] * (double)weight->v[j];
        const double stride = w->c.lr * sqrt(layer->wanted[0].fan_in * (double)weight->count) / sqrt(squares);
        if (squares > 0 && !(most >= stride))
            most = stride;
    }
    return most;
}

static bool watch_one_of(const char *name, const char *const *names)
{
    for (; *names; names++)
        if (!strcmp(name, *names))
            return true;
    return false;
}

static void watch_facts(sl_watcher *w)
{
    static const char *const gradient[] = { "sgd", "momentum", "nesterov", NULL };
    const sl_trainer *t = w->t;
    const sl_optimizer *set = &t->step->set;
    const size_t limit = sl_trainer_limit(t);
    w->c = (sl_case){ .ctx = w->ctx,
                      .options = &w->run->options,
                      .run = w->run,
                      .model = w->run->model,
                      .train = t->train,
                      .validation = t->validation,
                      .classes = sl_model_kinds(w->run->model),
                      .gradient_rule = watch_one_of(t->step->rule->name, gradient),
                      .lr = (double)set->lr,
                      .batch = t->batch,
                      .steps_an_epoch = t->steps_an_epoch,
                      .planned = t->adaptive || !limit ? SL_MOST_EPOCHS * t->steps_an_epoch : limit,
                      .history = t->report };
    w->c.momentum = w->c.gradient_rule && strcmp(t->step->rule->name, "sgd") != 0 ? (double)set->momentum : 0;
    w->c.ahead = w->c.momentum > 0 && !strcmp(t->step->rule->name, "nesterov");
    w->chance = watch_chance(w);
    w->stride = w->c.gradient_rule || t->step->whole ? (double)NAN : watch_stride(w);
    w->length = watch_length(w->run->model);
    w->alike = watch_twins(w->run->model);
}

/* What was recorded of the first steps, where this process did not see them. */
static void watch_recorded(sl_watcher *w)
{
    const sl_steps *steps = &w->t->losses;
    w->first = w->early = w->low = (double)NAN;
    if (w->t->steps && steps->row && steps->rows && !steps->first) {
        w->first = w->low = (double)steps->row[0].loss;
        w->early = (double)steps->row[0].high;
    }
}

sl_watcher *sl_watcher_new(sl_ctx *ctx)
{
    if (!ctx || ctx->status)
        return NULL;
    sl_watcher *w = sl_alloc(ctx, sizeof *w);
    if (w) {
        w->ctx = ctx;
        sl_text_init(&w->line, ctx);
    }
    return w;
}

/* Which of them a finding of this name is; what a resumed run had said counts. */
static unsigned watch_kind(const char *name)
{
    return !strcmp(name, "overfitting")         ? SL_WATCH_OVERFIT
           : !strcmp(name, "stopped_too_early") ? SL_WATCH_EARLY
                                                : SL_WATCH_FAULT;
}

sl_status sl_watcher_take(sl_watcher *w, sl_run *run)
{
    if (!w)
        return SL_EINVAL;
    if (!run)
        return sl_fail(w->ctx, SL_EINVAL, "sl_watcher_take: the run is NULL");
    w->run = NULL; /* a run without a training ahead is not looked at */
    if (run->finished || !run->trainer || w->ctx->status)
        return w->ctx->status;
    w->run = run;
    w->t = run->trainer;
    w->firsts = w->t->steps_an_epoch < SL_WATCH_FIRST ? w->t->steps_an_epoch : SL_WATCH_FIRST;
    w->seen = w->t->steps ? w->firsts : 0;
    w->limit = (double)INFINITY;
    w->over = w->curvatures = w->looks = 0;
    w->next = w->next_curve = w->next_look = 0;
    w->train = sl_report_find(w->t->report, "train_loss");
    w->validation = sl_report_find(w->t->report, "validation_loss");
    w->sum = w->count = w->high = 0;
    w->mean = w->before = (double)NAN;
    watch_recorded(w);
    watch_facts(w);
    for (int i = 0; sl_run_warned(run, i); i++)
        w->said |= watch_kind(sl_run_warned(run, i));
    if (w->ctx->status)
        w->run = NULL;
    return w->ctx->status;
}

const char *sl_watcher_name(const sl_watcher *w)
{
    return w && w->said ? w->name : "";
}

void sl_watcher_free(sl_watcher *w)
{
    if (!w)
        return;
    sl_text_free(&w->line);
    sl_free(w->ctx, w);
}

/* --- numbers, words ----------------------------------------------------------------------------------- */

static double watch_at(const sl_watcher *w, size_t epoch, int column)
{
    const sl_report *r = w->t->report;
    return column >= 0 && epoch && epoch <= (size_t)r->rows
               ? r->values[(epoch - 1) * (size_t)r->columns + (size_t)column]
               : (double)NAN;
}

double sl_watch_train(const sl_watcher *w, size_t epoch)
{
    return watch_at(w, epoch, w->train);
}

double sl_watch_validation(const sl_watcher *w, size_t epoch)
{
    return watch_at(w, epoch, w->validation);
}

double sl_watch_least(const sl_watcher *w, size_t from, size_t to)
{
    double least = (double)INFINITY;
    for (size_t e = from; e <= to; e++)
        least = sl_case_smaller(sl_watch_train(w, e), least);
    return least;
}

double sl_watch_scale(const sl_watcher *w)
{
    return w->chance > 0 ? w->chance : w->first;
}

const char *sl_watch_number(sl_watcher *w, double value)
{
    return sl_case_number(&w->c, value);
}

void sl_watch_try(sl_watcher *w, const char *option, double value)
{
    sl_fix fix = { 0 };
    sl_fix_number(&fix, option, value);
    sl_text_add(&w->line, "--%s %s", option, fix.change[0].text);
}

void sl_watch_begin(sl_watcher *w, const char *name, size_t epoch)
{
    w->name = name;
    sl_text_clear(&w->line);
    sl_text_add(&w->line, "epoch %zu: ", epoch);
}

/* The folder as a shell reads it. */
static void watch_folder(sl_text *line, const char *folder)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/+=:@%";
    if (folder[strspn(folder, plain)] == 0) {
        sl_text_put(line, folder);
        return;
    }
    sl_text_put(line, "'");
    for (const char *at = folder; *at; at++)
        if (*at == '\'')
            sl_text_put(line, "'\\''");
        else
            sl_text_bytes(line, at, 1);
    sl_text_put(line, "'");
}

/* Looking may run out of memory: training goes on all the same, and says so itself when it does. */
static const char *watch_end(sl_watcher *w, bool says)
{
    if (says && !w->ctx->status) {
        w->said |= watch_kind(w->name);
        if (w->run->folder) {
            sl_text_put(&w->line, ", or `slope diagnose ");
            watch_folder(&w->line, w->run->folder);
            sl_text_put(&w->line, "`");
        }
        sl_run_warn(w->run, w->name, sl_text_string(&w->line));
    }
    if (w->ctx->status)
        sl_clear(w->ctx);
    return says && !w->line.failed ? sl_text_string(&w->line) : NULL;
}

/* --- at each step ------------------------------------------------------------------------------------- */

static bool watch_first_steps(sl_watcher *w)
{
    const double loss = w->t->last_loss;
    if (!w->seen++) {
        w->first = w->early = w->low = loss;
    } else {
        w->early = sl_case_larger(w->early, loss);
        w->low = sl_case_smaller(w->low, loss);
    }
    if (w->seen == w->firsts && w->t->sampling != SL_ORDER) /* else the rows may grow by themselves */
        w->limit = 100 * (w->early > w->chance ? w->early : w->chance > 0 ? w->chance : w->early);
    return sl_watch_began(w, false);
}

/* The rules, whose looks are no part of the training: a profile has their time where the callback's is. */
static const char *watch_ask(sl_watcher *w, bool (*rules)(sl_watcher *w))
{
    sl_profile *const profile = w->ctx->profile;
    w->ctx->profile = NULL;
    const char *line = watch_end(w, rules(w));
    w->ctx->profile = profile;
    return line;
}

const char *sl_watcher_step(sl_watcher *w, const sl_progress *progress)
{
    if (!w || !w->run)
        return NULL;
    const double loss = progress->loss;
    w->sum += loss;
    w->count++;
    w->high = loss > w->high ? loss : w->high;
    if (w->seen < w->firsts)
        return watch_ask(w, watch_first_steps);
    if (!(loss > w->limit)) {
        w->over = 0;
        return NULL;
    }
    w->over++;
    return watch_ask(w, sl_watch_explodes);
}

/* --- at each epoch's end ------------------------------------------------------------------------------ */

static bool watch_rules(sl_watcher *w)
{
    const size_t epoch = w->t->epoch;
    return sl_watch_began(w, true) || sl_watch_symmetric(w, epoch) || sl_watch_too_high(w, epoch) ||
           sl_watch_clipped(w, epoch) || sl_watch_still(w, epoch) || sl_watch_overfits(w, epoch) ||
           (w->t->finished && sl_watch_ended(w, epoch));
}

const char *sl_watcher_epoch(sl_watcher *w, const sl_progress *progress)
{
    if (!w || !w->run)
        return NULL;
    (void)progress;
    w->before = w->mean;
    w->mean = w->count > 0 ? w->sum / w->count : (double)NAN;
    w->sum = w->count = 0;
    if (w->t->epoch < w->next && !w->t->finished)
        return NULL;
    w->next = w->t->epoch + 1 + w->t->epoch / 16;
    return watch_ask(w, watch_rules);
}
