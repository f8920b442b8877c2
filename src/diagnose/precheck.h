/* precheck.h - what can be measured before the first step, as a list. precheck.c asks; what takes passes
 * through the net is in precheck_batch.c and precheck_slopes.c, what takes the rows in precheck_rows.c. */
#ifndef SL_DIAGNOSE_PRECHECK_H
#define SL_DIAGNOSE_PRECHECK_H

#include "diagnose/diagnose.h"

enum { SL_MOST_PRECHECKS = 16 };

typedef struct {
    const char *name;
    double value; /* NaN: not to be had */
    char wanted[48];
    bool ok;
    const char *causes; /* names of findings that may stand behind it, ", " between them and at both ends */
    char sentence[500];
} sl_precheck_line;

struct sl_precheck_list {
    sl_precheck_line line[SL_MOST_PRECHECKS];
    int count;
};

/* Sets c->checks: of a case that was not trained, whose model has its starting weights. Leaves the case as it
 * was. */
sl_status sl_precheck_take(sl_case *c);
/* Another line of the list, ok as long as nobody says otherwise; the last one again where there is no more
 * room. */
sl_precheck_line *sl_precheck_add(sl_case *c, const char *name, double value, const char *causes);
void sl_precheck_wanted(sl_precheck_line *line, const char *format, ...) SL_PRINTF(2, 3);
void sl_precheck_say(sl_precheck_line *line, const char *format, ...) SL_PRINTF(2, 3); /* adds */

/* precheck_rows.c: lines about rows: finite, inputs, targets, order, shared with the validation rows. */
sl_status sl_precheck_rows(sl_case *c);

typedef struct {                 /* a few training rows learned by heart */
    size_t rows, weights, steps; /* weights: that learn; steps: of all attempts */
    double first, last;          /* mean loss; last: the least that was reached */
    double chance;               /* of the best constant answer to these rows; NaN: not known */
    double floor;                /* rows with the same inputs and different targets allow no less; NaN */
    double wanted;               /* reached below this: learned; NaN: not known */
    size_t alike;                /* rows whose inputs another one has, with another target */
} sl_one_batch;
sl_status sl_precheck_batch(sl_case *c, sl_one_batch *found);

typedef struct {             /* slopes of the loss against differences of the loss */
    size_t checked, skipped; /* ways; skipped: kinks, or too flat to be told in this arithmetic */
    double worst;            /* relative error; NaN: none was checked */
    const char *place;       /* the parameter, borrowed from the model; NULL */
    double computed, numerical;
} sl_slope_check;
/* limit: what counts as wrong is above it. */
sl_status sl_precheck_slopes(sl_case *c, sl_slope_check *found);
extern const double sl_precheck_slope_limit;

#endif
