/* terminal_strokes.c - lines: in Braille, 2 by 4 dots a character; in ASCII a letter where a line goes. */
#include "plot/draw/terminal.h"

#include <math.h>

typedef struct {
    sl_window *view;
    sl_terminal_look look;
    double x, y; /* where the pen is, 0 .. 1 */
    bool down;
    int run; /* dots drawn so far, for dashes */
} strokes_pen;

static int strokes_wide(const sl_window *view)
{
    return view->canvas->unicode ? 2 * view->width : view->width;
}

static int strokes_high(const sl_window *view)
{
    return view->canvas->unicode ? 4 * view->height : view->height;
}

/* Dot (0, 0) is the one at the bottom left. */
static void strokes_dot(const sl_window *view, const sl_terminal_look *look, int x, int y)
{
    static const unsigned char bits[4][2] = {
        { 0x40, 0x80 }, { 0x04, 0x20 }, { 0x02, 0x10 }, { 0x01, 0x08 }
    };
    const bool unicode = view->canvas->unicode;
    x = x < 0 ? 0 : x >= strokes_wide(view) ? strokes_wide(view) - 1 : x;
    y = y < 0 ? 0 : y >= strokes_high(view) ? strokes_high(view) - 1 : y;
    sl_cell *cell = sl_canvas_cell(view->canvas, view->top + view->height - 1 - (unicode ? y / 4 : y),
                                   view->left + (unicode ? x / 2 : x));
    if (cell->written)
        return;
    cell->fore = look->fore;
    if (!unicode) {
        const bool other = cell->dots && cell->code != look->letter;
        cell->code = other ? '*' : look->letter ? look->letter : '.';
        cell->dots = 1; /* a line has been here */
        return;
    }
    cell->code = ' ';
    cell->dots |= bits[y % 4][x % 2];
}

static bool strokes_inked(const strokes_pen *pen)
{
    const int phase = pen->run % 8;
    if (!pen->view->canvas->unicode)
        return true; /* letters tell them apart */
    return pen->look.dash == 0 || (pen->look.dash == 1 ? phase < 5 : phase % 4 == 0);
}

/* Of the part between 0 and 1, by Liang and Barsky 1984; false: all of it lies outside. */
static bool strokes_clip(double *x0, double *y0, double *x1, double *y1)
{
    const double dx = *x1 - *x0, dy = *y1 - *y0;
    const double p[4] = { -dx, dx, -dy, dy }, q[4] = { *x0, 1 - *x0, *y0, 1 - *y0 };
    double from = 0, to = 1;
    for (int i = 0; i < 4; i++) {
        if (p[i] == 0 && q[i] < 0)
            return false;
        if (p[i] == 0)
            continue;
        const double at = q[i] / p[i];
        if (p[i] < 0)
            from = at > from ? at : from;
        else
            to = at < to ? at : to;
    }
    if (!(from <= to))
        return false;
    *x1 = *x0 + to * dx;
    *y1 = *y0 + to * dy;
    *x0 += from * dx;
    *y0 += from * dy;
    return true;
}

static void strokes_to(strokes_pen *pen, double x, double y)
{
    const sl_window *view = pen->view;
    if (!(x - x == 0 && y - y == 0)) {
        pen->down = false;
        return;
    }
    double x0 = pen->down ? pen->x : x, y0 = pen->down ? pen->y : y, x1 = x, y1 = y;
    if (strokes_clip(&x0, &y0, &x1, &y1)) {
        const double wide = strokes_wide(view), high = strokes_high(view);
        const double dx = fabs(x1 - x0) * wide, dy = fabs(y1 - y0) * high;
        const int steps = (int)(dx > dy ? dx : dy) + 1;
        for (int i = 0; i <= steps; i++) {
            const double share = (double)i / steps;
            if (strokes_inked(pen))
                strokes_dot(view, &pen->look, (int)((x0 + share * (x1 - x0)) * wide),
                            (int)((y0 + share * (y1 - y0)) * high));
            pen->run += i < steps;
        }
    }
    pen->x = x;
    pen->y = y;
    pen->down = true;
}

