/* mosaic.h - rows that are pictures, side by side, with two short lines of text below each. */
#ifndef SL_PLOT_MOSAIC_H
#define SL_PLOT_MOSAIC_H

#include "data/data.h"
#include "plot/figure.h"

enum { SL_MOSAIC_TILES = 25, SL_MOSAIC_ACROSS = 5, SL_MOSAIC_SIDE = 64 };

typedef struct {
    sl_figure *figure;
    sl_series *image, *lines;
    sl_real *row; /* a row's numbers */
    int tiles, height, width, channels, shrink;
    int band, gap;    /* below a picture, for text; beside it: pixels */
    double low, high; /* of what was put in */
} sl_mosaic;

/* Are these rows pictures: [height, width] or [height, width, channels], at least 3 by 3? */
bool sl_mosaic_fits(const sl_data *data);
/* For as many as `tiles` rows, at most SL_MOSAIC_TILES. Larger pictures than SL_MOSAIC_SIDE are shrunk by a
 * whole factor; channels become their mean. false: no memory. */
bool sl_mosaic_begin(sl_figure *figure, sl_panel *panel, sl_mosaic *mosaic, const sl_data *data, int tiles);
void sl_mosaic_put(sl_mosaic *mosaic, int tile, const sl_data *data, size_t row);
void sl_mosaic_text(sl_mosaic *mosaic, int tile, int line, const char *text); /* line 0 or 1; once each */
void sl_mosaic_end(sl_mosaic *mosaic); /* greys from the least to the largest number, or 0 .. 255 */

#endif
