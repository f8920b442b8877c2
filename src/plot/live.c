/* live.c - learning curves for a screen that is drawn again and again while a model learns: one panel, and no
 * memory taken, since it is drawn in the midst of training. */
#include "plot/draw/dots.h"
#include "kernel/math.h"
#include "train/report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    LIVE_LEAST_WIDTH = 40,
    LIVE_WIDEST = 120,
    LIVE_LEAST_HEIGHT = 6,
    LIVE_HIGHEST = 16,
    LIVE_AROUND = 3, /* lines that are not the curves': a title, the axis, its numbers */
    LIVE_ROWS = 8192 /* of so many epochs at most each is looked at, of more every second or third, ... */
};

typedef struct {
    const sl_report *report;
    const sl_live *live;
    int column[2], rows, stride;
    bool logarithmic;
    double low, high; /* of the axis */
    sl_dots dots;
    int margin;
    char label[3][24]; /* at the top, in the middle, at the bottom */
    char *text;
    size_t length, room;
} live_panel;

static void live_put(live_panel *p, const char *text)
{
    const size_t length = strlen(text);
    if (p->length + length < p->room)
        memcpy(p->text + p->length, text, length + 1);
    p->length += length;
}

static void live_blanks(live_panel *p, int count)
{
    while (count-- > 0)
        live_put(p, " ");
}

static const char *live_colour(const char *colour)
{
    return colour ? colour : "";
}

/* The row that is looked at after this one: the last one always is. */
static int live_next(const live_panel *p, int row)
{
    return row == p->rows - 1 ? p->rows : row + p->stride < p->rows - 1 ? row + p->stride : p->rows - 1;
}

static double live_value(const live_panel *p, int line, int row)
{
    return p->column[line] < 0
               ? NAN
               : p->report->values[(size_t)row * (size_t)p->report->columns + (size_t)p->column[line]];
}

/* --- the axis ------------------------------------------------------------------------------------- */

/* 1, 2 or 5 times a power of ten: the least that is not below a positive size. */
static double live_unit(double size)
{
    double unit = 1;
    while (unit >= size && unit > 1e-300)
        unit /= 10;
    while (unit * 10 < size)
        unit *= 10;
    return unit * 2 >= size ? unit * 2 : unit * 5 >= size ? unit * 5 : unit * 10;
}

/* The shortest text of a value rounded to three figures of its own or, if that is finer, of the unit. */
static void live_label(char label[24], double value, double unit)
{
    char number[32];
    const double size = fabs(value);
    double scale = 1;
    int exponent = 0;
    if (size > 0 && (size >= 1e6 || size < 1e-4)) {
        double digits = value;
        for (; fabs(digits) >= 9.995; exponent++)
            digits /= 10;
        for (; fabs(digits) < 0.9995; exponent--)
            digits *= 10;
        sl_number_text(number, floor(digits * 100 + 0.5) / 100);
        snprintf(label, 24, "%.12se%d", number, exponent);
        return;
    }
    while (scale < 1e9 && (size * scale < 100 || unit * scale < 10) && size > 0)
        scale *= 10;
    sl_number_text(number, floor(value * scale + 0.5) / scale);
    snprintf(label, 24, "%.20s", number);
}

/* The axis runs from one round number to another, over all finite values of both lines. */
static bool live_axis(live_panel *p)
{
    double low = INFINITY, high = -INFINITY;
    for (int line = 0; line < 2; line++)
        for (int row = 0; row < p->rows; row = live_next(p, row)) {
            const double y = live_value(p, line, row);
            if (!(y - y == 0))
                continue;
            low = y < low ? y : low;
            high = y > high ? y : high;
        }
    if (!(low <= high) || !(high - low < 1e300))
        return false;
    p->logarithmic = low > 1e-290 && high / low > 100;
    if (p->logarithmic) {
        const double top = live_unit(high), bottom = 1 / live_unit(1 / low); /* 1, 2 or 5 once more */
        const double middle = sl_exp_d((sl_log_d(top) + sl_log_d(bottom)) / 2);
        live_label(p->label[0], top, top / 10);
        live_label(p->label[1], middle, middle);
        live_label(p->label[2], bottom, bottom / 10);
        p->low = sl_log_d(bottom);
        p->high = sl_log_d(top);
        return true;
    }
    if (high <= low) { /* a level line, in the middle */
        const double around = fabs(high) * 0.1;
        low -= around > 0 ? around : 1;
        high += around > 0 ? around : 1;
    }
    const double unit = live_unit((high - low) / 20);
    p->low = floor(low / unit) * unit;
    p->high = ceil(high / unit) * unit;
    live_label(p->label[0], p->high, unit);
    live_label(p->label[1], (p->high + p->low) / 2, unit / 2);
    live_label(p->label[2], p->low, unit);
    return true;
}

