/* terminal_canvas.c - see terminal.h */
#include "plot/draw/terminal.h"

#include <string.h>

enum { CANVAS_ROWS = 20000 }; /* more than anybody scrolls back */

static const sl_cell canvas_blank = { .code = ' ', .fore = -1, .back = -1 };

static bool canvas_grow(sl_canvas *c, int rows)
{
    if (rows > c->room) {
        const int room = rows < 32 ? 64 : rows * 2;
        sl_cell *cells = sl_alloc_array(c->ctx, (size_t)room * (size_t)c->width, sizeof *cells);
        if (!cells)
            return false;
        if (c->cells)
            memcpy(cells, c->cells, (size_t)c->rows * (size_t)c->width * sizeof *cells);
        sl_free(c->ctx, c->cells);
        c->cells = cells;
        c->room = room;
    }
    for (size_t i = (size_t)c->rows * (size_t)c->width; i < (size_t)rows * (size_t)c->width; i++)
        c->cells[i] = canvas_blank;
    c->rows = rows;
    return true;
}

sl_cell *sl_canvas_cell(sl_canvas *c, int row, int column)
{
    c->spare = canvas_blank;
    c->spare.written = true;
    if (row < 0 || row >= CANVAS_ROWS || column < 0 || column >= c->width || c->ctx->status ||
        (row >= c->rows && !canvas_grow(c, row + 1)))
        return &c->spare;
    return &c->cells[(size_t)row * (size_t)c->width + (size_t)column];
}

void sl_canvas_clear(sl_canvas *c)
{
    c->rows = 0;
}

void sl_canvas_free(sl_canvas *c)
{
    sl_free(c->ctx, c->cells);
    c->cells = NULL;
}

void sl_canvas_set(sl_canvas *c, int row, int column, uint32_t code, int fore)
{
    sl_cell *cell = sl_canvas_cell(c, row, column);
    const bool right = cell->code == 0 && cell != &c->spare;
    if (right && column > 0)
        cell[-1].code = ' '; /* half of a wide character is none */
    if (cell != &c->spare && column + 1 < c->width && cell[1].code == 0)
        cell[1].code = ' ';
    cell->code = code;
    cell->mark = 0;
    cell->fore = fore;
    cell->dots = 0;
}

/* From text to end, as far as `most` columns go. */
static int canvas_run(sl_canvas *c, int row, int column, int most, const char *text, const char *end,
                      int fore)
{
    int used = 0;
    while (text && *text && (!end || text < end)) {
        uint32_t codes[4];
        int columns;
        const int count = sl_letter_next(c->unicode, &text, codes, &columns);
        if (used + columns > most)
            break;
        if (!count && used && c->unicode)
            sl_canvas_cell(c, row, column + used - 1)->mark = codes[0];
        for (int i = 0; i < count; i++)
            sl_canvas_set(c, row, column + used + i, codes[i], fore);
        if (count == 1 && columns == 2) /* a wide one half outside would shift the line */
            sl_canvas_set(c, row, column + used + (column + used + 1 < c->width),
                          column + used + 1 < c->width ? 0 : ' ', fore);
        used += columns;
    }
    return used;
}

int sl_canvas_text(sl_canvas *c, int row, int column, int most, const char *text, int fore)
{
    const int wanted = sl_letters_width(c->unicode, text, NULL);
    if (most <= 0)
        return 0;
    if (wanted <= most)
        return canvas_run(c, row, column, most, text, NULL, fore);
    const int dots = c->unicode || most < 4 ? 1 : 2;
    const int used = canvas_run(c, row, column, most - dots, text, NULL, fore);
    for (int i = 0; i < dots; i++)
        sl_canvas_set(c, row, column + used + i, c->unicode ? 0x2026 : '.', fore);
    return used + dots;
}

