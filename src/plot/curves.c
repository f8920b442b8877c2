/* curves.c - learning curves for a terminal: two panels, loss and figure of merit, drawn in Braille dots (2
 * by 4 a character) or, without Unicode, in plain characters. Training is a line, validation a second one. */
#include "plot/draw/dots.h"
#include "train/report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CURVES_MARGIN = 10, CURVES_LEAST_WIDTH = 30, CURVES_LEAST_HEIGHT = 5, CURVES_WIDEST = 400 };

typedef struct {
    sl_dots dots;
    double low, high;
} curves_panel;

static void curves_line(curves_panel *p, int line, const sl_report *r, int column)
{
    const int across = sl_dots_across(&p->dots), down = sl_dots_down(&p->dots);
    const double range = p->high > p->low ? p->high - p->low : 1;
    int before_x = -1, before_y = 0;
    for (int i = 0; i < r->rows; i++) {
        const double value = r->values[(size_t)i * (size_t)r->columns + (size_t)column];
        if (!(value - value == 0))
            continue;
        const int x = (int)((r->rows > 1 ? (double)i / (r->rows - 1) : 0.5) * (across - 1) + 0.5);
        const int y = (int)((p->high - value) / range * (down - 1) + 0.5);
        if (before_x >= 0)
            sl_dots_join(&p->dots, line, before_x, before_y, x, y);
        sl_dots_put(&p->dots, line, x, y);
        before_x = x;
        before_y = y;
    }
}

/* The axis runs over all finite values of both lines. */
static bool curves_range(curves_panel *p, const sl_report *r, const int columns[2])
{
    p->low = INFINITY;
    p->high = -INFINITY;
    for (int line = 0; line < 2; line++)
        for (int i = 0; i < r->rows && columns[line] >= 0; i++) {
            const double y = r->values[(size_t)i * (size_t)r->columns + (size_t)columns[line]];
            if (!(y - y == 0))
                continue;
            p->low = y < p->low ? y : p->low;
            p->high = y > p->high ? y : p->high;
        }
    return p->low <= p->high;
}

/* Four significant digits, never in the locale's way. */
static void curves_label(sl_text *out, double value)
{
    char number[32];
    double scale = 1;
    const double size = fabs(value);
    while (size * scale < 1000 && scale < 1e12 && size > 0)
        scale *= 10;
    const double rounded = size > 1e15 ? value : floor(value * scale + 0.5) / scale;
    sl_number_text(number, rounded);
    sl_text_add(out, "%*s", CURVES_MARGIN - 2, strlen(number) > CURVES_MARGIN - 2 ? "" : number);
}

static void curves_panel_put(sl_text *out, const curves_panel *p)
{
    const int height = p->dots.height;
    for (int row = 0; row < height; row++) {
        if (row == 0 || row == height - 1 || row == (height - 1) / 2)
            curves_label(out, p->high - (p->high - p->low) * row / (height - 1));
        else
            sl_text_add(out, "%*s", CURVES_MARGIN - 2, "");
        sl_text_put(out, p->dots.unicode ? " \xE2\x94\x82" : " |");
        const size_t start = out->length;
        char cell[4];
        for (int column = 0; column < p->dots.width; column++) {
            sl_dots_cell(&p->dots, row, column, cell);
            sl_text_put(out, cell);
        }
        while (out->length > start && out->bytes[out->length - 1] == ' ')
            out->bytes[--out->length] = 0;
        sl_text_put(out, "\n");
    }
}

static sl_status curves_draw(sl_report *r, const char *what, int width, int height, bool unicode)
{
    sl_text *out = &r->picture;
    char train[32], validation[32];
    snprintf(train, sizeof train, "train_%s", what);
    snprintf(validation, sizeof validation, "validation_%s", what);
    const int columns[2] = { sl_report_find(r, train), sl_report_find(r, validation) };
    curves_panel p = { .dots = { .width = width - CURVES_MARGIN,
                                 .height = height,
                                 .unicode = unicode,
                                 .dashed = r->rows > 1 } }; /* one point cannot be dashed */
    if (!curves_range(&p, r, columns))
        return SL_OK;
    const size_t cells = (size_t)p.dots.width * (size_t)p.dots.height;
    p.dots.cells[0] = sl_alloc(r->ctx, cells);
    p.dots.cells[1] = sl_alloc(r->ctx, cells);
    if (p.dots.cells[0] && p.dots.cells[1]) {
        for (int line = 0; line < 2; line++)
            if (columns[line] >= 0)
                curves_line(&p, line, r, columns[line]);
        char last[32], other[32];
        const double t = sl_report_last(r, train), v = sl_report_last(r, validation);
        sl_text_add(out, "%*s%s: train %s%s", CURVES_MARGIN, "", what, unicode && v == v ? "(solid) " : "",
                    sl_number_text(last, floor(t * 1e4 + 0.5) / 1e4));
        if (v == v)
            sl_text_add(out, ", validation %s%s", unicode ? "(dashed) " : "",
                        sl_number_text(other, floor(v * 1e4 + 0.5) / 1e4));
        sl_text_put(out, unicode || v != v ? "\n" : "  (t, v; * both)\n");
        curves_panel_put(out, &p);
    }
    sl_free(r->ctx, p.dots.cells[0]);
    sl_free(r->ctx, p.dots.cells[1]);
    return r->ctx->status;
}

const char *sl_plot_curves(sl_report *history, int width, int height, bool unicode)
{
    if (!history || history->ctx->status || !history->rows)
        return NULL;
    width = width < CURVES_LEAST_WIDTH ? CURVES_LEAST_WIDTH : width > CURVES_WIDEST ? CURVES_WIDEST : width;
    height = height < 2 * CURVES_LEAST_HEIGHT ? 2 * CURVES_LEAST_HEIGHT
             : height > CURVES_WIDEST         ? CURVES_WIDEST
                                              : height;
    sl_text *out = &history->picture;
    sl_text_clear(out);
    const char *merit = sl_report_find(history, "train_accuracy") >= 0 ? "accuracy" : "rmse";
    const int panel = (height - 4) / 2 < 3 ? 3 : (height - 4) / 2;
    if (curves_draw(history, "loss", width, panel, unicode) ||
        curves_draw(history, merit, width, panel, unicode))
        return NULL;
    char first[32], last[32];
    sl_number_text(first, sl_report_at(history, 0, "epoch"));
    sl_number_text(last, sl_report_last(history, "epoch"));
    sl_text_add(out, "%*s%s%*s\n", CURVES_MARGIN, "", first, width - CURVES_MARGIN - (int)strlen(first),
                last);
    sl_text_add(out, "%*sepoch", CURVES_MARGIN, "");
    if (history->best >= 0) {
        sl_number_text(first, sl_report_at(history, history->best, "epoch"));
        sl_text_add(out, "; the best is %s", first);
    }
    sl_text_put(out, "\n");
    return out->failed ? NULL : out->bytes;
}
