/* step.c - one step of training: decay, rule, update, and gradients that are zero again, in one pass over
 * memory. Parameters that stand behind each other (those of a model) are updated as one; the states are flat
 * as well. Every number is on its own, so pieces and threads make no difference. */
#include "core/threads.h"
#include "kernel/prefetch.h"
#include "optim/optim.h"

#include <string.h>

enum {
    STEP_ALIGN = 64 / sizeof(sl_real),
    STEP_CHUNK = 16384, /* numbers a task */
    STEP_ALONE = 32768, /* fewer are no work for two: below 15 us */
    STEP_PIECE = 32,    /* numbers of a touched row that are updated at once, and ... */
    STEP_AHEAD = 16     /* ... how many such pieces before memory is asked for them */
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
                                .decays = t->shape.rank > 1 };
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
                       .count = count,
                       .beta1_power = 1,
                       .beta2_power = 1 };
    /* A division and a root take as long for 16 numbers at once as for twice 8, and memory is the rest:
     * measured, 256 bits are as fast for many numbers, and faster for few. */
    step->isa = ctx->isa == SL_ISA_AVX512 ? SL_ISA_AVX2 : ctx->isa;
    bool whole = step_schedule(step) && step_memory(step);
    if (whole) {
        memcpy(step->params, params, (size_t)count * sizeof *params);
        step_place(step);
    }
    for (int s = 0; s < rule->states && whole; s++) {
        step->flat[s] = sl_alloc_numbers(ctx, step->length, sizeof(sl_real));
        whole = step->flat[s] != NULL;
        for (int i = 0; i < count && whole; i++)
            step->state[i * SL_MAX_STATES + s] = step->flat[s] + step->parts[i].at;
    }
    if (whole)
        return step;
    sl_step_free(step);
    return NULL;
}

/* The spans of this step, from the parameters that have a gradient; which they then have used up. *work: how
 * many numbers there are to update. */
static int step_collect(sl_step *step, size_t *work)
{
    int count = 0;
    size_t numbers = 0;
    bool open = false; /* the last span may grow */
    for (int i = 0; i < step->count; i++) {
        sl_tensor *t = step->params[i];
        const sl_step_part *part = &step->parts[i];
        if (!t->has_grad) { /* the loss did not depend on it: it stays as it is */
            open = false;
            continue;
        }
        t->has_grad = false;
        const sl_real decay = part->decays ? step->set.decay : 0;
        sl_rows *rows = t->touched;
        if (rows && rows->all) {
            sl_rows_clear(rows);
            rows = NULL;
        }
        sl_step_span *last = &step->spans[count - 1 + !count];
        if (open && part->follows && !rows && last->decay == decay) {
            last->n = part->at - last->at + part->n;
        } else {
            const size_t width = rows && rows->rows ? t->count / rows->rows : 0;
            step->spans[count++] = (sl_step_span){ t->v, t->g, part->at, part->n, decay, rows, width };
        }
        open = !rows;
        numbers += rows ? sl_rows_count(rows) * step->spans[count - 1].width : part->n;
    }
    *work = numbers;
    return count;
}

typedef struct {
    const sl_step *step;
    sl_update update;
    int spans, workers;
} step_job;

static void step_update(const step_job *job, sl_update *u, const sl_step_span *span, size_t first, size_t n)
{
    const sl_step *step = job->step;
    sl_real *state[SL_MAX_STATES];
    for (int s = 0; s < SL_MAX_STATES; s++)
        state[s] = step->flat[s] ? step->flat[s] + span->at + first : NULL;
    u->decay = span->decay;
    step->rule->update(step->isa, u, span->w + first, span->g + first, state, n);
}

typedef struct { /* touched rows of a span, ascending, in pieces of at most STEP_PIECE numbers */
    const sl_step_span *span;
    size_t row, to, first, end; /* the next row to look at; what is left of the row before */
} step_walk;

/* The next piece, and asks for its memory: rows lie scattered, and each array is far from the others. */
static bool step_piece(const sl_step *step, step_walk *walk, size_t *first, size_t *n)
{
    const sl_step_span *span = walk->span;
    if (walk->first == walk->end) {
        size_t end;
        walk->row = sl_rows_next(span->rows, walk->row, walk->to, &end);
        if (walk->row >= walk->to)
            return false;
        walk->first = walk->row * span->width;
        walk->end = end * span->width;
        walk->row = end;
    }
    *first = walk->first;
    *n = walk->end - *first < STEP_PIECE ? walk->end - *first : STEP_PIECE;
    walk->first += *n;
    sl_prefetch(span->w + *first, *n);
    sl_prefetch(span->g + *first, *n);
    for (int s = 0; s < SL_MAX_STATES && step->flat[s]; s++)
        sl_prefetch(step->flat[s] + span->at + *first, *n);
    return true;
}

