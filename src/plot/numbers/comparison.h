/* comparison.h - several runs laid out for comparing: what runs to the right, which are one line. */
#ifndef SL_PLOT_COMPARISON_H
#define SL_PLOT_COMPARISON_H

#include "plot/numbers/runs.h"

enum { SL_COMPARISON_LINES = 14 };

typedef struct {
    const sl_figure_job *job;
    const char *key;          /* "validation_accuracy" */
    const char *part;         /* in words: "validation" */
    sl_runs_outcome *outcome; /* [runs] */
    double *train;            /* [runs], the same of training rows */
    bool trained;             /* and it is drawn */
    double *at;               /* [runs] to the right; names: their number from 0 */
    const char **text;        /* [runs] what stands there */
    bool numeric;             /* else names */
    bool by_run;              /* runs by their own names, no setting */
    const char *x_name, *x_label;
    int *line; /* [runs] */
    int lines;
    const char *line_name[SL_COMPARISON_LINES];
    const char *differ_in; /* "batch (1, 10, 100) and seed (1, 2)"; NULL: nothing */
} sl_comparison;

sl_status sl_comparison_make(sl_comparison *comparison, sl_figure *figure, const sl_figure_job *job);

#endif
