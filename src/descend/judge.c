/* judge.c - what a walk has come to: the kind of place where it ends, the valley that this belongs to,
 * whether it goes to and fro, and whether its steps were too long for it. */
#include "descend/walk.h"

#include <math.h>
#include <string.h>

/* The largest curvature, by size, into the last column of each row. */
static sl_status judge_curvatures(const sl_descent *descent, sl_function *f)
{
    const sl_report *path = descent->path;
    const size_t n = (size_t)path->rows, dims = (size_t)f->dims;
    double *points = sl_alloc_array(descent->ctx, n, 5 * sizeof *points), *bends = points + 2 * n;
    if (!points)
        return descent->ctx->status;
    for (size_t i = 0; i < n; i++) {
        double at[2];
        sl_descent_point(descent, (int)i, at);
        memcpy(points + i * dims, at, dims * sizeof *at);
    }
    if (!sl_function_look(f, n, points, NULL, NULL, bends))
        for (size_t i = 0; i < n; i++) {
            double least, largest;
            sl_bend_eigen(bends + 3 * i, f->dims, &least, &largest);
            path->values[(i + 1) * (size_t)path->columns - 1] = largest;
        }
    sl_free(descent->ctx, points);
    return descent->ctx->status;
}

static double judge_width(const sl_function *f)
{
    const double width = f->high[0] - f->low[0], other = f->dims > 1 ? f->high[1] - f->low[1] : 0;
    return width > other ? width : other;
}

/* What lies at a point: by the signs of the curvatures, where the gradient would take it hardly any further.
 */
static const char *judge_place(const sl_function *f, const double slope[2], const double bend[3],
                               sl_descent_facts *facts)
{
    sl_bend_eigen(bend, f->dims, &facts->least, &facts->largest);
    const double small =
        fabs(facts->least) < fabs(facts->largest) ? fabs(facts->least) : fabs(facts->largest);
    const double large =
        fabs(facts->least) < fabs(facts->largest) ? fabs(facts->largest) : fabs(facts->least);
    const double size = sqrt(slope[0] * slope[0] + slope[1] * slope[1]);
    if (!(size <= 1e-3 * judge_width(f) * small) && !(size <= 1e-9))
        return "slope";
    if (small <= 1e-6 * (large > 1 ? large : 1))
        return "flat";
    return facts->least > 0 ? "minimum" : facts->largest < 0 ? "maximum" : "saddle";
}

static sl_status judge_end(sl_descent *descent, sl_function *f)
{
    sl_descent_facts *facts = &descent->facts;
    double slope[2] = { 0, 0 }, bend[3];
    sl_descent_point(descent, descent->path->rows - 1, facts->end);
    if (sl_function_look(f, 1, facts->end, &facts->value, slope, bend))
        return f->ctx->status;
    facts->slope = sqrt(slope[0] * slope[0] + slope[1] * slope[1]);
    facts->place = judge_place(f, slope, bend, facts);
    return SL_OK;
}

/* The minimum downhill from the end; none where the way leads out of sight. */
static sl_status judge_valley(sl_descent *descent, sl_function *f)
{
    sl_descent_facts *facts = &descent->facts;
    double at[2] = { facts->end[0], facts->end[1] }, value, slope[2] = { 0, 0 }, bend[3], least, largest;
    if (sl_function_settle(f, 1, at) || sl_function_look(f, 1, at, &value, slope, bend))
        return f->ctx->status;
    sl_bend_eigen(bend, f->dims, &least, &largest);
    const double size = sqrt(slope[0] * slope[0] + slope[1] * slope[1]);
    /* a curvature may be 0: the floor of a valley that is level along it */
    if (!(value - value == 0) || !(largest > 0) || least < -1e-6 * largest ||
        !(size <= 1e-6 * judge_width(f) * largest))
        return SL_OK;
    memcpy(facts->valley, at, sizeof at);
    facts->has_valley = true;
    facts->valley_value = value;
    facts->valley_curvature = largest;
    facts->limit = 2 / largest;
    for (int m = 0; m < f->minima && f->kind; m++) {
        double apart = 0;
        for (int axis = 0; axis < f->dims; axis++)
            apart += fabs(f->minimum[m][axis] - at[axis]);
        facts->global = facts->global || apart < 1e-3 * judge_width(f);
    }
    facts->knows_global = f->kind && f->minima > 0;
    return SL_OK;
}

static double judge_apart(const sl_descent *descent, int i, int j)
{
    double a[2], b[2];
    sl_descent_point(descent, i, a);
    sl_descent_point(descent, j, b);
    return sqrt((a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]));
}

/* The last six points are two places in turn. */
static void judge_bounce(sl_descent *descent, const sl_function *f)
{
    const int last = descent->path->rows - 1;
    if (last < 6)
        return;
    const double apart = judge_apart(descent, last, last - 1);
    bool bounces = apart > 1e-6 * judge_width(f);
    for (int i = 0; i < 4 && bounces; i++)
        bounces = judge_apart(descent, last - i, last - i - 2) < 0.01 * apart;
    bounces = bounces && apart > 0.99 * judge_apart(descent, last - 4, last - 5);
    descent->facts.bounces = bounces;
    for (int i = 0; i < 2 && bounces; i++)
        sl_descent_point(descent, last - i, descent->facts.bounce[i]);
}

