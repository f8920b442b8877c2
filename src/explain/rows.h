/* rows.h - rows of data as a model is told them, before a step, and what it answers, in the units of the
 * data. */
#ifndef SL_EXPLAIN_ROWS_H
#define SL_EXPLAIN_ROWS_H

#include "explain/step.h"
#include "train/measure.h"

typedef struct {
    sl_explanation *e;
    const sl_model *model;
    const sl_data *data; /* a view of these rows alone */
    const size_t *rows;  /* [count]: which of all, from 0; said from 1 */
    size_t count;
    sl_tensor *x, *y;       /* as the net and the loss take them; y NULL: no targets */
    const sl_real *targets; /* [count, data->outputs], in the units of the data; NULL */
    bool infer;             /* no loss comes behind the answer */
    sl_real *before;        /* [count, numbers of a prediction] before the first step; NULL: not yet */
} sl_told_rows;

/* Part "inputs": how each number that the net sees came about. (inputs.c) */
void sl_tell_inputs(const sl_told_rows *t);
/* Of a table: the columns of row r of the batch. (inputs_table.c) */
void sl_tell_columns(const sl_told_rows *t, size_t r);
/* The text of row r, and which features of it the net reads. (inputs_texts.c) */
void sl_tell_texts(const sl_told_rows *t, size_t r);
/* The targets of row r. (answer.c) */
void sl_tell_target(const sl_told_rows *t, size_t r);
/* sl_step_asked.answer; user: sl_told_rows. (answer.c) */
void sl_tell_answer(void *user, sl_explanation *e, const sl_tensor *output, const char *name, bool after);

/* Text of others, at most `most` bytes of it, control characters as blanks. */
const char *sl_told_clean(sl_explanation *e, const char *text, size_t length, size_t most);
/* "x[3]": number i of row r of a batch; of a single row without its 0. */
const char *sl_told_element(const sl_told_rows *t, const char *name, size_t width, size_t r, size_t i);
/* The same of t->x or t->y, as it is called in the step. */
const char *sl_told_prepared(const sl_told_rows *t, const sl_tensor *of, size_t width, size_t r, size_t i);
/* name = number, as it is. */
void sl_told_number(sl_explanation *e, const char *name, double value);
void sl_told_note(sl_explanation *e, const char *text);
/* Which rows are shown at this depth: the loop `for (size_t r = 0; sl_told_more(t, &r); r++)`; with a heading
 * where there are several. */
bool sl_told_more(const sl_told_rows *t, size_t *r);

#endif
