/* curve.h - functions of one number, worked out by our own operators for figures without a run. */
#ifndef SL_PLOT_CURVE_H
#define SL_PLOT_CURVE_H

#include "loss/loss.h"
#include "plot/kind.h"

/* At `count` places x: y = f(x) by the operator, slope = f'(x) by the tape; an operator that has none (step)
 * leaves slope 0, which is what its slope is where there is one. */
sl_status sl_curve_activation(sl_ctx *ctx, const sl_op *op, sl_real number, const double *x, size_t count,
                              double *y, double *slope);
/* count numbers from low to high; the middle one of an odd count is exactly their mean. */
void sl_curve_places(double low, double high, double *x, size_t count);
/* "9.5367e-7": to so many figures, shortest. text holds 32 bytes; returned. */
char *sl_curve_figures(double value, int figures, char *text);

#endif
