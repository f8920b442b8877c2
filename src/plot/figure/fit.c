/* fit - the curve that a net has learned over one input, the rows it has learned from, and where they end. */
#include "plot/numbers/inputs.h"

#include <math.h>

enum { FIT_POINTS = 241 };

static void fit_rows(sl_figure *figure, sl_panel *panel, const sl_inputs_points *rows, const char *name,
                     sl_colour colour, int mark)
{
    sl_series *points = rows->count ? sl_panel_add(figure, panel, SL_DRAW_POINTS, name, rows->count) : NULL;
    if (!points)
        return;
    points->colour = colour;
    points->mark = mark;
    points->thin = rows->count > 200;
    for (size_t i = 0; i < rows->count; i++) {
        points->x[i] = rows->x[0][i];
        points->y[i] = rows->target[i];
    }
}

static void fit_end(sl_figure *figure, sl_panel *panel, double at, const char *name)
{
    sl_series *line = sl_panel_add(figure, panel, SL_DRAW_UP, name, 1);
    if (!line)
        return;
    line->colour = SL_GREY;
    line->dashed = line->thin = true;
    line->x[0] = at;
}

static void fit_curve(sl_inputs *inputs, sl_panel *panel)
{
    const sl_varied *axis = &inputs->axis[0];
    const double interval = sl_model_interval(inputs->model, NULL, NULL);
    int width;
    double *x = sl_figure_numbers(inputs->figure, FIT_POINTS);
    for (int i = 0; x && i < FIT_POINTS; i++)
        x[i] = axis->from + (axis->to - axis->from) * i / (FIT_POINTS - 1);
    const double *said = x ? sl_inputs_answers(inputs, &x, FIT_POINTS, &width) : NULL;
    sl_series *band = said && interval > 0
                          ? sl_panel_add(inputs->figure, panel, SL_DRAW_BAND,
                                         sl_figure_format(inputs->figure, "%s %% interval",
                                                          sl_figure_number(inputs->figure, interval)),
                                         FIT_POINTS)
                          : NULL;
    sl_series *line = said ? sl_panel_add(inputs->figure, panel, SL_DRAW_LINE, "the net", FIT_POINTS) : NULL;
    for (int i = 0; line && i < FIT_POINTS; i++) {
        line->x[i] = x[i];
        line->y[i] = said[i * width];
        if (band) {
            band->x[i] = x[i];
            band->low[i] = said[i * width + 1];
            band->high[i] = said[i * width + 2];
            band->y[i] = line->y[i];
        }
    }
    if (line)
        line->colour = SL_VERMILION;
    if (band)
        band->colour = SL_ORANGE;
}

static void fit_notes(sl_inputs *inputs)
{
    sl_figure *figure = inputs->figure;
    const sl_varied *axis = &inputs->axis[0];
    const char *target = sl_answers_target(inputs->model);
    double ends[2] = { axis->from, axis->to }, *at = ends;
    int width;
    const double *said = sl_inputs_answers(inputs, &at, 2, &width);
    const sl_data *data[] = { inputs->train, inputs->other };
    for (int i = 0; i < 2 && data[i] && !figure->ctx->status; i++) {
        sl_report *report = sl_evaluate(figure->ctx, inputs->model, data[i]);
        if (report)
            sl_figure_note(figure, "rmse %s in %s on %s of the %s part.",
                           sl_answers_number(figure, sl_report_last(report, "rmse")), target,
                           sl_answers_count(figure, sl_data_rows(data[i]), "row"),
                           i ? inputs->other_part : "train");
        sl_report_free(report);
    }
    if (said)
        sl_figure_note(figure,
                       "Training rows have %s from %s to %s. Beyond nothing has been learned: at %s the "
                       "net says %s, at %s %s.",
                       axis->name, sl_inputs_text(inputs, 0, axis->low),
                       sl_inputs_text(inputs, 0, axis->high), sl_inputs_text(inputs, 0, axis->from),
                       sl_answers_number(figure, said[0]), sl_inputs_text(inputs, 0, axis->to),
                       sl_answers_number(figure, said[width]));
    sl_inputs_notes(inputs);
}

static sl_status fit_of_runs(sl_figure *figure, const sl_figure_job *job)
{
    sl_inputs inputs;
    const sl_model *model = sl_job_model(job, 0);
    if (model && sl_model_classes(model))
        return sl_fail(job->ctx, SL_EINVAL,
                       "figure fit: is of numbers, and %s tells classes apart: take boundary (two inputs), "
                       "confusion or calibration",
                       sl_job_folder(job, 0));
    if (!sl_inputs_open(figure, job, 1, &inputs))
        return job->ctx->status;
    const sl_varied *axis = &inputs.axis[0];
    figure->title = sl_figure_format(figure, "Fit of %s: %s over %s", sl_job_name(job, 0),
                                     sl_answers_target(model), axis->name);
    sl_panel *panel = sl_figure_panel(figure, NULL, axis->name, sl_answers_target(model));
    if (!panel)
        return job->ctx->status;
    panel->x.low = axis->from;
    panel->x.high = axis->to;
    sl_inputs_ticks(&inputs, 0, &panel->x);
    fit_rows(figure, panel, &inputs.points, "training rows", SL_SKY, 0);
    if (inputs.other)
        fit_rows(figure, panel, &inputs.others, sl_figure_format(figure, "%s rows", inputs.other_part),
                 SL_BLACK, 2);
    fit_curve(&inputs, panel);
    if (axis->low > axis->from)
        fit_end(figure, panel, axis->low, "training rows end");
    if (axis->high < axis->to)
        fit_end(figure, panel, axis->high, axis->low > axis->from ? NULL : "training rows end");
    fit_notes(&inputs);
    return job->ctx->status;
}

const sl_figure_kind sl_figure_fit = {
    .name = "fit",
    .summary = "the curve learned over one input, and its rows",
    .formula = "what the net answers over one input; others stay at their median, as in partial dependence",
    .takes = "data columns span",
    .most_runs = 1,
    .of_runs = fit_of_runs,
};
