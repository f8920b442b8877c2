/* curve.h - formulas with steps on the way, "p = 1/(1 + exp(-z)); p - t", for the files of this folder. */
#ifndef SL_EXPLAIN_NODE_CURVE_H
#define SL_EXPLAIN_NODE_CURVE_H

#include "explain/step.h"

enum { SL_CURVE_STEPS = 4 }; /* called p, q, r, s */

/* What a formula without steps gives (its first alternative). */
double sl_curve_value(sl_ctx *ctx, const char *formula, const sl_named *names, int count);
/* Computes the steps in front, each a line of its own where `shown` ("p[2] = .."), adds them to names[*count
 * ..], which has room for SL_CURVE_STEPS more, and returns the formula behind them. */
const char *sl_curve_steps(sl_walk *walk, const char *written, sl_named *names, int *count, sl_shape shape,
                           size_t at, bool shown);

#endif
