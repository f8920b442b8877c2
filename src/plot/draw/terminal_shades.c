/* terminal_shades.c - numbers over an area: in colours two rows of them a line, by half blocks; without as
 * shades, or of classes as letters. Contours without an image and surfaces are drawn the same way. */
#include "plot/draw/terminal.h"

#include <math.h>

/* 0: nothing. Left of it what is below 0, where that is told apart. */
static uint32_t shades_code(bool unicode, bool diverging, double share)
{
    static const uint32_t blocks[] = { ' ', 0x2591, 0x2592, 0x2593, 0x2588 };
    static const char dense[] = " .:-=+*#%@", above[] = "   .+*#", below[] = "   -=%N";
    if (!(share - share == 0))
        return '?';
    if (diverging) {
        const double size = fabs(2 * share - 1);
        if (unicode && share >= 0.5)
            return blocks[(int)(size * 4.999)];
        return (uint32_t)(share < 0.5 ? below : above)[(int)(size * 4.999) + 2];
    }
    return unicode ? blocks[(int)(share * 4.999)] : (uint32_t)dense[(int)(share * 9.999)];
}

static uint32_t shades_class(double value)
{
    if (!(value - value == 0))
        return '?';
    const double index = floor(value), strength = value - index;
    const int place = index < 0 || index > 1e6 ? 0 : (int)index % 26;
    return (uint32_t)((strength < 0.5 ? 'a' : 'A') + place);
}

/* The mean of the cells between these edges (in cells); of classes the middle one. */
static double shades_mean(const sl_panel *panel, const sl_series *s, double row0, double row1, double column0,
                          double column1)
{
    const size_t rows = s->rows, columns = s->columns;
    if (panel->tint == SL_CLASSES || (row1 - row0 <= 1 && column1 - column0 <= 1)) {
        const size_t r = (size_t)((row0 + row1) / 2), c = (size_t)((column0 + column1) / 2);
        return s->y[(r < rows ? r : rows - 1) * columns + (c < columns ? c : columns - 1)];
    }
    double sum = 0;
    size_t count = 0;
    for (size_t r = (size_t)row0; r < rows && ((double)r < row1 - 1e-9 || r == (size_t)row0); r++)
        for (size_t c = (size_t)column0; c < columns && ((double)c < column1 - 1e-9 || c == (size_t)column0);
             c++)
            if (s->y[r * columns + c] - s->y[r * columns + c] == 0) {
                sum += s->y[r * columns + c];
                count++;
            }
    return count ? sum / (double)count : NAN;
}

/* 0 .. 1: where between the least and the largest; of contours, how many of the levels it has passed. */
static double shades_share(const sl_window *view, const sl_series *s, double value)
{
    if (s->how == SL_DRAW_CONTOUR && s->level_count > 1 && value == value) {
        int below = 0;
        for (int i = 0; i < s->level_count; i++)
            below += s->levels[i] <= value;
        return (double)below / s->level_count;
    }
    const double place = view->z.high > view->z.low ? sl_axis_place(&view->z, value) : 0.5;
    return place < 0 ? 0 : place > 1 ? 1 : place;
}

static int shades_colour(const sl_window *view, const sl_series *s, double value)
{
    const sl_tint tint = view->panel->tint;
    if (!(value - value == 0))
        return -1;
    return sl_terminal_tint(tint, tint == SL_CLASSES ? value : shades_share(view, s, value));
}

