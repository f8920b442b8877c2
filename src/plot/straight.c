/* straight.c - a straight line that learns: data and weights side by side, lines of steps and of epochs,
 * losses. */
#include "plot/figure.h"
#include "train/report.h"

#include <math.h>
#include <string.h>

enum { STRAIGHT_COLUMNS = 81, STRAIGHT_ROWS = 81, STRAIGHT_LEVELS = 12, STRAIGHT_SHOWN = 5 };

typedef struct {
    sl_figure *figure;
    const sl_line_options *points;
    const sl_report *const *walks;
    const char *const *names;
    int count;
    double best[2], low, high; /* the range of x, with some room */
} straight_picture;

static sl_panel *straight_data(const straight_picture *job, const char *title)
{
    sl_panel *panel = sl_figure_panel(job->figure, title, "x", "y");
    sl_series *dots = panel ? sl_panel_add(job->figure, panel, SL_DRAW_POINTS, "data", job->points->n) : NULL;
    if (!dots)
        return NULL;
    memcpy(dots->x, job->points->x, job->points->n * sizeof(double));
    memcpy(dots->y, job->points->y, job->points->n * sizeof(double));
    dots->colour = SL_BLACK;
    return panel;
}

static sl_series *straight_draw(const straight_picture *job, sl_panel *panel, const char *name, double w1,
                                double w2, sl_colour colour)
{
    sl_series *line = sl_panel_add(job->figure, panel, SL_DRAW_LINE, name, 2);
    if (!line)
        return NULL;
    line->x[0] = job->low;
    line->x[1] = job->high;
    line->y[0] = w1 + w2 * job->low;
    line->y[1] = w1 + w2 * job->high;
    line->colour = colour;
    return line;
}

static void straight_draw_best(const straight_picture *job, sl_panel *panel)
{
    sl_series *line = straight_draw(job, panel, "least squares", job->best[0], job->best[1], SL_BLACK);
    if (line)
        line->dashed = true;
    const double *truth = job->points->truth;
    if (truth) {
        straight_draw(job, panel, "true line", truth[0], truth[1], SL_BLACK);
        sl_figure_note(job->figure, "The points were made by y = %s + %s x, and noise.",
                       sl_figure_number(job->figure, truth[0]), sl_figure_number(job->figure, truth[1]));
    }
}

static int straight_row(const sl_report *walk, int epoch)
{
    int row = 0;
    for (int i = 0; i < walk->rows; i++)
        if (sl_report_at(walk, i, "epoch") <= epoch)
            row = i;
    return row;
}

/* Behind epochs 1, 3, 5, ...: at most STRAIGHT_SHOWN of them, evenly. */
static void straight_draw_epochs(const straight_picture *job, sl_panel *panel)
{
    const sl_report *walk = job->walks[0];
    const int last = (int)sl_report_last(walk, "epoch");
    int each = 2;
    while (1 + each * STRAIGHT_SHOWN <= last)
        each++;
    for (int epoch = 1, k = 0; epoch <= last; epoch += each, k++) {
        const int row = straight_row(walk, epoch);
        straight_draw(job, panel, sl_figure_format(job->figure, "epoch %d", epoch),
                      sl_report_at(walk, row, "w1"), sl_report_at(walk, row, "w2"),
                      (sl_colour)(k % SL_COLOURS));
    }
}

static void straight_draw_steps(const straight_picture *job, sl_panel *panel)
{
    const sl_report *walk = job->walks[0];
    for (int i = 1; i < walk->rows && i <= 40; i++) {
        sl_series *line = straight_draw(job, panel, i == 1 ? "behind each step" : NULL,
                                        sl_report_at(walk, i, "w1"), sl_report_at(walk, i, "w2"), SL_SKY);
        if (line)
            line->thin = true;
    }
    straight_draw(job, panel, "behind the last", sl_report_last(walk, "w1"), sl_report_last(walk, "w2"),
                  SL_VERMILION);
}

