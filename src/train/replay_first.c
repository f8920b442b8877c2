/* replay_first.c - the first step behind which something is wrong: looks at some steps, then bisection
 * between two of them, from snapshots in memory. */
#include "train/replay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_LOOKS = 64 };

typedef struct {
    sl_run *run;
    sl_first *first;
    const char *layer;
    bool dead;
    bool bad; /* what the last look found */
} first_job;

static void first_see(void *user, int index, const sl_tensor *z, const sl_tensor *y)
{
    first_job *job = user;
    sl_ctx *ctx = job->run->ctx;
    const sl_built *layer = &job->run->model->layers[index];
    const sl_op *f = layer->activation;
    const size_t rows = (size_t)y->shape.dim[0], units = y->count / rows;
    if (job->bad || (job->layer && strcmp(job->layer, layer->name) != 0))
        return;
    sl_real *slope = sl_alloc_array(ctx, y->count, sizeof *slope);
    for (size_t i = 0; slope && i < y->count; i++)
        slope[i] = 1;
    if (slope && f->derive)
        f->derive(ctx->isa, layer->slope, slope, slope, y->v, z->v, y->count);
    for (size_t u = 0; slope && u < units && !job->bad; u++) {
        bool alive = false;
        for (size_t i = u; i < y->count && !alive; i += units)
            alive = y->v[i] != 0 && slope[i] != 0;
        job->bad = !alive;
        if (!alive)
            snprintf(job->first->what, sizeof job->first->what, "unit %zu of %.80s is dead on all %zu rows",
                     u, layer->name, rows);
    }
    sl_free(ctx, slope);
}

static void first_look_dead(first_job *job)
{
    sl_run *run = job->run;
    sl_reader *reader = &run->trainer->reader;
    const sl_watch watch = { .see = first_see, .user = job };
    if (sl_model_gather(run->ctx, run->model, run->trainer->train, run->watched_rows, run->watched, false,
                        reader->x, NULL))
        return;
    sl_tape_reset(reader->tape);
    sl_model_forward_watched(reader->tape, run->model, reader->x, &watch);
}

static void first_look_finite(first_job *job)
{
    const sl_model *model = job->run->model;
    for (int i = 0; i < model->param_count && !job->bad; i++) {
        const sl_tensor *param = model->params[i];
        size_t element;
        char number[32];
        job->bad = !sl_all_finite(job->run->ctx->isa, param->v, param->count, &element);
        if (job->bad)
            snprintf(job->first->what, sizeof job->first->what, "number %zu of %.80s is %s", element,
                     model->param_names[i], sl_number_text(number, (double)param->v[element]));
    }
}

static bool first_look(first_job *job)
{
    job->bad = false;
    job->first->looked++;
    if (job->dead)
        first_look_dead(job);
    else
        first_look_finite(job);
    return job->bad && !job->run->ctx->status;
}

/* Training's own words, "step 13, epoch 2: the loss is inf; ..."; the context is as before. */
static void first_diverged(first_job *job)
{
    sl_ctx *ctx = job->run->ctx;
    sl_first *first = job->first;
    snprintf(first->message, sizeof first->message, "%.599s", ctx->message);
    sl_clear(ctx);
}

static void first_found(first_job *job, size_t step)
{
    const sl_trainer *t = job->run->trainer;
    job->first->found = true;
    job->first->step = step;
    job->first->epoch = step ? t->epoch + (t->step_in_epoch > 0) : 0;
}

/* `good`, where it is not so, is below `high`, where it is. */
static sl_status first_bisect(first_job *job, sl_snapshot *good, size_t high)
{
    sl_trainer *t = job->run->trainer;
    while (high - good->at.steps > 1 && !t->ctx->status) {
        sl_snapshot_put(good, t);
        if (sl_trainer_to(t, good->at.steps + (high - good->at.steps) / 2) == SL_EDIVERGED)
            sl_clear(t->ctx); /* an epoch ends there, and weights that are not finite are seen */
        if (t->ctx->status)
            return t->ctx->status;
        if (first_look(job))
            high = t->steps;
        else
            sl_snapshot_take(good, t);
    }
    if (t->ctx->status || sl_snapshot_put(good, t))
        return t->ctx->status;
    const bool before = first_look(job);
    if (sl_trainer_to(t, high) == SL_EDIVERGED)
        sl_clear(t->ctx);
    if (t->ctx->status)
        return t->ctx->status;
    if (before || !first_look(job))
        return sl_fail(t->ctx, SL_EINVAL, "the search for the first step ended at %zu, where it is %sso: %s",
                       high, before ? "already " : "not ", "a fault in slope, please report it");
    first_found(job, t->steps);
    return SL_OK;
}