/* The first step of plain descent that led upwards though no noise was added: longer than 2/curvature. */
static void judge_rise(sl_descent *descent)
{
    sl_descent_facts *facts = &descent->facts;
    for (int k = 0; k + 1 < descent->path->rows; k++) {
        const double before = sl_report_at(descent->path, k, "f"),
                     after = sl_report_at(descent->path, k + 1, "f");
        if (!(after > before))
            continue;
        facts->rise = k + 1;
        sl_descent_point(descent, k, facts->rise_at);
        facts->rise_before = before;
        facts->rise_after = after;
        facts->rise_lr = sl_report_at(descent->path, k, "lr");
        const double curvature = sl_report_at(descent->path, k, "curvature");
        facts->rise_limit = curvature > 0 ? 2 / curvature : 0;
        return;
    }
}

sl_status sl_descent_judge(sl_descent *descent, sl_function *f, const sl_descend_walk *walk)
{
    sl_descent_facts *facts = &descent->facts;
    const bool lost = !strcmp(facts->ended, "diverged");
    const int rows = descent->path->rows;
    facts->plain = !strcmp(walk->rule->name, "sgd") && walk->options->noise == 0 &&
                   walk->optimizer.clip_norm == 0 && walk->optimizer.clip_value == 0 &&
                   walk->optimizer.decay <= 0 && walk->optimizer.l1 == 0 && walk->optimizer.l1_prox == 0 &&
                   walk->optimizer.max_norm == 0;
    facts->lr = sl_report_at(descent->path, rows > 1 ? rows - 2 : 0, "lr");
    if (judge_curvatures(descent, f) || judge_end(descent, f))
        return f->ctx->status;
    if (facts->plain)
        judge_rise(descent);
    judge_bounce(descent, f);
    if (lost)
        facts->place = "away";
    return lost ? SL_OK : judge_valley(descent, f);
}

/* --- chords ----------------------------------------------------------------------------------------- */

enum { JUDGE_PLACES = 48, JUDGE_SHARES = 3 };

/* Up to JUDGE_PLACES points of the walk, evenly chosen, those far outside of the range left out; of one
 * variable as many places evenly between the least and the largest instead. */
static int judge_places(const sl_descent *descent, const sl_function *f, double places[JUDGE_PLACES][2])
{
    const int rows = descent->path->rows;
    const double width = judge_width(f);
    double low = HUGE_VAL, high = -HUGE_VAL, at[2];
    int count = 0;
    for (int i = 0; i < rows; i++) {
        sl_descent_point(descent, i, at);
        bool near = true;
        for (int axis = 0; axis < f->dims; axis++)
            near = near && at[axis] > f->low[axis] - width && at[axis] < f->high[axis] + width;
        if (!near)
            continue;
        low = at[0] < low ? at[0] : low;
        high = at[0] > high ? at[0] : high;
        if (f->dims == 2 && count < JUDGE_PLACES &&
            (rows <= JUDGE_PLACES || i >= count * rows / JUDGE_PLACES))
            memcpy(places[count++], at, sizeof at);
    }
    if (f->dims == 1 && high > low)
        for (; count < JUDGE_PLACES; count++)
            places[count][0] = low + (high - low) * count / (JUDGE_PLACES - 1);
    return count;
}

sl_status sl_descent_chords(sl_descent *descent, sl_function *f)
{
    static const double shares[JUDGE_SHARES] = { 0.25, 0.5, 0.75 };
    sl_descent_facts *facts = &descent->facts;
    double places[JUDGE_PLACES][2] = { { 0 } }, ends[JUDGE_PLACES];
    const int count = judge_places(descent, f, places);
    const size_t dims = (size_t)f->dims, most = (size_t)(count * (count - 1) / 2 * JUDGE_SHARES);
    if (count < 2)
        return SL_OK;
    double *points = sl_alloc_array(f->ctx, most, 3 * sizeof *points), *values = points + 2 * most;
    if (!points)
        return f->ctx->status;
    for (int i = 0; i < count; i++)
        memcpy(points + (size_t)i * dims, places[i], dims * sizeof(double));
    sl_status status = sl_function_look(f, (size_t)count, points, ends, NULL, NULL);
    size_t at = 0;
    for (int i = 0; i < count; i++)
        for (int j = i + 1; j < count; j++)
            for (int k = 0; k < JUDGE_SHARES; k++, at++)
                for (size_t axis = 0; axis < dims; axis++)
                    points[at * dims + axis] =
                        places[i][axis] + shares[k] * (places[j][axis] - places[i][axis]);
    status = status ? status : sl_function_look(f, most, points, values, NULL, NULL);
    double worst = 0;
    at = 0;
    for (int i = 0; i < count && !status; i++)
        for (int j = i + 1; j < count; j++)
            for (int k = 0; k < JUDGE_SHARES; k++, at++) {
                const double chord = ends[i] + shares[k] * (ends[j] - ends[i]);
                const double slack = 1e-9 * (1 + fabs(ends[i]) + fabs(ends[j]));
                if (!(values[at] - chord > slack && values[at] - chord > worst))
                    continue;
                worst = values[at] - chord;
                facts->bent = true;
                memcpy(facts->chord[0], places[i], sizeof places[i]);
                memcpy(facts->chord[1], places[j], sizeof places[j]);
                facts->chord_at[1] = 0;
                memcpy(facts->chord_at, points + at * dims, dims * sizeof(double));
                facts->chord_value = chord;
                facts->curve_value = values[at];
            }
    sl_free(f->ctx, points);
    return status;
}
