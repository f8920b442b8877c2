/* gnuplot_data.c - the numbers of a figure as gnuplot's data blocks. */
#include "plot/gnuplot.h"

#include <math.h>

static void gnuplot_put(sl_text *out, double value, const char *behind)
{
    if (value - value == 0)
        sl_text_number(out, value);
    else
        sl_text_put(out, "NaN");
    sl_text_put(out, behind);
}

static double gnuplot_middle(double low, double high, size_t cell, size_t cells)
{
    return low + (high - low) * ((double)cell + 0.5) / (double)cells;
}

/* gnuplot takes a picture's cells to be as far apart as its points are: of a single row it makes two. */
static void gnuplot_image(sl_text *out, const sl_panel *panel, const sl_series *s, bool coloured)
{
    const size_t rows = s->rows < 2 ? 2 : s->rows, columns = s->columns < 2 ? 2 : s->columns;
    for (size_t r = 0; r < rows; r++) {
        for (size_t c = 0; c < columns; c++) {
            const double value = s->y[(s->rows < 2 ? 0 : r) * s->columns + (s->columns < 2 ? 0 : c)];
            gnuplot_put(out, gnuplot_middle(s->x[0], s->x[1], c, columns), " ");
            gnuplot_put(out, gnuplot_middle(s->low[0], s->high[0], r, rows), " ");
            if (coloured) {
                const sl_rgb rgb = sl_tint_rgb(panel->tint, value, panel->z.low, panel->z.high);
                sl_text_add(out, "%u %u %u\n", (unsigned)rgb.red, (unsigned)rgb.green, (unsigned)rgb.blue);
            } else {
                gnuplot_put(out, value, "\n");
            }
        }
        sl_text_put(out, s->how == SL_DRAW_IMAGE ? "" : "\n");
    }
}

static void gnuplot_contours(sl_text *out, const sl_series *s, int p, int number)
{
    sl_text_put(out, "unset surface\nset contour base\nset cntrparam linear\nset cntrparam levels ");
    for (int i = 0; i < s->level_count; i++) {
        sl_text_put(out, i ? "," : "discrete ");
        gnuplot_put(out, s->levels[i], "");
    }
    sl_text_add(out, "%s\nset table $c%d_%d\nsplot $d%d_%d using 1:2:3 notitle\nunset table\n",
                s->level_count ? "" : "auto 12", p, number, p, number);
    sl_text_put(out, "unset contour\nset surface\n");
}

void sl_gnuplot_data(sl_text *out, const sl_panel *panel, int p, int number)
{
    const sl_series *s = panel->series[number];
    if (s->how == SL_DRAW_TEXTS)
        return;
    sl_text_add(out, "$d%d_%d << EOD\n", p, number);
    if (s->columns) {
        gnuplot_image(out, panel, s,
                      s->how == SL_DRAW_IMAGE && (panel->tint == SL_GREYS || panel->tint == SL_CLASSES));
    } else if (s->how == SL_DRAW_ACROSS || s->how == SL_DRAW_UP) {
        for (int end = 0; end < 2; end++) {
            const double x = end ? panel->x.high : panel->x.low, y = end ? panel->y.high : panel->y.low;
            gnuplot_put(out, s->how == SL_DRAW_UP ? s->x[0] : x, " ");
            gnuplot_put(out, s->how == SL_DRAW_UP ? y : s->y[0], "\n");
        }
    } else {
        for (size_t i = 0; i < s->count; i++) {
            const bool gap = !(s->y[i] - s->y[i] == 0) && s->how != SL_DRAW_BAND;
            if (gap) { /* an empty line ends the line drawn */
                sl_text_put(out, s->how == SL_DRAW_POINTS || s->how == SL_DRAW_ERRORS ? "" : "\n");
                continue;
            }
            gnuplot_put(out, s->x[i], " ");
            gnuplot_put(out, s->y[i], " ");
            gnuplot_put(out, s->low ? s->low[i] : 0, " ");
            gnuplot_put(out, s->high ? s->high[i] : 0, "\n");
        }
    }
    /* gnuplot gives up a plot whose data is empty */
    sl_text_put(out, s->count ? "EOD\n" : "NaN NaN NaN NaN NaN\nEOD\n");
    if (s->how == SL_DRAW_CONTOUR)
        gnuplot_contours(out, s, p, number);
}
