/* landscape - the loss of a net over a plane of its weights: two random directions, two weights, or the plane
 * of the paths that trainings took. */
#include "core/file.h"
#include "core/os.h"
#include "kernel/math.h"
#include "plot/numbers/landscape.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LANDSCAPE_LEAST = 15, LANDSCAPE_ROWS = 1000, LANDSCAPE_FEW = 256, LANDSCAPE_LEVELS = 12 };
static const double landscape_budget = 1e11; /* operations: a second or two */

/* --- the grid ------------------------------------------------------------------------------------------- */

/* Fewer rows first, then fewer places, so that a large net takes seconds. Returns the rows. */
static size_t landscape_size(sl_plot_landscape *w, const sl_model *model, const sl_data *data)
{
    const double cost = sl_terrain_cost(model);
    double rows = data->rows < LANDSCAPE_ROWS ? (double)data->rows : LANDSCAPE_ROWS;
    w->side = SL_LANDSCAPE_SIDE;
    if (rows * cost * SL_LANDSCAPE_SIDE * SL_LANDSCAPE_SIDE > landscape_budget && rows > LANDSCAPE_FEW) {
        rows = floor(landscape_budget / (cost * SL_LANDSCAPE_SIDE * SL_LANDSCAPE_SIDE));
        rows = rows < LANDSCAPE_FEW ? LANDSCAPE_FEW : rows;
    }
    while (w->side > LANDSCAPE_LEAST && rows * cost * (double)(w->side * w->side) > landscape_budget)
        w->side -= 2;
    return (size_t)rows;
}

static sl_status landscape_walk(sl_plot_landscape *w)
{
    w->least = INFINITY;
    w->most = -INFINITY;
    for (size_t r = 0; r < w->side; r++)
        for (size_t c = 0; c < w->side && !w->figure->ctx->status; c++) {
            const double loss = sl_plane_loss(&w->plane, &w->terrain, sl_landscape_place(w, 0, c),
                                              sl_landscape_place(w, 1, r), w->memory);
            const bool finite = loss - loss == 0;
            w->loss[r * w->side + c] = finite ? loss : (double)NAN;
            w->lost += !finite;
            w->least = finite && loss < w->least ? loss : w->least;
            w->most = finite && loss > w->most ? loss : w->most;
        }
    for (size_t i = 0; i < w->terrain.parameters; i++)
        w->memory[i] = (double)w->terrain.origin[i];
    w->at_star = sl_terrain_at(&w->terrain, w->memory);
    if (!w->figure->ctx->status && w->least > w->most)
        sl_fail(w->figure->ctx, SL_EINVAL,
                "figure landscape: no place of the plane has a finite loss: a smaller "
                "--span shows what is nearer to the weights");
    return w->figure->ctx->status;
}

/* --- the panel ------------------------------------------------------------------------------------------ */

static int landscape_compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* The losses in order, in the figure's memory. */
static double *landscape_sorted(const sl_plot_landscape *w, size_t *count)
{
    const size_t all = w->side * w->side;
    double *sorted = sl_figure_numbers(w->figure, all);
    *count = 0;
    for (size_t i = 0; sorted && i < all; i++)
        if (w->loss[i] - w->loss[i] == 0)
            sorted[(*count)++] = w->loss[i];
    if (sorted)
        qsort(sorted, *count, sizeof *sorted, landscape_compare);
    return sorted;
}

/* Where a corner is far higher than all else, the colours are for all else. */
static void landscape_cut(sl_plot_landscape *w, sl_panel *panel)
{
    size_t count;
    const double *sorted = landscape_sorted(w, &count);
    const double high = sorted ? sorted[(count - 1) - (count - 1) / 20] : w->most;
    if (panel->z.log || !(w->most - w->least > 1.6 * (high - w->least)) || !(high > w->least))
        return;
    w->cut_at = high;
    panel->z.low = w->least;
    panel->z.high = high;
}

/* Over more than a power of ten equal ratios, else equal shares of the plane. */
static void landscape_levels(const sl_plot_landscape *w, sl_series *contour)
{
    size_t count;
    const double *sorted = landscape_sorted(w, &count);
    contour->levels = sl_figure_numbers(w->figure, LANDSCAPE_LEVELS);
    if (!sorted || !contour->levels)
        return;
    for (int i = 0; i < LANDSCAPE_LEVELS; i++) {
        const double share = ((double)i + 1) / (LANDSCAPE_LEVELS + 1);
        const double level = w->least > 0 && w->most > 10 * w->least
                                 ? sl_exp_d(sl_log_d(w->least) + share * sl_log_d(w->most / w->least))
                                 : sorted[(size_t)(share * (double)(count - 1))];
        if (!contour->level_count || level > contour->levels[contour->level_count - 1])
            contour->levels[contour->level_count++] = level;
    }
}

