/* curvature.h - how curved the loss is at the weights at hand, and how much its gradient differs from row to
 * row.
 *
 * curvature: the largest eigenvalue of the Hessian of the mean loss over some training rows, by power
 * iteration on differences of gradients, H v ~ (g(w + e v) - g(w - e v)) / 2e (Pearlmutter 1994; LeCun,
 * Simard, Pearlmutter 1993). Gradient descent on that loss is stable while its step size is below 2 /
 * curvature (Cohen, Kaur, Li, Kolter, Talwalkar 2021); the largest in magnitude is found, so it may be
 * negative at a saddle.
 *
 * noise: tr(S) / |G|^2 with G the mean gradient and S the covariance of the gradients of single rows: batches
 * of fewer rows than this are mostly noise (McCandlish, Kaplan, Amodei 2018, "simple noise scale"), from
 * gradients of small and large batches of the same rows: 32 to 63 groups, of one row each where there are
 * fewer than 64. G is that of the rows looked at, so a scale above their number
 * cannot be measured.
 *
 * A loss that is a sum counts as one over a batch, as training steps by it. */
#ifndef SL_TRAIN_CURVATURE_H
#define SL_TRAIN_CURVATURE_H

#include "train/trainer.h"

typedef struct {
    size_t rows;     /* that were looked at */
    double loss;     /* their mean, at these weights */
    double gradient; /* length of its gradient */
    double curvature;
    bool settled; /* the last two estimates differ by less than 1 % */
    double noise; /* NaN: fewer than 8 rows, or no gradient, or hidden */
    bool hidden;  /* noise hides the gradient, which is no longer than its standard error sqrt(tr(S) / rows):
                     a noise scale of at least these rows, and what it is cannot be said */
    int passes;   /* forward and backward over all these rows that it took */
} sl_curvature;

/* The gradient of the mean loss over some training rows at the weights at hand, as training sees it: on a
 * training tape, where dropout and noise draw the same numbers at every call; running statistics stay as they
 * are, and so do weights, the optimizer and the training itself. Penalties are not in it. */
typedef struct {
    sl_trainer *trainer;
    sl_tape *tape;
    size_t count, *rows; /* of the trainer's training rows, evenly spread */
    sl_tensor *x, *y; /* of a piece of at most SL_PIECE rows; with running statistics, of a training batch */
    sl_tensor *weights; /* of rows; NULL: all 1 */
    sl_real *running;   /* running statistics, put back after each pass; NULL: none */
} sl_probe;

/* most: rows at most; 0: 1,024. */
sl_status sl_probe_open(sl_probe *probe, sl_trainer *trainer, size_t most);
/* *loss: their mean. The gradient is then in the g of the model's parameters, until sl_probe_clear. */
sl_status sl_probe_gradient(sl_probe *probe, double *loss);
void sl_probe_clear(sl_probe *probe); /* gradients are zero again, as sl_step_apply leaves them */
void sl_probe_close(sl_probe *probe);

/* The layer without a slope that gradients would have to come through; NULL: there is none. */
const sl_built *sl_probe_flat(const sl_model *model);

/* At the weights in the trainer's model, with at most `most` iterations (0: 30). Not finite: fields are NaN,
 * and that is no failure. */
sl_status sl_curvature_measure(sl_probe *probe, int most, sl_curvature *found);

/* Sets trainer->curvature and trainer->noise for the weights at hand. */
sl_status sl_trainer_curve(sl_trainer *trainer);

#endif
