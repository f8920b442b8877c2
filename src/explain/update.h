/* update.h - what the files share that explain the update: the numbers before it, and what is said of them.
 */
#ifndef SL_EXPLAIN_UPDATE_H
#define SL_EXPLAIN_UPDATE_H

#include "explain/step.h"
#include "explain/written.h"
#include "optim/optim.h"

typedef struct { /* of a parameter before the step; all NULL: it is not moved */
    double *w, *g, *state[SL_MAX_STATES];
    size_t *row; /* [rows]: only these; NULL: all */
    size_t rows, width;
    double *ruled; /* with max_norm: w behind the rule and l1_prox, of the elements that move */
} sl_watched_part;

struct sl_watched {
    sl_ctx *ctx;
    sl_step *step;
    double lr, t;                    /* of this step; its number, from 1 */
    double product[SL_MAX_PRODUCTS]; /* before it */
    double clip;                     /* a factor on the gradient */
    int count;
    sl_watched_part *parts; /* [count] */
    sl_written rule, plain; /* plain: without decay of its own */
    sl_written_names shared;
    bool own[SL_WRITTEN_STATEMENTS]; /* a statement of the rule that differs from weight to weight */
    int settled;                     /* numbers that became 0 since they were too small */
};

/* Of the numbers that move, number k of the tensor's: with rows, those of rows alone. */
size_t sl_update_elements(const sl_watched *w, int p);
size_t sl_update_element(const sl_watched *w, int p, size_t k);
void sl_update_note(sl_walk *walk, const char *text); /* kept by the caller, or a constant */
const char *sl_update_param(sl_walk *walk, const sl_watched *w, int p);

/* update_rate.c: the options, lr and clipping, and what they come to */
void sl_update_tell_options(sl_walk *walk, const sl_watched *w);
void sl_update_tell_rate(sl_walk *walk, const sl_watched *w);
void sl_update_tell_clip(sl_walk *walk, sl_watched *w);

/* update_weight.c: the rule, weight by weight */
void sl_update_tell_rule(sl_walk *walk, sl_watched *w);
void sl_update_tell_weights(sl_walk *walk, sl_watched *w, int p);

/* update_behind.c: the longest row, the average */
void sl_update_tell_norms(sl_walk *walk, const sl_watched *w, int p);
void sl_update_tell_average(sl_walk *walk, const sl_watched *w);

/* What moves, and what does not. */
void sl_update_tell_still(sl_walk *walk, const sl_watched *w);

#endif