int sl_canvas_wrap(sl_canvas *c, int row, int column, int width, const char *text, bool bold)
{
    int lines = 0, used = 0;
    bool fresh = true; /* nothing on this line yet */
    width = width < 1 ? 1 : width;
    while (text && *text) {
        if (*text == '\n') {
            lines++;
            used = 0;
            fresh = true;
            text++;
            continue;
        }
        if (*text == ' ') {
            text++;
            continue;
        }
        const char *end = text + strcspn(text, " \n");
        int wide = sl_letters_width(c->unicode, text, end);
        if (!fresh && used + 1 + wide > width) {
            lines++;
            used = 0;
            fresh = true;
        }
        used += fresh ? 0 : 1;
        while (wide > width - used) { /* longer than a line */
            const char *part = text;
            for (int room = width - used; room > 0;) {
                uint32_t codes[4];
                int columns;
                const char *before = part;
                sl_letter_next(c->unicode, &part, codes, &columns);
                room -= columns;
                if (room < 0 && before > text)
                    part = before;
            }
            canvas_run(c, row + lines, column + used, width - used, text, part, -1);
            lines++;
            used = 0;
            text = part;
            wide = sl_letters_width(c->unicode, text, end);
        }
        used += canvas_run(c, row + lines, column + used, width - used, text, end, -1);
        fresh = used == 0;
        text = end;
    }
    lines += !fresh;
    for (int i = 0; bold && i < lines; i++)
        for (int x = 0; x < width; x++)
            sl_canvas_cell(c, row + i, column + x)->bold = true;
    return lines;
}

/* --- writing ----------------------------------------------------------------------------------------------
 */

static void canvas_code(sl_text *out, uint32_t code)
{
    char bytes[4];
    size_t count = 0;
    if (code < 0x80) {
        bytes[count++] = (char)code;
    } else if (code < 0x800) {
        bytes[count++] = (char)(0xC0 | code >> 6);
    } else if (code < 0x10000) {
        bytes[count++] = (char)(0xE0 | code >> 12);
        bytes[count++] = (char)(0x80 | (code >> 6 & 63));
    } else {
        bytes[count++] = (char)(0xF0 | code >> 18);
        bytes[count++] = (char)(0x80 | (code >> 12 & 63));
        bytes[count++] = (char)(0x80 | (code >> 6 & 63));
    }
    if (code >= 0x80)
        bytes[count++] = (char)(0x80 | (code & 63));
    sl_text_bytes(out, bytes, count);
}

static bool canvas_empty(const sl_canvas *c, const sl_cell *cell)
{
    return cell->code == ' ' && !cell->dots && !(c->colour && cell->back >= 0);
}

/* On a ground of its own a character needs a colour of its own: black on light, white on dark. */
static int canvas_fore(const sl_cell *cell)
{
    static const int steps[] = { 0, 95, 135, 175, 215, 255 };
    const int i = cell->back - 16;
    if (cell->fore >= 0 || cell->back < 0)
        return cell->fore;
    const int light = cell->back >= 232 ? 10 * (8 + 10 * (cell->back - 232))
                      : i < 0           ? 0
                                        : 3 * steps[i / 36] + 6 * steps[i / 6 % 6] + steps[i % 6];
    return light > 1150 ? 16 : 231;
}

static void canvas_paint(sl_text *out, int fore, int back, bool bold)
{
    sl_text_put(out, "\033[0");
    if (bold)
        sl_text_put(out, ";1");
    if (fore >= 0)
        sl_text_add(out, ";38;5;%d", fore);
    if (back >= 0)
        sl_text_add(out, ";48;5;%d", back);
    sl_text_put(out, "m");
}

void sl_canvas_write(const sl_canvas *c, int rows, sl_text *out)
{
    for (int r = 0; r < c->rows && r < rows; r++) {
        const sl_cell *line = &c->cells[(size_t)r * (size_t)c->width];
        int end = c->width, fore = -1, back = -1;
        bool bold = false;
        while (end && canvas_empty(c, &line[end - 1]))
            end--;
        for (int i = 0; i < end; i++) {
            const sl_cell *cell = &line[i];
            if (!cell->code)
                continue;
            const bool blank = canvas_empty(c, cell);
            const int wanted = blank ? -1 : canvas_fore(cell), ground = blank ? -1 : cell->back;
            const bool heavy = !blank && cell->bold;
            if (c->colour && (wanted != fore || ground != back || heavy != bold)) {
                if (wanted < 0 && ground < 0 && !heavy)
                    sl_text_put(out, "\033[0m");
                else
                    canvas_paint(out, wanted, ground, heavy);
                fore = wanted;
                back = ground;
                bold = heavy;
            }
            canvas_code(out, cell->code == ' ' && cell->dots ? 0x2800U + cell->dots : cell->code);
            if (cell->mark && cell->code != ' ')
                canvas_code(out, cell->mark);
        }
        if (fore >= 0 || back >= 0 || bold)
            sl_text_put(out, "\033[0m");
        sl_text_put(out, "\n");
    }
}
