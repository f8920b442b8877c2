/* merged.h - what the files share that tell dense layers as one. */
#ifndef SL_EXPLAIN_MERGED_H
#define SL_EXPLAIN_MERGED_H

#include "explain/explanation.h"
#include "model/model.h"

enum { SL_MERGED_ROWS = 1000, SL_MERGED_BARRIERS = 3 };

typedef struct {
    sl_explanation *e;
    const sl_model *model;
    int runs, kept, passed; /* rows of layers that are one; barriers; of those how many are not shown */
    bool unbiased;          /* the row of layers that is told: all of its biases are 0 */
} sl_merged;

typedef struct { /* one number of a product of matrices, or of a matrix and a bias */
    const double *row, *column;
    size_t count, step;
    const double *alone; /* added at the end; NULL */
} sl_merged_terms;

/* A term, and the value, of sl_merged_terms. */
int sl_merged_term(const void *user, size_t i, double factors[3]);
double sl_merged_value(const sl_merged_terms *t);
void sl_merged_note(const sl_merged *told, const char *text);
/* Nothing happens here to a row in inference. */
bool sl_merged_passes(const sl_built *layer);

/* apart.c: the dense layer `at` and the next one (of layers before `last`), where an activation keeps them
 * two: what leaving it out would change in one of these random rows x [SL_MERGED_ROWS, ..], or NULL. */
void sl_merged_apart(sl_merged *told, int at, int last, sl_tensor *x);

#endif
