/* dots.c - see dots.h */
#include "plot/draw/dots.h"

#include <stdlib.h>

int sl_dots_across(const sl_dots *dots)
{
    return dots->unicode ? dots->width * 2 : dots->width;
}

int sl_dots_down(const sl_dots *dots)
{
    return dots->unicode ? dots->height * 4 : dots->height;
}

static int dots_within(int at, int count)
{
    return at < 0 ? 0 : at >= count ? count - 1 : at;
}

void sl_dots_put(sl_dots *dots, int line, int x, int y)
{
    static const unsigned char bit[4][2] = { { 1, 8 }, { 2, 16 }, { 4, 32 }, { 64, 128 } };
    x = dots_within(x, sl_dots_across(dots));
    y = dots_within(y, sl_dots_down(dots));
    unsigned char *cells = dots->cells[line];
    if (dots->unicode)
        cells[y / 4 * dots->width + x / 2] |= bit[y % 4][x % 2];
    else
        cells[y * dots->width + x] = 1;
}

void sl_dots_join(sl_dots *dots, int line, int from_x, int from_y, int x, int y)
{
    const int across = x - from_x, down = y - from_y;
    const int steps = abs(across) > abs(down) ? abs(across) : abs(down);
    for (int s = 0; s < steps; s++) /* to the nearest dot: half a dot is added before the division */
        sl_dots_put(dots, line, from_x + (2 * s * across + (across < 0 ? -steps : steps)) / (2 * steps),
                    from_y + (2 * s * down + (down < 0 ? -steps : steps)) / (2 * steps));
    sl_dots_put(dots, line, x, y);
}

int sl_dots_cell(const sl_dots *dots, int row, int column, char text[4])
{
    const int at = row * dots->width + column;
    const unsigned first = dots->cells[0][at],
                   second = dots->unicode && dots->dashed && column % 3 == 2 ? 0 : dots->cells[1][at];
    const int lines = (first ? 1 : 0) + (second ? 2 : 0);
    if (!dots->unicode || !lines) {
        text[0] = " tv*"[lines];
        text[1] = 0;
        return lines;
    }
    const unsigned code = 0x2800 + (first | second);
    text[0] = (char)(0xE0 | code >> 12);
    text[1] = (char)(0x80 | (code >> 6 & 63));
    text[2] = (char)(0x80 | (code & 63));
    text[3] = 0;
    return lines;
}
