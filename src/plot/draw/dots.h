/* dots.h - two lines in a grid of characters: Braille dots, 2 by 4 a character, or letters without Unicode.
 */
#ifndef SL_PLOT_DOTS_H
#define SL_PLOT_DOTS_H

#include <stdbool.h>

typedef struct {
    int width, height; /* in characters */
    bool unicode;
    bool dashed; /* the second line leaves every third character out, so that it is told from the first */
    unsigned char
        *cells[2]; /* [height, width] of each line, zeros to begin with: its dots as Braille has them */
} sl_dots;

int sl_dots_across(const sl_dots *dots); /* how many dots there are */
int sl_dots_down(const sl_dots *dots);
/* A dot, and all from one to another; x from the left, y from the top, outside ones are moved to the edge. */
void sl_dots_put(sl_dots *dots, int line, int x, int y);
void sl_dots_join(sl_dots *dots, int line, int from_x, int from_y, int x, int y);
/* The character at a place, UTF-8: 4 bytes with the closing 0. Returns the lines in it: 1 the first, 2 the
 * second, 3 both, 0 none (a blank). */
int sl_dots_cell(const sl_dots *dots, int row, int column, char text[4]);

#endif
