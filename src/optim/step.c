/* step.c - one step of training: clip, decay, rule, update, and gradients that are zero again, in one pass
 * over memory. Parameters that stand behind each other (those of a model) are updated as one; the states are
 * flat as well. Every number is on its own, so pieces and threads make no difference. */
#include "core/threads.h"
#include "optim/step_rows.h"
#include "optim/whole/whole.h"

#include <string.h>

enum {
    STEP_ALIGN = 64 / sizeof(sl_real),
    STEP_CHUNK = 16384, /* numbers a task */
    STEP_ALONE = 32768  /* fewer are no work for two: below 15 us */
};

static size_t step_padded(size_t n)
{
    return (n + STEP_ALIGN - 1) / STEP_ALIGN * STEP_ALIGN;
}

/* Where each parameter's numbers stand in the flat states, and which parameters can go as one. */
static void step_place(sl_step *step)
{
    for (int i = 0; i < step->count; i++) {
        const sl_tensor *t = step->params[i];
        sl_step_part *part = &step->parts[i];
        *part = (sl_step_part){ .at = step->length,
                                .n = t->owns ? t->count : step_padded(t->count),
                                .weight = t->shape.rank > 1,
                                .scale = 1 };
        part->decay = part->weight ? step->set.decay : 0;
        if (i > 0 && !t->owns && !step->params[i - 1]->owns) { /* else what lies between is nobody's */
            const sl_tensor *before = step->params[i - 1];
            const size_t apart = part->at - step->parts[i - 1].at;
            part->follows = before->v + apart == t->v && before->g + apart == t->g;
        }
        step->length += step_padded(t->count);
    }
}

static bool step_memory(sl_step *step)
{
    sl_ctx *ctx = step->ctx;
    const size_t count = (size_t)step->count;
    step->params = sl_alloc_array(ctx, count, sizeof *step->params);
    step->parts = sl_alloc_array(ctx, count, sizeof *step->parts);
    step->spans = sl_alloc_array(ctx, count, sizeof *step->spans);
    step->state = sl_alloc_array(ctx, count * SL_MAX_STATES, sizeof *step->state);
    return step->params && step->parts && step->spans && step->state;
}

/* The caller's text may go. */
static bool step_schedule(sl_step *step)
{
    const char *name = step->course.schedule->name;
    const bool plain = !strcmp(name, step->set.schedule);
    step->schedule = plain ? NULL : sl_schedule_text(step->ctx, step->set.schedule);
    step->set.schedule = plain ? name : step->schedule;
    return step->set.schedule != NULL;
}

sl_step *sl_step_new(sl_ctx *ctx, sl_optimizer optimizer, sl_tensor *const *params, int count)
{
    if (!ctx || ctx->status)
        return NULL;
    if (count < 1 || !params) {
        sl_fail(ctx, SL_EINVAL, "sl_step_new: %d parameters: wants at least one", count);
        return NULL;
    }
    sl_optimizer set;
    const sl_rule *rule = sl_rule_find(ctx, &optimizer, &set);
    if (!rule)
        return NULL;
    sl_course course;
    if (sl_course_plan(ctx, &set, &course))
        return NULL;
    for (int i = 0; i < count; i++)
        if (!params[i] || !params[i]->g || params[i]->tape) {
            sl_fail(ctx, SL_EINVAL,
                    "sl_step_new: parameter %d has no gradient of its own: make it with sl_param", i);
            return NULL;
        }
    sl_step *step = sl_alloc(ctx, sizeof *step);
    if (!step)
        return NULL;
    *step = (sl_step){ .ctx = ctx,
                       .rule = rule,
                       .set = set,
                       .course = course,
                       .told = sl_update_of(&set),
                       .count = count,
                       .beta1_power = 1,
                       .beta2_power = 1,
                       .average_power = 1 };
    for (int i = 0; i < SL_MAX_PRODUCTS; i++)
        step->product[i] = 1;
    /* A division and a root take as long for 16 numbers at once as for twice 8, and memory is the rest:
     * measured, 256 bits are as fast for many numbers, and faster for few. */
    step->isa = ctx->isa == SL_ISA_AVX512 ? SL_ISA_AVX2 : ctx->isa;
    bool whole = step_schedule(step) && step_memory(step);
    if (whole) {
        memcpy(step->params, params, (size_t)count * sizeof *params);
        step_place(step);
    }
    for (int s = 0; sl_step_state_name(step, s) && whole; s++) {
        step->flat[s] = sl_alloc_numbers(ctx, step->length, sizeof(sl_real));
        whole = step->flat[s] != NULL;
        for (int i = 0; i < count && whole; i++)
            step->state[i * SL_MAX_STATES + s] = step->flat[s] + step->parts[i].at;
    }
    if (whole && (!rule->iterate || !sl_whole_new(step))) {
        sl_step_tell(step, &optimizer);
        return step;
    }
    sl_step_free(step);
    return NULL;
}

