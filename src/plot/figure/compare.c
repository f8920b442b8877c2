/* compare - how several runs ended, over the setting in which they differ. */
#include "plot/numbers/comparison.h"

#include <math.h>
#include <string.h>

/* Runs of one line at one place: seeds. */
typedef struct {
    double at, mean, low, high, train;
    int runs;
} compare_place;

static int compare_places(const sl_comparison *c, int line, compare_place *places)
{
    int count = 0;
    for (int run = 0; run < c->job->runs; run++) {
        if (c->line[run] != line)
            continue;
        int p = 0;
        while (p < count && places[p].at < c->at[run])
            p++;
        if (p == count || places[p].at != c->at[run]) {
            memmove(places + p + 1, places + p, (size_t)(count - p) * sizeof *places);
            places[p] = (compare_place){ .at = c->at[run], .low = INFINITY, .high = -INFINITY };
            count++;
        }
        const double value = c->outcome[run].value;
        places[p].mean += value; /* sums first */
        places[p].train += c->train[run];
        places[p].low = value < places[p].low ? value : places[p].low;
        places[p].high = value > places[p].high ? value : places[p].high;
        places[p].runs++;
    }
    for (int p = 0; p < count; p++) {
        places[p].mean /= places[p].runs;
        places[p].train /= places[p].runs;
    }
    /* of one run alone the interval of its rows, where there is one line: several's would hide one another */
    for (int run = 0; run < c->job->runs && c->lines == 1; run++)
        for (int p = 0; p < count; p++)
            if (c->line[run] == line && places[p].at == c->at[run] && places[p].runs == 1 &&
                c->outcome[run].low == c->outcome[run].low) {
                places[p].low = c->outcome[run].low;
                places[p].high = c->outcome[run].high;
            }
    return count;
}

static void compare_look(sl_series *s, int line)
{
    if (!s)
        return;
    s->colour = (sl_colour)(line % SL_COLOURS);
    s->mark = line / SL_COLOURS;
}

static bool compare_ranged(const compare_place *places, int count)
{
    bool ranged = false;
    for (int p = 0; p < count; p++)
        ranged = ranged || places[p].high > places[p].low;
    return ranged;
}

/* Whiskers of several lines would hide one another: what lies behind them all are areas. */
static void compare_band(sl_figure *figure, sl_panel *panel, const sl_comparison *c, int line,
                         const compare_place *places, int count)
{
    if (!c->numeric || c->lines < 2 || count < 2 || !compare_ranged(places, count))
        return;
    sl_series *band = sl_panel_add(figure, panel, SL_DRAW_BAND, NULL, (size_t)count);
    for (int p = 0; band && p < count; p++) {
        band->x[p] = places[p].at;
        band->low[p] = places[p].low;
        band->high[p] = places[p].high;
    }
    compare_look(band, line);
}

static void compare_line(sl_figure *figure, sl_panel *panel, const sl_comparison *c, int line,
                         const compare_place *places, int count)
{
    const bool joined = c->numeric && count > 1;
    const double shift = c->numeric ? 0 : ((double)line - (double)(c->lines - 1) / 2) * 0.6 / c->lines;
    const char *name = c->lines > 1 ? c->line_name[line] : c->trained ? c->part : NULL;
    const bool whiskers = compare_ranged(places, count), bands = joined && whiskers && c->lines > 1;
    sl_series *path = joined ? sl_panel_add(figure, panel, SL_DRAW_LINE, name, (size_t)count) : NULL;
    sl_series *ends = sl_panel_add(figure, panel, whiskers && !bands ? SL_DRAW_ERRORS : SL_DRAW_POINTS,
                                   joined ? NULL : name, (size_t)count);
    sl_series *train = c->trained ? sl_panel_add(figure, panel, joined ? SL_DRAW_LINE : SL_DRAW_POINTS,
                                                 "training", (size_t)count)
                                  : NULL;
    for (int p = 0; ends && p < count; p++) {
        ends->x[p] = places[p].at + shift;
        ends->y[p] = places[p].mean;
        if (whiskers && !bands) {
            ends->low[p] = places[p].low;
            ends->high[p] = places[p].high;
        }
        if (path) {
            path->x[p] = places[p].at;
            path->y[p] = places[p].mean;
        }
        if (train) {
            train->x[p] = places[p].at + shift;
            train->y[p] = places[p].train;
        }
    }
    compare_look(path, line);
    compare_look(ends, line);
    if (path)
        path->dashed = line >= SL_COLOURS;
    if (train) {
        train->colour = SL_ORANGE;
        train->dashed = true;
        train->mark = 4;
    }
}

static const char *compare_value(sl_figure *f, const compare_place *p)
{
    if (p->runs == 1)
        return sl_figure_number(f, p->mean);
    return sl_figure_format(f, "%s, the mean of %d runs from %s to %s", sl_figure_number(f, p->mean), p->runs,
                            sl_figure_number(f, p->low), sl_figure_number(f, p->high));
}

/* "lr 0.1, optimizer adam" */
static const char *compare_where(sl_figure *f, const sl_comparison *c, int line, double at)
{
    const char *place = "";
    for (int run = 0; run < c->job->runs; run++)
        if (c->at[run] == at && c->line[run] == line)
            place = c->text[run];
    return sl_figure_format(f, "%s%s%s%s%s", c->by_run ? "" : c->x_name, c->by_run ? "" : " ", place,
                            c->lines > 1 ? ", " : "", c->lines > 1 ? c->line_name[line] : "");
}

typedef struct {
    compare_place place;
    int line;
} compare_end;