/* Touched rows that begin in low .. high - 1 of the span. */
static void step_rows(const step_job *job, sl_update *u, const sl_step_span *span, size_t low, size_t high)
{
    const size_t width = span->width;
    if (!width)
        return;
    const size_t past = (high + width - 1) / width;
    step_walk walk = { .span = span,
                       .row = (low + width - 1) / width,
                       .to = past < span->rows->rows ? past : span->rows->rows };
    size_t first[STEP_AHEAD], n[STEP_AHEAD], asked = 0, done = 0;
    do {
        while (asked - done < STEP_AHEAD &&
               step_piece(job->step, &walk, &first[asked % STEP_AHEAD], &n[asked % STEP_AHEAD]))
            asked++;
        if (asked > done) {
            step_update(job, u, span, first[done % STEP_AHEAD], n[done % STEP_AHEAD]);
            done++;
        }
    } while (asked > done);
}

/* What lies in low .. high - 1 of the flat states. Writes decays into u. */
static void step_range(const step_job *job, sl_update *u, size_t low, size_t high)
{
    for (int i = 0; i < job->spans; i++) {
        const sl_step_span *span = &job->step->spans[i];
        const size_t from = span->at > low ? span->at : low,
                     to = span->at + span->n < high ? span->at + span->n : high;
        if (from >= to)
            continue;
        if (span->rows)
            step_rows(job, u, span, from - span->at, to - span->at);
        else
            step_update(job, u, span, from - span->at, to - from);
    }
}

static void step_task(void *argument, size_t chunk, int worker)
{
    (void)worker;
    const step_job *job = argument;
    sl_update u = job->update;
    step_range(job, &u, chunk * STEP_CHUNK, (chunk + 1) * STEP_CHUNK);
}

static void step_run(const sl_step *step, step_job *job, size_t work)
{
    if (work < STEP_ALONE)
        step_range(job, &job->update, 0, step->length);
    else
        sl_pool_run(step->ctx->pool, (step->length + STEP_CHUNK - 1) / STEP_CHUNK, step_task, job);
}

/* 1 - power has long been 1 when it becomes 0 here: a denormal number would stay for ever, and is slow. */
static double step_power(double power, sl_real beta)
{
    power *= (double)beta;
    return power < 0x1p-100 ? 0 : power;
}

sl_status sl_step_apply(sl_step *step)
{
    if (!step)
        return SL_ENOMEM;
    if (step->ctx->status)
        return step->ctx->status;
    size_t work;
    step_job job = { .step = step, .spans = step_collect(step, &work) };
    if (!job.spans)
        return sl_fail(step->ctx, SL_EINVAL,
                       "sl_step_apply: no gradient since the last step: call sl_backward first");
    const sl_real lr = sl_step_lr(step);
    step->steps++;
    step->beta1_power = step_power(step->beta1_power, step->set.beta1);
    step->beta2_power = step_power(step->beta2_power, step->set.beta2);
    sl_update *u = &job.update;
    u->lr = lr;
    u->momentum = step->set.momentum;
    u->beta1 = step->set.beta1;
    u->beta2 = step->set.beta2;
    u->epsilon = step->set.epsilon;
    u->beta1_power = step->beta1_power;
    u->beta2_power = step->beta2_power;
    if (step->rule->prepare)
        step->rule->prepare(u);
    step_run(step, &job, work);
    for (int i = 0; i < job.spans; i++)
        if (step->spans[i].rows)
            sl_rows_clear(step->spans[i].rows);
    return SL_OK;
}

sl_real sl_step_lr(const sl_step *step)
{
    return step ? (sl_real)sl_course_rate(&step->course, (double)step->set.lr, step->steps) : 0;
}

bool sl_step_judge(sl_step *step, double loss)
{
    return step && loss - loss == 0 && sl_course_judge(&step->course, loss);
}

double sl_schedule_lr(sl_ctx *ctx, const sl_optimizer *optimizer, size_t step)
{
    const sl_optimizer normal = { 0 };
    sl_optimizer set;
    sl_course course;
    if (!ctx || ctx->status)
        return NAN;
    if (!step) {
        sl_fail(ctx, SL_EINVAL, "sl_schedule_lr: step 0: updates are counted from 1");
        return NAN;
    }
    if (!sl_rule_find(ctx, optimizer ? optimizer : &normal, &set) || sl_course_plan(ctx, &set, &course))
        return NAN;
    return (double)(sl_real)sl_course_rate(&course, (double)set.lr, step - 1);
}

sl_status sl_step_set_lr(sl_step *step, sl_real lr)
{
    char number[32];
    if (!step)
        return SL_EINVAL;
    if (!(lr >= 0 && (double)lr < 1e30))
        return sl_fail(step->ctx, SL_EINVAL, "sl_step_set_lr: lr is %s: wants a number from 0 to below 1e30",
                       sl_real_text(number, lr));
    step->set.lr = lr;
    return SL_OK;
}

void sl_step_free(sl_step *step)
{
    if (!step)
        return;
    for (int s = 0; s < SL_MAX_STATES; s++)
        sl_free(step->ctx, step->flat[s]);
    sl_free(step->ctx, step->schedule);
    sl_free(step->ctx, step->spans);
    sl_free(step->ctx, step->state);
    sl_free(step->ctx, step->parts);
    sl_free(step->ctx, step->params);
    sl_free(step->ctx, step);
}
