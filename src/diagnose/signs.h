/* signs.h - what several findings read off a case: how its loss went, how signals go through its net, other
 * words for its net. */
#ifndef SL_DIAGNOSE_SIGNS_H
#define SL_DIAGNOSE_SIGNS_H

#include "diagnose/diagnose.h"

/* --- how the loss went --- */

enum { SL_COURSE_PIECES = 20 };

typedef struct {
    size_t rows;   /* of steps, else epochs; a row of steps may stand for several */
    double chance; /* loss of the best constant answer; not known: at the start; NaN */
    double best;   /* loss by which the best epoch is chosen; NaN */
    double gain;   /* (chance - best) / chance: 1, nothing is left; 0 or less, nothing learned; NaN */
    int pieces;    /* the rows in order, cut into so many; 0: too few */
    double piece[SL_COURSE_PIECES]; /* mean loss of each */
    double fall;                    /* of the first piece's loss so much went until the last piece */
    double even;   /* how much of the fall of an average piece the last third still has: 1, evenly */
    double rise;   /* last piece above the least beyond noise, in chance */
    double jumps;  /* largest single loss, in chance */
    double swing;  /* deviation of single losses from those of their piece, in chance */
    double echo;   /* correlation of neighbouring losses about the mean of their piece: -1, they alternate;
                      0, noise */
    double rough;  /* mean change of train loss from epoch to epoch in the last two thirds, in chance */
    double turns;  /* share of these changes that go against the one before */
    size_t epochs; /* finished */
    bool poor;     /* it diverged, or less than a third of the loss of a constant answer went */
} sl_loss_course;

void sl_loss_course_take(const sl_case *c, sl_loss_course *course);
/* 0 to 1: how much there is to be learned, from what near rows and single inputs tell; NaN: not known. */
double sl_learnable(const sl_case *c);

/* --- how signals go through the net --- */

/* Weights of a dense layer that is not the last, in a net where the width of starting weights matters. */
bool sl_signs_hidden(const sl_net_look_layer *layer);
bool sl_signs_squashes(const sl_net_look_layer *layer); /* sigmoid, tanh: flat at both ends */
bool sl_signs_relu(const sl_net_look_layer *layer); /* flat on one side alone: its saturation says nothing */
/* Of layer `at`: length of dL/dz, from gradient = dL/dz times input; NaN: no weights. */
double sl_signs_backward(const sl_net_look *look, int at);
/* The step that a rule of Adam's kind takes first changes a unit's sum at most by so much of its deviation:
 * lr sqrt(fan_in) / weight; largest over dense layers; NaN. */
double sl_signs_stride(const sl_case *c, const sl_net_look *look);
/* The largest stable step size times the curvature: 2 of gradient descent; and how that size is written. */
double sl_signs_reach(const sl_case *c);
const char *sl_signs_reach_words(const sl_case *c);
/* lr over the largest stable one: above 1, descent is not stable; NaN. */
double sl_signs_stability(const sl_case *c, const sl_net_look *look);
/* The end if known, else the start. */
const sl_net_look *sl_signs_latest(const sl_case *c);

/* 0 below `from`, 1 above `to`, between them by the logarithm; from > to: falling. */
double sl_signs_ramp(double value, double from, double to);

/* --- other words for the net --- */

/* Changes that bring the initialiser `init`; words of net that name another go. */
void sl_signs_fix_init(const sl_case *c, sl_fix *fix, const char *init);
/* A fix of the start: it may begin higher, and end lower. */
void sl_signs_fix_begin(const sl_case *c, sl_draft *draft, const char *init);
const char *sl_signs_init(const sl_net_look_layer *layer); /* he for the relu family, else xavier */
/* A fix: "batch_norm" behind each hidden layer with an activation, `leading`: and before them all. False:
 * there is no room, no such layer, or the net has brackets. */
bool sl_signs_fix_norm(const sl_case *c, sl_draft *draft, bool leading);
/* Fixes of what is learned by heart, judged by the last epoch's loss. */
void sl_signs_fix_overfit(sl_case *c, sl_draft *draft);
/* A fix: the step size times `factor`. */
void sl_signs_fix_lr(const sl_case *c, sl_draft *draft, double factor);
/* A fix: so many rows a step, over as many epochs, where their length was given in steps. NULL: no room. */
sl_fix *sl_signs_fix_batch(const sl_case *c, sl_draft *draft, size_t rows);

#endif