/* Does the part go on with what the span holds? What its kind matters for is decided by `kinds`. */
static bool step_joins(const sl_step_span *last, const sl_step_part *part, bool kinds)
{
    return part->follows && last->decay == part->decay && last->scale == part->scale &&
           (!kinds || last->weight == part->weight);
}

/* The spans of this step, from the parameters that have a gradient; which they then have used up. *work: how
 * many numbers there are to update. */
static int step_collect(sl_step *step, size_t *work)
{
    const bool kinds = step->set.l1 > 0 || step->set.l1_prox > 0;
    int count = 0;
    size_t numbers = 0;
    bool open = false; /* the last span may grow */
    for (int i = 0; i < step->count; i++) {
        sl_tensor *t = step->params[i];
        sl_step_part *part = &step->parts[i];
        if (t->has_grad && !t->learns) /* frozen since */
            sl_tensor_clear_gradient(t);
        part->moves = t->has_grad;
        if (!t->has_grad) { /* the loss did not depend on it: it stays as it is */
            open = false;
            continue;
        }
        t->has_grad = false;
        sl_rows *rows = t->touched;
        if (rows && rows->all) {
            sl_rows_clear(rows);
            rows = NULL;
        }
        part->rows = rows;
        sl_step_span *last = &step->spans[count - 1 + !count];
        if (open && !rows && step_joins(last, part, kinds)) {
            last->n = part->at - last->at + part->n;
        } else {
            const size_t width = rows && rows->rows ? t->count / rows->rows : 0;
            step->spans[count++] = (sl_step_span){ .w = t->v,
                                                   .g = t->g,
                                                   .at = part->at,
                                                   .n = part->n,
                                                   .decay = part->decay,
                                                   .scale = part->scale,
                                                   .weight = part->weight,
                                                   .rows = rows,
                                                   .width = width };
        }
        open = !rows;
        numbers += !rows                     ? part->n
                   : rows->most < rows->rows ? rows->most * step->spans[count - 1].width
                                             : t->count; /* at most */
    }
    *work = numbers;
    return count;
}

/* What lies in low .. high - 1 of the flat states. */
static void step_range(sl_step_job *job, size_t low, size_t high)
{
    for (int i = 0; i < job->spans; i++) {
        const sl_step_span *span = &job->step->spans[i];
        const size_t from = span->at > low ? span->at : low,
                     to = span->at + span->n < high ? span->at + span->n : high;
        if (from >= to)
            continue;
        if (span->rows)
            sl_step_rows(job, span, from - span->at, to - span->at);
        else
            sl_step_update(job, span, from - span->at, to - from);
    }
}

static void step_task(void *argument, size_t chunk, int worker)
{
    (void)worker;
    sl_step_job job = *(const sl_step_job *)argument;
    step_range(&job, chunk * STEP_CHUNK, (chunk + 1) * STEP_CHUNK);
}

