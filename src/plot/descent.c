/* descent.c - walks on a function: its curve or its level lines with their places, and f over the steps. */
#include "core/sort.h"
#include "descend/walk.h"
#include "plot/figure.h"

#include <math.h>
#include <string.h>

enum { DESCENT_CURVE = 241, DESCENT_COLUMNS = 121, DESCENT_ROWS = 91, DESCENT_LEVELS = 16 };

typedef struct {
    sl_figure *figure;
    sl_function *f;
    sl_descent *const *descents;
    const char *const *names;
    int count;
    double low[2], high[2]; /* what is shown */
} descent_job;

/* The function's range, or less where the walks use little of it and it is a formula's; and all places of the
 * walks that do not lie far outside. */
static void descent_range(descent_job *job)
{
    const sl_function *f = job->f;
    for (int axis = 0; axis < f->dims; axis++) {
        const double width = f->high[axis] - f->low[axis];
        double low = HUGE_VAL, high = -HUGE_VAL;
        for (int d = 0; d < job->count; d++)
            for (int i = 0; i < job->descents[d]->path->rows; i++) {
                double at[2];
                sl_descent_point(job->descents[d], i, at);
                if (!(at[axis] > f->low[axis] - width && at[axis] < f->high[axis] + width))
                    continue;
                low = at[axis] < low ? at[axis] : low;
                high = at[axis] > high ? at[axis] : high;
            }
        const double room = high > low ? (high - low) / 10 : width / 20;
        low -= room;
        high += room;
        const bool known = f->kind != NULL || !(high > low);
        job->low[axis] = known && f->low[axis] < low ? f->low[axis] : low;
        job->high[axis] = known && f->high[axis] > high ? f->high[axis] : high;
        if (!known && job->high[axis] - job->low[axis] < width / 2) { /* a formula: not too near */
            const double middle = (job->low[axis] + job->high[axis]) / 2;
            job->low[axis] = middle - width / 4;
            job->high[axis] = middle + width / 4;
        }
    }
}

static bool descent_seen(const descent_job *job, const double at[2])
{
    for (int axis = 0; axis < job->f->dims; axis++)
        if (!(at[axis] >= job->low[axis] && at[axis] <= job->high[axis]))
            return false;
    return true;
}

static const char *descent_name(const descent_job *job, int d)
{
    return job->names ? job->names[d] : NULL;
}

/* The places of a walk that are seen: of one variable on the curve. */
static void descent_path(const descent_job *job, sl_panel *panel, int d)
{
    const sl_descent *descent = job->descents[d];
    const int rows = descent->path->rows;
    sl_series *path = sl_panel_add(job->figure, panel, SL_DRAW_PATH, descent_name(job, d), (size_t)rows);
    if (!path)
        return;
    path->colour = (sl_colour)((d + 1) % SL_COLOURS);
    size_t seen = 0;
    for (int i = 0; i < rows; i++) {
        double at[2];
        sl_descent_point(descent, i, at);
        if (!descent_seen(job, at))
            continue;
        path->x[seen] = at[0];
        path->y[seen++] = job->f->dims == 1 ? sl_report_at(descent->path, i, "f") : at[1];
    }
    path->count = seen;
    const bool named = job->count > 1 && descent_name(job, d);
    if ((size_t)rows > seen)
        sl_figure_note(job->figure, "%zu of the %d places %s%sare outside of the picture.",
                       (size_t)rows - seen, rows, named ? "of " : "", named ? descent_name(job, d) : "");
}

/* Where each walk starts, and the global minima that are known. */
static void descent_marks(const descent_job *job, sl_panel *panel, bool start)
{
    const sl_function *f = job->f;
    const int most = start ? job->count : f->kind ? f->minima : 0;
    sl_series *marks = most ? sl_panel_add(job->figure, panel, SL_DRAW_POINTS,
                                           start ? "start" : "global minimum", (size_t)most)
                            : NULL;
    if (!marks)
        return;
    size_t seen = 0;
    for (int i = 0; i < most; i++) {
        double at[2], value;
        if (start)
            sl_descent_point(job->descents[i], 0, at);
        else
            memcpy(at, f->minimum[i], sizeof at);
        if (!descent_seen(job, at) || sl_function_look(job->f, 1, at, &value, NULL, NULL))
            continue;
        marks->x[seen] = at[0];
        marks->y[seen++] = f->dims == 1 ? value : at[1];
    }
    marks->count = seen;
    marks->colour = SL_BLACK;
    marks->mark = start ? 4 : 3;
}

