/* valley.c - which minimum lies downhill from a point, and where the lowest of all is. */
#include "descend/function.h"

#include <math.h>
#include <string.h>

enum { VALLEY_STEPS = 600, VALLEY_GRID = 401, VALLEY_SIDE = 41 };

typedef struct {
    double at[2], value, slope[2], bend[3], reach;
    bool done;
} valley_walker;

static double valley_larger(double a, double b)
{
    return a > b ? a : b;
}

static double valley_width(const sl_function *f)
{
    double width = 0;
    for (int axis = 0; axis < f->dims; axis++)
        width = f->high[axis] - f->low[axis] > width ? f->high[axis] - f->low[axis] : width;
    return width;
}

/* Newton's step with the sizes of the curvatures, which goes downhill everywhere, at most `reach` long. */
static double valley_step(const valley_walker *w, int dims, double step[2])
{
    double least, largest;
    sl_bend_eigen(w->bend, dims, &least, &largest);
    if (dims == 1) {
        step[0] = -w->slope[0] / valley_larger(fabs(least), 1e-12);
        step[1] = 0;
    } else { /* along the two axes of the ellipse; (c, s) is that of the largest curvature */
        double c = w->bend[1], s = largest - w->bend[0];
        if (fabs(w->bend[0] - least) > fabs(s)) {
            c = w->bend[0] - least;
            s = w->bend[1];
        }
        const double norm = sqrt(c * c + s * s);
        c = norm > 0 ? c / norm : 1;
        s = norm > 0 ? s / norm : 0;
        const double along = -(c * w->slope[0] + s * w->slope[1]) / valley_larger(fabs(largest), 1e-12);
        const double across = -(c * w->slope[1] - s * w->slope[0]) / valley_larger(fabs(least), 1e-12);
        step[0] = c * along - s * across;
        step[1] = s * along + c * across;
    }
    const double length = sqrt(step[0] * step[0] + step[1] * step[1]);
    const double factor = length > w->reach ? w->reach / length : 1;
    step[0] *= factor;
    step[1] *= factor;
    return length * factor;
}

/* How far one step may go: from far outside of the range farther than within. */
static double valley_most(const sl_function *f, const valley_walker *w, double width)
{
    double outside = 0;
    for (int axis = 0; axis < f->dims; axis++) {
        outside = valley_larger(outside, f->low[axis] - w->at[axis]);
        outside = valley_larger(outside, w->at[axis] - f->high[axis]);
    }
    return (width + outside) / 100;
}

/* The walker has been shown what it is like at `trial`. */
static void valley_judge(const sl_function *f, valley_walker *w, const valley_walker *trial, double length,
                         double width)
{
    if (trial->value < w->value) {
        const double reach = w->reach * 2, most = valley_most(f, trial, width);
        *w = *trial;
        w->reach = reach < most ? reach : most;
    } else {
        w->reach = length / 4;
    }
    w->done = w->done || w->reach < 1e-10 * width;
}

static sl_status valley_walk(sl_function *f, size_t n, valley_walker *walkers, double *memory)
{
    const size_t dims = (size_t)f->dims;
    double *points = memory, *values = points + 2 * n, *slopes = values + n, *bends = slopes + 2 * n;
    double *lengths = bends + 3 * n;
    const double width = valley_width(f);
    bool begun = false, left = true;
    for (int k = 0; k <= VALLEY_STEPS && left; k++) {
        for (size_t i = 0; i < n; i++) {
            double step[2] = { 0, 0 };
            const valley_walker *w = &walkers[i];
            lengths[i] = begun && !w->done ? valley_step(w, f->dims, step) : 0;
            for (size_t axis = 0; axis < dims; axis++)
                points[i * dims + axis] = w->at[axis] + step[axis];
        }
        if (sl_function_look(f, n, points, values, slopes, bends))
            return f->ctx->status;
        left = false;
        for (size_t i = 0; i < n; i++) {
            valley_walker trial = { .value = values[i], .reach = width / 1000 };
            memcpy(trial.at, points + i * dims, dims * sizeof(double));
            memcpy(trial.slope, slopes + i * dims, dims * sizeof(double));
            memcpy(trial.bend, bends + 3 * i, sizeof trial.bend);
            if (!begun) {
                walkers[i] = trial;
                walkers[i].done = trial.value - trial.value != 0;
            } else if (!walkers[i].done) {
                walkers[i].done = !(lengths[i] > 0);
                valley_judge(f, &walkers[i], &trial, lengths[i], width);
            }
            left = left || !walkers[i].done;
        }
        begun = true;
    }
    return SL_OK;
}

