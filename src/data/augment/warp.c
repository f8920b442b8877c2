/* warp.c - reads a picture where a warp and a field say: the only place where its numbers are touched. */
#include "data/augment/augmentation.h"
#include "kernel/lanes.h"

#include <string.h>

size_t sl_plane_count(size_t height, size_t width)
{
    return (height + 3) * (width + 3);
}

void sl_plane_fill(sl_real *plane, const sl_real *x, size_t step, size_t height, size_t width)
{
    for (size_t row = 0; row < height; row++) {
        sl_real *to = plane + (row + 1) * (width + 3) + 1;
        if (step == 1)
            memcpy(to, x + row * width, width * sizeof *x);
        else
            for (size_t i = 0; i < width; i++)
                to[i] = x[(row * width + i) * step];
    }
}

/* Into low .. high; what is not a number becomes low. */
SL_INLINE sl_real warp_clamp(sl_real place, sl_real high)
{
    const sl_real above = place > 0 ? place : 0;
    return above < high ? above : high;
}

/* In the plane's coordinates pixel (0, 0) lies at (1, 1); -1 and height, width and all beyond are its frame.
 * Both neighbours of a place are read, and the frame has one more line for that at its far end. */
SL_INLINE void warp_read_body(sl_real *x, size_t step, const sl_real *plane, size_t height, size_t width,
                              const sl_warp *warp, const sl_real *field)
{
    const size_t wide = (width + SL_LANES - 1) / SL_LANES * SL_LANES, line = width + 3;
    const double mid_x = 0.5 * (double)(width - 1), mid_y = 0.5 * (double)(height - 1);
    const sl_real xx = (sl_real)warp->xx, yx = (sl_real)warp->yx, middle = (sl_real)mid_x;
    const sl_real far_x = (sl_real)(width + 1), far_y = (sl_real)(height + 1);
    const int32_t below = (int32_t)line;
    for (size_t row = 0; row < height; row++, field += 2 * wide) {
        const double y = (double)row - mid_y;
        const sl_real x0 = (sl_real)(warp->xy * y + warp->x0 + (mid_x + 1)),
                      y0 = (sl_real)(warp->yy * y + warp->y0 + (mid_y + 1));
        for (size_t at = 0; at < width; at += SL_LANES) {
            const sl_real *dx = field + at, *dy = dx + wide;
            const int32_t first = (int32_t)at;
            sl_real share_x[SL_LANES], share_y[SL_LANES], value[SL_LANES];
            int32_t place[SL_LANES];
            SL_EACH_LANE(j)
            {
                const sl_real q = (sl_real)(first + (int32_t)j) - middle;
                const sl_real source_x = warp_clamp(xx * q + x0 + dx[j], far_x),
                              source_y = warp_clamp(yx * q + y0 + dy[j], far_y);
                const int32_t left = (int32_t)source_x, top = (int32_t)source_y;
                share_x[j] = source_x - (sl_real)left;
                share_y[j] = source_y - (sl_real)top;
                place[j] = top * below + left;
            }
            SL_EACH_LANE(j)
            {
                const sl_real a = plane[place[j]], b = plane[place[j] + 1], c = plane[place[j] + below],
                              d = plane[place[j] + below + 1];
                const sl_real upper = a + share_x[j] * (b - a), lower = c + share_x[j] * (d - c);
                value[j] = upper + share_y[j] * (lower - upper);
            }
            const size_t count = width - at < SL_LANES ? width - at : SL_LANES;
            sl_real *to = x + (row * width + at) * step;
            if (step == 1)
                lanes_store_part(to, value, count);
            else
                for (size_t j = 0; j < count; j++)
                    to[j * step] = value[j];
        }
    }
}
SL_CLONES(static, warp_read,
          (sl_real * x, size_t step, const sl_real *plane, size_t height, size_t width, const sl_warp *warp,
           const sl_real *field),
          (x, step, plane, height, width, warp, field))

void sl_plane_read(sl_isa isa, sl_real *x, size_t step, const sl_real *plane, size_t height, size_t width,
                   const sl_warp *warp, const sl_real *field)
{
    warp_read(isa, x, step, plane, height, width, warp, field);
}
