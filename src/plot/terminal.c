/* terminal.c - a figure as lines of text. */
#include "plot/figure.h"

const char *sl_terminal_write(sl_figure *figure, int width, int height, bool unicode, bool colour)
{
    (void)width, (void)height, (void)unicode, (void)colour;
    return sl_table_write(figure);
}
