/* walk.c - walks on functions: see walk.h and slope.h. The gradient is the tape's, the step a training's. */
#include "descend/walk.h"

#include <math.h>
#include <string.h>

enum { WALK_STEPS = 20, WALK_STOPS = 1000, WALK_MOST = 100000 };
static const double walk_far = 1e12;

static sl_status walk_check(sl_ctx *ctx, const sl_descend_options *o)
{
    char number[32];
    if (o->steps < 0 || o->steps > WALK_MOST)
        return sl_fail(ctx, SL_EINVAL, "descend: %d steps: wants 1 to %d", o->steps, WALK_MOST);
    if (!(o->noise >= 0 && o->noise <= 1e6))
        return sl_fail(ctx, SL_EINVAL, "descend: noise is %s: wants a deviation of 0 to 1000000",
                       sl_number_text(number, o->noise));
    if (!(o->stop >= 0 && o->stop <= 1e6))
        return sl_fail(ctx, SL_EINVAL, "descend: stop is %s: wants a length of 0 to 1000000",
                       sl_number_text(number, o->stop));
    return SL_OK;
}

static const sl_rule *walk_rule(const char *word)
{
    const sl_rule *rule;
    for (size_t i = 0; (rule = sl_optimizer_at(i)); i++)
        if (strlen(rule->name) == sl_option_name_length(word) &&
            !strncmp(rule->name, word, strlen(rule->name)))
            return rule;
    return NULL;
}

static void walk_tell(const sl_function *f, const sl_descend_options *o, int steps)
{
    char number[32];
    if (!o->steps)
        sl_decided(f->ctx, "steps", sl_number_text(number, steps),
                   o->stop > 0 ? "at most: the walk ends where a step is no longer than stop"
                               : "the default");
    if (!o->optimizer.rule)
        sl_decided(f->ctx, "optimizer", "sgd", "the default of walks");
    if (o->optimizer.lr == 0 &&
        (!o->optimizer.rule || !walk_rule(o->optimizer.rule) || !walk_rule(o->optimizer.rule)->iterate))
        sl_decided(f->ctx, "lr", sl_number_text(number, f->lr),
                   f->kind ? "the function's own" : "the default of formulas");
}

sl_status sl_walk_plan(sl_function *f, const sl_descend_options *o, sl_descend_walk *walk, bool *alike)
{
    sl_ctx *ctx = f->ctx;
    if (walk_check(ctx, o))
        return ctx->status;
    *walk = (sl_descend_walk){ .f = f, .options = o, .optimizer = o->optimizer };
    walk->steps = o->steps ? o->steps : o->stop > 0 ? WALK_STOPS : WALK_STEPS;
    sl_optimizer *set = &walk->optimizer, checked;
    if (sl_decides(ctx))
        walk_tell(f, o, walk->steps);
    set->rule = set->rule ? set->rule : "sgd";
    if (sl_optimizer_spread(ctx, set))
        return ctx->status;
    const sl_rule *rule = walk->rule = walk_rule(set->rule);
    if (!rule->iterate && set->lr == 0)
        set->lr = (sl_real)f->lr;
    set->steps = set->steps ? set->steps : (size_t)walk->steps;
    if (!sl_rule_find(ctx, set, &checked))
        return ctx->status;
    if (rule->only_loss)
        return sl_fail(ctx, SL_EINVAL,
                       "descend: optimizer %s is made for one loss, %s: take another, such as sgd",
                       rule->name, rule->only_loss);
    if (set->average > 0)
        return sl_fail(ctx, SL_EINVAL,
                       "descend: average keeps a second set of weights, and a walk shows the first: leave it "
                       "out");
    if (rule->iterate && o->noise > 0)
        return sl_fail(
            ctx, SL_EINVAL,
            "descend: noise is added to gradients, and optimizer %s compares values: take another, "
            "such as sgd, or leave the noise out",
            rule->name);
    const sl_schedule *schedule = sl_schedule_find(ctx, set);
    *alike = !rule->iterate && set->clip_norm == 0 && schedule && !schedule->judged;
    return ctx->status;
}

sl_status sl_walk_begin(sl_descend_walk *walk, size_t n, size_t first, const double *points)
{
    sl_ctx *ctx = walk->f->ctx;
    walk->n = n;
    walk->first = first;
    walk->field = sl_field_new(ctx, walk->f->formula, n);
    if (!walk->field)
        return ctx->status;
    for (size_t i = 0; i < n * (size_t)walk->f->dims; i++)
        walk->field->theta->v[i] = (sl_real)points[i];
    walk->step = sl_step_new(ctx, walk->optimizer, &walk->field->theta, 1);
    return ctx->status;
}

