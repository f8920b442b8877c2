/* whole.c - see whole.h */
#include "optim/whole/whole.h"

#include "core/text.h"
#include "kernel/lanes.h"
#include "kernel/math.h"

#include <string.h>

/* Of the vector that is searched: a frozen parameter is no part of it. */
static size_t whole_numbers(const sl_tensor *t)
{
    return t->learns ? t->count : 0;
}

#ifdef SL_REAL_DOUBLE
static const double whole_floor = 1e-10;
#else
static const double whole_floor = 1e-7; /* a float has no more digits */
#endif

int sl_whole_add(sl_whole *whole, const char *name, size_t rows, size_t columns)
{
    whole->array[whole->arrays] = (sl_whole_array){ .name = name, .rows = rows, .columns = columns };
    return whole->arrays++;
}

static size_t whole_count(const sl_step *step)
{
    size_t n = 0;
    for (int i = 0; i < step->count; i++)
        n += whole_numbers(step->params[i]);
    return n;
}

sl_status sl_whole_new(sl_step *step)
{
    sl_ctx *ctx = step->ctx;
    const sl_rule *rule = step->rule;
    const size_t n = whole_count(step);
    if (n > rule->most)
        return sl_fail(
            ctx, SL_EINVAL,
            "optimizer %s is for small nets, at most %zu weights, and this one has %zu: %s. Take lbfgs "
            "or adam",
            rule->name, rule->most, n, rule->hopeless);
    sl_whole *whole = step->whole = sl_alloc(ctx, sizeof *whole);
    if (!whole)
        return ctx->status;
    *whole = (sl_whole){ .ctx = ctx, .step = step, .rule = rule->name, .n = n };
    if (sl_rule_options(ctx, rule, step->set.rule, whole->option))
        return ctx->status;
    sl_whole_add(whole, "number", 1, SL_WHOLE_NUMBERS);
    sl_whole_add(whole, "x", 1, n);
    sl_whole_add(whole, "slope", 1, n);
    rule->plan(whole);
    for (int i = 0; i < whole->arrays && !ctx->status; i++) {
        sl_whole_array *array = &whole->array[i];
        if (array->columns && array->rows > SIZE_MAX / sizeof(double) / array->columns)
            return sl_fail(ctx, SL_ENOMEM, "optimizer %s: %zu times %zu numbers are more than any memory",
                           rule->name, array->rows, array->columns);
        array->v = sl_alloc_numbers(ctx, array->rows * array->columns, sizeof(double));
    }
    whole->number = whole->array[0].v;
    whole->x = whole->array[1].v;
    whole->slope = whole->array[2].v;
    return ctx->status;
}

void sl_whole_free(sl_whole *whole)
{
    if (!whole)
        return;
    for (int i = 0; i < whole->arrays; i++)
        sl_free(whole->ctx, whole->array[i].v);
    sl_free(whole->ctx, whole);
}

bool sl_whole_counts(double number, double most)
{
    return number >= 0 && number <= most && number == floor(number);
}

bool sl_whole_sound(const sl_whole *whole)
{
    const double *number = whole->number;
    return sl_whole_counts(number[SL_WHOLE_EVALUATIONS], 0x1p53) &&
           sl_whole_counts(number[SL_WHOLE_GRADIENTS], number[SL_WHOLE_EVALUATIONS]) &&
           (!whole->step->rule->sound || whole->step->rule->sound(whole));
}

double sl_whole_dot(const double *x, const double *y, size_t n)
{
    double lane[SL_LANES] = { 0 };
    size_t i = 0;
    for (; n - i >= SL_LANES; i += SL_LANES)
        SL_EACH_LANE(j)
        {
            lane[j] += x[i + j] * y[i + j];
        }
    for (size_t j = 0; i + j < n; j++)
        lane[j] += x[i + j] * y[i + j];
    SL_FOLD_LANES(SL_FOLD_SUM, lane);
    return lane[0];
}

bool sl_whole_flat(const double *gradient, const double *x, size_t n)
{
    const double square = sl_whole_dot(x, x, n), size = square > 1 ? square : 1;
    return sl_whole_dot(gradient, gradient, n) <= whole_floor * whole_floor * size;
}

bool sl_whole_same(double before, double after)
{
    return fabs(before - after) <= whole_floor * fabs(before);
}

/* --- the weights as one vector --- */

/* Weights -> x; true: they already stood there. */
static bool whole_read(sl_whole *whole)
{
    bool same = true;
    size_t at = 0;
    for (int i = 0; i < whole->step->count; i++) {
        const sl_tensor *t = whole->step->params[i];
        for (size_t j = 0; j < whole_numbers(t); j++, at++) {
            same = same && whole->x[at] == (double)t->v[j];
            whole->x[at] = (double)t->v[j];
        }
    }
    return same;
}

static void whole_write(const sl_whole *whole, double *x)
{
    size_t at = 0;
    for (int i = 0; i < whole->step->count; i++) {
        const sl_tensor *t = whole->step->params[i];
        for (size_t j = 0; j < whole_numbers(t); j++, at++) {
            t->v[j] = (sl_real)x[at];
            x[at] = (double)t->v[j];
        }
    }
}