static void live_line(live_panel *p, int line)
{
    const int across = sl_dots_across(&p->dots), down = sl_dots_down(&p->dots);
    int before_x = -1, before_y = 0;
    for (int row = 0; row < p->rows; row = live_next(p, row)) {
        const double value = live_value(p, line, row);
        if (!(value - value == 0)) { /* a gap */
            before_x = -1;
            continue;
        }
        const double y = p->logarithmic ? sl_log_d(value) : value;
        const int x = (int)((double)row / (p->rows - 1) * (across - 1) + 0.5);
        const int from_top = (int)((p->high - y) / (p->high - p->low) * (down - 1) + 0.5);
        if (before_x >= 0)
            sl_dots_join(&p->dots, line, before_x, before_y, x, from_top);
        sl_dots_put(&p->dots, line, x, from_top);
        before_x = x;
        before_y = from_top;
    }
}

/* --- lines of text -------------------------------------------------------------------------------- */

/* What each line is, and its last value. */
static void live_title(live_panel *p)
{
    const sl_live *o = p->live;
    const char *const colours[2] = { live_colour(o->train), live_colour(o->validation) };
    static const char *const signs[2][2] = {
        { "t", "v" }, { "\xE2\xA0\xA4\xE2\xA0\xA4\xE2\xA0\xA4", "\xE2\xA0\xA4\xE2\xA0\xA4 " }
    };
    const bool wide = p->margin + p->dots.width >= 72;
    const char *axis = p->logarithmic ? "loss, log scale" : "loss";
    int room = p->margin + p->dots.width - (wide ? p->margin : 2) - (int)strlen(axis);
    live_blanks(p, wide ? p->margin : 2);
    live_put(p, axis);
    for (int line = 0; line < 2; line++) {
        const double last = live_value(p, line, p->rows - 1);
        const char *name = line == 0 ? " train " : wide ? " validation " : " val. ";
        char number[24] = "-";
        if (p->column[line] < 0)
            continue;
        if (last - last == 0)
            live_label(number, last, fabs(last) / 100);
        room -= (wide ? 3 : 2) + (o->unicode ? 3 : 1) + (int)(strlen(name) + strlen(number));
        if (room < 0)
            break;
        live_put(p, wide ? "   " : "  ");
        live_put(p, colours[line]);
        live_put(p, signs[o->unicode][line]);
        live_put(p, name);
        live_put(p, *colours[line] ? live_colour(o->plain) : "");
        live_put(p, number);
    }
    live_put(p, "\n");
}

static void live_curves(live_panel *p)
{
    const char *const colours[4] = { "", live_colour(p->live->train), live_colour(p->live->validation),
                                     live_colour(p->live->validation) };
    const int height = p->dots.height;
    for (int row = 0; row < height; row++) {
        const char *label = row == 0                ? p->label[0]
                            : row == height - 1     ? p->label[2]
                            : row * 2 == height - 1 ? p->label[1]
                                                    : "";
        live_blanks(p, p->margin - 2 - (int)strlen(label));
        live_put(p, label);
        live_put(p, p->live->unicode ? (*label ? " \xE2\x94\xA4" : " \xE2\x94\x82") : *label ? " +" : " |");
        int blanks = 0;
        const char *colour = ""; /* that is switched on */
        for (int column = 0; column < p->dots.width; column++) {
            char cell[4];
            const char *wanted = colours[sl_dots_cell(&p->dots, row, column, cell)];
            if (*cell == ' ') {
                blanks++;
                continue;
            }
            live_blanks(p, blanks);
            blanks = 0;
            if (strcmp(wanted, colour) != 0)
                live_put(p, *wanted ? wanted : live_colour(p->live->plain));
            colour = wanted;
            live_put(p, cell);
        }
        live_put(p, *colour ? live_colour(p->live->plain) : "");
        live_put(p, "\n");
    }
}

