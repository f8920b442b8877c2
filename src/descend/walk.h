/* walk.h - gradient descent on a function: one walk, looked at from all sides, or many side by side. */
#ifndef SL_DESCEND_WALK_H
#define SL_DESCEND_WALK_H

#include "autograd/tape.h"
#include "core/random.h"
#include "descend/function.h"
#include "optim/optim.h"
#include "train/report.h"

struct sl_descent {
    sl_ctx *ctx;
    sl_report *path;
    sl_descent_facts facts;
};

typedef struct { /* n walks that take the same steps at the same time */
    sl_function *f;
    const sl_descend_options *options;
    sl_optimizer optimizer; /* with the function's step size, where none is given */
    const sl_rule *rule;
    int steps;
    size_t n, first;         /* the walks' numbers, for what they draw, are first, first + 1, ... */
    sl_descend_field *field; /* of n points */
    sl_step *step;
} sl_descend_walk;

/* The options of a walk, checked and filled in; *alike: each coordinate moves by its own gradient alone, so
 * that many walks can be one. */
sl_status sl_walk_plan(sl_function *f, const sl_descend_options *options, sl_descend_walk *walk, bool *alike);
sl_status sl_walk_begin(sl_descend_walk *walk, size_t n, size_t first, const double *points);
void sl_walk_end(sl_descend_walk *walk);
/* Value and gradient where the walks are. */
sl_status sl_walk_look(sl_descend_walk *walk);
/* Step k, from 0, behind sl_walk_look. */
sl_status sl_walk_step(sl_descend_walk *walk, int k);
/* A walk at this point with this value is lost. */
bool sl_walk_lost(const double *at, int dims, double value);

/* Fills in facts about the end of the path, where it goes to, whether it bounces; about chords of f. */
sl_status sl_descent_judge(sl_descent *descent, sl_function *f, const sl_descend_walk *walk);
sl_status sl_descent_chords(sl_descent *descent, sl_function *f);
/* Coordinates of a row of the path. */
void sl_descent_point(const sl_descent *descent, int row, double at[2]);

#endif