void sl_whole_take(sl_whole *whole, double share)
{
    size_t at = 0;
    for (int i = 0; i < whole->step->count; i++) {
        sl_tensor *t = whole->step->params[i];
        for (size_t j = 0; t->has_grad && j < whole_numbers(t); j++)
            whole->slope[at + j] += share * (double)t->g[j];
        at += whole_numbers(t);
        sl_tensor_clear_gradient(t);
    }
}

/* decay/2 |w|^2, without biases */
static double whole_decay(sl_whole *whole, const double *x, bool gradient)
{
    double sum = 0;
    size_t at = 0;
    for (int i = 0; i < whole->step->count; i++) {
        const double decay = (double)whole->step->parts[i].decay;
        const size_t n = whole_numbers(whole->step->params[i]);
        if (decay > 0) {
            sum += decay / 2 * sl_whole_dot(x + at, x + at, n);
            for (size_t j = at; gradient && j < at + n; j++)
                whole->slope[j] += decay * x[j];
        }
        at += n;
    }
    return sum;
}

sl_status sl_whole_at(sl_whole *whole, double *x, bool gradient, double *loss)
{
    whole_write(whole, x);
    *loss = INFINITY;
    for (size_t i = 0; i < whole->n; i++)
        if (!(x[i] - x[i] == 0)) /* beyond the largest number: no place to go */
            return SL_OK;
    if (gradient)
        memset(whole->slope, 0, whole->n * sizeof *whole->slope);
    double value = 0;
    whole->number[SL_WHOLE_EVALUATIONS]++;
    whole->number[SL_WHOLE_GRADIENTS] += gradient;
    if (whole->evaluate(whole->user, whole, gradient, &value))
        return whole->ctx->status;
    value += whole_decay(whole, x, gradient);
    const double square = gradient ? sl_whole_dot(whole->slope, whole->slope, whole->n) : 0;
    if (value - value == 0 && square - square == 0)
        *loss = value;
    return SL_OK;
}

void sl_whole_settle(sl_whole *whole, const double *x, double loss)
{
    memmove(whole->x, x, whole->n * sizeof *x);
    whole->number[SL_WHOLE_LOSS] = loss;
}

void sl_whole_done(sl_whole *whole, const char *why)
{
    whole->number[SL_WHOLE_DONE] = 1;
    whole->why = why;
}

/* --- one iteration --- */

static sl_status whole_begin(sl_whole *whole)
{
    double *number = whole->number;
    const bool same = whole_read(whole);
    whole->first = number[SL_WHOLE_EVALUATIONS] == 0;
    whole->known = same && number[SL_WHOLE_KNOWN] != 0;
    whole->random = whole->sloped = false;
    if (!whole->known)
        number[SL_WHOLE_DONE] = 0; /* the weights were changed, or the loss is another each time */
    return SL_OK;
}

sl_status sl_whole_iterate(sl_step *step)
{
    sl_whole *whole = step->whole;
    double *number = whole->number, loss;
    whole_begin(whole);
    if (number[SL_WHOLE_DONE] != 0)
        return SL_OK;
    if (!whole->known) {
        if (sl_whole_at(whole, whole->x, step->rule->sloped, &loss))
            return step->ctx->status;
        if (!(loss - loss == 0))
            return sl_fail(step->ctx, SL_EDIVERGED,
                           "optimizer %s: the loss or its gradient is not finite at the weights it begins "
                           "with: look for numbers in the data that are too large",
                           step->rule->name);
        number[SL_WHOLE_LOSS] = loss;
    }
    if (whole->random && step->rule->remembers)
        return sl_fail(
            step->ctx, SL_EINVAL,
            "optimizer %s compares losses of different steps, and random numbers make each another "
            "function: leave dropout, noise and augmentation out, or take lbfgs or adam",
            step->rule->name);
    if (step->rule->iterate(step, whole))
        return step->ctx->status;
    whole_write(whole, whole->x);
    number[SL_WHOLE_KNOWN] = !whole->random;
    step->steps++;
    return SL_OK;
}

/* --- random numbers --- */

double sl_whole_uniform(const sl_whole *whole, uint32_t stream, uint64_t index)
{
    return sl_random_uniform(whole->ctx->options.seed, SL_FOR_SEARCH, stream, (uint32_t)whole->step->steps,
                             index);
}

size_t sl_whole_below(const sl_whole *whole, uint32_t stream, uint64_t index, size_t n)
{
    const size_t drawn = (size_t)(sl_whole_uniform(whole, stream, index) * (double)n);
    return drawn < n ? drawn : n - 1;
}

/* Box, Muller 1958 */
double sl_whole_normal(const sl_whole *whole, uint32_t stream, uint64_t index)
{
    const double u = 1 - sl_whole_uniform(whole, stream, 2 * index);                           /* above 0 */
    const double turn = 0x1.921fb54442d18p+2 * sl_whole_uniform(whole, stream, 2 * index + 1); /* 2 pi */
    return sqrt(-2 * sl_log_d(u)) * sl_cos_d(turn);
}