/* In perspective it lies on the surface. */
static sl_series *landscape_path(sl_plot_landscape *w, sl_panel *panel, const char *name, size_t count,
                                 const double *at, bool line)
{
    const bool solid = w->job->request->solid;
    sl_series *path =
        sl_panel_add(w->figure, panel, line || solid ? SL_DRAW_PATH : SL_DRAW_POINTS, name, count);
    for (size_t i = 0; path && i < count; i++) {
        path->x[i] = at[2 * i];
        path->y[i] = at[2 * i + 1];
        if (solid)
            path->low[i] = sl_plane_loss(&w->plane, &w->terrain, at[2 * i], at[2 * i + 1], w->memory);
    }
    return path;
}

static const char *landscape_run(const sl_plot_landscape *w, int run)
{
    const sl_json *used = sl_json_get(sl_job_json(w->job, run), "used");
    const char *rule = sl_json_string(sl_json_get(used, "optimizer"), "rule", "");
    return w->job->runs > 1 ? sl_figure_format(w->figure, "%s (%s)", rule, sl_job_name(w->job, run))
                            : sl_figure_format(w->figure, "path of %s", rule);
}

static sl_status landscape_draw(sl_plot_landscape *w)
{
    static const sl_colour colours[SL_LANDSCAPE_RUNS] = { SL_VERMILION, SL_GREEN, SL_PURPLE,
                                                          SL_YELLOW,    SL_BLACK, SL_ORANGE };
    const bool solid = w->job->request->solid;
    const sl_plane *p = &w->plane;
    sl_panel *panel = sl_figure_panel(w->figure, NULL, p->label[0], p->label[1]);
    for (int layer = 0; panel && layer < (solid ? 1 : 2); layer++) {
        sl_series *s = sl_panel_grid(w->figure, panel,
                                     solid   ? SL_DRAW_SURFACE
                                     : layer ? SL_DRAW_CONTOUR
                                             : SL_DRAW_IMAGE,
                                     w->side, w->side, p->low[0], p->high[0], p->low[1], p->high[1]);
        if (!s)
            return w->figure->ctx->status;
        memcpy(s->y, w->loss, w->side * w->side * sizeof *s->y);
        s->colour = SL_GREY;
        s->thin = true;
        if (layer)
            landscape_levels(w, s);
    }
    if (!panel)
        return w->figure->ctx->status;
    panel->tint = SL_SEQUENTIAL;
    panel->z.label = "loss";
    panel->z.log = w->least > 0 && w->most > 10 * w->least;
    if (!solid)
        landscape_cut(w, panel);
    for (int i = 0; i < w->paths && !w->figure->ctx->status; i++) {
        double *at = sl_figure_numbers(w->figure, 2 * (size_t)w->path[i]->points);
        for (int k = 0; at && k < w->path[i]->points; k++)
            sl_plane_place(p, w->terrain.parameters, w->path[i]->values + (size_t)k * w->terrain.parameters,
                           at + 2 * k);
        sl_series *line =
            at ? landscape_path(w, panel, landscape_run(w, i), (size_t)w->path[i]->points, at, true) : NULL;
        if (line)
            line->colour = colours[i];
        sl_series *end = line && w->job->runs > 1
                             ? landscape_path(w, panel, NULL, 1, at + 2 * (w->path[i]->points - 1), false)
                             : NULL;
        if (end) {
            end->colour = colours[i];
            end->outlined = true;
        }
    }
    sl_series *star =
        w->job->runs == 1 ? landscape_path(w, panel, "trained weights", 1, p->star, false) : NULL;
    if (star) {
        star->colour = SL_BLACK;
        star->mark = 1;
    }
    return w->figure->ctx->status;
}

/* --- what is looked at ---------------------------------------------------------------------------------- */

static bool landscape_recorded(const sl_plot_landscape *w, int run)
{
    char *file = sl_path_join(w->figure->ctx, sl_job_folder(w->job, run), "path.bin");
    const bool there = file && sl_os_path_kind(file) != SL_PATH_NONE;
    sl_free(w->figure->ctx, file);
    return there;
}

