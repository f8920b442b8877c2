/* gnuplot_data.c - the numbers of a figure as gnuplot's data blocks. */
#include "plot/draw/gnuplot.h"

#include <math.h>

static void data_put(sl_text *out, double value, const char *behind)
{
    sl_gnuplot_number(out, value);
    sl_text_put(out, behind);
}

static double data_middle(double low, double high, size_t cell, size_t cells)
{
    return low + (high - low) * ((double)cell + 0.5) / (double)cells;
}

/* gnuplot takes a picture's cells to be as far apart as its points are: of a single row it makes two. */
static void data_image(sl_text *out, const sl_panel *panel, const sl_series *s, bool coloured)
{
    const size_t rows = s->rows < 2 ? 2 : s->rows, columns = s->columns < 2 ? 2 : s->columns;
    for (size_t r = 0; r < rows; r++) {
        for (size_t c = 0; c < columns; c++) {
            const double value = s->y[(s->rows < 2 ? 0 : r) * s->columns + (s->columns < 2 ? 0 : c)];
            data_put(out, data_middle(s->x[0], s->x[1], c, columns), " ");
            data_put(out, data_middle(s->low[0], s->high[0], r, rows), " ");
            if (coloured) {
                const sl_rgb rgb = sl_tint_rgb(panel->tint, value, panel->z.low, panel->z.high);
                sl_text_add(out, "%u %u %u\n", (unsigned)rgb.red, (unsigned)rgb.green, (unsigned)rgb.blue);
            } else {
                data_put(out, value, "\n");
            }
        }
        sl_text_put(out, s->how == SL_DRAW_IMAGE ? "" : "\n");
    }
}

static void data_contours(sl_text *out, const sl_series *s, int p, int number)
{
    sl_text_put(out, "unset logscale\nset autoscale\nunset surface\nset contour base\nset cntrparam "
                     "linear\nset cntrparam levels discrete ");
    for (int i = 0; i < s->level_count; i++) {
        sl_text_put(out, i ? "," : "");
        data_put(out, s->levels[i], "");
    }
    sl_text_add(out, "%s\nset table $c%d_%d\nsplot $d%d_%d using 1:2:3 notitle\nunset table\n",
                s->level_count ? "" : "0", p, number, p, number);
    sl_text_put(out, "unset contour\nset surface\n");
}

/* Width of a bar, and which of those that share a place it is: they stand side by side. */
static double data_bar(const sl_panel *panel, int number, double *shift)
{
    double gap = INFINITY;
    int beside = 0, mine = 0;
    for (int s = 0; s < panel->count; s++) {
        const sl_series *a = panel->series[s];
        if (a->how != SL_DRAW_BARS)
            continue;
        bool shares = s == number;
        for (int t = 0; t < panel->count; t++)
            for (size_t i = 0; i < a->count && i < 2000 && panel->series[t]->how == SL_DRAW_BARS; i++)
                for (size_t j = 0; j < panel->series[t]->count && j < 2000; j++) {
                    const double apart = fabs(a->x[i] - panel->series[t]->x[j]);
                    gap = apart > 0 && apart < gap ? apart : gap;
                    shares = shares || (t == number && apart == 0);
                }
        mine += shares && s < number;
        beside += shares;
    }
    const double whole =
        (gap < INFINITY ? gap : fabs(panel->x.high - panel->x.low)) * (beside > 1 ? 0.8 : 0.85);
    *shift = whole * ((mine + 0.5) / beside - 0.5);
    return whole / beside;
}

/* x, y, and the box: from 0, or from the end of a logarithmic axis */
static void data_bars(sl_text *out, const sl_panel *panel, const sl_series *s, int number, bool lying)
{
    double shift;
    const double width = data_bar(panel, number, &shift);
    const double floor_ = panel->y.log ? panel->y.low : 0;
    for (size_t i = 0; i < s->count; i++) {
        const double x = s->x[i] + shift, low = x - width / 2, high = x + width / 2;
        if (!(s->y[i] - s->y[i] == 0))
            continue;
        data_put(out, lying ? s->y[i] : x, " ");
        data_put(out, lying ? x : s->y[i], " ");
        data_put(out, lying ? floor_ : low, " ");
        data_put(out, lying ? s->y[i] : high, " ");
        data_put(out, lying ? low : floor_, " ");
        data_put(out, lying ? high : s->y[i], "\n");
    }
}

static void data_points(sl_text *out, const sl_series *s, bool lying)
{
    for (size_t i = 0; i < s->count; i++) {
        const bool gap = !(s->y[i] - s->y[i] == 0) && s->how != SL_DRAW_BAND;
        if (gap) { /* an empty line ends the line drawn */
            sl_text_put(out, s->how == SL_DRAW_POINTS || s->how == SL_DRAW_ERRORS ? "" : "\n");
            continue;
        }
        data_put(out, lying ? s->y[i] : s->x[i], " ");
        data_put(out, lying ? s->x[i] : s->y[i], " ");
        data_put(out, s->low ? s->low[i] : 0, " ");
        data_put(out, s->high ? s->high[i] : 0, "\n");
    }
}

static void data_straight(sl_text *out, const sl_panel *panel, const sl_series *s, bool lying)
{
    const sl_axis *along = s->how == SL_DRAW_UP ? &panel->y : &panel->x;
    const double fixed = s->how == SL_DRAW_UP ? s->x[0] : s->y[0];
    for (int end = 0; end < 2; end++) {
        const double moving = end ? along->high : along->low;
        const bool first = (s->how == SL_DRAW_UP) != lying; /* the fixed one is the first coordinate */
        data_put(out, first ? fixed : moving, " ");
        data_put(out, first ? moving : fixed, " ");
        data_put(out, panel->solid ? panel->z.low : 0, "\n");
    }
}

void sl_gnuplot_data(const sl_page *page, const sl_gnuplot_cell *cell, int number)
{
    const sl_panel *panel = cell->panel;
    const sl_series *s = panel->series[number];
    sl_text *out = page->out;
    if (s->how == SL_DRAW_TEXTS)
        return;
    sl_text_add(out, "$d%d_%d << EOD\n", cell->number, number);
    const size_t before = out->length;
    if (s->columns)
        data_image(out, panel, s,
                   s->how == SL_DRAW_IMAGE && (panel->tint == SL_GREYS || panel->tint == SL_CLASSES));
    else if (s->how == SL_DRAW_ACROSS || s->how == SL_DRAW_UP)
        data_straight(out, panel, s, cell->lying);
    else if (s->how == SL_DRAW_BARS)
        data_bars(out, panel, s, number, cell->lying);
    else
        data_points(out, s, cell->lying);
    /* gnuplot gives up a plot whose data is empty */
    sl_text_put(out, out->length > before ? "EOD\n" : "NaN NaN NaN NaN NaN NaN\nEOD\n");
    if (s->how == SL_DRAW_CONTOUR)
        data_contours(out, s, cell->number, number);
}
