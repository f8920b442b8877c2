/* gnuplot_layout.c - where the parts of a panel are, in pixels. */
#include "plot/draw/gnuplot.h"

#include <math.h>

enum { LAYOUT_TICK = 12, LAYOUT_LABEL = 13 };

/* Where a narrow picture says its numbers in its cells, their colours need no explanation. */
bool sl_cell_scale(const sl_panel *panel, double width)
{
    for (int s = 0; s < panel->count; s++)
        if (panel->series[s]->how == SL_DRAW_TEXTS && width < 480)
            return false;
    if (panel->no_scale || (panel->tint != SL_SEQUENTIAL && panel->tint != SL_DIVERGING))
        return false;
    for (int s = 0; s < panel->count; s++)
        if (panel->series[s]->how == SL_DRAW_IMAGE || panel->series[s]->how == SL_DRAW_SURFACE)
            return true;
    return false;
}

static double layout_widest(const sl_axis *axis)
{
    double widest = 0;
    for (int i = 0; i < axis->tick_count; i++) {
        const double width = sl_gnuplot_width(axis->ticks[i].text, LAYOUT_TICK);
        widest = width > widest ? width : widest;
    }
    return widest;
}

/* Do the axis' texts fit beside one another into so much room? */
static bool layout_beside(const sl_axis *axis, double room)
{
    for (int i = 1; i < axis->tick_count; i++) {
        const double apart =
            fabs(sl_axis_place(axis, axis->ticks[i].at) - sl_axis_place(axis, axis->ticks[i - 1].at)) * room;
        const double wanted = (sl_gnuplot_width(axis->ticks[i].text, LAYOUT_TICK) +
                               sl_gnuplot_width(axis->ticks[i - 1].text, LAYOUT_TICK)) /
                                  2 +
                              8;
        if (apart < wanted)
            return false;
    }
    return true;
}

/* Bars whose names are too long to stand beside one another lie down. */
static bool layout_lying(const sl_panel *panel, double room)
{
    bool bars = false;
    for (int s = 0; s < panel->count; s++) {
        const sl_draw how = panel->series[s]->how;
        bars = bars || how == SL_DRAW_BARS;
        if (how != SL_DRAW_BARS && how != SL_DRAW_ERRORS && how != SL_DRAW_ACROSS && how != SL_DRAW_UP &&
            how != SL_DRAW_POINTS)
            return false;
    }
    return bars && panel->x.named && !layout_beside(&panel->x, room);
}

/* Ticks that fit: fewer and fewer until their texts stand apart. */
static void layout_ticks(sl_figure *figure, sl_axis *axis, double room, bool across)
{
    int most = (int)(room / (across ? 60 : 34));
    most = most > 8 ? 8 : most < 2 ? 2 : most;
    for (; most >= 2; most--) {
        sl_axis_choose(figure, axis, most);
        if (!across || layout_beside(axis, room))
            break;
    }
}

static double layout_clamp(double value, double low, double high)
{
    return value < low ? low : value > high ? high : value;
}

/* The largest part of the plot in which a unit of x is as long as a unit of y. */
static void layout_square(sl_gnuplot_cell *cell)
{
    const sl_axis *x = &cell->panel->x, *y = &cell->panel->y;
    const double across = fabs(x->high - x->low), up = fabs(y->high - y->low);
    sl_box *plot = &cell->plot;
    if (!(across > 0) || !(up > 0))
        return;
    const double scale = plot->width / across < plot->height / up ? plot->width / across : plot->height / up;
    const double width = across * scale, height = up * scale;
    plot->left += (plot->width - width) / 2;
    if (cell->panel->x.none)
        plot->top += (plot->height - height) / 2;
    plot->width = width;
    plot->height = height;
}

/* Pictures have square cells. */
static bool layout_picture(const sl_panel *panel)
{
    for (int s = 0; s < panel->count; s++)
        if (panel->series[s]->how == SL_DRAW_IMAGE && panel->series[s]->rows > 1 &&
            panel->series[s]->columns > 1)
            return panel->x.none && panel->y.none;
    return false;
}

void sl_cell_place(const sl_page *page, sl_gnuplot_cell *cell)
{
    sl_panel *panel = page->figure->panels[cell->number];
    const bool bare = panel->x.none && panel->y.none;
    const double pad = bare ? 4 : 10;
    cell->lying = panel->lying || layout_lying(panel, cell->cell.width - 80);
    sl_axis *across = cell->lying ? &panel->y : &panel->x, *up = cell->lying ? &panel->x : &panel->y;
    const bool scale = sl_cell_scale(panel, cell->cell.width);
    double top = cell->cell.top + cell->title_room + cell->legend_room + (bare ? 2 : 8);
    double bottom = cell->cell.top + cell->cell.height - pad - (across->label && !across->none ? 20 : 0);
    double left = cell->cell.left + pad + (up->label && !up->none ? 20 : 0);
    double right = cell->cell.left + cell->cell.width - pad;
    if (scale) {
        layout_ticks(page->figure, &panel->z, bottom - top, false);
        right -= 16 + 14 + 16 + layout_widest(&panel->z) + (panel->z.label ? 18 : 0);
    }
    layout_ticks(page->figure, up, panel->solid ? 150 : bottom - top - 24, false);
    cell->y_names =
        up->none ? 0 : layout_clamp(layout_widest(up), 0, cell->cell.width * (panel->square ? 0.25 : 0.42));
    left += up->none ? 0 : cell->y_names + 16;
    layout_ticks(page->figure, across, panel->solid ? (right - left) / 2 : right - left, true);
    const double widest = layout_widest(across);
    cell->turned = !across->none && across->named && !layout_beside(across, right - left);
    cell->x_names = cell->turned ? layout_clamp(widest, 0, cell->cell.height * 0.3) : widest;
    bottom -= across->none ? 0 : cell->turned ? cell->x_names * 0.65 + 22 : 24;
    if (!across->none && across->tick_count && !cell->turned) { /* half of the last one stands out */
        const sl_tick *last = &across->ticks[across->tick_count - 1];
        const double out = sl_gnuplot_width(last->text, LAYOUT_TICK) / 2 -
                           (1 - sl_axis_place(across, last->at)) * (right - left);
        right -= out > pad && !scale ? out - pad + 4 : 0;
    }
    cell->plot = (sl_box){ left, top, layout_clamp(right - left, 20, INFINITY),
                           layout_clamp(bottom - top, 20, INFINITY) };
    if ((panel->square || layout_picture(panel)) && !cell->lying && !panel->solid)
        layout_square(cell);
}
