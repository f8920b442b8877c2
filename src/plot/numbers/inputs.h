/* inputs.h - a model asked about rows that are made up: one or two inputs vary, the others stay at the middle
 * of the training rows. */
#ifndef SL_PLOT_INPUTS_H
#define SL_PLOT_INPUTS_H

#include "plot/numbers/answers.h"

enum { SL_INPUTS_VARY = 2 };

typedef struct {
    size_t input; /* which one of a row's */
    const char *name;
    int column;       /* of the model's table; -1: no table */
    double low, high; /* of the training rows */
    double from, to;  /* what is drawn: somewhat more, less outliers */
} sl_varied;

typedef struct {        /* some rows' varied inputs, and their target */
    size_t count, rows; /* drawn, of so many */
    double *x[SL_INPUTS_VARY], *target;
} sl_inputs_points;

typedef struct {
    sl_figure *figure;
    const sl_figure_job *job;
    sl_model *model;
    const sl_data *train, *other; /* other: test, else validation rows; NULL: none */
    const char *other_part;
    size_t features;
    int vary, classes;
    sl_varied axis[SL_INPUTS_VARY];
    sl_real *middle; /* [features] medians, of words the most frequent */
    sl_real *row;    /* [features] room for one */
    sl_inputs_points points, others;
} sl_inputs;

/* Chooses `vary` inputs, by request->columns or else the first ones that are numbers, and looks at the
 * training rows. false: the context knows why. */
bool sl_inputs_open(sl_figure *figure, const sl_figure_job *job, int vary, sl_inputs *inputs);
/* What the model answers where the varied inputs are at[vary][count]: [count, width], in the figure's arena.
 */
double *sl_inputs_answers(sl_inputs *inputs, double *const *at, size_t count, int *width);
/* "2.5", or a date. */
const char *sl_inputs_text(const sl_inputs *inputs, int axis, double value);
/* Dates get ticks with dates. */
void sl_inputs_ticks(const sl_inputs *inputs, int axis, sl_axis *ticks);
/* Sentences about rows left out and inputs held; where there is nothing to say, none. */
void sl_inputs_notes(sl_inputs *inputs);

#endif