sl_status sl_function_settle(sl_function *f, size_t n, double *points)
{
    const size_t dims = (size_t)f->dims;
    valley_walker *walkers = sl_alloc_array(f->ctx, n, sizeof *walkers);
    double *memory = sl_alloc_array(f->ctx, n, 9 * sizeof *memory);
    if (walkers && memory) {
        for (size_t i = 0; i < n; i++)
            memcpy(walkers[i].at, points + i * dims, dims * sizeof(double));
        if (!valley_walk(f, n, walkers, memory))
            for (size_t i = 0; i < n; i++)
                memcpy(points + i * dims, walkers[i].at, dims * sizeof(double));
    }
    sl_free(f->ctx, walkers);
    sl_free(f->ctx, memory);
    return f->ctx->status;
}

/* --- the lowest ------------------------------------------------------------------------------------- */

static bool valley_inside(const sl_function *f, const double *at)
{
    for (int axis = 0; axis < f->dims; axis++)
        if (!(at[axis] > f->low[axis] && at[axis] < f->high[axis]))
            return false;
    return true;
}

/* Those of the settled points that are lowest, each once. */
static void valley_pick(sl_function *f, size_t n, const double *points, const double *values)
{
    const size_t dims = (size_t)f->dims;
    const double width = valley_width(f);
    size_t best = 0;
    for (size_t i = 1; i < n; i++)
        if (values[i] < values[best] || values[best] != values[best])
            best = i;
    f->lowest = values[best];
    f->minima = 0;
    if (!valley_inside(f, points + best * dims))
        return;
    const double slack = 1e-7 * (1 + fabs(f->lowest));
    for (size_t k = 0; k < n && f->minima < SL_MOST_MINIMA; k++) {
        const size_t i = (best + k) % n;
        bool fresh = values[i] <= f->lowest + slack && valley_inside(f, points + i * dims);
        for (int m = 0; m < f->minima && fresh; m++) {
            double apart = 0;
            for (size_t axis = 0; axis < dims; axis++)
                apart = valley_larger(apart, fabs(points[i * dims + axis] - f->minimum[m][axis]));
            fresh = apart > width / 100;
        }
        if (fresh)
            memcpy(f->minimum[f->minima++], points + i * dims, dims * sizeof(double));
    }
}

static sl_status valley_search(sl_function *f)
{
    const size_t side = f->dims == 1 ? VALLEY_GRID : VALLEY_SIDE, n = f->dims == 1 ? side : side * side;
    const size_t dims = (size_t)f->dims;
    double *points = sl_alloc_array(f->ctx, n, 3 * sizeof *points);
    if (!points)
        return f->ctx->status;
    double *values = points + 2 * n;
    for (size_t i = 0; i < n; i++)
        for (size_t axis = 0; axis < dims; axis++) {
            const size_t at = axis ? i / side : i % side;
            points[i * dims + axis] =
                f->low[axis] + (f->high[axis] - f->low[axis]) * ((double)at + 0.5) / (double)side;
        }
    if (!sl_function_settle(f, n, points) && !sl_function_look(f, n, points, values, NULL, NULL))
        valley_pick(f, n, points, values);
    sl_free(f->ctx, points);
    f->searched = true;
    return f->ctx->status;
}

sl_status sl_function_minima(sl_function *f)
{
    if (f->kind && f->minima && !f->searched) {
        f->searched = true;
        return sl_function_look(f, 1, f->minimum[0], &f->lowest, NULL, NULL);
    }
    if (!f->kind && !f->searched && valley_search(f))
        return f->ctx->status;
    if (f->minima)
        return SL_OK;
    char low[32], high[32];
    return sl_fail(
        f->ctx, SL_EINVAL,
        "%s has no lowest point between %s and %s, so no walk can reach it: take a function that has "
        "one, or walk from single starts",
        f->kind ? f->kind->name : "the formula", sl_number_text(low, f->low[0]),
        sl_number_text(high, f->high[0]));
}

int sl_function_lowest(sl_function *f, double at[4][2])
{
    if (!f || f->ctx->status)
        return 0;
    if ((f->kind && !f->minima) || (!f->kind && !f->searched && valley_search(f)))
        return 0;
    if (at)
        memcpy(at, f->minimum, (size_t)f->minima * sizeof *f->minimum);
    return f->minima;
}
