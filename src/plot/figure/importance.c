/* importance - what an input is worth: how much worse the model is when it is shuffled among the rows. */
#include "plot/numbers/answers.h"
#include "train/measure.h"

#include <math.h>
#include <string.h>

enum { IMPORTANCE_BARS = 30, IMPORTANCE_NAME = 28 };

static const char *importance_name(sl_figure *figure, const sl_data *data, const sl_report *report, int i)
{
    char cut[IMPORTANCE_NAME];
    const size_t input = (size_t)sl_report_at(report, i, "input");
    const char *name = sl_data_input_name(data, input);
    if (!name)
        return sl_figure_format(figure, "x%zu", input);
    return sl_text_fit(name, cut, sizeof cut) < sizeof cut ? name : sl_figure_format(figure, "%s…", cut);
}

static void importance_bars(sl_figure *figure, const sl_answers *answers, const sl_report *report,
                            const char *worse)
{
    const int all = sl_report_rows(report), shown = all < IMPORTANCE_BARS ? all : IMPORTANCE_BARS;
    sl_panel *panel = sl_figure_panel(figure, NULL, NULL, worse);
    if (!panel)
        return;
    panel->lying = true;
    panel->x.low = -0.6;
    panel->x.high = shown - 0.4;
    sl_series *bars = sl_panel_add(figure, panel, SL_DRAW_BARS, NULL, (size_t)shown);
    sl_series *whiskers = sl_panel_add(figure, panel, SL_DRAW_ERRORS, NULL, (size_t)shown);
    if (!whiskers)
        return;
    bars->colour = SL_SKY;
    whiskers->colour = SL_BLACK;
    for (int i = 0; i < shown; i++) {
        const double mean = sl_report_at(report, i, "mean"), spread = sl_report_at(report, i, "spread");
        bars->x[i] = whiskers->x[i] = i;
        bars->y[i] = whiskers->y[i] = mean;
        whiskers->low[i] = mean - spread;
        whiskers->high[i] = mean + spread;
        sl_axis_name(figure, &panel->x, i, importance_name(figure, answers->data, report, i));
    }
    if (shown < all)
        sl_figure_note(figure, "The %d most important of %d inputs are shown.", shown, all);
}

/* Of pictures: each pixel's worth where the pixel is. */
static void importance_image(sl_figure *figure, const sl_answers *answers, const sl_report *report,
                             const char *worse)
{
    const sl_shape shape = answers->data->shape;
    const size_t rows = (size_t)shape.dim[0], columns = (size_t)shape.dim[1];
    const size_t channels = shape.rank > 2 ? (size_t)shape.dim[2] : 1;
    sl_panel *panel = sl_figure_panel(figure, NULL, NULL, NULL);
    sl_series *image = panel ? sl_panel_grid(figure, panel, SL_DRAW_IMAGE, rows, columns, 0, (double)columns,
                                             0, (double)rows)
                             : NULL;
    if (!image)
        return;
    panel->square = panel->x.none = panel->y.none = true;
    panel->tint = SL_DIVERGING;
    panel->z.label = worse;
    for (int i = 0; i < sl_report_rows(report); i++) {
        const size_t pixel = (size_t)sl_report_at(report, i, "input") / channels;
        image->y[(rows - 1 - pixel / columns) * columns + pixel % columns] += sl_report_at(report, i, "mean");
    }
    sl_figure_note(figure, "Each pixel is drawn where it is in the picture%s.",
                   channels > 1 ? ", its channels added up" : "");
}

static void importance_notes(sl_figure *figure, const sl_answers *answers, const sl_report *report)
{
    const int all = sl_report_rows(report), shuffles = 5;
    const size_t used = (size_t)sl_report_at(report, 0, "rows");
    int small = 0;
    const char *unit = answers->classes
                           ? "of accuracy"
                           : sl_figure_format(figure, "of rmse in %s", sl_answers_target(answers->model));
    sl_figure_note(figure, "Most important is %s: shuffled among the rows, it costs %s %s.",
                   importance_name(figure, answers->data, report, 0),
                   sl_answers_number(figure, sl_report_at(report, 0, "mean")), unit);
    for (int i = 0; i < all; i++)
        small += !(sl_report_at(report, i, "mean") > sl_report_at(report, i, "spread"));
    if (small)
        sl_figure_note(figure, "%d of %d inputs cost no more than the spread of the shuffles.", small, all);
    sl_figure_note(figure,
                   "Means of %d shuffles on %s%s%s; whiskers: their standard deviation. Inputs that "
                   "go together share what is lost.",
                   shuffles, used < answers->data->rows ? sl_figure_format(figure, "%zu of ", used) : "",
                   used < answers->data->rows ? "" : "all ",
                   sl_answers_count(figure, answers->data->rows, "row"));
}

static sl_status importance_of_runs(sl_figure *figure, const sl_figure_job *job)
{
    sl_answers answers;
    if (!sl_answers_open(job, &answers))
        return job->ctx->status;
    sl_report *report = sl_importance(job->ctx, answers.model, answers.data, 0);
    if (!report)
        return job->ctx->status;
    const char *worse = answers.classes ? "accuracy lost when shuffled"
                                        : sl_figure_format(figure, "rmse gained when shuffled (%s)",
                                                           sl_answers_target(answers.model));
    const int rank = answers.data->shape.rank;
    sl_answers_title(figure, &answers, "Importance of the inputs");
    if ((rank == 2 || rank == 3) && !answers.data->store->columns)
        importance_image(figure, &answers, report, worse);
    else
        importance_bars(figure, &answers, report, worse);
    if (sl_report_rows(report))
        importance_notes(figure, &answers, report);
    sl_report_free(report);
    return job->ctx->status;
}

const sl_figure_kind sl_figure_importance = {
    .name = "importance",
    .summary = "how much worse the model is without each input",
    .formula = "permutation importance: accuracy lost, or rmse gained, when an input is shuffled among rows",
    .source = "Breiman 2001; Fisher, Rudin, Dominici, JMLR 20, 2019",
    .takes = "data part",
    .most_runs = 1,
    .of_runs = importance_of_runs,
};
