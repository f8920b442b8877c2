/* cost.h - what the files share that say what a training costs. */
#ifndef SL_EXPLAIN_COST_H
#define SL_EXPLAIN_COST_H

#include "autograd/tape.h"
#include "explain/explanation.h"
#include "model/model.h"

typedef struct {
    sl_explanation *e;
    const sl_cost_options *o;
    const sl_model *of; /* what is asked about */
    sl_model *model;    /* a copy of it, to make steps with */
    sl_step *step;
    sl_tape *tape; /* with one step on it: */
    sl_tensor *x, *y, *loss;
    const sl_node **node; /* [nodes], as they ran */
    int nodes, batch;
    double learned;                                    /* numbers that learn */
    double forward, backward, update, flops, products; /* operations of a step */
    double *product; /* [product_count]: operations of each product, as they ran */
    size_t product_count;
} sl_costing;

void sl_cost_note(sl_costing *c, const char *text);
void sl_cost_part(sl_costing *c, const char *title);
/* name = formula of these numbers = what that gives. */
void sl_cost_line(sl_costing *c, const char *name, const char *formula, const sl_named *names, int count);
/* name = a number, printed with so many figures (0: the explanation's). */
void sl_cost_value(sl_costing *c, const char *name, double value, int figures);

/* cost_memory.c: bytes of a step, and which batch fits. */
void sl_cost_memory(sl_costing *c);
/* cost_training.c: epochs; seconds; energy. */
void sl_cost_training(sl_costing *c);

#endif
