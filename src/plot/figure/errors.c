/* errors - where a model goes wrong: the rows that cost most, and how often each class is missed; of numbers
 * predicted against true, and what is left over. */
#include "plot/numbers/answers.h"
#include "plot/numbers/mosaic.h"
#include "train/measure.h"

#include <math.h>
#include <string.h>

enum {
    ERRORS_ROWS = 15,
    ERRORS_CLASSES = 30,
    ERRORS_POINTS = 2000,
    ERRORS_WORDS = 24,
    ERRORS_NAME = 12,
    ERRORS_SHORT = 6
};

/* The class's name in so many letters. */
static const char *errors_cut(sl_figure *figure, const sl_model *model, double class_index, size_t room)
{
    char cut[ERRORS_NAME];
    const char *name = sl_answers_class(figure, model, (int)class_index);
    if (name && strlen(name) > room)
        sl_text_fit(name, cut, room);
    return name && strlen(name) > room ? sl_figure_format(figure, "%s…", cut) : name;
}

static bool errors_wrong(const sl_report *rows, int i)
{
    return sl_report_at(rows, i, "truth") != sl_report_at(rows, i, "prediction");
}

/* --- the worst rows ---------------------------------------------------------------------------------- */

static void errors_pictures(sl_figure *figure, const sl_answers *answers, const sl_report *rows)
{
    sl_mosaic mosaic;
    const int most = sl_report_rows(rows);
    sl_panel *panel = sl_figure_panel(figure, "Rows of the largest loss", NULL, NULL);
    if (!panel || !sl_mosaic_begin(figure, panel, &mosaic, answers->data, most))
        return;
    sl_text numbers;
    sl_text_init(&numbers, figure->ctx);
    for (int i = 0; i < mosaic.tiles && !figure->ctx->status; i++) {
        sl_mosaic_put(&mosaic, i, answers->data, (size_t)sl_report_at(rows, i, "row"));
        const double truth = sl_report_at(rows, i, "truth"), said = sl_report_at(rows, i, "prediction");
        sl_mosaic_text(&mosaic, i, 0,
                       sl_figure_format(figure, "%s -> %s",
                                        errors_cut(figure, answers->model, truth, ERRORS_SHORT),
                                        errors_cut(figure, answers->model, said, ERRORS_SHORT)));
        sl_mosaic_text(
            &mosaic, i, 1,
            sl_figure_format(figure, "%d %%", (int)(sl_report_at(rows, i, "probability") * 100 + 0.5)));
        sl_text_add(&numbers, i ? ", %d" : "%d", (int)sl_report_at(rows, i, "row"));
    }
    sl_mosaic_end(&mosaic);
    sl_figure_note(figure,
                   "Below each picture: true -> predicted class, and how sure the net was. Their rows: %s.",
                   sl_text_string(&numbers));
    sl_text_free(&numbers);
}

/* The text's first words, as much as has room. */
static const char *errors_words(sl_figure *figure, const sl_data *data, size_t row)
{
    char all[ERRORS_WORDS * 4], cut[ERRORS_WORDS];
    size_t length;
    const char *words = sl_data_words(data, row, &length);
    const size_t taken = length < sizeof all - 1 ? length : sizeof all - 1;
    for (size_t i = 0; i < taken; i++)
        all[i] = (char)((unsigned char)words[i] < 32 ? ' ' : words[i]);
    all[taken] = 0;
    const bool whole = sl_text_fit(all, cut, sizeof cut) < sizeof cut && taken == length;
    return sl_figure_format(figure, "%s%s", cut, whole ? "" : "…");
}

/* At most ERRORS_ROWS, and none that cost next to nothing beside the worst. */
static int errors_shown(const sl_report *rows)
{
    int shown = 1;
    while (shown < sl_report_rows(rows) && shown < ERRORS_ROWS &&
           sl_report_at(rows, shown, "loss") > sl_report_at(rows, 0, "loss") / 50)
        shown++;
    return shown;
}

