/* terminal.h - shared by terminal*.c: a canvas of character cells, which is drawn upon and then written down,
 * and the part of it that one panel has. What does not lie on the canvas is not drawn, so no line is ever
 * wider than the canvas is. */
#ifndef SL_PLOT_TERMINAL_H
#define SL_PLOT_TERMINAL_H

#include "plot/figure.h"

typedef struct {
    uint32_t code;      /* ' ': nothing; 0: the right half of a wide character                     */
    uint32_t mark;      /* that stands on it: an accent; 0: none                                    */
    int fore, back;     /* of a terminal's 256 colours; -1: its own                                */
    unsigned char dots; /* Braille, where code is ' '                                               */
    bool bold, written; /* written: a name stands here, which lines and names leave alone           */
} sl_cell;

typedef struct {
    sl_ctx *ctx;
    sl_cell *cells; /* [rows, width] */
    sl_cell spare;  /* stands for all that lies outside */
    int width, rows, room;
    bool unicode, colour;
} sl_canvas;

/* Grows downwards as far as is drawn. Never NULL: what lies outside is the spare. */
sl_cell *sl_canvas_cell(sl_canvas *canvas, int row, int column);
void sl_canvas_clear(sl_canvas *canvas); /* no rows, memory kept */
void sl_canvas_free(sl_canvas *canvas);
void sl_canvas_set(sl_canvas *canvas, int row, int column, uint32_t code, int fore);
/* The first `most` columns' worth of text, ended by an ellipsis where it is longer; how many it took. */
int sl_canvas_text(sl_canvas *canvas, int row, int column, int most, const char *text, int fore);
/* Line after line of at most `width` columns, broken between words; how many lines. */
int sl_canvas_wrap(sl_canvas *canvas, int row, int column, int width, const char *text, bool bold);
/* Lines without blanks at their ends; colours end with the line. */
void sl_canvas_write(const sl_canvas *canvas, int rows, sl_text *out);

/* How the next character of a text is shown: 0 to 4 codes (0: it is a mark upon the one before, codes[0]),
 * one column each unless *columns says 2. Steps on; control characters and wrong bytes are question marks. */
int sl_letter_next(bool unicode, const char **at, uint32_t codes[4], int *columns);
int sl_letters_width(bool unicode, const char *text, const char *end); /* end NULL: the whole text */
/* Of a terminal's 256 colours. Those of series are seen on dark and on light ground; black and white are the
 * terminal's own, -1. Nearest ones would make a tint's steps jump in hue: they are chosen by hand. */
int sl_terminal_colour(sl_colour colour);
int sl_terminal_tint(sl_tint tint, double share); /* 0 .. 1; of SL_CLASSES class + strength; NaN: -1 */
/* With so many figures, or so many behind the point: "0.0536", "-12". */
const char *sl_terminal_number(sl_figure *figure, double value, int figures);
const char *sl_terminal_fixed(sl_figure *figure, double value, int behind);

/* One panel's part of the canvas. */
typedef struct {
    sl_figure *figure;
    const sl_panel *panel;
    sl_canvas *canvas;
    sl_axis x, y, z;              /* as the panel's, with ticks for this size               */
    int left, top, width, height; /* of the area that has the data                          */
    int lost;                     /* names that found no room                               */
} sl_window;

/* How a series is told from the others. */
typedef struct {
    int fore;
    int dash;        /* 0 solid, 1 dashed, 2 dotted                                             */
    uint32_t letter; /* of a line without colours: among many, or in ASCII; 0: none             */
    uint32_t glyph;  /* of a point                                                              */
} sl_terminal_look;
sl_terminal_look sl_window_look(const sl_window *view, int series);

/* The whole panel with its top line at `top`; how many lines it took. body: lines for the data, at about. */
int sl_terminal_panel(sl_canvas *canvas, sl_figure *figure, const sl_panel *panel, int left, int top,
                      int width, int body);
void sl_terminal_strokes(sl_window *view);
void sl_terminal_marks(sl_window *view); /* points, whiskers, texts */
void sl_terminal_shades(sl_window *view);
void sl_terminal_blocks(sl_window *view);                               /* upright bars */
int sl_terminal_scale(sl_window *view, int row, int column, int width); /* what the shades mean; lines */
const sl_series *sl_terminal_grid(const sl_panel *panel);               /* that is shaded; NULL: none */
bool sl_terminal_level_bars(const sl_panel *panel);                     /* names left, bars to the right? */
int sl_terminal_bars(sl_canvas *canvas, sl_figure *figure, const sl_panel *panel, int left, int top,
                     int width);
/* An image with a text in each cell as a table; 0 lines: it is none, or too wide. */
int sl_terminal_table(sl_canvas *canvas, const sl_panel *panel, int left, int top, int width);
int sl_terminal_net(sl_canvas *canvas, sl_figure *figure, int top);

#endif
