/* whole.h - methods that ask for the loss of all rows more than once a step. One method, one file: an sl_rule
 * with `iterate` in place of `update`. They work in double on all weights as one vector; the weights
 * themselves are what an sl_real can hold of it. Nothing runs in parallel but the loss, and every sum has a
 * fixed order. */
#ifndef SL_OPTIM_WHOLE_WHOLE_H
#define SL_OPTIM_WHOLE_WHOLE_H

#include "core/option.h"
#include "core/random.h"
#include "optim/optim.h"

enum { SL_WHOLE_ARRAYS = 10 };

/* What every method keeps: numbers of its own begin at SL_WHOLE_OWN. */
enum {
    SL_WHOLE_EVALUATIONS, /* losses asked for ... */
    SL_WHOLE_GRADIENTS,   /* ... and how many of them with the gradient */
    SL_WHOLE_DONE,        /* 1: nothing more is to be gained from where the weights stand */
    SL_WHOLE_LOSS,        /* at the weights */
    SL_WHOLE_KNOWN,       /* 1: that loss holds for the next iteration too: nothing random was in it */
    SL_WHOLE_OWN,
    SL_WHOLE_NUMBERS = SL_WHOLE_OWN + 11
};

typedef struct {
    const char *name; /* in a checkpoint; NULL: scratch, which is not kept */
    size_t rows, columns;
    double *v;
} sl_whole_array;

struct sl_whole {
    sl_ctx *ctx;
    const sl_step *step;
    const char *rule;
    size_t n; /* weights */
    double option[SL_MOST_OPTIONS];
    sl_whole_array array[SL_WHOLE_ARRAYS]; /* [0]: number, [1]: x, [2]: slope; then what `plan` asks for */
    int arrays;
    double *number;  /* [SL_WHOLE_NUMBERS] */
    double *x;       /* [n] where the weights stand */
    double *slope;   /* [n] the gradient of the last evaluation that took one */
    bool first;      /* nothing was kept before this iteration */
    bool known;      /* number[SL_WHOLE_LOSS] is the loss at x */
    bool random;     /* something random was in this iteration's losses */
    bool sloped;     /* slope is the gradient at x when the iteration has ended */
    const char *why; /* the method is done: why, in words */
    /* Adds up the loss of all rows at the present weights, and hands the gradient, piece by piece, to
     * sl_whole_take. */
    sl_status (*evaluate)(void *user, sl_whole *whole, bool gradient, double *loss);
    void *user;
};

/* --- for the methods --- */

/* One more array of zeros, in `plan`; its numbers are array[index].v from the first iteration on. */
int sl_whole_add(sl_whole *whole, const char *name, size_t rows, size_t columns);
/* The loss at x, which becomes what the weights can hold; with decay/2 |w|^2. gradient: into whole->slope.
 * Infinite where it, or its gradient, is not finite. */
sl_status sl_whole_at(sl_whole *whole, double *x, bool gradient, double *loss);
/* The method ends its iteration at x, where the loss is this. */
void sl_whole_settle(sl_whole *whole, const double *x, double loss);
void sl_whole_done(sl_whole *whole, const char *why);
/* x . y: 16 lanes, as in kernel/reduce.c */
double sl_whole_dot(const double *x, const double *y, size_t n);
/* Is this gradient, at x, as good as zero? */
bool sl_whole_flat(const double *gradient, const double *x, size_t n);
bool sl_whole_same(double before, double after); /* no change beyond rounding */
/* Random numbers of this iteration: each (stream, index) its own. [0, 1), and normal. */
double sl_whole_uniform(const sl_whole *whole, uint32_t stream, uint64_t index);
double sl_whole_normal(const sl_whole *whole, uint32_t stream, uint64_t index);
size_t sl_whole_below(const sl_whole *whole, uint32_t stream, uint64_t index, size_t n);

/* line.c: a step along p from x that fulfils the strong Wolfe conditions; the loss there, and its gradient in
 * whole->slope. *length 0: none was found, and the weights are those of x. at: [n] receives the place. kept:
 * [n] scratch. */
sl_status sl_whole_line(sl_whole *whole, const double *x, double loss, double downhill, const double *p,
                        double *length, double *at, double *kept, double *found);

/* --- for step.c and those who evaluate --- */

sl_status sl_whole_new(sl_step *step); /* step->whole */
void sl_whole_free(sl_whole *whole);
/* Could the kept numbers have come from here? What was read from a file may be damaged. */
bool sl_whole_sound(const sl_whole *whole);
/* A whole number from 0 to most. */
bool sl_whole_counts(double number, double most);
/* share times the gradient that the parameters hold, which is then zero again. */
void sl_whole_take(sl_whole *whole, double share);
sl_status sl_whole_iterate(sl_step *step);

#endif
