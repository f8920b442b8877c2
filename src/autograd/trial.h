/* trial.h - an operator's own trial inputs, put to the gradient check: for `slope gradcheck --all`, and for
 * tests. */
#ifndef SL_AUTOGRAD_TRIAL_H
#define SL_AUTOGRAD_TRIAL_H

#include "op/op.h"

/* xorshift64* from a state that is not 0 (Vigna 2016): no check depends on the random numbers that it checks.
 */
uint64_t sl_trial_bits(uint64_t *state);
double sl_trial_uniform(uint64_t *state, double low, double high);
size_t sl_trial_below(uint64_t *state, size_t n);
void sl_trial_fill(uint64_t *state, sl_real *v, size_t count, double low, double high);

/* The default of an activation's number; 0: it has none, or is NULL. */
sl_real sl_trial_number(const sl_op *activation);
/* What a trial says beside its inputs, with this activation or none. */
sl_op_options sl_trial_options(const sl_trial *trial, const sl_op *activation);
/* Values of input i. Behind the prediction of a loss come its target and weights, which have ranges of their
 * own. */
void sl_trial_input(uint64_t *state, const sl_op *op, const sl_trial *trial, int i, sl_tensor *x);
/* Each row of x [rows, width] divided by its sum. */
void sl_trial_shares(sl_tensor *x);
/* A bit for each input that a gradient flows into: all but a loss's target and weights. */
unsigned sl_trial_learning(const sl_op *op);

typedef struct { /* one check: */
    const sl_op *op;
    const sl_trial *trial;
    const sl_op *activation; /* inside linear; NULL: none */
    unsigned learning;       /* a bit for each input that has a gradient */
    int left_out;            /* how many of the last inputs are NULL */
    double low, high;        /* of the numbers that weigh the result; both 0: -2 .. 2 */
    uint64_t seed;           /* of all numbers; 0: one of its own */
} sl_trial_plan;
/* sum(y r), y what the operator gives and r fixed random numbers, so that every element of y counts
 * differently. */
sl_status sl_trial_check(sl_ctx *ctx, const sl_trial_plan *plan, sl_gradcheck_result *result);
/* Every plan of every trial: all inputs, each alone (the others then keep no gradient at all), optional ones
 * left out; and an activation inside linear as well. Ends when visit does not give SL_OK. */
typedef sl_status sl_trial_visit(sl_ctx *ctx, void *user, const sl_trial_plan *plan);
sl_status sl_trial_each(sl_ctx *ctx, const sl_op *op, sl_trial_visit *visit, void *user);

#endif