/* Level lines of the loss over w1 and w2: ellipses about the best line, and the way there. */
static void straight_bowl(const straight_picture *job)
{
    const sl_report *walk = job->walks[0];
    double low[2] = { job->best[0], job->best[1] }, high[2] = { job->best[0], job->best[1] };
    static const char *const names[] = { "w1", "w2" };
    for (int axis = 0; axis < 2; axis++) {
        for (int i = 0; i < walk->rows; i++) {
            const double at = sl_report_at(walk, i, names[axis]);
            low[axis] = at < low[axis] ? at : low[axis];
            high[axis] = at > high[axis] ? at : high[axis];
        }
        const double room = 0.2 * (high[axis] - low[axis]) + 1e-6;
        low[axis] -= room;
        high[axis] += room;
        high[axis] += high[axis] - job->best[axis] < 2 * room ? 2 * room : 0; /* behind the minimum, too */
    }
    sl_panel *panel = sl_figure_panel(job->figure, "the weights, on level lines of the loss", "w1", "w2");
    sl_series *grid = panel ? sl_panel_grid(job->figure, panel, SL_DRAW_CONTOUR, STRAIGHT_ROWS,
                                            STRAIGHT_COLUMNS, low[0], high[0], low[1], high[1])
                            : NULL;
    sl_series *path =
        grid ? sl_panel_add(job->figure, panel, SL_DRAW_PATH, "each step", (size_t)walk->rows) : NULL;
    sl_series *best = path ? sl_panel_add(job->figure, panel, SL_DRAW_POINTS, "least squares", 1) : NULL;
    double *levels = sl_figure_numbers(job->figure, STRAIGHT_LEVELS), most = 0;
    if (!best || !levels)
        return;
    for (int row = 0; row < STRAIGHT_ROWS; row++)
        for (int column = 0; column < STRAIGHT_COLUMNS; column++) {
            const double loss = sl_line_loss(job->points->n, job->points->x, job->points->y,
                                             low[0] + (high[0] - low[0]) * column / (STRAIGHT_COLUMNS - 1),
                                             low[1] + (high[1] - low[1]) * row / (STRAIGHT_ROWS - 1));
            grid->y[row * STRAIGHT_COLUMNS + column] = loss;
            most = loss > most ? loss : most;
        }
    const double least =
        sl_line_loss(job->points->n, job->points->x, job->points->y, job->best[0], job->best[1]);
    for (int k = 0; k < STRAIGHT_LEVELS; k++) /* ellipses at even distances */
        levels[k] =
            least + (most - least) * (k + 1) * (k + 1) / ((STRAIGHT_LEVELS + 1) * (STRAIGHT_LEVELS + 1));
    grid->levels = levels;
    grid->level_count = sl_axis_plain(levels, STRAIGHT_LEVELS);
    grid->colour = SL_GREY;
    grid->thin = true;
    panel->no_scale = true;
    for (int i = 0; i < walk->rows; i++) {
        path->x[i] = sl_report_at(walk, i, "w1");
        path->y[i] = sl_report_at(walk, i, "w2");
    }
    path->colour = SL_VERMILION;
    best->x[0] = job->best[0];
    best->y[0] = job->best[1];
    best->colour = SL_BLACK;
    best->mark = 3;
}

static void straight_losses(const straight_picture *job)
{
    static const sl_colour colours[] = { SL_GREEN, SL_BLUE, SL_VERMILION };
    sl_panel *panel = sl_figure_panel(job->figure, NULL, "step", "mean squared error over all points");
    int most = 0;
    for (int w = 0; w < job->count; w++)
        most = !w || job->walks[w]->rows < most ? job->walks[w]->rows : most;
    for (int w = 0; w < job->count && panel; w++) {
        sl_series *line =
            sl_panel_add(job->figure, panel, SL_DRAW_LINE, job->names ? job->names[w] : NULL, (size_t)most);
        if (!line)
            return;
        line->colour = w < 3 ? colours[w] : (sl_colour)(w % SL_COLOURS);
        for (int i = 0; i < most; i++) {
            line->x[i] = i;
            line->y[i] = sl_report_at(job->walks[w], i, "loss");
        }
    }
    if (panel) {
        panel->x.whole = true;
        panel->y.zero = true;
    }
}

static void straight_space(const straight_picture *job)
{
    sl_panel *panel = straight_data(job, "the data, and lines behind epochs");
    if (panel) {
        straight_draw_epochs(job, panel);
        straight_draw_best(job, panel);
        straight_bowl(job);
    }
}

static sl_status straight_fill(const straight_picture *job, const char *kind)
{
    sl_figure *figure = job->figure;
    if (!strcmp(kind, "space")) {
        figure->title = "A line and its weights";
        straight_space(job);
    } else if (!strcmp(kind, "losses")) {
        figure->title = "Losses over steps";
        straight_losses(job);
    } else if (!strcmp(kind, "epoch") || !strcmp(kind, "epochs")) {
        const bool one = !strcmp(kind, "epoch");
        figure->title = one ? "The line behind each step of one epoch" : "The line behind epochs";
        sl_panel *panel = straight_data(job, NULL);
        if (panel && one)
            straight_draw_steps(job, panel);
        else if (panel)
            straight_draw_epochs(job, panel);
        if (panel)
            straight_draw_best(job, panel);
    } else {
        static const char *const kinds[] = { "space", "epoch", "epochs", "losses" };
        return sl_fail_word(figure->ctx, "figure", kind, kinds, 4);
    }
    return figure->ctx->status;
}

sl_figure *sl_line_figure(sl_ctx *ctx, const char *kind, const sl_line_options *points,
                          const sl_report *const *walks, const char *const *names, int count)
{
    straight_picture job = { .points = points, .walks = walks, .names = names, .count = count };
    if (!ctx || ctx->status)
        return NULL;
    for (int i = 0; i < count || i == 0; i++)
        if (!kind || !points || !walks || count < 1 || !walks[i]) {
            sl_fail(ctx, SL_EINVAL, "sl_line_figure: wants a kind, points and walks of sl_line_descend");
            return NULL;
        }
    if (sl_line_fit(ctx, points->n, points->x, points->y, job.best))
        return NULL;
    job.figure = sl_figure_new(ctx, "line");
    if (!job.figure)
        return NULL;
    job.low = job.high = points->x[0];
    for (size_t i = 1; i < points->n; i++) {
        job.low = points->x[i] < job.low ? points->x[i] : job.low;
        job.high = points->x[i] > job.high ? points->x[i] : job.high;
    }
    const double room = (job.high - job.low) / 20;
    job.low -= room;
    job.high += room;
    if (!straight_fill(&job, kind) && !sl_figure_finish(job.figure))
        return job.figure;
    sl_figure_free(job.figure);
    return NULL;
}
