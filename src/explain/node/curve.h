/* curve.h - formulas with steps on the way, "p = 1/(1 + exp(-z)); p - t", and losses' totals, for the files
 * of this folder. */
#ifndef SL_EXPLAIN_NODE_CURVE_H
#define SL_EXPLAIN_NODE_CURVE_H

#include "explain/step.h"

enum { SL_CURVE_STEPS = 4 }; /* called p, q, r, s; or t: another t from there on, told where it is another */

/* What a formula without steps gives: its first alternative that gives a number. */
double sl_curve_value(sl_ctx *ctx, const char *formula, const sl_named *names, int count);
/* Computes the steps in front, each a line of its own where `shown` ("p[2] = .."), sets them in names[*count
 * ..], which has room for SL_CURVE_STEPS more, and returns the formula behind them. */
const char *sl_curve_steps(sl_walk *walk, const char *written, sl_named *names, int *count, sl_shape shape,
                           size_t at, bool shown);

typedef struct { /* what the reader calls a formula's letter */
    const char *letter, *name;
} sl_spelled;
/* The first alternative of a formula, spelled so; it is kept. */
const char *sl_curve_spelled(sl_walk *walk, const char *formula, size_t length, const sl_spelled *names,
                             int count);
/* The rules of the steps in front ("t": only where `soft`, and called y_soft then); returns the rest,
 * spelled.
 */
const char *sl_curve_rules(sl_walk *walk, const char *written, const sl_spelled *names, int count, bool soft);
/* An operator's number as it stands in a rule. */
const char *sl_curve_number(sl_walk *walk, double number);

/* What the result of a loss is: the total of `each` [count], times the weights of rows, and its mean. */
void sl_loss_total(sl_walk *walk, const sl_node *n, const double *each, size_t count);
/* "/4": what a sum of so many is divided by; "" where it is not. */
const char *sl_loss_share(sl_walk *walk, const sl_node *n, size_t count);
/* There is one loss, and nothing to add up. */
bool sl_loss_alone(const sl_node *n, size_t count);
/* The flow into x[0][i] of a loss with `count` losses: formula (of names[known], which has room for one
 * more), times the row's weight, divided by their number. */
void sl_loss_flow(sl_walk *walk, const sl_node *n, size_t i, size_t count, const char *formula,
                  sl_named *names, int known);
/* The rule of that. */
void sl_loss_slope_rule(sl_walk *walk, const sl_node *n, size_t count, const char *formula);

#endif