static void descent_curve(const descent_job *job, sl_panel *panel)
{
    sl_series *curve = sl_panel_add(job->figure, panel, SL_DRAW_LINE, NULL, DESCENT_CURVE);
    if (!curve)
        return;
    curve->colour = SL_BLUE;
    for (int i = 0; i < DESCENT_CURVE; i++)
        curve->x[i] = job->low[0] + (job->high[0] - job->low[0]) * i / (DESCENT_CURVE - 1);
    sl_function_look(job->f, DESCENT_CURVE, curve->x, curve->y, NULL, NULL);
    for (int i = 0; i < DESCENT_CURVE; i++)
        if (!(curve->y[i] - curve->y[i] == 0))
            curve->y[i] = NAN;
}

/* Down to the lowest of the curve, up to the highest place of the walks and the hills between: a curve that
 * goes on far above would leave them little of the picture. */
static void descent_heights(const descent_job *job, sl_panel *panel)
{
    const sl_series *curve = panel->count ? panel->series[0] : NULL;
    double low = HUGE_VAL, high = -HUGE_VAL;
    for (size_t i = 0; curve && i < curve->count; i++) {
        const double y = curve->y[i];
        low = y < low ? y : low;
        if (i && i + 1 < curve->count && y >= curve->y[i - 1] && y >= curve->y[i + 1])
            high = y > high ? y : high;
    }
    for (int d = 0; d < job->count; d++)
        for (int i = 0; i < job->descents[d]->path->rows; i++) {
            double at[2];
            sl_descent_point(job->descents[d], i, at);
            const double y = sl_report_at(job->descents[d]->path, i, "f");
            high = descent_seen(job, at) && y > high ? y : high;
        }
    if (!(high > low) || !(high - low < HUGE_VAL))
        return;
    panel->y.low = low - (high - low) / 15;
    panel->y.high = high + (high - low) / 5;
}