static void errors_bars(sl_figure *figure, const sl_answers *answers, const sl_report *rows, int shown)
{
    const size_t letters = sl_data_has_words(answers->data) ? ERRORS_SHORT + 3 : ERRORS_NAME;
    const bool texts = sl_data_has_words(answers->data);
    sl_panel *panel = sl_figure_panel(figure, "Rows of the largest loss", NULL, "loss of the row");
    if (!panel)
        return;
    panel->lying = true;
    panel->x.low = -0.6;
    panel->x.high = shown - 0.4;
    for (int wrong = 1; wrong >= 0; wrong--) { /* each with a place for every row */
        int count = 0;
        for (int i = 0; i < shown; i++)
            count += errors_wrong(rows, i) == wrong;
        sl_series *bars =
            count ? sl_panel_add(figure, panel, SL_DRAW_BARS, wrong ? "wrong" : "right", (size_t)shown)
                  : NULL;
        for (int i = 0; bars && i < shown; i++) {
            bars->colour = wrong ? SL_VERMILION : SL_SKY;
            bars->x[i] = i;
            bars->y[i] = errors_wrong(rows, i) == wrong ? sl_report_at(rows, i, "loss") : NAN;
        }
    }
    for (int i = 0; i < shown; i++) {
        const size_t row = (size_t)sl_report_at(rows, i, "row");
        const char *truth = errors_cut(figure, answers->model, sl_report_at(rows, i, "truth"), letters);
        const char *said = errors_cut(figure, answers->model, sl_report_at(rows, i, "prediction"), letters);
        sl_axis_name(figure, &panel->x, i,
                     texts ? sl_figure_format(figure, "%zu, %s -> %s: %s", row, truth, said,
                                              errors_words(figure, answers->data, row))
                           : sl_figure_format(figure, "row %zu: %s -> %s", row, truth, said));
    }
    sl_figure_note(figure, "Names: the row's number, its true class -> the predicted one%s.",
                   texts ? ", its first words" : "");
}

/* --- how often each class is missed ------------------------------------------------------------------ */

typedef struct {
    double rows, wrong;
    int class_index;
} errors_rate;

static double errors_share(const errors_rate *rate)
{
    return rate->rows > 0 ? rate->wrong / rate->rows : 0;
}

/* The worst ones first, where not all can be shown; else as they stand. */
static void errors_sort(errors_rate *rates, int classes)
{
    for (int i = 1; i < classes && classes > ERRORS_CLASSES; i++) {
        const errors_rate moved = rates[i];
        int at = i;
        for (; at > 0 && errors_share(&rates[at - 1]) < errors_share(&moved); at--)
            rates[at] = rates[at - 1];
        rates[at] = moved;
    }
}

static void errors_rates(sl_figure *figure, const sl_answers *answers, const sl_report *rows)
{
    const int classes = answers->classes, shown = classes < ERRORS_CLASSES ? classes : ERRORS_CLASSES;
    errors_rate *rates = sl_arena_take(&figure->arena, (size_t)classes * sizeof *rates);
    sl_panel *panel =
        sl_figure_panel(figure, "Errors of each class", NULL, "share of its rows that are wrong");
    sl_series *bars = panel ? sl_panel_add(figure, panel, SL_DRAW_BARS, NULL, (size_t)shown) : NULL;
    double wrong = 0;
    if (!rates || !bars)
        return;
    panel->lying = true;
    panel->x.low = -0.6;
    panel->x.high = shown - 0.4;
    bars->colour = SL_VERMILION;
    for (int c = 0; c < classes; c++)
        rates[c] = (errors_rate){ .class_index = c };
    for (int i = 0; i < sl_report_rows(rows); i++) {
        errors_rate *rate = &rates[(int)sl_report_at(rows, i, "truth")];
        rate->rows++;
        rate->wrong += errors_wrong(rows, i);
        wrong += errors_wrong(rows, i);
    }
    errors_sort(rates, classes);
    for (int i = 0; i < shown; i++) {
        bars->x[i] = i;
        bars->y[i] = errors_share(&rates[i]);
        sl_axis_name(figure, &panel->x, i,
                     sl_figure_format(figure, "%s, %d of %d",
                                      errors_cut(figure, answers->model, rates[i].class_index, ERRORS_NAME),
                                      (int)rates[i].wrong, (int)rates[i].rows));
    }
    sl_figure_note(figure, "%s of %s are wrong (%s).", sl_figure_number(figure, wrong),
                   sl_answers_count(figure, (size_t)sl_report_rows(rows), "row"),
                   sl_answers_percent(figure, wrong, sl_report_rows(rows)));
    if (shown < classes)
        sl_figure_note(figure, "The %d classes of %d that are missed most often are shown.", shown, classes);
}

/* What the rows shown are of the whole loss. */
static void errors_loss(sl_figure *figure, const sl_report *rows, int shown)
{
    double some = 0, all = 0;
    for (int i = 0; i < sl_report_rows(rows); i++) {
        all += sl_report_at(rows, i, "loss");
        some += i < shown ? sl_report_at(rows, i, "loss") : 0;
    }
    if (all > 0 && all - all == 0)
        sl_figure_note(figure,
                       "The %d rows shown are %s of the whole loss. Rows are counted from 0, as slope "
                       "errors does.",
                       shown, sl_answers_percent(figure, some, all));
}

static void errors_of_classes(sl_figure *figure, const sl_answers *answers, const sl_report *rows)
{
    const bool pictures = sl_mosaic_fits(answers->data);
    const int all = sl_report_rows(rows), tiles = all < SL_MOSAIC_TILES ? all : SL_MOSAIC_TILES;
    const int shown = pictures ? tiles : errors_shown(rows);
    sl_answers_title(figure, answers, "Errors");
    if (pictures) {
        errors_pictures(figure, answers, rows);
    } else {
        figure->across = 1; /* names want the width */
        errors_bars(figure, answers, rows, shown);
    }
    errors_rates(figure, answers, rows);
    errors_loss(figure, rows, shown);
}

