/* gnuplot.h - the two halves of writing for gnuplot: commands and numbers. */
#ifndef SL_PLOT_GNUPLOT_H
#define SL_PLOT_GNUPLOT_H

#include "plot/figure.h"

#include <stdio.h>

void sl_gnuplot_quote(sl_text *out, const char *text); /* NULL: '' */
/* The numbers of series s of panel p as the data block $dP_S, and its contours as $cP_S. */
void sl_gnuplot_data(sl_text *out, const sl_panel *panel, int p, int s);

#endif