void sl_walk_end(sl_descend_walk *walk)
{
    sl_step_free(walk->step);
    sl_field_free(walk->field);
    walk->step = NULL;
    walk->field = NULL;
}

sl_status sl_walk_look(sl_descend_walk *walk)
{
    return sl_field_run(walk->field, true);
}

/* A normal number of mean 0 and deviation 1 that belongs to this walk, step and coordinate (Box, Muller). */
static double walk_normal(uint64_t seed, size_t run, int k, size_t axis)
{
    const uint64_t index = 4 * (uint64_t)k + 2 * axis;
    const double u = 1 - sl_random_uniform(seed, SL_FOR_DESCENT, 1, (uint32_t)run, index);
    const double v = sl_random_uniform(seed, SL_FOR_DESCENT, 1, (uint32_t)run, index + 1);
    return sqrt(-2 * sl_log_d(u)) * sl_cos_d(0x1.921fb54442d18p+2 * v);
}

static sl_tensor *walk_sum(sl_tape *tape, void *user)
{
    return sl_field_sum(tape, user);
}

sl_status sl_walk_step(sl_descend_walk *walk, int k)
{
    sl_ctx *ctx = walk->f->ctx;
    const size_t dims = (size_t)walk->f->dims;
    sl_tensor *theta = walk->field->theta;
    if (walk->rule->iterate)
        return sl_step_minimise(walk->step, walk_sum, walk->field->tape, walk->field, NULL);
    for (size_t i = 0; i < walk->n && walk->options->noise > 0; i++)
        for (size_t axis = 0; axis < dims; axis++)
            theta->g[i * dims + axis] +=
                (sl_real)(walk->options->noise * walk_normal(ctx->options.seed, walk->first + i, k, axis));
    if (walk->n == 1)
        sl_step_judge(walk->step, (double)walk->field->value->v[0]); /* plateau goes by it, others do not */
    return sl_step_apply(walk->step);
}

bool sl_walk_lost(const double *at, int dims, double value)
{
    bool lost = !(fabs(value) <= walk_far);
    for (int axis = 0; axis < dims; axis++)
        lost = lost || !(fabs(at[axis]) <= walk_far);
    return lost;
}

/* --- one walk ------------------------------------------------------------------------------------- */

static const char *const walk_columns[2][9] = {
    { "step", "x", "f", "slope_x", "slope", "lr", "curvature", NULL },
    { "step", "x", "y", "f", "slope_x", "slope_y", "slope", "lr", "curvature" }
};

static sl_report *walk_report(sl_ctx *ctx, int dims)
{
    sl_report *report = sl_report_new(ctx);
    for (int i = 0; report && i < 9 && walk_columns[dims - 1][i]; i++)
        if (sl_report_add_column(report, walk_columns[dims - 1][i])) {
            sl_report_free(report);
            return NULL;
        }
    return report;
}

/* A row where the walk stands; its curvature follows when all rows are there. */
static sl_status walk_record(sl_descent *descent, const sl_descend_walk *walk, int k, bool lost)
{
    const int dims = walk->f->dims;
    const sl_tensor *theta = walk->field->theta;
    double row[9], slope = 0;
    int at = 0;
    row[at++] = k;
    for (int axis = 0; axis < dims; axis++)
        row[at++] = (double)theta->v[axis];
    row[at++] = (double)walk->field->value->v[0];
    for (int axis = 0; axis < dims; axis++) {
        const double g = (double)theta->g[axis];
        row[at++] = g;
        slope += g * g;
    }
    row[at++] = sqrt(slope);
    row[at++] = walk->rule->iterate || k == walk->steps || lost ? NAN : (double)sl_step_lr(walk->step);
    row[at] = NAN;
    return sl_report_add_row(descent->path, row);
}

static double walk_length(const double *from, const sl_tensor *theta, int dims)
{
    double sum = 0;
    for (int axis = 0; axis < dims; axis++) {
        const double change = (double)theta->v[axis] - from[axis];
        sum += change * change;
    }
    return sqrt(sum);
}

