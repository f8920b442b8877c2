/* terminal_matrix.c - an image with a text in each cell, such as a confusion matrix, as a table. */
#include "plot/draw/terminal.h"

#include <string.h>

enum { MATRIX_NAME = 20, MATRIX_CELL = 12, MATRIX_LEAST = 2 };

typedef struct {
    const sl_panel *panel;
    const sl_series *grid;
    int names, cell; /* columns: of the names to the left, of each cell without the blank before it */
    int marks;       /* 2: there is room for [ ] about the diagonal; else 0 */
} matrix_shape;

static double matrix_middle(const sl_series *grid, size_t index, bool row)
{
    const double low = row ? grid->low[0] : grid->x[0], high = row ? grid->high[0] : grid->x[1];
    return low + (high - low) * ((double)index + 0.5) / (double)(row ? grid->rows : grid->columns);
}

static bool matrix_within(double a, double b, double step)
{
    const double apart = a < b ? b - a : a - b;
    return apart < (step < 0 ? -step : step) / 2;
}

static const char *matrix_name(const matrix_shape *t, size_t index, bool row)
{
    const sl_axis *axis = row ? &t->panel->y : &t->panel->x;
    const double at = matrix_middle(t->grid, index, row);
    const double step = row ? (t->grid->high[0] - t->grid->low[0]) / (double)t->grid->rows
                            : (t->grid->x[1] - t->grid->x[0]) / (double)t->grid->columns;
    for (int i = 0; axis->named && i < axis->tick_count; i++)
        if (matrix_within(axis->ticks[i].at, at, step))
            return axis->ticks[i].text;
    return "";
}

/* The text whose place is in the cell; "": none. */
static const char *matrix_text(const matrix_shape *t, size_t row, size_t column)
{
    const double x = matrix_middle(t->grid, column, false), y = matrix_middle(t->grid, row, true);
    const double wide = (t->grid->x[1] - t->grid->x[0]) / (double)t->grid->columns;
    const double high = (t->grid->high[0] - t->grid->low[0]) / (double)t->grid->rows;
    for (int n = 0; n < t->panel->count; n++) {
        const sl_series *s = t->panel->series[n];
        for (size_t i = 0; s->how == SL_DRAW_TEXTS && i < s->count; i++)
            if (matrix_within(s->x[i], x, wide) && matrix_within(s->y[i], y, high) && s->texts[i])
                return s->texts[i];
    }
    return "";
}

/* One image with texts in most of its cells, and nothing else; not too many cells to look through. */
static bool matrix_is(matrix_shape *t, const sl_canvas *canvas)
{
    size_t texts = 0;
    int widest = 0;
    for (int n = 0; n < t->panel->count; n++) {
        const sl_series *s = t->panel->series[n];
        if (s->how == SL_DRAW_IMAGE && !t->grid)
            t->grid = s;
        else if (s->how != SL_DRAW_TEXTS)
            return false;
        for (size_t i = 0; s->how == SL_DRAW_TEXTS && i < s->count; i++) {
            const int wide = sl_letters_width(canvas->unicode, s->texts[i], NULL);
            widest = wide > widest ? wide : widest;
            texts++;
        }
    }
    t->cell = widest;
    return t->grid && t->grid->count && t->grid->count <= 10000 && t->grid->columns <= 100 &&
           texts * 2 > t->grid->count && texts <= t->grid->count && widest <= MATRIX_CELL &&
           (t->panel->x.named || t->panel->y.named);
}

