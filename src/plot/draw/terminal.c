/* terminal.c - a figure as lines of text: its title, its panels, its notes. */
#include "plot/draw/terminal.h"

enum {
    TERMINAL_LEAST = 20,
    TERMINAL_MOST = 1000,
    TERMINAL_BODY = 14,
    TERMINAL_PAIR = 120,
    TERMINAL_BETWEEN = 3
};

static int terminal_lay(sl_canvas *canvas, sl_figure *figure, int body)
{
    const int width = canvas->width;
    /* pictures and curves are still read at half of a broad terminal; two of them */
    const int across = figure->count > 1 && width >= TERMINAL_PAIR ? 2 : 1;
    const int each = across > 1 ? (width - TERMINAL_BETWEEN) / 2 : width;
    int row = 0;
    sl_canvas_clear(canvas);
    if (figure->title)
        row += sl_canvas_wrap(canvas, row, 0, width, figure->title, true);
    for (int p = 0; p < figure->count; p += across) {
        int most = 0;
        row += row > 0 && figure->count > 1;
        for (int i = 0; i < across && p + i < figure->count; i++) {
            const int lines = sl_terminal_panel(canvas, figure, figure->panels[p + i],
                                                i * (each + TERMINAL_BETWEEN), row, each, body);
            most = lines > most ? lines : most;
        }
        row += most;
    }
    if (!figure->count)
        row += sl_terminal_net(canvas, figure, row);
    if (figure->notes.length)
        row += sl_canvas_wrap(canvas, row, 0, width, sl_text_string(&figure->notes), false);
    return row;
}

const char *sl_terminal_write(sl_figure *figure, int width, int height, bool unicode, bool colour)
{
    sl_text *out = &figure->drawing;
    width = width < TERMINAL_LEAST ? TERMINAL_LEAST : width > TERMINAL_MOST ? TERMINAL_MOST : width;
    sl_canvas canvas = { .ctx = figure->ctx, .width = width, .unicode = unicode, .colour = colour };
    int body = TERMINAL_BODY, rows = terminal_lay(&canvas, figure, body);
    /* the lines that data have are the only ones that can be more or fewer */
    const int down = figure->count > 1 && width >= TERMINAL_PAIR ? (figure->count + 1) / 2 : figure->count;
    for (int tries = 0; height > 0 && down && rows != height && tries < 8; tries++) {
        int next = body + (height - rows) / down;
        next = rows > height && next >= body ? body - 1 : next;
        next = next < 3 ? 3 : next > 200 ? 200 : next;
        if (next == body)
            break;
        body = next;
        rows = terminal_lay(&canvas, figure, body);
    }
    while (height > 0 && rows > height && body > 3)
        rows = terminal_lay(&canvas, figure, --body);
    sl_text_clear(out);
    if (height > 0 && canvas.rows > height) {
        const int left_out = canvas.rows - height + 1;
        for (int column = 0; column < width; column++)
            sl_canvas_cell(&canvas, height - 1, column)->back = -1;
        for (int column = 0; column < width; column++)
            sl_canvas_set(&canvas, height - 1, column, ' ', -1);
        sl_canvas_text(&canvas, height - 1, 0, width,
                       sl_figure_format(figure, "and %d more lines: they want a higher terminal", left_out),
                       -1);
    }
    sl_canvas_write(&canvas, height > 0 ? height : canvas.rows, out);
    sl_canvas_free(&canvas);
    return figure->ctx->status || out->failed ? NULL : sl_text_string(out);
}
