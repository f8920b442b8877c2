/* pen.h - a soft round pen on a small grey picture. */
#ifndef SL_DATA_PEN_H
#define SL_DATA_PEN_H

#include <stddef.h>

enum { SL_PEN_SIDE = 28 };

typedef struct { /* pixel (column, row) has its middle at (column + 0.5, row + 0.5) */
    double x, y, radius;
} sl_pen_point;

typedef struct { /* how far the middle of each pixel lies outside the ink; negative: inside */
    double outside[SL_PEN_SIDE * SL_PEN_SIDE];
} sl_pen;

void sl_pen_clear(sl_pen *pen);
/* A line with round ends, as wide as the two radii say. Where it leaves the picture it is cut. */
void sl_pen_line(sl_pen *pen, sl_pen_point from, sl_pen_point to);
/* The ink on each pixel, 0 .. 1: the edge is a ramp `soft` pixels wide; then `blur` (0 .. 1) of each pixel is
 * spread over its eight neighbours.                                                                    */
void sl_pen_ink(const sl_pen *pen, double soft, double blur, double ink[SL_PEN_SIDE * SL_PEN_SIDE]);

#endif
