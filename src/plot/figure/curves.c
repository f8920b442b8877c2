/* curves - learning curves of one or several runs: loss and figure of merit over epochs, steps or seconds. */
#include "plot/numbers/runs.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LEARNING_POINTS = 2000, LEARNING_PAIRS = 4, LEARNING_DIGESTED = 8, LEARNING_COLUMN = 96 };

typedef struct {
    sl_figure *figure;
    const sl_figure_job *job;
    const char *x;
    const char **labels;
    sl_report **steps; /* [runs], x=step: steps.csv; NULL: not recorded */
} learning_plan;

static bool learning_has(const sl_report *history, const char *part, const char *metric, char *column)
{
    snprintf(column, LEARNING_COLUMN, "%s%s", part, metric);
    return sl_report_find(history, column) >= 0;
}

/* Any finite number of it? A part without rows has a column of none. */
static bool learning_known(const sl_report *history, const char *part, const char *metric)
{
    char column[LEARNING_COLUMN];
    bool known = false;
    for (int i = 0; learning_has(history, part, metric, column) && i < history->rows && !known; i++)
        known = sl_report_at(history, i, column) - sl_report_at(history, i, column) == 0;
    return known;
}

static const char *learning_x_label(const char *x)
{
    return !strcmp(x, "seconds") ? "time (seconds)" : x;
}

/* --- lines ------------------------------------------------------------------------------------------------
 */

static sl_series *learning_line(const learning_plan *plan, sl_panel *panel, int run, const char *part,
                                const char *metric, const char *name)
{
    const sl_report *h = sl_job_history(plan->job, run);
    char column[LEARNING_COLUMN];
    if (!h || !learning_known(h, part, metric) || !learning_has(h, part, metric, column))
        return NULL;
    const size_t rows = (size_t)h->rows, stride = sl_figure_stride(rows, LEARNING_POINTS);
    const size_t count = (rows + stride - 1) / stride;
    sl_series *line =
        sl_panel_add(plan->figure, panel, rows > 1 ? SL_DRAW_LINE : SL_DRAW_POINTS, name, count);
    for (size_t i = 0; line && i < count; i++) {
        const int row = i + 1 < count ? (int)(i * stride) : h->rows - 1; /* the last one is there */
        line->x[i] = sl_report_at(h, row, plan->x);
        line->y[i] = sl_report_at(h, row, column);
    }
    if (line && stride > 1)
        sl_figure_note(plan->figure, "Of the %zu epochs of %s one in %zu is drawn, and the last.", rows,
                       plan->labels[run], stride);
    return line;
}

static void learning_best(const learning_plan *plan, sl_panel *panel)
{
    const sl_report *h = sl_job_history(plan->job, 0);
    if (!h || h->best < 0)
        return;
    const double epoch = sl_report_at(h, h->best, "epoch");
    sl_series *best = sl_panel_add(
        plan->figure, panel, SL_DRAW_UP,
        sl_figure_format(plan->figure, "best epoch %s", sl_figure_number(plan->figure, epoch)), 1);
    if (best) {
        best->x[0] = sl_report_at(h, h->best, plan->x);
        best->colour = SL_GREY;
        best->dashed = best->thin = true;
    }
}

/* What falls through hundreds is seen on a scale of powers. */
static bool learning_wide(const sl_panel *panel)
{
    double low = INFINITY, high = 0;
    for (int s = 0; s < panel->count; s++)
        for (size_t i = 0; panel->series[s]->how != SL_DRAW_UP && panel->series[s]->how != SL_DRAW_BAND &&
                           i < panel->series[s]->count;
             i++) {
            const double y = panel->series[s]->y[i];
            if (y <= 0)
                return false;
            if (y - y == 0) {
                low = y < low ? y : low;
                high = y > high ? y : high;
            }
        }
    return high > 100 * low;
}

