/* pen.c - see pen.h. Each pixel keeps its distance from the nearest line so far; shades come at the end, so
 * that crossing strokes do not add up. */
#include "data/pen.h"

#include <math.h>

enum { PEN_PIXELS = SL_PEN_SIDE * SL_PEN_SIDE };

#define PEN_FAR 2.0 /* beyond this, a pixel is white whatever the ramp */

void sl_pen_clear(sl_pen *pen)
{
    for (size_t i = 0; i < PEN_PIXELS; i++)
        pen->outside[i] = PEN_FAR;
}

/* The first pixel whose middle is at or behind x, within the picture. */
static int pen_pixel(double x)
{
    return x <= 0.5 ? 0 : x >= SL_PEN_SIDE - 0.5 ? SL_PEN_SIDE : (int)(x + 0.5);
}

void sl_pen_line(sl_pen *pen, sl_pen_point from, sl_pen_point to)
{
    const double dx = to.x - from.x, dy = to.y - from.y, dr = to.radius - from.radius;
    const double square = dx * dx + dy * dy, inverse = square > 0 ? 1.0 / square : 0.0;
    const double reach = (dr > 0 ? to.radius : from.radius) + PEN_FAR / 2; /* the ramp is at most 2 wide */
    const int left = pen_pixel((dx < 0 ? to.x : from.x) - reach),
              right = pen_pixel((dx < 0 ? from.x : to.x) + reach);
    const int top = pen_pixel((dy < 0 ? to.y : from.y) - reach),
              bottom = pen_pixel((dy < 0 ? from.y : to.y) + reach);
    for (int row = top; row < bottom; row++) {
        double *outside = pen->outside + row * SL_PEN_SIDE;
        const double py = row + 0.5 - from.y;
        for (int column = left; column < right; column++) {
            const double px = column + 0.5 - from.x;
            double t = (px * dx + py * dy) * inverse; /* where on the line it is nearest */
            t = t < 0 ? 0 : t > 1 ? 1 : t;
            const double ex = px - t * dx, ey = py - t * dy;
            const double distance = sqrt(ex * ex + ey * ey) - (from.radius + t * dr);
            outside[column] = distance < outside[column] ? distance : outside[column];
        }
    }
}

void sl_pen_ink(const sl_pen *pen, double soft, double blur, double ink[SL_PEN_SIDE * SL_PEN_SIDE])
{
    double sharp[(SL_PEN_SIDE + 2) * (SL_PEN_SIDE + 2)] = { 0 }; /* with an empty frame */
    const double slope = 1.0 / soft;
    for (size_t row = 0; row < SL_PEN_SIDE; row++) {
        for (size_t column = 0; column < SL_PEN_SIDE; column++) {
            const double v = 0.5 - pen->outside[row * SL_PEN_SIDE + column] * slope;
            sharp[(row + 1) * (SL_PEN_SIDE + 2) + column + 1] = v < 0 ? 0 : v > 1 ? 1 : v;
        }
    }
    const double keep = 1.0 - blur, side = blur / 6.0, corner = blur / 12.0; /* 4 sides, 4 corners */
    for (size_t row = 0; row < SL_PEN_SIDE; row++) {
        const double *a = sharp + row * (SL_PEN_SIDE + 2), *b = a + SL_PEN_SIDE + 2, *c = b + SL_PEN_SIDE + 2;
        for (size_t i = 0; i < SL_PEN_SIDE; i++)
            ink[row * SL_PEN_SIDE + i] = keep * b[i + 1] +
                                         side * ((a[i + 1] + c[i + 1]) + (b[i] + b[i + 2])) +
                                         corner * ((a[i] + a[i + 2]) + (c[i] + c[i + 2]));
    }
}