/* Where there are many lines each says here and there who it is; so late that no other line covers it. */
static void strokes_letters(sl_window *view, int series, const sl_terminal_look *look)
{
    const sl_series *s = view->panel->series[series];
    const double wanted = (series + 0.5) / view->panel->count;
    double best = 2, nearest[2] = { NAN, NAN }, last[2] = { NAN, NAN };
    for (size_t i = 0; i < s->count; i++) {
        const double x = sl_axis_place(&view->x, s->x[i]), y = sl_axis_place(&view->y, s->y[i]);
        if (!(x >= 0 && x <= 1 && y >= 0 && y <= 1))
            continue;
        if (fabs(x - wanted) < best) {
            best = fabs(x - wanted);
            nearest[0] = x;
            nearest[1] = y;
        }
        last[0] = x;
        last[1] = y;
    }
    for (int i = 0; i < 2; i++) {
        const double x = i ? last[0] : nearest[0], y = i ? last[1] : nearest[1];
        if (!(x == x))
            continue;
        int column = (int)(x * view->width), row = (int)(y * view->height);
        column = column >= view->width ? view->width - 1 : column;
        row = view->top + view->height - 1 - (row >= view->height ? view->height - 1 : row);
        if (!sl_canvas_cell(view->canvas, row, view->left + column)->written)
            sl_canvas_set(view->canvas, row, view->left + column, look->letter, look->fore);
    }
}

static void strokes_series(sl_window *view, int series)
{
    const sl_series *s = view->panel->series[series];
    strokes_pen pen = { .view = view, .look = sl_window_look(view, series) };
    for (size_t i = 0; i < s->count; i++) {
        const double x = sl_axis_place(&view->x, s->x[i]), y = sl_axis_place(&view->y, s->y[i]);
        if (s->how == SL_DRAW_STEPS && pen.down && y == y && x == x)
            strokes_to(&pen, x, pen.y);
        strokes_to(&pen, x, y);
    }
}

static void strokes_thin(sl_window *view, int series)
{
    const sl_series *s = view->panel->series[series];
    const bool up = s->how == SL_DRAW_UP, unicode = view->canvas->unicode;
    const double place =
        s->count ? up ? sl_axis_place(&view->x, s->x[0]) : sl_axis_place(&view->y, s->y[0]) : NAN;
    const int length = up ? view->height : view->width, across = up ? view->width : view->height;
    if (!(place >= -1e-9 && place <= 1 + 1e-9))
        return;
    int at = (int)(place * across);
    at = at >= across ? across - 1 : at;
    for (int i = 0; i < length; i++) {
        const int row = up ? view->top + i : view->top + view->height - 1 - at;
        const int column = view->left + (up ? at : i);
        const sl_cell *cell = sl_canvas_cell(view->canvas, row, column);
        if (cell->code == ' ' || cell->code == 0x2591 || !unicode || sl_terminal_grid(view->panel))
            sl_canvas_set(view->canvas, row, column, up ? (unicode ? 0x2506 : '|') : (unicode ? 0x2504 : '-'),
                          sl_terminal_colour(s->colour));
    }
}

/* Between low and high, at each column's middle. */
static void strokes_band(sl_window *view, int series)
{
    const sl_series *s = view->panel->series[series];
    for (int column = 0; column < view->width; column++) {
        const double at = (column + 0.5) / view->width;
        double low = NAN, high = NAN;
        for (size_t i = 0; i + 1 < s->count; i++) {
            const double x0 = sl_axis_place(&view->x, s->x[i]), x1 = sl_axis_place(&view->x, s->x[i + 1]);
            if (!((x0 <= at && at <= x1) || (x1 <= at && at <= x0)))
                continue;
            const double share = x1 != x0 ? (at - x0) / (x1 - x0) : 0;
            const double l0 = sl_axis_place(&view->y, s->low[i]), l1 = sl_axis_place(&view->y, s->low[i + 1]);
            const double h0 = sl_axis_place(&view->y, s->high[i]),
                         h1 = sl_axis_place(&view->y, s->high[i + 1]);
            low = l0 + share * (l1 - l0);
            high = h0 + share * (h1 - h0);
            if (low - low == 0 && high - high == 0)
                break;
        }
        for (int row = 0; row < view->height && low - low == 0 && high - high == 0; row++) {
            const double bottom = (double)row / view->height, top = (row + 1.0) / view->height;
            const double middle = (bottom + top) / 2, centre = (low + high) / 2;
            if ((middle >= low && middle <= high) || (centre >= bottom && centre < top))
                sl_canvas_set(view->canvas, view->top + view->height - 1 - row, view->left + column,
                              view->canvas->unicode ? 0x2591 : ':', sl_terminal_colour(s->colour));
        }
    }
}