/* A loss that is not finite has ended training: the weights went before it, or it is the first. */
static sl_status first_ended(first_job *job, sl_snapshot *good)
{
    sl_trainer *t = job->run->trainer;
    sl_first *first = job->first;
    first_diverged(job);
    if (first_look(job))
        return t->steps > good->at.steps ? first_bisect(job, good, t->steps) : SL_OK;
    if (job->dead || t->ctx->status)
        return t->ctx->status;
    const char *what = strstr(first->message, ": ");
    first_found(job, (size_t)strtoull(first->message + strcspn(first->message, "0123456789"), NULL, 10));
    first->epoch = t->epoch + (first->step > t->steps || t->step_in_epoch > 0);
    if (what) {
        what += 2;
        size_t length = strcspn(what, ";");
        const char *stop = strstr(what, ". ");
        length = stop && (size_t)(stop - what) < length ? (size_t)(stop - what) : length;
        snprintf(first->what, sizeof first->what, "%.*s", (int)(length < 190 ? length : 190), what);
    }
    return SL_OK;
}

static sl_status first_search(first_job *job, size_t last)
{
    sl_trainer *t = job->run->trainer;
    sl_snapshot good = { 0 };
    const size_t known = last ? last : sl_trainer_limit(t) ? sl_trainer_limit(t) : SL_LEAST_STEPS;
    const size_t stride = known / FIRST_LOOKS + 1;
    if (first_look(job))
        first_found(job, 0);
    else
        sl_snapshot_take(&good, t);
    while (!job->first->found && !t->finished && !t->ctx->status) {
        if (sl_trainer_to(t, t->steps + stride) == SL_EDIVERGED) {
            first_ended(job, &good);
            break;
        }
        if (t->ctx->status)
            break;
        if (first_look(job))
            first_bisect(job, &good, t->steps);
        else
            sl_snapshot_take(&good, t);
    }
    if (good.ctx)
        sl_snapshot_free(&good);
    return t->ctx->status;
}

/* Which rows are looked at, and that there is a layer for it. */
static sl_status first_watch(first_job *job)
{
    const sl_model *model = job->run->model;
    sl_ctx *ctx = job->run->ctx;
    bool any = false, named = false;
    for (int i = 0; i < model->count; i++) {
        any = any || model->layers[i].activation;
        named = named ||
                (model->layers[i].activation && job->layer && !strcmp(model->layers[i].name, job->layer));
    }
    if (!any)
        return sl_fail(ctx, SL_EINVAL, "no layer of the net %s has an activation, so no unit can be dead",
                       model->net);
    if (job->layer && !named)
        return sl_fail(ctx, SL_EINVAL, "'%s' is no layer with an activation: the net is %s (slope show RUN)",
                       job->layer, model->net);
    return sl_run_open_activations(job->run);
}

sl_status sl_run_first(sl_ctx *ctx, const char *folder, const char *what, const char *layer, sl_first *first)
{
    static const char *const words[] = { "nonfinite", "dead_unit" };
    const sl_replay_options none = { 0 };
    size_t last = 0;
    uint64_t digest = 0;
    sl_first unwanted = { 0 };
    first = first ? first : &unwanted;
    if (!ctx || ctx->status)
        return ctx ? ctx->status : SL_EINVAL;
    *first = (sl_first){ 0 };
    first_job job = { .first = first, .layer = layer, .dead = what && !strcmp(what, words[1]) };
    if (!what || (strcmp(what, words[0]) != 0 && !job.dead))
        return sl_fail_word(ctx, "event", what ? what : "", words, 2);
    if (layer && !job.dead)
        return sl_fail(ctx, SL_EINVAL, "a layer is named for dead_unit only: leave '%s' out", layer);
    job.run = sl_replay_open(ctx, folder, &none, false, &last, &digest);
    if (job.run && (!job.dead || !first_watch(&job)))
        first_search(&job, last);
    sl_run_free(job.run);
    return ctx->status;
}
