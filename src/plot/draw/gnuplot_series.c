/* gnuplot_series.c - the series of a panel as elements of gnuplot's plot command. */
#include "plot/draw/gnuplot.h"

#include <math.h>

static bool series_tinted(const sl_panel *panel)
{
    return panel->tint == SL_SEQUENTIAL || panel->tint == SL_DIVERGING;
}

static void series_look(sl_text *out, const sl_panel *panel, int number)
{
    const sl_series *s = panel->series[number];
    sl_text_put(out, " lc ");
    sl_gnuplot_rgb(out, sl_colour_rgb(s->colour));
    sl_text_put(out, s->thin || s->how == SL_DRAW_CONTOUR ? " lw 1" : " lw 2");
    sl_legend_dashes(out, panel, number);
}

static void series_points(const sl_page *page, const sl_gnuplot_cell *cell, int number, const char *block)
{
    static const int rims[16] = { [7] = 6, [5] = 4, [9] = 8, [13] = 12, [11] = 10 };
    const sl_panel *panel = cell->panel;
    const sl_series *s = panel->series[number];
    sl_text *out = page->out;
    const char *columns = panel->solid ? "1:2:3" : "1:2";
    /* by the room that there is: points of a phone's picture are smaller */
    const double crowd = s->count > 1000 ? 0.3 : s->count > 300 ? 0.5 : s->count > 100 ? 0.65 : 0.85;
    const int size = (int)(100 * crowd * (s->thin ? 0.7 : 1) * (cell->plot.width < 320 ? 0.8 : 1) + 0.5);
    const int type = sl_legend_mark(panel, number);
    sl_text_add(out, "%s using %s with points pt %d ps %d.%02d lc ", block, columns, type, size / 100,
                size % 100);
    sl_gnuplot_rgb(out, sl_colour_rgb(s->colour));
    sl_text_put(out, type == 2 || type == 6 || type == 1 ? " lw 1.5" : "");
    sl_text_put(out, " notitle");
    if (s->outlined && rims[type])
        sl_text_add(out, ", \\\n  %s using %s with points pt %d ps %d.%02d lw 0.7 lc rgb '#222222' notitle",
                    block, columns, rims[type], size / 100, size % 100);
}

void sl_gnuplot_series(const sl_page *page, const sl_gnuplot_cell *cell, int number)
{
    const sl_panel *panel = cell->panel;
    const sl_series *s = panel->series[number];
    sl_text *out = page->out;
    char block[32];
    snprintf(block, sizeof block, "$d%d_%d", cell->number, number);
    const char *plain = NULL;
    switch (s->how) {
    case SL_DRAW_LINE:
    case SL_DRAW_ACROSS:
    case SL_DRAW_UP:
        plain = panel->solid ? " using 1:2:3 with lines" : " using 1:2 with lines";
        break;
    case SL_DRAW_STEPS:
        plain = " using 1:2 with steps";
        break;
    case SL_DRAW_PATH:
        plain = panel->solid ? " using 1:2:3 with linespoints pt 7 ps 0.4"
                             : " using 1:2 with linespoints pt 7 ps 0.45";
        break;
    case SL_DRAW_ERRORS:
        plain = cell->lying ? " using 1:2:3:4 with xerrorbars pt 7 ps 0"
                            : " using 1:2:3:4 with yerrorbars pt 7 ps 0";
        break;
    case SL_DRAW_CONTOUR:
        sl_text_add(out, "$c%d_%d using 1:2 with lines", cell->number, number);
        break;
    case SL_DRAW_BAND:
        sl_text_add(out, "%s using 1:3:4 with filledcurves fs transparent solid 0.25 noborder lc ", block);
        sl_gnuplot_rgb(out, sl_colour_rgb(s->colour));
        break;
    case SL_DRAW_BARS:
        sl_text_add(out, "%s using 1:2:3:4:5:6 with boxxyerror fs solid 0.85 noborder lc ", block);
        sl_gnuplot_rgb(out, sl_colour_rgb(s->colour));
        break;
    case SL_DRAW_IMAGE:
        sl_text_add(out, "%s using %s with %s%s", block, series_tinted(panel) ? "1:2:3" : "1:2:3:4:5",
                    series_tinted(panel) ? "image" : "rgbimage",
                    page->vector && s->count <= 4096 ? " pixels" : "");
        break;
    case SL_DRAW_SURFACE:
        sl_text_add(out, "%s using 1:2:3 with pm3d", block);
        break;
    case SL_DRAW_POINTS:
        series_points(page, cell, number, block);
        return;
    case SL_DRAW_TEXTS:
        return;
    }
    if (plain)
        sl_text_add(out, "%s%s", block, plain);
    if (plain || s->how == SL_DRAW_CONTOUR)
        series_look(out, panel, number);
    sl_text_put(out, " notitle");
    if (s->how == SL_DRAW_ERRORS) { /* with a whisker's own points svg gets a hole */
        sl_text_add(out, ", \\\n  %s using 1:2 with points pt 7 ps 0.6 lc ", block);
        sl_gnuplot_rgb(out, sl_colour_rgb(s->colour));
        sl_text_put(out, " notitle");
    }
}