/* --- numbers ----------------------------------------------------------------------------------------- */

static void errors_scatter(sl_figure *figure, const sl_answers *answers, const sl_report *rows,
                           bool residuals)
{
    const char *target = sl_answers_target(answers->model);
    const char *truth = sl_figure_format(figure, "true %s", target);
    const char *said = sl_figure_format(figure, "predicted %s", target);
    const size_t all = (size_t)sl_report_rows(rows), shown = all < ERRORS_POINTS ? all : ERRORS_POINTS;
    sl_panel *panel = residuals ? sl_figure_panel(figure, "What is left over", said, "true less predicted")
                                : sl_figure_panel(figure, "Predicted against true", truth, said);
    sl_series *ideal = panel ? sl_panel_add(figure, panel, residuals ? SL_DRAW_ACROSS : SL_DRAW_LINE,
                                            residuals ? NULL : "as true", residuals ? 1 : 2)
                             : NULL;
    sl_series *points = ideal ? sl_panel_add(figure, panel, SL_DRAW_POINTS, NULL, shown) : NULL;
    double low = INFINITY, high = -INFINITY;
    if (!points)
        return;
    ideal->colour = SL_GREY;
    ideal->dashed = true;
    points->colour = SL_BLUE;
    points->thin = shown > 200;
    for (size_t i = 0; i < shown; i++) {
        const int at = (int)sl_answers_thin(i, all, ERRORS_POINTS);
        const double y = sl_report_at(rows, at, "truth"), p = sl_report_at(rows, at, "prediction");
        points->x[i] = residuals ? p : y;
        points->y[i] = residuals ? y - p : p;
        low = y < low ? y : low;
        high = y > high ? y : high;
        low = p < low ? p : low;
        high = p > high ? p : high;
    }
    if (residuals)
        return;
    panel->square = true;
    ideal->x[0] = ideal->y[0] = low;
    ideal->x[1] = ideal->y[1] = high;
    if (high > low) {
        panel->x.low = panel->y.low = low - (high - low) * 0.04;
        panel->x.high = panel->y.high = high + (high - low) * 0.04;
    }
}

static void errors_of_numbers(sl_figure *figure, const sl_answers *answers, const sl_report *rows)
{
    const int all = sl_report_rows(rows);
    double mean = 0, squares = 0, off = 0, spread = 0, truths = 0;
    int worst = 0;
    for (int i = 0; i < all; i++) {
        const double residual = sl_report_at(rows, i, "residual");
        truths += sl_report_at(rows, i, "truth") / all;
        mean += residual / all;
        squares += residual * residual / all;
        off += fabs(residual) / all;
        worst = fabs(residual) > fabs(sl_report_at(rows, worst, "residual")) ? i : worst;
    }
    for (int i = 0; i < all; i++) {
        const double y = sl_report_at(rows, i, "truth") - truths;
        spread += y * y / all;
    }
    sl_answers_title(figure, answers, "Predictions");
    errors_scatter(figure, answers, rows, false);
    errors_scatter(figure, answers, rows, true);
    const char *r2 = spread > 0 ? sl_answers_number(figure, 1 - squares / spread) : "not defined";
    sl_figure_note(figure, "rmse %s, mean absolute error %s, mean of what is left over %s, r2 %s.",
                   sl_answers_number(figure, sqrt(squares)), sl_answers_number(figure, off),
                   sl_answers_number(figure, mean), r2);
    sl_figure_note(figure, "Farthest off is row %d (from 0): true %s, predicted %s.",
                   (int)sl_report_at(rows, worst, "row"),
                   sl_answers_number(figure, sl_report_at(rows, worst, "truth")),
                   sl_answers_number(figure, sl_report_at(rows, worst, "prediction")));
    if (all > ERRORS_POINTS)
        sl_figure_note(figure, "%d of %d rows are drawn: evenly from the worst to the best.", ERRORS_POINTS,
                       all);
}

static sl_status errors_of_runs(sl_figure *figure, const sl_figure_job *job)
{
    sl_answers answers;
    if (!sl_answers_open(job, &answers))
        return job->ctx->status;
    sl_report *rows = sl_errors(job->ctx, answers.model, answers.data, 0);
    if (rows && answers.classes)
        errors_of_classes(figure, &answers, rows);
    else if (rows)
        errors_of_numbers(figure, &answers, rows);
    sl_report_free(rows);
    return job->ctx->status;
}

const sl_figure_kind sl_figure_errors = {
    .name = "errors",
    .summary = "the rows that cost most, or predicted against true",
    .formula = "classes: rows by their loss, and the share of each class that is wrong; numbers: residuals",
    .takes = "data part",
    .most_runs = 1,
    .of_runs = errors_of_runs,
};