/* --- contours over an image: a dot where the next dot to the right or above is in another level ------------
 */

static double strokes_height(const sl_window *view, const sl_series *s, int x, int y)
{
    const double wide = strokes_wide(view), high = strokes_high(view);
    const double at[2] = { view->x.low + (view->x.high - view->x.low) * (x + 0.5) / wide,
                           view->y.low + (view->y.high - view->y.low) * (y + 0.5) / high };
    const double c = (at[0] - s->x[0]) / (s->x[1] - s->x[0]) * (double)s->columns - 0.5;
    const double r = (at[1] - s->low[0]) / (s->high[0] - s->low[0]) * (double)s->rows - 0.5;
    if (!(c >= -0.5 && r >= -0.5 && c <= (double)s->columns && r <= (double)s->rows))
        return NAN;
    const size_t c0 = c < 0 ? 0 : (size_t)c, r0 = r < 0 ? 0 : (size_t)r;
    const size_t c1 = c0 + 1 < s->columns ? c0 + 1 : s->columns - 1,
                 r1 = r0 + 1 < s->rows ? r0 + 1 : s->rows - 1;
    if (c0 >= s->columns || r0 >= s->rows)
        return NAN;
    const double across = c < 0 ? 0 : c - (double)c0, up = r < 0 ? 0 : r - (double)r0;
    const double below = s->y[r0 * s->columns + c0] * (1 - across) + s->y[r0 * s->columns + c1] * across;
    const double above = s->y[r1 * s->columns + c0] * (1 - across) + s->y[r1 * s->columns + c1] * across;
    return below * (1 - up) + above * up;
}

static int strokes_level(const sl_window *view, const sl_series *s, int x, int y)
{
    const double value = strokes_height(view, s, x, y);
    if (!(value - value == 0))
        return -1;
    if (!s->level_count)
        return (int)(sl_axis_place(&view->z, value) * 6);
    int below = 0;
    for (int i = 0; i < s->level_count; i++)
        below += s->levels[i] <= value;
    return below;
}

static void strokes_contour(sl_window *view, int series)
{
    const sl_series *s = view->panel->series[series];
    sl_terminal_look look = sl_window_look(view, series);
    for (int y = 0; y + 1 < strokes_high(view); y++)
        for (int x = 0; x + 1 < strokes_wide(view); x++) {
            const int here = strokes_level(view, s, x, y), right = strokes_level(view, s, x + 1, y);
            const int above = strokes_level(view, s, x, y + 1);
            if (here >= 0 && ((right >= 0 && right != here) || (above >= 0 && above != here)))
                strokes_dot(view, &look, x, y);
        }
}

void sl_terminal_strokes(sl_window *view)
{
    const sl_panel *panel = view->panel;
    for (int s = 0; s < panel->count; s++)
        if (panel->series[s]->how == SL_DRAW_BAND)
            strokes_band(view, s);
    for (int s = 0; s < panel->count; s++)
        if (panel->series[s]->how == SL_DRAW_ACROSS || panel->series[s]->how == SL_DRAW_UP)
            strokes_thin(view, s);
    for (int s = 0; s < panel->count; s++)
        if (panel->series[s]->how == SL_DRAW_CONTOUR && panel->series[s]->count &&
            panel->series[s] != sl_terminal_grid(panel) && view->canvas->unicode)
            strokes_contour(view, s);
    for (int s = 0; s < panel->count; s++)
        if (panel->series[s]->how == SL_DRAW_LINE || panel->series[s]->how == SL_DRAW_STEPS ||
            panel->series[s]->how == SL_DRAW_PATH)
            strokes_series(view, s);
    for (int s = 0; s < panel->count; s++) {
        const sl_terminal_look look = sl_window_look(view, s);
        if (look.letter && view->canvas->unicode)
            strokes_letters(view, s, &look);
    }
}
