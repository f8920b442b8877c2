/* step_rows.h - how numbers are updated in a step: all of a span, or its touched rows. */
#ifndef SL_OPTIM_STEP_ROWS_H
#define SL_OPTIM_STEP_ROWS_H

#include "optim/optim.h"

typedef struct {
    const sl_step *step;
    sl_update update;
    sl_real scale; /* u's numbers are for this factor on lr ... */
    sl_real lr;    /* ... and this is without */
    sl_real clip;  /* a factor on the gradient; 1: none */
    bool stages;   /* something is to be done around the rule */
    int spans;
} sl_step_job;

/* Numbers first .. first + n - 1 of the span. Writes into job->update, which is the worker's own. */
void sl_step_update(sl_step_job *job, const sl_step_span *span, size_t first, size_t n);
/* Of its touched rows those that begin in low .. high - 1. */
void sl_step_rows(sl_step_job *job, const sl_step_span *span, size_t low, size_t high);

#endif
