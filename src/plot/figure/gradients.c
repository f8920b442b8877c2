/* gradients - how the gradient's norm fares on its way back through the layers: a line a layer, on a scale of
 * powers. */
#include "kernel/math.h"
#include "plot/numbers/runs.h"

#include <math.h>
#include <string.h>

enum { GRADIENTS_LINES = 14, GRADIENTS_POINTS = 2000 };
static const char gradients_prefix[] = "gradient_norm_";

typedef struct {
    sl_figure *figure;
    const sl_figure_job *job;
    const sl_report *history;
    const char **column; /* [count] of the layers, in the model's order */
    int count;
    const char *label; /* of the run */
} gradients_run;

static const char *gradients_layer(const char *column)
{
    return column + sizeof gradients_prefix - 1;
}

static sl_status gradients_columns(gradients_run *g, int run)
{
    const char *wanted = g->job->request->layer;
    const sl_report *h = g->history;
    sl_text names;
    sl_text_init(&names, g->job->ctx);
    g->column = sl_arena_take(&g->figure->arena, (size_t)h->columns * sizeof *g->column);
    g->count = 0;
    for (int c = 0; g->column && c < h->columns; c++) {
        if (strncmp(h->names[c], gradients_prefix, sizeof gradients_prefix - 1) != 0)
            continue;
        const char *layer = gradients_layer(h->names[c]);
        sl_text_add(&names, "%s%s", names.length ? ", " : "", layer);
        if (!wanted || !strcmp(wanted, layer))
            g->column[g->count++] = h->names[c];
    }
    if (!g->count && !names.length)
        sl_fail(g->job->ctx, SL_EINVAL,
                "%s/metrics.csv: it has no gradient_norm of any layer: was this run "
                "made by slope train?",
                sl_job_folder(g->job, run));
    else if (!g->count)
        sl_fail(g->job->ctx, SL_EINVAL, "figure gradients: %s has no layer '%s' that learns: there are %s",
                sl_job_folder(g->job, run), wanted, sl_text_string(&names));
    sl_text_free(&names);
    return g->job->ctx->status;
}

/* Which of the layers is line `line` of `lines`: evenly, with the first and the last. */
static int gradients_at(const gradients_run *g, int line, int lines)
{
    return lines > 1 ? (int)((size_t)line * (size_t)(g->count - 1) / (size_t)(lines - 1)) : 0;
}

static double gradients_last(const gradients_run *g, int layer)
{
    return sl_report_last(g->history, g->column[layer]);
}

static void gradients_notes(const gradients_run *g)
{
    sl_figure *f = g->figure;
    size_t zeros = 0, gaps = 0, all = 0;
    for (int i = 0; i < g->count; i++)
        for (int row = 0; row < g->history->rows; row++, all++) {
            const double norm = sl_report_at(g->history, row, g->column[i]);
            zeros += norm == 0;
            gaps += !(norm - norm == 0);
        }
    const char *before = g->job->runs > 1 ? sl_figure_format(f, "%s: a", g->label) : "A";
    const char *epoch = sl_figure_number(f, sl_report_last(g->history, "epoch"));
    const double first = gradients_last(g, 0), last = gradients_last(g, g->count - 1);
    if (g->count > 1 && first - first == 0 && last > 0) {
        const double ratio = first / last;
        const double a_layer = sl_exp_d(sl_log_d(ratio) / (double)(g->count - 1));
        sl_figure_note(f, "%sfter epoch %s the gradient of %s is %s times that of %s%s.", before, epoch,
                       gradients_layer(g->column[0]), sl_figure_number(f, ratio),
                       gradients_layer(g->column[g->count - 1]),
                       ratio > 0 && g->count > 2
                           ? sl_figure_format(f, ": a factor of %s a layer on its way back",
                                              sl_figure_number(f, a_layer))
                           : "");
    }
    if (zeros)
        sl_figure_note(
            f,
            "%s: %zu of %zu norms are exactly 0, and have no place on a scale of powers: nothing is "
            "learned there.",
            g->label, zeros, all);
    if (gaps)
        sl_figure_note(f, "%s: %zu of %zu norms are no finite numbers: gaps.", g->label, gaps, all);
}

