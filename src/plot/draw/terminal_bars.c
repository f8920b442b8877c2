/* terminal_bars.c - bars: a few, or those of named places, lie: name, bar, value. Many stand side by side. */
#include "plot/draw/terminal.h"

#include <math.h>

enum { BARS_FEW = 8, BARS_LINES = 60 };

bool sl_terminal_level_bars(const sl_panel *panel)
{
    bool bars = false;
    size_t most = 0;
    for (int s = 0; s < panel->count; s++) {
        const sl_series *series = panel->series[s];
        const sl_draw how = series->how;
        bars = bars || how == SL_DRAW_BARS;
        most = how == SL_DRAW_BARS && series->count > most ? series->count : most;
        if (how != SL_DRAW_BARS && how != SL_DRAW_ERRORS && how != SL_DRAW_ACROSS)
            return false;
    }
    return bars && !panel->y.log && !panel->y.named && (panel->x.named || most <= BARS_FEW);
}

typedef struct {
    sl_canvas *canvas;
    const sl_panel *panel;
    int left, width; /* of the bars, their line at 0 included */
    int zero;        /* the column of that line, from left */
} bars_place;

static int bars_series(const sl_panel *panel, int series)
{
    int before = 0;
    for (int s = 0; s < series; s++)
        before += panel->series[s]->how == SL_DRAW_BARS;
    return before;
}

/* In eighths of a column from the line at 0. */
static int bars_eighths(const bars_place *p, double value)
{
    const double share = value / (p->panel->y.high - p->panel->y.low);
    double eighths = share * (p->width - 1) * 8;
    const double most = 16.0 * p->width; /* far outside of the range: as good as twice its width */
    eighths = eighths < -most ? -most : eighths > most ? most : eighths;
    return (int)(eighths < 0 ? eighths - 0.5 : eighths + 0.5);
}

static void bars_one(const bars_place *p, int row, double value, int number, int fore)
{
    static const uint32_t shades[] = { 0x2588, 0x2592, 0x2591 };
    sl_canvas *c = p->canvas;
    if (!(value - value == 0))
        return;
    const int eighths = bars_eighths(p, value), whole = (eighths < 0 ? -eighths : eighths) / 8;
    const int part = eighths % 8;
    const uint32_t full = !c->unicode ? (uint32_t)("#=+"[number % 3]) : shades[c->colour ? 0 : number % 3];
    for (int i = 0; i < whole; i++)
        sl_canvas_set(c, row, p->left + p->zero + (eighths < 0 ? -1 - i : 1 + i), full, fore);
    if (part > 0 && c->unicode && full == 0x2588)
        sl_canvas_set(c, row, p->left + p->zero + 1 + whole, (uint32_t)(0x2590 - part), fore);
    else if (part >= 4)
        sl_canvas_set(c, row, p->left + p->zero + 1 + whole, full, fore);
    else if (part <= -4)
        sl_canvas_set(c, row, p->left + p->zero - 1 - whole, full == 0x2588 ? 0x2590 : full, fore);
}

static int bars_column(const bars_place *p, double value)
{
    const int eighths = bars_eighths(p, value);
    const int column = p->zero + (eighths >= 0 ? (eighths + 7) / 8 : -((7 - eighths) / 8));
    return column < 0 ? 0 : column >= p->width ? p->width - 1 : column;
}

static void bars_whiskers(const bars_place *p, int row, double x)
{
    const bool unicode = p->canvas->unicode;
    for (int n = 0; n < p->panel->count; n++) {
        const sl_series *s = p->panel->series[n];
        for (size_t i = 0; s->how == SL_DRAW_ERRORS && i < s->count; i++) {
            if (s->x[i] != x || !(s->low[i] - s->low[i] == 0 && s->high[i] - s->high[i] == 0))
                continue;
            const int from = bars_column(p, s->low[i]), to = bars_column(p, s->high[i]);
            for (int c = from; c <= to; c++)
                sl_canvas_set(p->canvas, row, p->left + c,
                              !unicode     ? (c == from || c == to ? '|' : '-')
                              : from == to ? 0x2502
                              : c == from  ? 0x251C
                              : c == to    ? 0x2524
                                           : 0x2500,
                              -1);
        }
    }
}

static const char *bars_name(sl_figure *figure, const sl_panel *panel, double x)
{
    for (int i = 0; panel->x.named && i < panel->x.tick_count; i++)
        if (fabs(panel->x.ticks[i].at - x) < 1e-9)
            return panel->x.ticks[i].text;
    return sl_terminal_number(figure, x, 4);
}

/* The bars in their order, those of one place below one another; how many lines. */
static int bars_each(const bars_place *p, sl_figure *figure, int row, int names, int values, int right)
{
    const sl_panel *panel = p->panel;
    int lines = 0, left_out = 0, first = -1;
    for (int s = 0; s < panel->count && first < 0; s++)
        first = panel->series[s]->how == SL_DRAW_BARS ? s : -1;
    for (size_t i = 0; first >= 0 && i < panel->series[first]->count; i++) {
        const double x = panel->series[first]->x[i];
        bool named = false;
        for (int n = first; n < panel->count; n++) {
            const sl_series *s = panel->series[n];
            if (s->how != SL_DRAW_BARS || i >= s->count)
                continue;
            if (lines >= BARS_LINES) {
                left_out++;
                continue;
            }
            const int line = row + lines++;
            if (!named)
                sl_canvas_text(p->canvas, line, p->left - names - 1, names, bars_name(figure, panel, x), -1);
            named = true;
            sl_canvas_set(p->canvas, line, p->left + p->zero, p->canvas->unicode ? 0x2502 : '|', -1);
            bars_one(p, line, s->y[i], bars_series(panel, n), sl_terminal_colour(s->colour));
            bars_whiskers(p, line, s->x[i]);
            const char *value = sl_terminal_number(figure, s->y[i], 4);
            const int wide = sl_letters_width(p->canvas->unicode, value, NULL);
            sl_canvas_text(p->canvas, line, right - (wide < values ? wide : values), values, value, -1);
        }
    }
    if (left_out)
        lines += sl_canvas_wrap(p->canvas, row + lines, p->left - names - 1, right - (p->left - names - 1),
                                sl_figure_format(figure, "and %d more", left_out), false);
    return lines;
}

