/* answers.h - what the figures of a model's answers share: the model, the rows it is asked about, and how
 * both are called. */
#ifndef SL_PLOT_ANSWERS_H
#define SL_PLOT_ANSWERS_H

#include "plot/kind.h"

typedef struct {
    const sl_figure_job *job;
    sl_model *model;
    sl_data *data;
    const char *part; /* "test", ... */
    int classes;      /* 0: the answers are numbers */
} sl_answers;

/* Model and rows, which have targets. false: the context knows why. */
bool sl_answers_open(const sl_figure_job *job, sl_answers *answers);
/* "Confusion matrix of digits-1: test part, 360 rows", and where they are rows that the network has learned
 * from, a note that says so. */
void sl_answers_title(sl_figure *figure, const sl_answers *answers, const char *what);
/* The class's name, cut where it is long; its number where it has none. */
const char *sl_answers_class(sl_figure *figure, const sl_model *model, int class_index);
/* The target column's name; "y" where there is none. */
const char *sl_answers_target(const sl_model *model);
/* Four figures, whole from 1,000 on: "0.0812", "12,500". */
const char *sl_answers_number(sl_figure *figure, double value);
const char *sl_answers_percent(sl_figure *figure, double part, double whole);   /* "97.2 %" */
const char *sl_answers_count(sl_figure *figure, size_t count, const char *one); /* "1 row", "1,200 rows" */

/* Of so many rows at most `most` are drawn, evenly: number i of those is this row. */
size_t sl_answers_thin(size_t i, size_t rows, size_t most);

#endif
