/* svg.h - what gnuplot and graphviz write as svg, made fit for browsers and for pages that hold many of them.
 */
#ifndef CLI_SVG_H
#define CLI_SVG_H

#include "program.h"

/* Names the picture by its title (that of a script of sl_figure_script), takes away names that the programs
 * give to its parts and what tells their version, lets fonts that a machine lacks be replaced by similar
 * ones, and keeps the squares of pictures sharp. prefix NULL: a file of its own. Else the element alone, to
 * stand inside HTML: all ids, and what refers to them, begin with the prefix ("f1-"). What a style sheet can
 * turn for a dark page: [fill=black], [stroke=black], [color=black] are texts and axes, [class=gridline] is
 * the grid; there is no ground. false: memory ran out, the picture is as it was. */
bool cli_svg_tidy(cli_bytes *svg, const char *title, const char *prefix);

#endif
