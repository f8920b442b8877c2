/* terminal_marks.c - points, whiskers, the points of paths, and texts. */
#include "plot/draw/terminal.h"

enum { MARKS_OF_PATH = 24 };

/* The cell of (x, y); NULL: outside. */
static sl_cell *marks_cell(const sl_window *view, double x, double y, int *row, int *column)
{
    const double across = sl_axis_place(&view->x, x), up = sl_axis_place(&view->y, y);
    if (!(across > -1e-9 && across < 1 + 1e-9 && up > -1e-9 && up < 1 + 1e-9))
        return NULL;
    const int c = (int)(across * view->width), r = (int)(up * view->height);
    *column = view->left + (c >= view->width ? view->width - 1 : c);
    *row = view->top + view->height - 1 - (r >= view->height ? view->height - 1 : r);
    return sl_canvas_cell(view->canvas, *row, *column);
}

static void marks_put(const sl_window *view, double x, double y, uint32_t code, int fore)
{
    int row, column;
    const sl_cell *cell = marks_cell(view, x, y, &row, &column);
    if (!cell || cell->written)
        return;
    sl_canvas_set(view->canvas, row, column, code, fore);
}

static double marks_into(const sl_axis *axis, double value)
{
    const double low = axis->low < axis->high ? axis->low : axis->high;
    const double high = axis->low < axis->high ? axis->high : axis->low;
    return value < low ? low : value > high ? high : value;
}

static void marks_whisker(const sl_window *view, const sl_series *s, size_t i, const sl_terminal_look *look)
{
    int top, bottom, column;
    const bool unicode = view->canvas->unicode;
    const double low = marks_into(&view->y, s->low[i]), high = marks_into(&view->y, s->high[i]);
    if (marks_cell(view, s->x[i], low, &bottom, &column) && marks_cell(view, s->x[i], high, &top, &column))
        for (int row = top; row <= bottom; row++) {
            const bool end = (row == top && s->high[i] <= high) || (row == bottom && s->low[i] >= low);
            sl_canvas_set(view->canvas, row, column,
                          top == bottom || !end ? (unicode ? 0x2502 : '|')
                          : !unicode            ? '-'
                          : row == top          ? 0x252C
                                                : 0x2534,
                          look->fore);
        }
    marks_put(view, s->x[i], s->y[i], look->glyph, look->fore);
}

/* In the middle of the place, or one line off where something is written there already. */
static void marks_text(sl_window *view, const sl_series *s, size_t i)
{
    static const int tries[] = { 0, 1, -1 };
    int row, column;
    const char *text = s->texts[i];
    if (!text || !*text || !marks_cell(view, s->x[i], s->y[i], &row, &column))
        return;
    int wide = sl_letters_width(view->canvas->unicode, text, NULL);
    wide = wide > view->width ? view->width : wide;
    int start = column - wide / 2;
    start = start + wide > view->left + view->width ? view->left + view->width - wide : start;
    start = start < view->left ? view->left : start;
    for (int t = 0; t < 3; t++) {
        const int line = row + tries[t];
        bool free = line >= view->top && line < view->top + view->height;
        for (int c = start - 1; free && c <= start + wide; c++)
            free = c < view->left || c >= view->left + view->width ||
                   !sl_canvas_cell(view->canvas, line, c)->written;
        if (!free)
            continue;
        sl_canvas_text(view->canvas, line, start, wide, text, sl_terminal_colour(s->colour));
        for (int c = start; c < start + wide; c++)
            sl_canvas_cell(view->canvas, line, c)->written = true;
        return;
    }
    view->lost++;
}

void sl_terminal_marks(sl_window *view)
{
    const sl_panel *panel = view->panel;
    for (int n = 0; n < panel->count; n++) {
        const sl_series *s = panel->series[n];
        const sl_terminal_look look = sl_window_look(view, n);
        if (s->how == SL_DRAW_POINTS)
            for (size_t i = 0; i < s->count; i++)
                marks_put(view, s->x[i], s->y[i], look.glyph, look.fore);
        if (s->how == SL_DRAW_ERRORS)
            for (size_t i = 0; i < s->count; i++)
                marks_whisker(view, s, i, &look);
        if (s->how == SL_DRAW_PATH) /* its points, if they are few; its end, always */
            for (size_t i = 0; i < s->count; i++)
                if (i + 1 == s->count || s->count <= MARKS_OF_PATH)
                    marks_put(view, s->x[i], s->y[i],
                              look.letter             ? look.letter
                              : view->canvas->unicode ? (i + 1 == s->count ? 0x25CF : 0x2022)
                                                      : 'o',
                              look.fore);
    }
    for (int n = 0; n < panel->count; n++)
        for (size_t i = 0; panel->series[n]->how == SL_DRAW_TEXTS && i < panel->series[n]->count; i++)
            marks_text(view, panel->series[n], i);
}