static sl_status walk_all(sl_descent *descent, sl_descend_walk *walk)
{
    sl_descent_facts *facts = &descent->facts;
    const int dims = walk->f->dims;
    const sl_tensor *theta = walk->field->theta;
    facts->ended = "steps";
    for (int k = 0;; k++) {
        if (sl_walk_look(walk))
            return descent->ctx->status;
        double at[2] = { (double)theta->v[0], dims > 1 ? (double)theta->v[1] : 0 };
        const bool lost = sl_walk_lost(at, dims, (double)walk->field->value->v[0]);
        if (walk_record(descent, walk, k, lost))
            return descent->ctx->status;
        if (lost)
            facts->ended = "diverged";
        if (lost || k == walk->steps || !strcmp(facts->ended, "stop"))
            return SL_OK;
        if (walk->rule->iterate && sl_step_converged(walk->step)) {
            facts->ended = "converged";
            return SL_OK;
        }
        if (sl_walk_step(walk, k))
            return descent->ctx->status;
        facts->steps = k + 1;
        facts->last = walk_length(at, theta, dims);
        if (facts->last <= walk->options->stop && walk->options->stop > 0)
            facts->ended = "stop";
    }
}

static sl_status walk_start(sl_function *f, const sl_descend_options *o, double start[2])
{
    const double *from = o->start ? o->start : f->start;
    for (int axis = 0; axis < f->dims; axis++) {
        char number[32];
        if (!o->start && !f->started)
            return sl_fail(f->ctx, SL_EINVAL,
                           "descend: where does the walk start? A formula has no start of its own: give one, "
                           "--start %s",
                           f->dims == 1 ? "1" : "1,1");
        if (!(fabs(from[axis]) <= walk_far))
            return sl_fail(f->ctx, SL_EINVAL, "descend: the start has %s = %s: wants a number within 1e12",
                           sl_variable_name(axis), sl_number_text(number, from[axis]));
        start[axis] = from[axis];
    }
    double value;
    char x[32], y[32];
    if (!o->start)
        sl_decided(f->ctx, "start", f->dims == 1 ? sl_number_text(x, start[0]) : "the function's own",
                   f->dims == 1 ? "the function's own" : "x = %s, y = %s", sl_number_text(x, start[0]),
                   sl_number_text(y, start[1]));
    if (sl_function_look(f, 1, start, &value, NULL, NULL))
        return f->ctx->status;
    if (value - value != 0)
        return sl_fail(f->ctx, SL_EINVAL,
                       "descend: at the start, x = %s%s%s, the function has no finite value: start elsewhere",
                       sl_number_text(x, start[0]),
                       f->dims == 1 ? "" : ", y = ", f->dims == 1 ? "" : sl_number_text(y, start[1]));
    return SL_OK;
}

sl_descent *sl_descend(sl_function *f, const sl_descend_options *options)
{
    static const sl_descend_options none = { 0 };
    sl_descend_walk walk;
    bool alike;
    double start[2] = { 0, 0 };
    if (!f || f->ctx->status)
        return NULL;
    options = options ? options : &none;
    if (sl_walk_plan(f, options, &walk, &alike) || walk_start(f, options, start))
        return NULL;
    sl_descent *descent = sl_alloc(f->ctx, sizeof *descent);
    if (!descent)
        return NULL;
    *descent = (sl_descent){ .ctx = f->ctx, .path = walk_report(f->ctx, f->dims) };
    const bool done = descent->path && !sl_walk_begin(&walk, 1, options->run, start) &&
                      !walk_all(descent, &walk) && !sl_descent_judge(descent, f, &walk) &&
                      !sl_descent_chords(descent, f);
    sl_walk_end(&walk);
    if (done)
        return descent;
    sl_descent_free(descent);
    return NULL;
}

void sl_descent_free(sl_descent *descent)
{
    if (!descent)
        return;
    sl_report_free(descent->path);
    sl_free(descent->ctx, descent);
}

const sl_report *sl_descent_path(const sl_descent *descent)
{
    return descent ? descent->path : NULL;
}

const sl_descent_facts *sl_descent_found(const sl_descent *descent)
{
    return descent ? &descent->facts : NULL;
}

void sl_descent_point(const sl_descent *descent, int row, double at[2])
{
    at[0] = sl_report_at(descent->path, row, "x");
    at[1] = sl_report_find(descent->path, "y") < 0 ? 0 : sl_report_at(descent->path, row, "y");
}