static void step_run(const sl_step *step, sl_step_job *job, size_t work)
{
    if (work < STEP_ALONE)
        step_range(job, 0, step->length);
    else
        sl_pool_run(step->ctx->pool, (step->length + STEP_CHUNK - 1) / STEP_CHUNK, step_task, job);
}

/* 1 - power has long been 1 when it becomes 0 here: a denormal number would stay for ever, and is slow. */
static double step_power(double power, sl_real beta)
{
    return sl_settle_product(power * (double)beta);
}

sl_update sl_update_of(const sl_optimizer *set)
{
    sl_update u = { .lr = set->lr,
                    .momentum = set->momentum,
                    .beta1 = set->beta1,
                    .beta2 = set->beta2,
                    .epsilon = set->epsilon,
                    .rho = set->rho,
                    .momentum_decay = set->momentum_decay,
                    .shrink = set->shrink,
                    .grow = set->grow,
                    .step_low = set->step_low,
                    .step_high = set->step_high,
                    .decay = set->decay,
                    .beta1_power = 1,
                    .beta2_power = 1 };
    for (int i = 0; i < SL_MAX_PRODUCTS; i++)
        u.product[i] = 1;
    return u;
}

/* The running products of this step, and what follows from them. */
static void step_prepare(sl_step *step, sl_update *u, sl_real lr)
{
    step->beta1_power = step_power(step->beta1_power, step->set.beta1);
    step->beta2_power = step_power(step->beta2_power, step->set.beta2);
    *u = step->told;
    u->lr = lr;
    u->beta1_power = step->beta1_power;
    u->beta2_power = step->beta2_power;
    if (step->rule->advance) {
        memcpy(u->product, step->product, sizeof u->product);
        step->rule->advance(u);
        memcpy(step->product, u->product, sizeof u->product);
    }
    if (step->rule->prepare)
        step->rule->prepare(u);
}

sl_status sl_step_apply(sl_step *step)
{
    if (!step)
        return SL_ENOMEM;
    if (step->ctx->status)
        return step->ctx->status;
    if (step->whole)
        return sl_fail(step->ctx, SL_EINVAL,
                       "sl_step_apply: optimizer %s asks for the loss several times a step: call "
                       "sl_step_minimise in place of sl_backward and sl_step_apply",
                       step->rule->name);
    if (step->averaged)
        return sl_fail(
            step->ctx, SL_EINVAL,
            "sl_step_apply: the averages stand in the weights' place: call sl_step_average_swap first");
    const sl_optimizer *set = &step->set;
    size_t work;
    sl_step_job job; /* filled by hand: a small step takes a microsecond */
    job.step = step;
    job.spans = step_collect(step, &work);
    job.scale = job.clip = 1;
    if (!job.spans)
        return sl_fail(step->ctx, SL_EINVAL,
                       "sl_step_apply: no gradient since the last step: call sl_backward first");
    job.lr = sl_step_lr(step);
    step->steps++;
    step_prepare(step, &job.update, job.lr);
    if (set->clip_value > 0 || set->clip_norm > 0)
        job.clip = sl_stage_clip(step);
    job.stages = job.clip < 1 || set->l1 > 0 || set->l1_prox > 0;
    step_run(step, &job, work);
    if (set->max_norm > 0)
        sl_stage_max_norm(step);
    if (set->average > 0)
        sl_stage_average(step);
    for (int i = 0; i < job.spans; i++)
        if (step->spans[i].rows)
            sl_rows_clear(step->spans[i].rows);
    return SL_OK;
}

void sl_step_free(sl_step *step)
{
    if (!step)
        return;
    sl_whole_free(step->whole);
    for (int s = 0; s < SL_MAX_STATES; s++)
        sl_free(step->ctx, step->flat[s]);
    sl_free(step->ctx, step->schedule);
    sl_free(step->ctx, step->spans);
    sl_free(step->ctx, step->state);
    sl_free(step->ctx, step->parts);
    sl_free(step->ctx, step->params);
    sl_free(step->ctx, step);
}
