/* curves.c - learning curves for a terminal: two panels, loss and figure of merit, drawn in Braille dots (2
 * by 4 a character) or, without Unicode, in plain characters. Training is a line, validation a second one. */
#include "train/report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CURVES_MARGIN = 10, CURVES_LEAST_WIDTH = 30, CURVES_LEAST_HEIGHT = 5, CURVES_WIDEST = 400 };

typedef struct {
    sl_ctx *ctx;
    int width, height; /* of the drawing, in characters */
    bool unicode, dashed;
    unsigned char *dots[2]; /* [height * 4, width * 2] of each line; plain: [height, width] */
    double low, high;
} curves_panel;

static void curves_dot(curves_panel *p, int line, double x, double y)
{
    const int columns = p->unicode ? p->width * 2 : p->width, rows = p->unicode ? p->height * 4 : p->height;
    const double range = p->high > p->low ? p->high - p->low : 1;
    int column = (int)(x * (columns - 1) + 0.5), row = (int)((p->high - y) / range * (rows - 1) + 0.5);
    row = row < 0 ? 0 : row >= rows ? rows - 1 : row;
    column = column < 0 ? 0 : column >= columns ? columns - 1 : column;
    p->dots[line][row * columns + column] = 1;
}

static void curves_line(curves_panel *p, int line, const sl_report *r, int column)
{
    const int steps = p->width * 4;
    double before_x = 0, before_y = NAN;
    for (int i = 0; i < r->rows; i++) {
        const double y = r->values[(size_t)i * (size_t)r->columns + (size_t)column];
        const double x = r->rows > 1 ? (double)i / (r->rows - 1) : 0.5;
        if (!(y - y == 0))
            continue;
        if (before_y == before_y) {
            for (int s = 0; s < steps && x - before_x > 1.0 / steps; s++) {
                const double share = (double)s / steps;
                curves_dot(p, line, before_x + share * (x - before_x), before_y + share * (y - before_y));
            }
        }
        curves_dot(p, line, x, y);
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

static void curves_braille(sl_text *out, const curves_panel *p, int row, int column)
{
    static const unsigned char bit[4][2] = { { 1, 8 }, { 2, 16 }, { 4, 32 }, { 64, 128 } };
    unsigned cell = 0;
    for (int line = 0; line < 2; line++)
        for (int y = 0; y < 4; y++)
            for (int x = 0; x < 2; x++)
                if ((line == 0 || !p->dashed ||
                     column % 3 != 2) && /* validation; one point cannot be dashed */
                    p->dots[line][(row * 4 + y) * p->width * 2 + column * 2 + x])
                    cell |= bit[y][x];
    const unsigned code = 0x2800 + cell;
    const char utf8[4] = { (char)(0xE0 | code >> 12), (char)(0x80 | (code >> 6 & 63)),
                           (char)(0x80 | (code & 63)), 0 };
    sl_text_put(out, cell ? utf8 : " ");
}

static void curves_panel_put(sl_text *out, const curves_panel *p)
{
    for (int row = 0; row < p->height; row++) {
        if (row == 0 || row == p->height - 1 || row == (p->height - 1) / 2)
            curves_label(out, p->high - (p->high - p->low) * row / (p->height - 1));
        else
            sl_text_add(out, "%*s", CURVES_MARGIN - 2, "");
        sl_text_put(out, p->unicode ? " \xE2\x94\x82" : " |");
        const size_t start = out->length;
        for (int column = 0; column < p->width; column++) {
            const size_t at = (size_t)(row * p->width + column);
            if (p->unicode)
                curves_braille(out, p, row, column);
            else
                sl_text_put(out, p->dots[0][at] && p->dots[1][at] ? "*"
                                 : p->dots[0][at]                 ? "t"
                                 : p->dots[1][at]                 ? "v"
                                                                  : " ");
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
    curves_panel p = { .ctx = r->ctx,
                       .width = width - CURVES_MARGIN,
                       .height = height,
                       .unicode = unicode,
                       .dashed = r->rows > 1 };
    if (!curves_range(&p, r, columns))
        return SL_OK;
    const size_t cells = (size_t)p.width * (size_t)p.height * (unicode ? 8 : 1);
    p.dots[0] = sl_alloc(r->ctx, cells);
    p.dots[1] = sl_alloc(r->ctx, cells);
    if (p.dots[0] && p.dots[1]) {
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
    sl_free(r->ctx, p.dots[0]);
    sl_free(r->ctx, p.dots[1]);
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
