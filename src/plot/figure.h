/* figure.h - what a picture shows, apart from how it is drawn: panels with axes and series, or a diagram of
 * nodes and edges. A file of plot/figure/ fills one in, often with what plot/numbers/ computes; plot/draw/
 * writes it down. All of it lies in the figure's arena. Texts are plain: whoever draws them escapes them. */
#ifndef SL_PLOT_FIGURE_H
#define SL_PLOT_FIGURE_H

#include "core/arena.h"
#include "core/text.h"

typedef enum {
    SL_DRAW_LINE,    /* x, y; a gap where y is NaN                                               */
    SL_DRAW_STEPS,   /* x, y: level from each x to the next                                      */
    SL_DRAW_POINTS,  /* x, y                                                                     */
    SL_DRAW_BARS,    /* x: the middle, y: the height, from 0                                     */
    SL_DRAW_ERRORS,  /* x, y with low, high: a whisker, and no line from x to x                  */
    SL_DRAW_BAND,    /* x, low, high: an area                                                    */
    SL_DRAW_IMAGE,   /* y [rows, columns], first row at the bottom; over x[0]..x[1], low[0]..high[0] */
    SL_DRAW_CONTOUR, /* the same: lines of equal value, at `levels`                              */
    SL_DRAW_SURFACE, /* the same, seen in perspective: makes the panel three-dimensional         */
    SL_DRAW_PATH,    /* x, y (in a three-dimensional panel with z in low): a line with its points */
    SL_DRAW_TEXTS,   /* x, y: texts, centred there                                               */
    SL_DRAW_ACROSS,  /* y[0]: a level line from left to right                                    */
    SL_DRAW_UP       /* x[0]: an upright line                                                    */
} sl_draw;

/* Colours of Okabe and Ito (2008), which colour-blind people tell apart, then greys. Series take them in this
 * order; a class keeps its own in all figures: sl_figure_class_colour. */
typedef enum {
    SL_BLUE,
    SL_ORANGE,
    SL_GREEN,
    SL_VERMILION,
    SL_PURPLE,
    SL_SKY,
    SL_YELLOW,
    SL_COLOURS, /* so many of them */
    SL_BLACK = SL_COLOURS,
    SL_GREY,
    SL_LIGHT, /* on something dark */
    SL_SHADE, /* and the SL_SHADES - 1 behind it: of one hue, ever darker, for classes that have an order */
} sl_colour;
enum { SL_SHADES = 7 };

/* How numbers of an image become colours. */
typedef enum {
    SL_SEQUENTIAL, /* least to largest: light to dark, of one hue                                */
    SL_DIVERGING,  /* below 0 blue, 0 white, above orange; symmetric about 0                     */
    SL_GREYS,      /* 0 black, 1 white: pictures                                                 */
    SL_CLASSES     /* class + strength, 0 <= strength < 1: a tint of the class's colour          */
} sl_tint;

typedef struct {
    sl_draw how;
    const char *name; /* in the legend; NULL: not there                                          */
    sl_colour colour;
    bool dashed, thin;
    bool outlined; /* points: with a dark rim, to be seen on a coloured ground                   */
    int mark;      /* points: 0 disc, 1 square, 2 triangle, 3 cross, 4 ring                      */
    size_t count;  /* of x, y, low, high, texts; image: rows * columns of y                      */
    double *x, *y, *low, *high;
    const char **texts; /* [count]                                                               */
    size_t rows, columns;
    double *levels; /* contours: [level_count]; NULL: chosen by sl_figure_finish                   */
    int level_count;
} sl_series;

typedef struct {
    double at;
    const char *text;
} sl_tick;

typedef struct {
    const char *label; /* with its unit: "loss (nats)"; NULL: none                               */
    bool log;          /* values at or below 0 are left out                                      */
    bool none;         /* neither line nor numbers: pictures                                     */
    bool whole;        /* only whole numbers are marked: epochs                                  */
    bool robust;       /* outliers are cut off, and counted in the panel's note                  */
    bool zero;         /* 0 belongs to the range: bars                                           */
    double low, high;  /* low == high: from the series. Set by sl_figure_finish                  */
    sl_tick *ticks;    /* given: names of places; else chosen by sl_figure_finish                */
    int tick_count, tick_room;
    bool named; /* the ticks were given */
} sl_axis;