/* Of the area's pixels, `fine` a line, one; from the top left. NaN: the image is not there. */
static double shades_at(const sl_window *view, const sl_series *s, int row, int column, int fine)
{
    const double rows = (double)s->rows, columns = (double)s->columns;
    const double high = view->height * fine, wide = view->width;
    double edge[4]; /* left, right, bottom, top, as shares of the image */
    for (int i = 0; i < 2; i++) {
        const double x = view->x.log ? 0 : view->x.low + (view->x.high - view->x.low) * (column + i) / wide;
        const double y =
            view->y.log ? 0 : view->y.low + (view->y.high - view->y.low) * (high - 1 - row + i) / high;
        edge[i] = view->x.log ? (column + i) / wide : (x - s->x[0]) / (s->x[1] - s->x[0]);
        edge[2 + i] = view->y.log ? (high - 1 - row + i) / high : (y - s->low[0]) / (s->high[0] - s->low[0]);
    }
    for (int i = 0; i < 4; i += 2) {
        const double middle = (edge[i] + edge[i + 1]) / 2;
        if (!(middle >= 0 && middle <= 1))
            return INFINITY;
        edge[i] = edge[i] < 0 ? 0 : edge[i];
        edge[i + 1] = edge[i + 1] > 1 ? 1 : edge[i + 1];
    }
    return shades_mean(view->panel, s, edge[2] * rows + 1e-9, edge[3] * rows, edge[0] * columns + 1e-9,
                       edge[1] * columns);
}

void sl_terminal_shades(sl_window *view)
{
    const sl_series *s = sl_terminal_grid(view->panel);
    sl_canvas *c = view->canvas;
    const bool halves = c->unicode && c->colour;
    for (int row = 0; s && row < view->height; row++)
        for (int column = 0; column < view->width; column++) {
            sl_cell *cell = sl_canvas_cell(c, view->top + row, view->left + column);
            const double value = shades_at(view, s, halves ? 2 * row : row, column, halves ? 2 : 1);
            if (halves) {
                const double lower = shades_at(view, s, 2 * row + 1, column, 2);
                const int up = shades_colour(view, s, value), down = shades_colour(view, s, lower);
                cell->code = up < 0 && down < 0 ? ' ' : up < 0 ? 0x2584 : 0x2580;
                cell->fore = up < 0 ? down : up;
                cell->back = up < 0 ? -1 : down;
            } else if (value == INFINITY) {
                continue;
            } else if (c->colour) {
                cell->back = shades_colour(view, s, value);
            } else {
                const bool gap = view->panel->x.none && !(value == value); /* between pictures */
                const double share = value == value ? shades_share(view, s, value) : value;
                const bool diverging = view->panel->tint == SL_DIVERGING;
                cell->code = view->panel->tint == SL_CLASSES ? shades_class(value)
                             : gap                           ? ' '
                                                             : shades_code(c->unicode, diverging, share);
            }
        }
}

int sl_terminal_scale(sl_window *view, int row, int column, int width)
{
    const sl_panel *panel = view->panel;
    const sl_series *s = sl_terminal_grid(panel);
    sl_canvas *c = view->canvas;
    if (!s || panel->no_scale || panel->tint == SL_CLASSES || (panel->tint == SL_GREYS && c->colour))
        return 0;
    const bool ranked = s->how == SL_DRAW_CONTOUR && s->level_count > 1;
    const char *ends[2] = { sl_terminal_number(view->figure, ranked ? s->levels[0] : view->z.low, 3),
                            sl_terminal_number(view->figure,
                                               ranked ? s->levels[s->level_count - 1] : view->z.high, 3) };
    const int ends_width =
        sl_letters_width(c->unicode, ends[0], NULL) + sl_letters_width(c->unicode, ends[1], NULL);
    int steps = c->colour ? 20 : panel->tint == SL_DIVERGING ? 9 : c->unicode ? 5 : 10;
    steps = c->colour && steps > width - 2 - ends_width ? width - 2 - ends_width : steps;
    int at = column + sl_canvas_text(c, row, column, width, ends[0], -1) + 1;
    for (int i = 0; i < steps && at < column + width; i++, at++) {
        const double share = (i + 0.5) / steps;
        sl_canvas_set(c, row, at,
                      c->colour ? ' ' : shades_code(c->unicode, panel->tint == SL_DIVERGING, share), -1);
        if (c->colour)
            sl_canvas_cell(c, row, at)->back = sl_terminal_tint(panel->tint, share);
    }
    at += 1 + sl_canvas_text(c, row, at + 1, column + width - at - 1, ends[1], -1);
    if (panel->z.label)
        sl_canvas_text(c, row, at + 2, column + width - at - 2, panel->z.label, -1);
    return 1;
}