/* The panel has the runs' lines of one metric: training and validation, of many runs validation alone. */
static sl_status learning_panel(const learning_plan *plan, const char *metric)
{
    sl_figure *figure = plan->figure;
    const int runs = plan->job->runs;
    sl_panel *panel = sl_figure_panel(figure, sl_figure_words(figure, metric), learning_x_label(plan->x),
                                      sl_figure_merit_label(figure, plan->job, metric));
    for (int run = 0; panel && run < runs; run++) {
        const sl_report *h = sl_job_history(plan->job, run);
        if (!h)
            return plan->job->ctx->status;
        const bool validated = learning_known(h, "validation_", metric);
        const bool trained = learning_known(h, "train_", metric);
        sl_series *alone = learning_line(plan, panel, run, "", metric,
                                         runs > 1 ? plan->labels[run] : sl_figure_words(figure, metric));
        if (alone)
            alone->colour = (sl_colour)(run % SL_COLOURS);
        const bool by_step =
            !strcmp(metric, "loss") && plan->steps[run] && (runs <= LEARNING_PAIRS || !validated);
        if (by_step && sl_losses_of_steps(plan->figure, panel, plan->steps[run],
                                          runs == 1   ? "training, before each step"
                                          : validated ? NULL
                                                      : plan->labels[run],
                                          (sl_colour)(run % SL_COLOURS), runs == 1)) {
            if (runs > 1)
                panel->series[panel->count - 1]->thin = true;
        } else if (trained && (runs <= LEARNING_PAIRS || !validated)) {
            sl_series *train = learning_line(plan, panel, run, "train_", metric,
                                             runs == 1   ? "training"
                                             : validated ? NULL
                                                         : plan->labels[run]);
            if (train) {
                train->colour = (sl_colour)(run % SL_COLOURS);
                train->dashed = validated;
                train->thin = runs > 1 && validated;
            }
        }
        sl_series *other = learning_line(plan, panel, run, "validation_", metric,
                                         runs == 1 ? "validation" : plan->labels[run]);
        if (other)
            other->colour = (sl_colour)(runs == 1 ? SL_ORANGE : run % SL_COLOURS);
    }
    if (!panel)
        return plan->job->ctx->status;
    if (runs == 1)
        learning_best(plan, panel);
    panel->x.whole = strcmp(plan->x, "seconds") != 0;
    panel->y.log = learning_wide(panel);
    panel->y.robust = !panel->y.log;
    return plan->job->ctx->status;
}

/* Where curvature was recorded: beside it 2 / lr, up to which gradient descent is stable. */
static void learning_curvature(const learning_plan *plan)
{
    const int runs = plan->job->runs;
    bool known = false;
    for (int run = 0; run < runs; run++)
        known = known || learning_known(sl_job_history(plan->job, run), "", "curvature");
    sl_panel *panel =
        known ? sl_figure_panel(plan->figure, "curvature", learning_x_label(plan->x), "largest eigenvalue")
              : NULL;
    for (int run = 0; panel && run < runs; run++) {
        const sl_colour colour = (sl_colour)(run % SL_COLOURS);
        sl_series *line =
            learning_line(plan, panel, run, "", "curvature", runs > 1 ? plan->labels[run] : "curvature");
        sl_series *edge = line ? learning_line(plan, panel, run, "", "lr", runs > 1 ? NULL : "2 / lr") : NULL;
        for (size_t i = 0; edge && i < edge->count; i++)
            edge->y[i] = edge->y[i] > 0 ? 2 / edge->y[i] : NAN;
        if (line)
            line->colour = colour;
        if (edge) {
            edge->colour = runs > 1 ? colour : SL_GREY;
            edge->dashed = edge->thin = true;
        }
    }
    if (!panel)
        return;
    panel->x.whole = strcmp(plan->x, "seconds") != 0;
    panel->y.log = learning_wide(panel);
    sl_figure_note(
        plan->figure,
        "Where the curvature is above 2 / lr (%s), a step of plain gradient descent leads up along "
        "it; momentum and rules such as adam bear other curvatures.",
        runs > 1 ? "dashed" : "the dashed line");
}

/* --- sentences --------------------------------------------------------------------------------------------
 */