static void gradients_panel(const gradients_run *g)
{
    sl_figure *f = g->figure;
    const int lines = g->count > GRADIENTS_LINES ? GRADIENTS_LINES : g->count;
    const size_t rows = (size_t)g->history->rows, stride = sl_figure_stride(rows, GRADIENTS_POINTS);
    const size_t count = (rows + stride - 1) / stride;
    sl_panel *panel = sl_figure_panel(f, g->label, "epoch", "gradient norm (last batch)");
    for (int line = 0; panel && line < lines; line++) {
        const char *column = g->column[gradients_at(g, line, lines)];
        sl_series *s =
            sl_panel_add(f, panel, rows > 1 ? SL_DRAW_LINE : SL_DRAW_POINTS, gradients_layer(column), count);
        for (size_t i = 0; s && i < count; i++) {
            const int row = i + 1 < count ? (int)(i * stride) : g->history->rows - 1;
            s->x[i] = sl_report_at(g->history, row, "epoch");
            s->y[i] = sl_report_at(g->history, row, column);
        }
        if (s)
            s->dashed = line >= SL_COLOURS;
    }
    if (panel) {
        panel->y.log = true;
        panel->x.whole = true;
    }
    char drawn[32];
    if (!g->job->request->layer)
        sl_decided(f->ctx, "layer", sl_number_text(drawn, lines),
                   "so many of the %d layers of %s that learn: none was named", g->count, g->label);
    if (lines < g->count)
        sl_figure_note(f, "%d of %s's %d layers are drawn, evenly spaced, with the first and the last.",
                       lines, g->label, g->count);
    if (stride > 1)
        sl_figure_note(f, "Of the %zu epochs of %s one in %zu is drawn, and the last.", rows, g->label,
                       stride);
}

/* Panels beside one another are to be compared: they have one range. */
static void gradients_level(sl_figure *figure)
{
    double low = INFINITY, high = 0;
    for (int p = 0; p < figure->count; p++)
        for (int s = 0; s < figure->panels[p]->count; s++)
            for (size_t i = 0; i < figure->panels[p]->series[s]->count; i++) {
                const double y = figure->panels[p]->series[s]->y[i];
                if (y > 0 && y - y == 0) {
                    low = y < low ? y : low;
                    high = y > high ? y : high;
                }
            }
    for (int p = 0; figure->count > 1 && low <= high && p < figure->count; p++) {
        figure->panels[p]->y.low = low / 1.5;
        figure->panels[p]->y.high = high * 1.5;
    }
}

static sl_status gradients_of_runs(sl_figure *figure, const sl_figure_job *job)
{
    const char **labels = sl_job_labels(figure, job);
    if (!labels)
        return job->ctx->status;
    figure->title = sl_figure_format(figure, "Gradient norms of the layers of %s", sl_job_title(figure, job));
    for (int run = 0; run < job->runs && !job->ctx->status; run++) {
        gradients_run g = { .figure = figure, .job = job, .label = labels[run] };
        g.history = sl_job_history(job, run);
        if (!g.history || gradients_columns(&g, run))
            return job->ctx->status;
        gradients_panel(&g);
        gradients_notes(&g);
    }
    gradients_level(figure);
    return job->ctx->status;
}

const sl_figure_kind sl_figure_gradients = {
    .name = "gradients",
    .summary = "norm of each layer's gradient, epoch by epoch",
    .formula = "|dloss/dW| of a layer's weights and biases, of the epoch's last batch, on a scale of powers",
    .source = "Glorot, Bengio, AISTATS 2010, figure 7",
    .takes = "layer",
    .most_runs = 6,
    .of_runs = gradients_of_runs,
};