/* The axis of the epochs, the best one marked and told below. */
static void live_epochs(live_panel *p)
{
    const int width = p->dots.width, best_row = p->report->best;
    char number[3][32], below[LIVE_WIDEST + 40];
    const int best = best_row < 0 ? -1 : (int)((double)best_row / (p->rows - 1) * (width - 1) + 0.5);
    live_blanks(p, p->margin - 1);
    live_put(p, p->live->unicode ? "\xE2\x94\x94" : "+");
    for (int column = 0; column < width; column++) {
        if (column != best) {
            live_put(p, p->live->unicode ? "\xE2\x94\x80" : "-");
            continue;
        }
        live_put(p, live_colour(p->live->best));
        live_put(p, p->live->unicode ? "\xE2\x96\xB2" : "^");
        live_put(p, live_colour(p->live->plain));
    }
    live_put(p, "\n");
    const int rows[3] = { 0, p->rows - 1, best_row };
    memset(below, ' ', sizeof below);
    for (int i = 0; i < 3; i++) { /* the best one's last: it is the one that counts where two would collide */
        if (rows[i] < 0)
            continue;
        const double epoch = sl_report_at(p->report, rows[i], "epoch");
        snprintf(number[i], sizeof number[i], i == 2 ? "best %zu" : "%zu",
                 (size_t)(epoch == epoch ? epoch : rows[i] + 1));
        const int length = (int)strlen(number[i]);
        int from = i == 0 ? 0 : i == 1 ? width - length : best - length / 2;
        from = from < 0 ? 0 : from > width - length ? width - length : from;
        if (i ==
            2) { /* beside the others, two blanks between; in place of the one that says the same epoch */
            const int first = (int)strlen(number[0]) + 2, last = width - (int)strlen(number[1]) - 2;
            if (rows[i] == rows[0])
                memset(below, ' ', (size_t)first);
            else if (from < first)
                from = first;
            if (rows[i] == rows[1])
                memset(below + last, ' ', (size_t)(width - last));
            else if (from + length > last)
                from = last - length;
        }
        memcpy(below + from, number[i], (size_t)length);
    }
    int end = width;
    while (end > 0 && below[end - 1] == ' ')
        end--;
    below[end] = 0;
    live_blanks(p, p->margin - 6);
    live_put(p, "epoch ");
    live_put(p, below);
    live_put(p, "\n");
}

size_t sl_plot_live(const sl_report *history, const sl_live *live, char *text, size_t room)
{
    unsigned char cells[2][LIVE_WIDEST * LIVE_HIGHEST] = { { 0 } };
    if (!history || !live || !text || room == 0 || history->rows < 2)
        return 0;
    live_panel p = { .report = history,
                     .live = live,
                     .column = { sl_report_find(history, "train_loss"),
                                 sl_report_find(history, "validation_loss") },
                     .rows = history->rows,
                     .stride = (history->rows - 1) / LIVE_ROWS + 1,
                     .text = text,
                     .room = room };
    if (live->width < LIVE_LEAST_WIDTH || live->height < LIVE_LEAST_HEIGHT || !live_axis(&p))
        return 0;
    for (int i = 0; i < 3; i++) {
        const int length = (int)strlen(p.label[i]) + 2;
        p.margin = length > p.margin ? length : p.margin;
    }
    p.margin = p.margin < 8 ? 8 : p.margin;
    const int width = live->width < LIVE_WIDEST ? live->width : LIVE_WIDEST,
              height = live->height - LIVE_AROUND;
    p.dots = (sl_dots){ .width = width - p.margin,
                        .height = height < LIVE_HIGHEST ? height : LIVE_HIGHEST,
                        .unicode = live->unicode,
                        .dashed = true,
                        .cells = { cells[0], cells[1] } };
    for (int line = 0; line < 2; line++)
        if (p.column[line] >= 0)
            live_line(&p, line);
    live_title(&p);
    live_curves(&p);
    live_epochs(&p);
    return p.length < room ? p.length : 0;
}