static int descent_order(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Levels of which each ring holds more of the ground than the one within: dense in the valleys. */
static void descent_levels(const descent_job *job, sl_series *grid)
{
    double *sorted = sl_figure_numbers(job->figure, grid->rows * grid->columns);
    double *levels = sl_figure_numbers(job->figure, DESCENT_LEVELS);
    size_t n = 0;
    if (!sorted || !levels)
        return;
    for (size_t i = 0; i < grid->rows * grid->columns; i++)
        if (grid->y[i] == grid->y[i])
            sorted[n++] = grid->y[i];
    if (!n)
        return;
    sl_sort(sorted, n, sizeof *sorted, descent_order);
    for (int k = 0; k < DESCENT_LEVELS; k++) {
        const double share = (double)(k + 1) / (DESCENT_LEVELS + 1), place = share * sqrt(share);
        levels[k] = sorted[(size_t)(place * (double)(n - 1))];
    }
    grid->levels = levels;
    grid->level_count = sl_axis_plain(levels, DESCENT_LEVELS);
}

static void descent_ground(const descent_job *job, sl_panel *panel)
{
    sl_series *grid = sl_panel_grid(job->figure, panel, SL_DRAW_CONTOUR, DESCENT_ROWS, DESCENT_COLUMNS,
                                    job->low[0], job->high[0], job->low[1], job->high[1]);
    double *points = sl_figure_numbers(job->figure, 2 * (size_t)DESCENT_ROWS * DESCENT_COLUMNS);
    if (!grid || !points)
        return;
    for (size_t row = 0; row < DESCENT_ROWS; row++)
        for (size_t column = 0; column < DESCENT_COLUMNS; column++) {
            double *at = points + 2 * (row * DESCENT_COLUMNS + column);
            at[0] = job->low[0] + (job->high[0] - job->low[0]) * (double)column / (DESCENT_COLUMNS - 1);
            at[1] = job->low[1] + (job->high[1] - job->low[1]) * (double)row / (DESCENT_ROWS - 1);
        }
    sl_function_look(job->f, (size_t)DESCENT_ROWS * DESCENT_COLUMNS, points, grid->y, NULL, NULL);
    for (size_t i = 0; i < (size_t)DESCENT_ROWS * DESCENT_COLUMNS; i++)
        if (!(grid->y[i] - grid->y[i] == 0))
            grid->y[i] = NAN;
    descent_levels(job, grid);
    grid->colour = SL_GREY;
    grid->thin = true;
    panel->no_scale = true;
}

/* f over the steps; logarithmic where it is above 0 throughout and falls far. */
static void descent_values(const descent_job *job)
{
    sl_panel *panel = sl_figure_panel(job->figure, "f over the steps", "step", "f");
    double low = HUGE_VAL, high = -HUGE_VAL;
    for (int d = 0; d < job->count && panel; d++) {
        const sl_report *path = job->descents[d]->path;
        sl_series *line =
            sl_panel_add(job->figure, panel, SL_DRAW_LINE, descent_name(job, d), (size_t)path->rows);
        if (!line)
            return;
        line->colour = (sl_colour)((d + 1) % SL_COLOURS);
        for (int i = 0; i < path->rows; i++) {
            const double value = sl_report_at(path, i, "f");
            line->x[i] = i;
            line->y[i] = value - value == 0 ? value : NAN;
            low = value < low ? value : low;
            high = value > high ? value : high;
        }
    }
    if (panel) {
        panel->x.whole = true;
        panel->y.log = low > 0 && high > 100 * low;
    }
}

/* Of one walk: from where, and how large its first step is. */
static void descent_title(const descent_job *job)
{
    const sl_function *f = job->f;
    const sl_report *path = job->descents[0]->path;
    const char *title = sl_figure_format(job->figure, f->kind ? "Descent on %s" : "Descent on f = %s",
                                         f->kind ? f->name : f->text);
    double at[2];
    sl_descent_point(job->descents[0], 0, at);
    if (job->count == 1 && title) {
        const char *x = sl_figure_number(job->figure, at[0]);
        const double lr = sl_report_at(path, 0, "lr");
        const bool same = path->rows < 3 || sl_report_at(path, path->rows - 2, "lr") == lr;
        title = f->dims == 1 ? sl_figure_format(job->figure, "%s from %s", title, x)
                             : sl_figure_format(job->figure, "%s from %s,%s", title, x,
                                                sl_figure_number(job->figure, at[1]));
        if (lr == lr)
            title = sl_figure_format(job->figure, "%s, step size %s%s", title,
                                     sl_figure_number(job->figure, lr), same ? "" : " at first");
    }
    job->figure->title = title;
}

sl_figure *sl_descent_figure(sl_function *f, sl_descent *const *descents, const char *const *names, int count)
{
    if (!f || f->ctx->status)
        return NULL;
    for (int d = 0; d < count || d == 0; d++)
        if (!descents || count < 1 || !descents[d]) {
            sl_fail(f->ctx, SL_EINVAL, "sl_descent_figure: wants walks, given none");
            return NULL;
        }
    descent_job job = { .f = f, .descents = descents, .names = names, .count = count };
    job.figure = sl_figure_new(f->ctx, "descent");
    if (!job.figure)
        return NULL;
    descent_range(&job);
    descent_title(&job);
    if (f->kind)
        sl_figure_note(job.figure, "f = %s", f->text);
    sl_panel *panel = f->dims == 1 ? sl_figure_panel(job.figure, "the walk on the curve", "x", "f")
                                   : sl_figure_panel(job.figure, "the walk on level lines of f", "x", "y");
    if (panel && f->dims == 1)
        descent_curve(&job, panel);
    else if (panel)
        descent_ground(&job, panel);
    for (int d = 0; d < count && panel; d++)
        descent_path(&job, panel, d);
    if (panel) {
        descent_marks(&job, panel, true);
        descent_marks(&job, panel, false);
        if (f->dims == 1)
            descent_heights(&job, panel);
    }
    descent_values(&job);
    if (!f->ctx->status && !sl_figure_finish(job.figure))
        return job.figure;
    sl_figure_free(job.figure);
    return NULL;
}
