/* many.c - walks from many random starts, and how many of them reach the global minimum: see slope.h. */
#include "descend/walk.h"

#include <math.h>
#include <string.h>

enum { MANY_MOST = 100000, MANY_AT_ONCE = 1000 };

/* Where walk `run` starts: anywhere in the range. */
static void many_start(const sl_function *f, size_t run, double *at)
{
    for (int axis = 0; axis < f->dims; axis++)
        at[axis] = f->low[axis] +
                   (f->high[axis] - f->low[axis]) * sl_random_uniform(f->ctx->options.seed, SL_FOR_DESCENT, 0,
                                                                      (uint32_t)run, (uint64_t)axis);
}

/* Remembers where those are that are lost or have stopped: they walk on, and nobody looks. */
static sl_status many_walk(sl_descend_walk *walk, double *points, bool *done, bool *lost)
{
    const int dims = walk->f->dims;
    const size_t n = walk->n, width = (size_t)dims;
    const sl_tensor *theta = walk->field->theta;
    size_t left = n;
    for (int k = 0; k <= walk->steps && left; k++) {
        if (sl_walk_look(walk))
            return walk->f->ctx->status;
        for (size_t i = 0; i < n; i++) {
            double at[2] = { 0, 0 }, length = 0;
            if (done[i])
                continue;
            for (size_t axis = 0; axis < width; axis++) {
                at[axis] = (double)theta->v[i * width + axis];
                const double change = at[axis] - points[i * width + axis];
                length += change * change;
                points[i * width + axis] = at[axis];
            }
            lost[i] = sl_walk_lost(at, dims, (double)walk->field->value->v[i]);
            done[i] = lost[i] || (k > 0 && walk->options->stop > 0 && sqrt(length) <= walk->options->stop);
            left -= done[i];
        }
        if (k == walk->steps || !left || (walk->rule->iterate && sl_step_converged(walk->step)))
            break;
        if (sl_walk_step(walk, k))
            return walk->f->ctx->status;
    }
    return SL_OK;
}

static bool many_near(const sl_function *f, const double *at, double distance)
{
    double width = 0;
    for (int axis = 0; axis < f->dims; axis++)
        width = f->high[axis] - f->low[axis] > width ? f->high[axis] - f->low[axis] : width;
    for (int m = 0; m < f->minima; m++) {
        double sum = 0;
        for (int axis = 0; axis < f->dims; axis++)
            sum += (at[axis] - f->minimum[m][axis]) * (at[axis] - f->minimum[m][axis]);
        if (sqrt(sum) <= distance * width)
            return true;
    }
    return false;
}

static sl_status many_judge(sl_function *f, size_t n, double *points, const bool *lost,
                            sl_descend_share *share)
{
    const size_t width = (size_t)f->dims;
    for (size_t i = 0; i < n; i++) {
        share->starts++;
        share->diverged += lost[i];
        share->arrived += !lost[i] && many_near(f, points + i * width, 0.01);
    }
    if (sl_function_settle(f, n, points))
        return f->ctx->status;
    for (size_t i = 0; i < n; i++)
        share->valley += !lost[i] && many_near(f, points + i * width, 0.01);
    return SL_OK;
}

sl_status sl_descend_many(sl_function *f, const sl_descend_options *options, int starts,
                          sl_descend_share *share)
{
    static const sl_descend_options none = { 0 };
    sl_descend_walk walk;
    bool alike;
    sl_descend_share unwanted = { 0 };
    share = share ? share : &unwanted;
    if (!f)
        return SL_EINVAL;
    sl_ctx *ctx = f->ctx;
    *share = (sl_descend_share){ 0 };
    if (ctx->status)
        return ctx->status;
    if (starts < 1 || starts > MANY_MOST)
        return sl_fail(ctx, SL_EINVAL, "descend: %d starts: wants 1 to %d", starts, MANY_MOST);
    if (sl_function_minima(f) || sl_walk_plan(f, options ? options : &none, &walk, &alike))
        return ctx->status;
    const size_t most = alike ? MANY_AT_ONCE : 1, all = (size_t)starts, width = (size_t)f->dims;
    double *points = sl_alloc_array(ctx, most, 2 * sizeof *points);
    bool *done = sl_alloc_array(ctx, most, 2 * sizeof *done), *lost = done + most;
    for (size_t first = 0; first < all && points && done && !ctx->status; first += most) {
        const size_t n = all - first < most ? all - first : most;
        memset(done, 0, 2 * most * sizeof *done);
        for (size_t i = 0; i < n; i++)
            many_start(f, first + i, points + i * width);
        if (!sl_walk_begin(&walk, n, first, points) && !many_walk(&walk, points, done, lost))
            many_judge(f, n, points, lost, share);
        sl_walk_end(&walk);
    }
    sl_free(ctx, points);
    sl_free(ctx, done);
    return ctx->status;
}
