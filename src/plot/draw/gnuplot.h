/* gnuplot.h - the parts of writing for gnuplot: texts and their widths, the layout, series, numbers.
 * Everything is placed in pixels by the layout here, down from the top left: what gnuplot would choose by
 * itself depends on fonts, and lets legends touch labels. */
#ifndef SL_PLOT_GNUPLOT_H
#define SL_PLOT_GNUPLOT_H

#include "plot/figure.h"

#include <stdio.h>

typedef struct {
    double left, top, width, height;
} sl_box;

typedef struct {
    sl_text *out;
    sl_figure *figure;
    double width, height;
    double point; /* how much of a pixel the terminal's unit of font size is */
    bool vector;  /* pictures are drawn as squares, which viewers of pdf do not blur */
} sl_page;

/* A panel and where its parts are. */
typedef struct {
    const sl_panel *panel;
    int number;
    const char *title;
    sl_box cell, plot; /* all of it; inside its axes */
    double title_room, legend_room;
    bool lying;  /* bars lie, because their names are long: x and y have changed places */
    bool turned; /* names below it are turned */
    bool legend;
    double x_names, y_names; /* room for the longest text at the axis */
} sl_gnuplot_cell;

/* --- gnuplot_text.c --------------------------------------------------------------------------------------
 */

void sl_gnuplot_quote(sl_text *out, const char *text);         /* NULL: '' */
void sl_gnuplot_remark(sl_text *out, const sl_figure *figure); /* "# TITLE", the script's first line */
void sl_gnuplot_number(sl_text *out, double value);            /* NaN where it is none */
void sl_gnuplot_rgb(sl_text *out, sl_rgb rgb);
/* Pixels that a text of this size takes in DejaVu Sans. */
double sl_gnuplot_width(const char *text, double size);
/* The text, its end replaced by an ellipsis where it is wider than room. */
const char *sl_gnuplot_fit(sl_figure *figure, const char *text, double size, double room);
/* How many lines of a text of this size fit into room, at most 3; lines: where they begin, or NULL. */
int sl_gnuplot_wrap(const char *text, double size, double room, const char *lines[4]);
/* A point of the page as gnuplot wants it: " screen X,Y". */
void sl_page_at(const sl_page *page, double x, double y);
/* A label whose middle is at y; where: "left", "center", "right"; turned by so many degrees. */
void sl_page_text(const sl_page *page, const char *text, double x, double y, const char *where, double size,
                  int turned);
/* Lines of text, centred on x, the first one's top at y. Gives the height. */
double sl_page_lines(const sl_page *page, const char *text, double x, double y, double size, double room);

/* --- gnuplot_layout.c ------------------------------------------------------------------------------------
 */

/* Places the panel's parts inside cell->cell, and chooses its ticks. */
void sl_cell_place(const sl_page *page, sl_gnuplot_cell *cell);
/* Has it a bar that explains the colours, where its cell is so wide? */
bool sl_cell_scale(const sl_panel *panel, double width);

/* --- gnuplot_ticks.c -------------------------------------------------------------------------------------
 */

void sl_gnuplot_pair(sl_text *out, const char *before, double a, double b, const char *behind); /* a:b */
void sl_page_font(const sl_page *page, double size); /* " font ',12'" */
/* The range and ticks of an axis; word: "x", "y", whose texts are labels; "z", "cb". */
void sl_cell_axis(const sl_page *page, const sl_gnuplot_cell *cell, const sl_axis *axis, const char *word);

/* --- gnuplot_legend.c ------------------------------------------------------------------------------------
 */

bool sl_legend_wanted(const sl_panel *panel);
bool sl_legend_alike(const sl_panel *a, const sl_panel *b); /* one legend serves both */
/* Height of the legend of this panel in so much width; 0: none. */
double sl_legend_height(const sl_panel *panel, double width);
void sl_legend_draw(const sl_page *page, const sl_panel *panel, double left, double top, double width);
/* " dt ...": dashes of series s, which differ where two have the same colour. */
void sl_legend_dashes(sl_text *out, const sl_panel *panel, int s);
int sl_legend_mark(const sl_panel *panel, int s); /* gnuplot's number of the point's form */

/* --- gnuplot_series.c, gnuplot_data.c --------------------------------------------------------------------
 */

void sl_gnuplot_series(const sl_page *page, const sl_gnuplot_cell *cell, int s);
void sl_gnuplot_texts(const sl_page *page, const sl_gnuplot_cell *cell);
/* The numbers of series s as the data block $dP_S, and its contours as $cP_S. */
void sl_gnuplot_data(const sl_page *page, const sl_gnuplot_cell *cell, int s);

#endif