static void learning_note_run(const learning_plan *plan, int run, const char *metric)
{
    const sl_report *h = sl_job_history(plan->job, run);
    sl_figure *f = plan->figure;
    char column[LEARNING_COLUMN], train[LEARNING_COLUMN];
    if (!h || h->best < 0)
        return;
    const bool validated = learning_known(h, "validation_", "loss");
    const char *part = validated ? "validation_" : "train_";
    const char *loss = validated ? "validation_loss" : "train_loss";
    sl_text text;
    sl_text_init(&text, plan->job->ctx);
    if (plan->job->runs > 1)
        sl_text_add(&text, "%s: ", plan->labels[run]);
    sl_text_add(&text, "the %s is least after epoch %s (%s)", validated ? "validation loss" : "training loss",
                sl_figure_number(f, sl_report_at(h, h->best, "epoch")),
                sl_figure_number(f, sl_report_at(h, h->best, loss)));
    if (strcmp(metric, "loss") != 0 && learning_has(h, part, metric, column))
        sl_text_add(&text, ", with %s %s", sl_figure_words(f, metric),
                    sl_figure_number(f, sl_report_at(h, h->best, column)));
    if (h->best + 1 < h->rows && plan->job->runs == 1 && learning_has(h, "train_", "loss", train))
        sl_text_add(&text, "; after epoch %s it is %s%s%s", sl_figure_number(f, sl_report_last(h, "epoch")),
                    sl_figure_number(f, sl_report_last(h, loss)), validated ? ", that of training " : "",
                    validated ? sl_figure_number(f, sl_report_last(h, train)) : "");
    if (text.bytes && plan->job->runs == 1)
        text.bytes[0] = 'T';
    sl_figure_note(f, "%s.", sl_text_string(&text));
    sl_text_free(&text);
}

/* Numbers that are none, and runs that did not end well. */
static void learning_note_gaps(const learning_plan *plan, int run, const char *metric)
{
    static const char *const parts[] = { "train_", "validation_" };
    const sl_report *h = sl_job_history(plan->job, run);
    char column[LEARNING_COLUMN];
    for (int part = 0; h && part < 2; part++) {
        int gaps = 0;
        for (int i = 0; learning_known(h, parts[part], metric) && i < h->rows; i++) {
            learning_has(h, parts[part], metric, column);
            gaps += !(sl_report_at(h, i, column) - sl_report_at(h, i, column) == 0);
        }
        if (gaps)
            sl_figure_note(plan->figure, "%s: in %d of %d epochs the %s is not a finite number: a gap.",
                           plan->labels[run], gaps, h->rows,
                           sl_figure_format(plan->figure, "%s%s", part ? "validation " : "training ",
                                            sl_figure_words(plan->figure, metric)));
    }
}

static void learning_note_status(const learning_plan *plan, int run)
{
    const sl_report *h = sl_job_history(plan->job, run);
    const char *status = sl_job_status(plan->job, run);
    if (!h || plan->job->ctx->status)
        return;
    const char *epoch = sl_figure_number(plan->figure, sl_report_last(h, "epoch"));
    if (!strcmp(status, "diverged"))
        sl_figure_note(plan->figure,
                       "%s diverged behind epoch %s: a loss or weight was no longer finite; try a smaller "
                       "step size.",
                       plan->labels[run], epoch);
    else if (!strcmp(status, "running") || !strcmp(status, "stopped"))
        sl_figure_note(plan->figure, "%s has not finished: it is drawn up to epoch %s.", plan->labels[run],
                       epoch);
}

/* --- what was asked for -----------------------------------------------------------------------------------
 */

static sl_status learning_unknown(const learning_plan *plan, int run, const char *metric)
{
    const sl_report *h = sl_job_history(plan->job, run);
    sl_text names;
    sl_text_init(&names, plan->job->ctx);
    for (int c = 0; c < h->columns; c++) {
        const char *name = h->names[c];
        char column[LEARNING_COLUMN];
        if (!strcmp(name, "epoch") || !strcmp(name, "step"))
            continue;
        if (!strncmp(name, "validation_", 11) && learning_has(h, "train_", name + 11, column))
            continue; /* named with training's */
        name = !strncmp(name, "train_", 6) ? name + 6 : !strncmp(name, "validation_", 11) ? name + 11 : name;
        sl_text_add(&names, "%s%s", names.length ? ", " : "", name);
    }
    sl_fail(plan->job->ctx, SL_EINVAL, "figure curves: %s has no metric '%s': it has recorded %s",
            sl_job_folder(plan->job, run), metric, sl_text_string(&names));
    sl_text_free(&names);
    return plan->job->ctx->status;
}