/* Several runs are of one net with one loss, and have all recorded their paths. */
static sl_status landscape_paths(sl_plot_landscape *w, const sl_model *model)
{
    sl_ctx *ctx = w->figure->ctx;
    for (int i = 0; i < w->job->runs && !ctx->status; i++) {
        const sl_model *other = sl_job_model(w->job, i);
        if (other && (other->parameters != model->parameters || strcmp(other->net, model->net) != 0 ||
                      strcmp(other->loss_text, model->loss_text) != 0))
            return sl_fail(ctx, SL_EINVAL,
                           "figure landscape: %s is '%s' with %s, and %s '%s' with %s: wants runs of one net "
                           "and one loss",
                           sl_job_name(w->job, 0), model->net, model->loss_text, sl_job_name(w->job, i),
                           other->net, other->loss_text);
        w->path[i] = other ? sl_run_read_path(ctx, sl_job_folder(w->job, i)) : NULL;
        w->paths += w->path[i] != NULL;
        if (w->path[i] && (w->path[i]->parameters != model->parameters || !w->path[i]->points))
            return sl_fail(ctx, SL_EINVAL, "figure landscape: the path of %s is not of its net",
                           sl_job_name(w->job, i));
    }
    return ctx->status;
}

static sl_status landscape_plane(sl_plot_landscape *w, const sl_model *model, bool *along_path)
{
    const sl_figure_request *r = w->job->request;
    const double span = r->span != 0 ? r->span : 1;
    const bool wanted = r->x && !strcmp(r->x, "path"), random = r->x && !wanted;
    if (r->x && !wanted && strcmp(r->x, "random") != 0)
        return sl_fail(w->figure->ctx, SL_EINVAL, "figure landscape: --x %s: wants path or random", r->x);
    if (r->x && r->weights)
        return sl_fail(w->figure->ctx, SL_EINVAL,
                       "figure landscape: --weights and --x %s: give one of the two", r->x);
    if (random && w->job->runs > 1)
        return sl_fail(
            w->figure->ctx, SL_EINVAL,
            "figure landscape: --x random is for one run: several are drawn in the plane of their paths");
    const bool several = w->job->runs > 1;
    if (!random && (wanted || several || landscape_recorded(w, 0)) && landscape_paths(w, model))
        return w->figure->ctx->status;
    *along_path = w->paths && !r->weights;
    if (!r->x && !r->weights)
        sl_decided(w->figure->ctx, "weights",
                   *along_path ? "the plane of the paths" : "two random directions",
                   *along_path ? "the weights after epochs are recorded" : "the run has recorded no path");
    return r->weights ? sl_plane_weights(&w->plane, w->figure, &w->terrain, r->weights, span)
           : *along_path
               ? sl_plane_paths(&w->plane, w->figure, &w->terrain, w->path, w->paths, span, w->share, &w->off)
               : sl_plane_random(&w->plane, w->figure, &w->terrain, span);
}

static sl_status landscape_of_runs(sl_figure *figure, const sl_figure_job *job)
{
    const sl_figure_request *r = job->request;
    sl_plot_landscape w = { .figure = figure, .job = job };
    const char *part = NULL;
    bool along_path = false;
    const sl_model *model = sl_job_model(job, 0);
    const sl_data *data = model ? sl_job_data(job, 0, r->data || r->part ? NULL : "train", &part) : NULL;
    if (!data)
        return job->ctx->status;
    if (!r->data && !r->part)
        sl_decided(job->ctx, "part", "train", "the loss that training made small is that of these rows");
    const size_t rows = landscape_size(&w, model, data);
    if (!sl_terrain_open(&w.terrain, job->ctx, model, data, rows) &&
        !landscape_plane(&w, model, &along_path)) {
        w.loss = sl_figure_numbers(figure, w.side * w.side);
        w.memory = sl_figure_numbers(figure, w.terrain.parameters);
        if (!job->ctx->status && !landscape_walk(&w) && !landscape_draw(&w)) {
            sl_landscape_say(&w, data->rows, along_path);
            figure->title = sl_figure_format(
                figure, "Loss landscape of %s%s (%s): %s", sl_job_name(job, 0),
                job->runs > 1 ? sl_figure_format(figure, " and %d more", job->runs - 1) : "", part,
                along_path   ? (job->runs > 1 ? "the plane of the paths" : "the plane of its path")
                : r->weights ? "two weights"
                             : "two random directions");
        }
    }
    sl_terrain_close(&w.terrain);
    for (int i = 0; i < SL_LANDSCAPE_RUNS; i++)
        sl_path_record_free(w.path[i]);
    return job->ctx->status;
}

const sl_figure_kind sl_figure_landscape = {
    .name = "landscape",
    .summary = "the loss over a plane of weights, with paths",
    .formula = "L(w + a d1 + b d2)",
    .source = "Li, Xu, Taylor, Studer, Goldstein, NeurIPS 2018",
    .takes = "data part weights x span solid",
    .most_runs = SL_LANDSCAPE_RUNS,
    .of_runs = landscape_of_runs,
};
