/* screen.h - the bottom of the terminal, drawn again in place at most ten times a second; lines above it
 * stay. On stderr. Where nothing can be drawn again, lines are printed at once and the rest is left out.
 *
 * Between two drawings the cursor stands at the first column of the first drawn line: whatever a resized
 * window makes of long lines, or Ctrl-C writes, what is drawn lies behind the cursor, and is erased from
 * there. */
#ifndef CLI_SCREEN_H
#define CLI_SCREEN_H

#include "terminal.h"

typedef struct {
    cli_terminal terminal;
    bool unicode;
    double drawn_at;
    int width, height; /* of the window at the last drawing */
    size_t waiting;    /* bytes of frame: lines that the next drawing puts above */
    char frame[49152];
} cli_screen;

void cli_screen_begin(cli_screen *screen);
double cli_screen_clock(void); /* seconds */
/* Can be drawn again, and a tenth of a second is over? */
bool cli_screen_due(const cli_screen *screen, double clock);
/* A line without its newline that is to stay, above what is drawn; shown with the next drawing. */
void cli_screen_line(cli_screen *screen, const char *line);
/* Lines, each ended by a newline and narrower than the window, in place of what is there. stay: they are left
 * there for good, the cursor behind them. */
void cli_screen_draw(cli_screen *screen, const char *lines, double clock, bool stay);
/* Erases what is drawn, so that others can print; lines that waited are there. */
void cli_screen_clear(cli_screen *screen);
/* The same in a signal handler; lines that wait are lost. */
void cli_screen_abandon(void);

/* A line of text, a bar and more text, with its newline: what there is no room for is left out, pieces of a
 * low rank first; rank -1 never. The bar stands behind the first piece, filled to `part`. */
typedef struct {
    char text[96];
    int rank;
} cli_piece;
enum { CLI_BAR_SIZE = 2048 };
void cli_screen_bar(char line[CLI_BAR_SIZE], const cli_screen *screen, double part, cli_piece *pieces,
                    int count);

#endif
