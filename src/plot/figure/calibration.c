/* calibration - is a probability of 0.8 right in 80 of 100 rows? Accuracy over confidence, bin by bin. */
#include "plot/numbers/answers.h"
#include "train/measure.h"

#include <math.h>

/* The 95 % interval of a share, right of rows: Wilson, J. Am. Stat. Assoc. 22, 1927. */
static void calibration_interval(double share, double rows, double *low, double *high)
{
    const double z = 1.959963984540054, square = z * z / rows;
    const double middle = (share + square / 2) / (1 + square);
    const double half = z * sqrt(share * (1 - share) / rows + square / rows / 4) / (1 + square);
    *low = middle - half > 0 ? middle - half : 0;
    *high = middle + half < 1 ? middle + half : 1;
}

static void calibration_unit(sl_axis *axis)
{
    axis->low = 0;
    axis->high = 1;
}

static void calibration_curve(sl_figure *figure, const sl_report *bins, const char *confidence,
                              const char *accuracy)
{
    size_t used = 0, i = 0;
    sl_panel *panel = sl_figure_panel(figure, "Reliability", confidence, accuracy);
    if (!panel)
        return;
    for (int b = 0; b < sl_report_rows(bins); b++)
        used += sl_report_at(bins, b, "rows") > 0;
    calibration_unit(&panel->x);
    calibration_unit(&panel->y);
    panel->square = true;
    sl_series *ideal = sl_panel_add(figure, panel, SL_DRAW_LINE, "perfectly calibrated", 2);
    sl_series *line = sl_panel_add(figure, panel, SL_DRAW_LINE, NULL, used);
    sl_series *whiskers = sl_panel_add(figure, panel, SL_DRAW_ERRORS, "bin, 95 % interval", used);
    if (!whiskers)
        return;
    ideal->colour = SL_GREY;
    ideal->dashed = true;
    ideal->x[1] = ideal->y[1] = 1;
    line->colour = whiskers->colour = SL_BLUE;
    for (int b = 0; b < sl_report_rows(bins); b++) {
        const double rows = sl_report_at(bins, b, "rows");
        if (!(rows > 0))
            continue;
        line->x[i] = whiskers->x[i] = sl_report_at(bins, b, "confidence");
        line->y[i] = whiskers->y[i] = sl_report_at(bins, b, "accuracy");
        calibration_interval(line->y[i], rows, &whiskers->low[i], &whiskers->high[i]);
        i++;
    }
}

static void calibration_counts(sl_figure *figure, const sl_report *bins, const char *confidence)
{
    sl_panel *panel = sl_figure_panel(figure, "Rows in each bin", confidence, "rows");
    if (!panel)
        return;
    calibration_unit(&panel->x);
    sl_series *bars = sl_panel_add(figure, panel, SL_DRAW_BARS, NULL, (size_t)sl_report_rows(bins));
    panel->y.whole = true;
    for (int b = 0; bars && b < sl_report_rows(bins); b++) {
        bars->x[b] = (sl_report_at(bins, b, "low") + sl_report_at(bins, b, "high")) / 2;
        bars->y[b] = sl_report_at(bins, b, "rows");
    }
}

static void calibration_notes(sl_figure *figure, const sl_answers *answers, const sl_report *bins,
                              double error)
{
    double rows = 0, sure = 0, right = 0;
    for (int b = 0; b < sl_report_rows(bins); b++) {
        const double count = sl_report_at(bins, b, "rows");
        rows += count;
        sure += count > 0 ? count * sl_report_at(bins, b, "confidence") : 0;
        right += count > 0 ? count * sl_report_at(bins, b, "accuracy") : 0;
    }
    sl_figure_note(figure,
                   "Expected calibration error (ECE) %s: so far is the accuracy from the confidence, "
                   "on the mean of %s in %d bins.",
                   sl_answers_number(figure, error), sl_answers_count(figure, (size_t)rows, "row"),
                   sl_report_rows(bins));
    if (answers->classes == 2)
        sl_figure_note(figure, "The mean probability of %s is %s; %s of the rows are %s.",
                       sl_answers_class(figure, answers->model, 1), sl_answers_percent(figure, sure, rows),
                       sl_answers_percent(figure, right, rows), sl_answers_class(figure, answers->model, 1));
    else
        sl_figure_note(figure, "On the mean the net is %s sure of its class, and right in %s of the rows%s.",
                       sl_answers_percent(figure, sure, rows), sl_answers_percent(figure, right, rows),
                       sure - right > 0.01 * rows   ? ": it is too sure"
                       : right - sure > 0.01 * rows ? ": it is not sure enough"
                                                    : "");
}

static sl_status calibration_of_runs(sl_figure *figure, const sl_figure_job *job)
{
    sl_answers answers;
    double error;
    const sl_model *model = sl_job_model(job, 0);
    if (model && !sl_model_kinds(model))
        return sl_fail(
            job->ctx, SL_EINVAL,
            "figure calibration: is of probabilities, and the answers of %s are numbers: take errors, "
            "which draws the residuals",
            sl_job_folder(job, 0));
    if (!sl_answers_open(job, &answers))
        return job->ctx->status;
    sl_report *bins = sl_calibration(job->ctx, answers.model, answers.data, 0, &error);
    if (!bins)
        return job->ctx->status;
    const bool two = answers.classes == 2;
    const char *second = sl_answers_class(figure, answers.model, 1);
    const char *confidence = two ? sl_figure_format(figure, "probability of %s", second)
                                 : "confidence: probability of the predicted class";
    sl_answers_title(figure, &answers, "Calibration");
    calibration_curve(figure, bins, confidence,
                      two ? sl_figure_format(figure, "share of rows that are %s", second) : "accuracy");
    calibration_counts(figure, bins, confidence);
    calibration_notes(figure, &answers, bins, error);
    sl_report_free(bins);
    return job->ctx->status;
}

const sl_figure_kind sl_figure_calibration = {
    .name = "calibration",
    .summary = "how often what is said with a probability is true",
    .formula = "accuracy over mean confidence in 10 bins of equal width; whiskers: Wilson's 95 % intervals",
    .source = "Guo et al., ICML 2017; Wilson 1927",
    .takes = "data part",
    .most_runs = 1,
    .of_runs = calibration_of_runs,
};