/* Names are cut before anything else is; false: even so it is too wide. */
static bool matrix_fit(matrix_shape *t, const sl_canvas *canvas, int width)
{
    int above = 0;
    for (size_t r = 0; r < t->grid->rows; r++) {
        const int wide = sl_letters_width(canvas->unicode, matrix_name(t, r, true), NULL);
        t->names = wide > t->names ? wide : t->names;
    }
    for (size_t c = 0; c < t->grid->columns; c++) {
        const int wide = sl_letters_width(canvas->unicode, matrix_name(t, c, false), NULL);
        above = wide > above ? wide : above;
    }
    const int columns = (int)t->grid->columns, texts = t->cell;
    t->names = t->names > MATRIX_NAME ? MATRIX_NAME : t->names;
    t->names = t->names > width / 3 ? width / 3 : t->names;
    for (t->marks = 2; t->marks >= 0; t->marks -= 2) {
        const int least = texts + t->marks < MATRIX_LEAST ? MATRIX_LEAST : texts + t->marks;
        int cell = (width - t->names) / columns - 1;
        cell = cell > above ? above : cell;
        cell = cell > MATRIX_CELL ? MATRIX_CELL : cell;
        t->cell = cell < least ? least : cell;
        if (t->names + columns * (t->cell + 1) <= width)
            return true;
    }
    return false;
}

static void matrix_cell(sl_canvas *canvas, const matrix_shape *t, int row, int column, size_t r, size_t c)
{
    const sl_panel *panel = t->panel;
    const char *text = matrix_text(t, r, c);
    const char *name = matrix_name(t, r, true);
    const bool same = t->grid->rows == t->grid->columns && *name && !strcmp(name, matrix_name(t, c, false));
    const int wide = sl_letters_width(canvas->unicode, text, NULL),
              start = column + t->cell - t->marks / 2 - wide;
    sl_canvas_text(canvas, row, start, t->cell, text, -1);
    if (same && t->marks) {
        sl_canvas_set(canvas, row, start - 1, '[', -1);
        sl_canvas_set(canvas, row, column + t->cell - 1, ']', -1);
    }
    const double value = t->grid->y[r * t->grid->columns + c];
    const double low = panel->z.low, high = panel->z.high;
    for (int i = -1; i < t->cell && canvas->colour && value == value; i++) {
        sl_cell *cell = sl_canvas_cell(canvas, row, column + i);
        cell->back = sl_terminal_tint(panel->tint, high > low ? (value - low) / (high - low) : 0.5);
        cell->bold = same;
    }
}

/* What the rows are, at the left; what the columns are, above them; on one line where that has room. */
static int matrix_labels(sl_canvas *canvas, const matrix_shape *t, int left, int top, int width)
{
    const char *rows = t->panel->y.label, *columns = t->panel->x.label;
    const int whole = (int)t->grid->columns * (t->cell + 1) - 1, start = left + t->names + 1;
    const int high = sl_letters_width(canvas->unicode, rows, NULL);
    const int wide = sl_letters_width(canvas->unicode, columns, NULL);
    int at = wide < whole ? start + (whole - wide) / 2 : start, row = top;
    if (rows)
        sl_canvas_text(canvas, row, left, width, rows, -1);
    if (rows && columns && at < left + high + 2) {
        if (left + high + 2 + wide <= left + width)
            at = left + high + 2;
        else
            row++;
    }
    if (columns)
        sl_canvas_text(canvas, row, at, left + width - at, columns, -1);
    return rows || columns ? row + 1 - top : 0;
}

int sl_terminal_table(sl_canvas *canvas, const sl_panel *panel, int left, int top, int width)
{
    matrix_shape t = { .panel = panel };
    if (!matrix_is(&t, canvas) || !matrix_fit(&t, canvas, width))
        return 0;
    int row = top;
    const int start = left + t.names + 1;
    row += matrix_labels(canvas, &t, left, row, width);
    for (size_t c = 0; c < t.grid->columns; c++) {
        const char *name = matrix_name(&t, c, false);
        int wide = sl_letters_width(canvas->unicode, name, NULL);
        wide = wide > t.cell ? t.cell : wide;
        sl_canvas_text(canvas, row, start + (int)c * (t.cell + 1) + t.cell - wide, t.cell, name, -1);
    }
    row++;
    for (size_t r = t.grid->rows; r-- > 0; row++) {
        sl_canvas_text(canvas, row, left, t.names, matrix_name(&t, r, true), -1);
        for (size_t c = 0; c < t.grid->columns; c++)
            matrix_cell(canvas, &t, row, start + (int)c * (t.cell + 1), r, c);
    }
    if (panel->note)
        row += sl_canvas_wrap(canvas, row, left, width, panel->note, false);
    return row - top;
}