int sl_terminal_bars(sl_canvas *canvas, sl_figure *figure, const sl_panel *panel, int left, int top,
                     int width)
{
    int names = 0, values = 0, row = top;
    for (int n = 0; n < panel->count; n++)
        for (size_t i = 0;
             panel->series[n]->how == SL_DRAW_BARS && i < panel->series[n]->count && i < BARS_LINES; i++) {
            const sl_series *s = panel->series[n];
            const int name = sl_letters_width(canvas->unicode, bars_name(figure, panel, s->x[i]), NULL);
            const int value = sl_letters_width(canvas->unicode, sl_terminal_number(figure, s->y[i], 4), NULL);
            names = name > names ? name : names;
            values = value > values ? value : values;
        }
    names = names > width * 2 / 5 ? width * 2 / 5 : names;
    values = values > width / 2 ? width / 2 : values;
    bars_place p = {
        .canvas = canvas, .panel = panel, .left = left + names + 1, .width = width - names - values - 2
    };
    p.width = p.width < 2 ? 2 : p.width;
    const double zero = -panel->y.low / (panel->y.high - panel->y.low);
    p.zero = panel->y.low < 0 ? (int)(zero * (p.width - 1) + 0.5) : 0;
    if (panel->y.label && *panel->y.label) {
        const int wide = sl_letters_width(canvas->unicode, panel->y.label, NULL);
        const int start = p.left + wide > left + width ? left + width - wide : p.left;
        sl_canvas_text(canvas, row, start < left ? left : start, width, panel->y.label, -1);
        if (panel->x.label)
            sl_canvas_text(canvas, row, left, start - left - 1, panel->x.label, -1);
        row++;
    }
    row += bars_each(&p, figure, row, names, values, left + width);
    if (panel->note)
        row += sl_canvas_wrap(canvas, row, left, width, panel->note, false);
    return row - top;
}

/* --- upright ----------------------------------------------------------------------------------------------
 */

static double bars_gap(const sl_series *s)
{
    double gap = INFINITY;
    for (size_t i = 0; i + 1 < s->count; i++) {
        const double apart = fabs(s->x[i + 1] - s->x[i]);
        gap = apart > 0 && apart < gap ? apart : gap;
    }
    return gap;
}

/* The bar with the largest size whose place is in this column; NaN: none. */
static double bars_over(const sl_window *view, const sl_series *s, double gap, int column)
{
    const double from = (double)column / view->width, to = (column + 1.0) / view->width;
    double found = NAN;
    for (size_t i = 0; i < s->count; i++) {
        const double half = gap < INFINITY ? gap / 2 : (view->x.high - view->x.low) / 4;
        double low = sl_axis_place(&view->x, s->x[i] - half), high = sl_axis_place(&view->x, s->x[i] + half);
        const double middle = sl_axis_place(&view->x, s->x[i]);
        low = low == low ? low : middle; /* a log axis has no 0 */
        if ((high - low) * view->width >= 4)
            high -= 1.0 / view->width; /* a blank between broad ones */
        const bool here = (from + to) / 2 >= low && (from + to) / 2 < high;
        const bool inside = middle >= from && middle < to;
        if ((here || inside) && s->y[i] - s->y[i] == 0 && !(fabs(s->y[i]) <= fabs(found)))
            found = s->y[i];
    }
    return found;
}

void sl_terminal_blocks(sl_window *view)
{
    static const uint32_t shades[] = { 0x2588, 0x2592, 0x2591 };
    sl_canvas *c = view->canvas;
    for (int n = 0; n < view->panel->count; n++) {
        const sl_series *s = view->panel->series[n];
        if (s->how != SL_DRAW_BARS) /* x of a picture has two numbers, not count */
            continue;
        const int number = bars_series(view->panel, n), fore = sl_terminal_colour(s->colour);
        const uint32_t full =
            !c->unicode ? (uint32_t)("#=+"[number % 3]) : shades[c->colour ? 0 : number % 3];
        const double gap = bars_gap(s);
        for (int column = 0; column < view->width; column++) {
            const double value = bars_over(view, s, gap, column);
            const double none = view->y.log ? 0 : sl_axis_place(&view->y, 0),
                         end = sl_axis_place(&view->y, value);
            if (!(end == end))
                continue;
            double low = (end < none ? end : none) * view->height,
                   high = (end < none ? none : end) * view->height;
            low = low < 0 ? 0 : low;
            high = high > view->height ? view->height : high;
            for (int row = (int)low; row < view->height && row < high; row++) {
                const double above = high - row, below = row + 1 - low; /* of this cell's height */
                int eighths = (int)(above * 8 + 0.5);
                uint32_t code = full;
                if (full == 0x2588 && eighths < 8)
                    code = eighths                         ? (uint32_t)(0x2580 + eighths)
                           : end > none && row == (int)low ? 0x2581
                                                           : ' ';
                else if (full == 0x2588 && below < 0.75)
                    code = below > 0.25 ? 0x2580 : ' ';
                else if (full != 0x2588 && above < 0.5 && row != (int)low)
                    code = ' ';
                if (code != ' ')
                    sl_canvas_set(c, view->top + view->height - 1 - row, view->left + column, code, fore);
            }
        }
    }
}