/* The size in which the texts fit into the cells of the image below them; 0: they do not. */
static double series_text_size(const sl_gnuplot_cell *cell, const sl_series *texts)
{
    double size = texts->thin ? 10 : 12, widest = 0;
    for (size_t i = 0; i < texts->count; i++) {
        const double width = sl_gnuplot_width(texts->texts[i], 1);
        widest = width > widest ? width : widest;
    }
    for (int s = 0; s < cell->panel->count; s++) {
        const sl_series *image = cell->panel->series[s];
        if (image->how != SL_DRAW_IMAGE || image->columns < 2 || image->columns > 60)
            continue;
        const double across = fabs((image->x[1] - image->x[0]) / (cell->panel->x.high - cell->panel->x.low)) *
                              cell->plot.width / (double)image->columns;
        const double up =
            fabs((image->high[0] - image->low[0]) / (cell->panel->y.high - cell->panel->y.low)) *
            cell->plot.height / (double)image->rows;
        size = widest * size > across - 2 ? (across - 2) / widest : size;
        size = size > up * 0.9 ? up * 0.9 : size;
    }
    return size < 5.5 ? 0 : size;
}

/* Contour lines without a picture below them say their values, one below the other along a ray. */
static void series_contour_values(const sl_page *page, const sl_gnuplot_cell *cell, const sl_series *s)
{
    const sl_panel *panel = cell->panel;
    const size_t middle = s->rows / 2, columns = s->columns;
    double last = -INFINITY;
    for (size_t c = columns / 2; c + 1 < columns && s->rows > 1; c++) {
        const size_t r =
            middle + (size_t)((double)(c - columns / 2) * 0.6 * (double)s->rows / (double)columns);
        const double here = s->y[r * columns + c], next = s->y[r * columns + c + 1];
        for (int i = 0; i < s->level_count; i++) {
            if (!((here < s->levels[i]) != (next < s->levels[i])) || !(next - next == 0))
                continue;
            const double share = ((double)c + 0.5 + (s->levels[i] - here) / (next - here)) / (double)columns;
            const double at = s->x[0] + (s->x[1] - s->x[0]) * share;
            const double up = s->low[0] + (s->high[0] - s->low[0]) * ((double)r + 0.5) / (double)s->rows;
            const double x = cell->plot.left + sl_axis_place(&panel->x, at) * cell->plot.width;
            const double y = cell->plot.top + (1 - sl_axis_place(&panel->y, up)) * cell->plot.height;
            const char *text = sl_figure_number(page->figure, s->levels[i]);
            const double width = sl_gnuplot_width(text, 10);
            if (x - last < width + 10 || x > cell->plot.left + cell->plot.width - width)
                continue;
            last = x;
            sl_text_put(page->out, "set object rectangle center");
            sl_page_at(page, x, y);
            sl_text_put(page->out, " size screen ");
            sl_gnuplot_number(page->out, (width + 2) / page->width);
            sl_text_put(page->out, ",screen ");
            sl_gnuplot_number(page->out, 12 / page->height);
            sl_text_put(page->out, " front fc rgb 'white' fs solid noborder\n");
            sl_page_text(page, text, x, y, "center", 10, 0);
        }
    }
}

void sl_gnuplot_texts(const sl_page *page, const sl_gnuplot_cell *cell)
{
    const sl_panel *panel = cell->panel;
    bool image = false;
    for (int s = 0; s < panel->count; s++)
        image = image || panel->series[s]->how == SL_DRAW_IMAGE;
    for (int s = 0; s < panel->count; s++) {
        const sl_series *t = panel->series[s];
        if (t->how == SL_DRAW_CONTOUR && !image)
            series_contour_values(page, cell, t);
        const double size = t->how == SL_DRAW_TEXTS ? series_text_size(cell, t) : 0;
        for (size_t i = 0; size > 0 && i < t->count; i++) {
            if (!(t->x[i] - t->x[i] == 0 && t->y[i] - t->y[i] == 0) || !t->texts[i] || !*t->texts[i])
                continue;
            sl_text_put(page->out, "set label ");
            sl_gnuplot_quote(page->out, t->texts[i]);
            sl_text_put(page->out, " at ");
            sl_gnuplot_number(page->out, t->x[i]);
            sl_text_put(page->out, ",");
            sl_gnuplot_number(page->out, t->y[i]);
            sl_text_put(page->out, " center front tc ");
            sl_gnuplot_rgb(page->out, sl_colour_rgb(t->colour));
            sl_text_put(page->out, " font ',");
            sl_gnuplot_number(page->out, (double)(int)(size * page->point * 100 + 0.5) / 100);
            sl_text_put(page->out, "'\n");
        }
    }
}