static void compare_notes(sl_figure *f, const sl_comparison *c, const compare_end *least,
                          const compare_end *most, bool seeds, bool intervals)
{
    const char *words = sl_figure_words(f, c->key);
    sl_figure_note(f, "The highest %s: %s (%s). The lowest: %s (%s).", words, compare_value(f, &most->place),
                   compare_where(f, c, most->line, most->place.at), compare_value(f, &least->place),
                   compare_where(f, c, least->line, least->place.at));
    if (c->differ_in)
        sl_figure_note(f, "The runs differ in %s.", c->differ_in);
    else
        sl_figure_note(f, "The runs have the same settings.");
    if (seeds)
        sl_figure_note(f,
                       "Points with several runs are their mean; whiskers, or bands, go from the lowest to "
                       "the highest.");
    if (intervals)
        sl_figure_note(f, "Whiskers of single runs: the 95 %% interval of their rows drawn anew.");
    for (int run = 0; run < c->job->runs; run++) {
        const char *status = sl_job_status(c->job, run);
        if (!strcmp(status, "diverged"))
            sl_figure_note(f, "%s diverged: its best epoch before that counts.", sl_job_name(c->job, run));
        else if (!strcmp(status, "running") || !strcmp(status, "stopped"))
            sl_figure_note(f, "%s has not finished: its best epoch so far counts.", sl_job_name(c->job, run));
    }
}

/* The runs' own values are marked on the axis where they have room. */
static void compare_ticks(sl_figure *figure, sl_panel *panel, const sl_comparison *c)
{
    enum { COMPARE_TICKS = 10 };
    double at[COMPARE_TICKS], low = INFINITY, high = -INFINITY;
    int count = 0;
    for (int run = 0; run < c->job->runs; run++) {
        bool new = true;
        low = c->at[run] < low ? c->at[run] : low;
        high = c->at[run] > high ? c->at[run] : high;
        for (int i = 0; i < count && new; i++)
            new = at[i] != c->at[run];
        if (new &&count == COMPARE_TICKS && c->numeric)
            return;
        if (new &&count < COMPARE_TICKS)
            at[count] = c->at[run];
        count += new &&count < COMPARE_TICKS;
    }
    for (int i = 0; i < count; i++)
        for (int j = 0; j < i && c->numeric; j++)
            if (panel->x.log ? (at[i] > at[j] ? at[i] / at[j] : at[j] / at[i]) < 1.5
                             : fabs(at[i] - at[j]) < (high - low) / 12)
                return;
    for (int run = 0; run < c->job->runs; run++) {
        bool new = true;
        for (int other = 0; other < run && new; other++)
            new = c->at[other] != c->at[run];
        if (new)
            sl_axis_name(figure, &panel->x, c->at[run],
                         c->by_run    ? c->text[run]
                         : c->numeric ? sl_figure_number(figure, c->at[run])
                                      : c->text[run]);
    }
}

static sl_status compare_of_runs(sl_figure *figure, const sl_figure_job *job)
{
    sl_comparison c;
    if (sl_comparison_make(&c, figure, job))
        return job->ctx->status;
    char key[64];
    sl_text_fit(sl_figure_words(figure, c.key), key, sizeof key);
    key[0] = (char)(key[0] >= 'a' && key[0] <= 'z' ? key[0] - 'a' + 'A' : key[0]);
    const char *runs = sl_figure_count(figure, (size_t)job->runs, "run", "runs");
    figure->title = c.by_run ? sl_figure_format(figure, "%s of %s", key, runs)
                             : sl_figure_format(figure, "%s of %s by %s", key, runs,
                                                strcmp(c.x_name, "rows") ? sl_figure_words(figure, c.x_name)
                                                                         : "training rows");
    sl_panel *panel = sl_figure_panel(figure, NULL, c.x_label, sl_figure_merit_label(figure, job, c.key));
    compare_place *places = sl_arena_take(&figure->arena, (size_t)(job->runs + 1) * sizeof *places);
    if (!panel || !places)
        return job->ctx->status;
    double low = INFINITY, high = -INFINITY;
    for (int run = 0; run < job->runs; run++) {
        low = c.at[run] < low ? c.at[run] : low;
        high = c.at[run] > high ? c.at[run] : high;
    }
    panel->x.log = c.numeric && low > 0 && high > 10 * low * (1 - 1e-9);
    compare_end least = { .place.mean = INFINITY }, most = { .place.mean = -INFINITY };
    bool seeds = false, intervals = false;
    for (int line = 0; line < c.lines; line++)
        compare_band(figure, panel, &c, line, places, compare_places(&c, line, places));
    for (int line = 0; line < c.lines && !job->ctx->status; line++) {
        const int count = compare_places(&c, line, places);
        compare_line(figure, panel, &c, line, places, count);
        for (int p = 0; p < count; p++) {
            least = places[p].mean < least.place.mean ? (compare_end){ places[p], line } : least;
            most = places[p].mean > most.place.mean ? (compare_end){ places[p], line } : most;
            seeds = seeds || places[p].runs > 1;
            intervals = intervals || (places[p].runs == 1 && places[p].high > places[p].low);
        }
    }
    compare_ticks(figure, panel, &c);
    if (!c.numeric) {
        panel->x.low = low - 0.5;
        panel->x.high = high + 0.5;
    }
    compare_notes(figure, &c, &least, &most, seeds, intervals);
    return job->ctx->status;
}

const sl_figure_kind sl_figure_compare = {
    .name = "compare",
    .summary = "how runs ended, over the setting they differ in",
    .formula = "the best epoch's figure of merit on the validation rows; of equal settings the mean over "
               "seeds",
    .takes = "x metric",
    .most_runs = 200,
    .of_runs = compare_of_runs,
};
