/* curves - learning curves of one or several runs: loss and figure of merit over epochs, steps or seconds. */
#include "plot/kind.h"

#include <stdio.h>
#include <string.h>

static void curves_series(sl_figure *figure, sl_panel *panel, const sl_report *history, const char *x,
                          const char *column, const char *name, sl_colour colour, bool dashed)
{
    const int found = sl_report_find(history, column);
    bool any = false;
    for (int i = 0; found >= 0 && i < history->rows && !any; i++)
        any = sl_report_at(history, i, column) == sl_report_at(history, i, column);
    sl_series *line = any ? sl_panel_add(figure, panel, SL_DRAW_LINE, name, (size_t)history->rows) : NULL;
    for (int i = 0; line && i < history->rows; i++) {
        line->x[i] = sl_report_at(history, i, x);
        line->y[i] = sl_report_at(history, i, column);
    }
    if (line) {
        line->colour = colour;
        line->dashed = dashed;
    }
}

static sl_status curves_of_runs(sl_figure *figure, const sl_figure_job *job)
{
    static const char *const parts[] = { "train", "validation" };
    const char *x = job->request->x ? job->request->x : "epoch";
    const sl_report *first = sl_job_history(job, 0);
    if (!first)
        return job->ctx->status;
    const char *merit = sl_report_find(first, "train_accuracy") >= 0 ? "accuracy" : "rmse";
    const char *const metrics[] = { "loss", merit };
    figure->title = sl_figure_format(figure, "Learning curves of %s", sl_job_name(job, 0));
    for (int m = 0; m < 2; m++) {
        sl_panel *panel = sl_figure_panel(figure, metrics[m], x, metrics[m]);
        if (!panel)
            return job->ctx->status;
        panel->x.whole = true;
        panel->y.robust = true;
        for (int part = 0; part < 2; part++) {
            char column[64];
            snprintf(column, sizeof column, "%s_%s", parts[part], metrics[m]);
            curves_series(figure, panel, first, x, column, parts[part], (sl_colour)part, false);
        }
    }
    return job->ctx->status;
}

const sl_figure_kind sl_figure_curves = {
    .name = "curves",
    .summary = "loss and figure of merit while training",
    .formula = "the columns of metrics.csv",
    .takes = "x metric",
    .most_runs = 16,
    .of_runs = curves_of_runs,
};
