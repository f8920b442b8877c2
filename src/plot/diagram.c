/* diagram.c - a figure of nodes and edges as text for graphviz' dot. */
#include "plot/figure.h"

const char *sl_diagram_write(sl_figure *figure)
{
    return sl_table_write(figure);
}