static sl_status learning_check(const learning_plan *plan)
{
    static const char *const ways[] = { "epoch", "step", "seconds" };
    const char *metric = plan->job->request->metric;
    bool known = false;
    for (int i = 0; i < 3; i++)
        known = known || !strcmp(plan->x, ways[i]);
    if (!known)
        return sl_fail_word(plan->job->ctx, "x of curves", plan->x, ways, 3);
    for (int run = 0; run < plan->job->runs; run++) {
        const sl_report *h = sl_job_history(plan->job, run);
        if (!h)
            return plan->job->ctx->status;
        if (metric && !learning_known(h, "train_", metric) && !learning_known(h, "validation_", metric) &&
            !learning_known(h, "", metric))
            return learning_unknown(plan, run, metric);
    }
    return SL_OK;
}

/* With x=step the losses of the steps, where they are recorded. */
static sl_status learning_read_steps(learning_plan *plan)
{
    const sl_figure_job *job = plan->job;
    const bool wanted =
        !strcmp(plan->x, "step") && (!job->request->metric || !strcmp(job->request->metric, "loss"));
    plan->steps = sl_alloc_array(job->ctx, (size_t)job->runs, sizeof *plan->steps);
    for (int run = 0; plan->steps && wanted && run < job->runs && !job->ctx->status; run++) {
        plan->steps[run] = sl_job_steps(job, run);
        if (!plan->steps[run])
            sl_figure_note(plan->figure,
                           "%s has no steps.csv, as an older version made it: its losses are those after "
                           "epochs.",
                           plan->labels[run]);
    }
    return job->ctx->status;
}

static sl_status learning_draw(learning_plan *plan)
{
    sl_figure *figure = plan->figure;
    const sl_figure_job *job = plan->job;
    const sl_report *first = sl_job_history(job, 0);
    const char *merit = sl_report_find(first, "train_accuracy") >= 0 ? "accuracy" : "rmse";
    const char *const metrics[] = { job->request->metric ? job->request->metric : "loss", merit };
    const int panels = job->request->metric ? 1 : 2;
    if (!job->request->metric)
        sl_decided(job->ctx, "metric", !strcmp(merit, "rmse") ? "loss, rmse" : "loss, accuracy",
                   !strcmp(merit, "rmse") ? "the run learned a number" : "the run learned classes");
    if (!job->request->x)
        sl_decided(job->ctx, "x", "epoch", "the default of curves");
    figure->title = sl_figure_format(figure, "Learning curves of %s", sl_job_title(figure, job));
    bool pairs = false;
    for (int m = 0; m < panels && !learning_panel(plan, metrics[m]); m++)
        for (int run = 0; run < job->runs; run++)
            pairs = pairs || (learning_known(sl_job_history(job, run), "train_", metrics[m]) &&
                              learning_known(sl_job_history(job, run), "validation_", metrics[m]));
    if (!job->request->metric)
        learning_curvature(plan);
    if (job->runs > 1 && pairs)
        sl_figure_note(figure, job->runs <= LEARNING_PAIRS ? "Solid: validation; dashed or thin: training."
                                                           : "All lines are of the validation rows.");
    if (job->runs == 1 && plan->steps[0])
        sl_figure_note(figure,
                       "A point of the training loss is the mean of neighbouring steps' batches, the band "
                       "goes from their lowest to their highest.");
    for (int run = 0; run < job->runs && !job->ctx->status; run++) {
        if (run < LEARNING_DIGESTED)
            learning_note_run(plan, run, metrics[panels - 1]);
        for (int m = 0; m < panels; m++)
            learning_note_gaps(plan, run, metrics[m]);
        learning_note_status(plan, run);
    }
    return job->ctx->status;
}

static sl_status learning_of_runs(sl_figure *figure, const sl_figure_job *job)
{
    learning_plan plan = { figure, job, job->request->x ? job->request->x : "epoch", NULL, NULL };
    if (learning_check(&plan) || !(plan.labels = sl_job_labels(figure, job)))
        return job->ctx->status;
    if (!learning_read_steps(&plan))
        learning_draw(&plan);
    for (int run = 0; plan.steps && run < job->runs; run++)
        sl_report_free(plan.steps[run]);
    sl_free(job->ctx, plan.steps);
    return job->ctx->status;
}

const sl_figure_kind sl_figure_curves = {
    .name = "curves",
    .summary = "loss and figure of merit while training",
    .formula = "the columns of metrics.csv after each epoch; with x=step the losses of steps.csv",
    .takes = "x metric",
    .most_runs = 16,
    .of_runs = learning_of_runs,
};