typedef struct {
    const char *title; /* NULL: none */
    sl_axis x, y, z;   /* z: the numbers of an image or surface: label and range                 */
    sl_series **series;
    int count, room;
    sl_tint tint;
    bool no_scale;    /* no bar beside that explains the colours                                    */
    bool square;      /* a unit of x is as long as a unit of y                                      */
    bool lying;       /* bars and whiskers lie: x runs downwards on the left, y to the right         */
    bool solid;       /* three-dimensional (it has a surface). Set by sl_figure_finish              */
    const char *note; /* below it; NULL: none                                                    */
} sl_panel;

typedef struct {
    const char *text;  /* may have several lines                                                 */
    const char *group; /* nodes of one group are in one column; NULL: by their edges              */
    double value;      /* a bias: its colour; NaN: none                                          */
    bool box;          /* a block, else a unit's circle                                          */
    bool dots;         /* stands for those that are left out                                     */
} sl_graph_node;

typedef struct {
    int from, to;
    double weight; /* its width and colour; NaN: plain                                           */
    const char *text;
} sl_graph_edge;

struct sl_figure {
    sl_ctx *ctx;
    sl_arena arena;
    const char *name; /* of its kind                                                             */
    const char *title;
    sl_panel **panels;
    int count, room;
    int across;           /* panels side by side; 0: chosen                                                */
    sl_graph_node *nodes; /* a diagram has these and no panels                                   */
    sl_graph_edge *edges;
    int node_count, edge_count, node_room, edge_room;
    double width_scale; /* |weight| of the widest edge; 0: found                                 */
    sl_text notes;      /* sentences below it, a line each                                       */
    sl_text drawing;    /* of the last sl_figure_draw, _script, _csv                             */
    bool finished;
};

/* --- building: NULL figures and memory that ran out give NULL; the context knows ------------------------ */

sl_figure *sl_figure_new(sl_ctx *ctx, const char *name);
/* Text in the figure's arena; "" where memory ran out. */
const char *sl_figure_format(sl_figure *figure, const char *format, ...) SL_PRINTF(2, 3);
const char *sl_figure_number(sl_figure *figure,
                             double value); /* about four figures, plain: "0.0812", "12,500" */
double *sl_figure_numbers(sl_figure *figure, size_t count);                      /* zeros */
void sl_figure_note(sl_figure *figure, const char *format, ...) SL_PRINTF(2, 3); /* a sentence, without \n */
sl_panel *sl_figure_panel(sl_figure *figure, const char *title, const char *x_label, const char *y_label);
/* A series with room for count numbers in x and y (and, where `how` has them, low, high, texts); the colour
 * is the next one. */
sl_series *sl_panel_add(sl_figure *figure, sl_panel *panel, sl_draw how, const char *name, size_t count);
/* y [rows, columns] over these edges; how: IMAGE, CONTOUR or SURFACE. */
sl_series *sl_panel_grid(sl_figure *figure, sl_panel *panel, sl_draw how, size_t rows, size_t columns,
                         double x_low, double x_high, double y_low, double y_high);
/* A name instead of numbers at this place of an axis. */
void sl_axis_name(sl_figure *figure, sl_axis *axis, double at, const char *text);
sl_colour sl_figure_class_colour(int class_index);
int sl_figure_node(sl_figure *figure, const char *group, const char *text); /* its number; -1: no memory */
void sl_figure_edge(sl_figure *figure, int from, int to, double weight);

/* Ranges, ticks, notes of what was cut off; called once, before the figure is drawn. */
sl_status sl_figure_finish(sl_figure *figure);

/* --- for those who draw --------------------------------------------------------------------------------- */

typedef struct {
    unsigned char red, green, blue;
} sl_rgb;
sl_rgb sl_colour_rgb(sl_colour colour);
/* low..high are the range that the panel's z axis has. */
sl_rgb sl_tint_rgb(sl_tint tint, double value, double low, double high);
/* Ascending levels of contour lines to as few digits as keep them apart, two at least: they are written at
 * the lines. Those that are the same then are left out. How many are left. */
int sl_axis_plain(double *levels, int count);
/* 0 .. 1 along the axis; outside for what lies outside. */
double sl_axis_place(const sl_axis *axis, double value);
void sl_axis_choose(sl_figure *figure, sl_axis *axis, int most); /* ticks: about so many at most */

/* The writers, all into figure->drawing; NULL: memory, or a figure that cannot be written so. */
const char *sl_terminal_write(sl_figure *figure, int width, int height, bool unicode, bool colour);
/* panel -1: all. */
const char *sl_gnuplot_write(sl_figure *figure, const char *format, int width, int height, int panel);
const char *sl_diagram_write(sl_figure *figure);
const char *sl_table_write(sl_figure *figure);

#endif
