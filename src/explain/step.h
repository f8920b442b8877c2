/* step.h - one step of training, number by number: the tape's operators in their order, and back. */
#ifndef SL_EXPLAIN_STEP_H
#define SL_EXPLAIN_STEP_H

#include "autograd/tape.h"
#include "explain/explanation.h"
#include "model/model.h"

enum { SL_WALK_WAYS = 8 }; /* that a gradient comes along, at most */

typedef struct { /* a tensor of the graph */
    const sl_tensor *t;
    const char *name; /* "z1" */
    bool param;       /* its first dimension is none of rows */
    int ways, come;   /* operators whose gradient flows into it, and how many of them were walked back */
    double *part;     /* [ways * count], of a tensor with several ways; NULL */
} sl_walked;

typedef struct {
    sl_explanation *e;
    sl_model *model;
    const sl_node **nodes; /* [count], as they ran */
    int count;
    sl_walked *tensors; /* [known] */
    int known, room;
    int dense;           /* numbered so far */
    const char *place;   /* of the last heading */
    const sl_node *back; /* being walked back */
} sl_walk;

/* How an operator is explained: one file each in node/. Where there is none, an activation or an element loss
 * is by its `written` and `slope` (op.h), and what only moves numbers has the name of what it moves. */
typedef struct {
    const char *op; /* sl_op.name; several with blanks between them */
    void (*forward)(sl_walk *walk, const sl_node *n);
    void (*backward)(sl_walk *walk, const sl_node *n); /* for x[i] with sl_walk_flows alone */
} sl_node_kind;
const sl_node_kind *sl_node_kind_find(const sl_op *op); /* NULL: by its formula */

/* What the reader calls it: "z1", "W1", "x", "y". */
const char *sl_walk_name(const sl_walk *walk, const sl_tensor *t);
/* "dL/dz1". */
const char *sl_walk_slope_name(sl_walk *walk, const sl_tensor *t);
/* "z1[0]": see sl_explained_name. */
const char *sl_walk_element(sl_walk *walk, const sl_tensor *t, size_t at);
/* Of its gradient: "dL/dz1[0]". */
const char *sl_walk_slope_element(sl_walk *walk, const sl_tensor *t, size_t at);
/* "[3, 2]"; of a single row without the 1: "[2]". */
const char *sl_walk_shape(sl_walk *walk, const sl_tensor *t);
/* A gradient flows into input i of the node. */
bool sl_walk_flows(const sl_node *n, int i);
/* A heading, where the node's place is another than the last one's. */
void sl_walk_place(sl_walk *walk, const sl_node *n);
/* name = formula, with the shape of t; shapes: of what stands in the formula, "[3, 2] [2] + [3]", or NULL.
 * latex: all of it, or NULL: the formula as an expression. */
void sl_walk_rule(sl_walk *walk, const char *name, const sl_tensor *t, const char *formula,
                  const char *shapes, const char *latex);
/* From here on lines for the elements of t, which are shown at this depth; below depth 2 all values at once,
 * and the loop `for (size_t i = 0; sl_walk_more(walk, t, &i); i++)` is not entered. slopes: of its gradient.
 */
void sl_walk_values(sl_walk *walk, const sl_tensor *t, bool slopes);
bool sl_walk_more(sl_walk *walk, const sl_tensor *t, size_t *i);
/* The same for rows of so many numbers, and for the numbers of one: where they are many, not all are shown.
 */
bool sl_walk_rows(sl_walk *walk, size_t rows, size_t width, size_t *r);
bool sl_walk_columns(sl_walk *walk, size_t width, size_t *c);
/* "S[2]"; of a single row "S". */
const char *sl_walk_row_name(sl_walk *walk, const char *name, size_t rows, size_t r);
/* "p[2,0]"; of a single row "p[0]". */
const char *sl_walk_cell_name(sl_walk *walk, const char *name, size_t rows, size_t width, size_t at);
/* A rule of a quantity that is no tensor. */
void sl_walk_helper(sl_walk *walk, const char *name, const char *formula);
void sl_walk_note(sl_walk *walk, const char *sentence);
/* The line of y's element i, by a formula (sl_explained_line). */
void sl_walk_line(sl_walk *walk, const sl_tensor *y, size_t i, const char *formula, const sl_named *names,
                  int count);
/* Before the node is walked back: what comes from it into inputs that gradients come to along several ways.
 */
void sl_walk_ways(sl_walk *walk, const sl_node *n);
/* What flows from node n into element i of x, by a formula, or by a sum (formula NULL): it must give what
 * sl_backward came to, or (x twice an input of the node) `value`. Where gradients come along several ways
 * each is a line of its own, and the last one is followed by their sum. */
void sl_walk_flow(sl_walk *walk, const sl_node *n, const sl_tensor *x, size_t i, double value,
                  const char *formula, const sl_named *names, int count, const sl_explained_sum *sum);
/* After the lines of one node's flow into x: closes them, and adds the sums where this was the last way. */
void sl_walk_flow_end(sl_walk *walk, const sl_node *n, const sl_tensor *x);

/* --- graph.c: what the tape has recorded, in the order in which it ran; what tensors are called, answer
 * being the output; one node's lines; an end --- */
sl_status sl_walk_nodes(sl_walk *walk, const sl_tape *tape);
sl_status sl_walk_names(sl_walk *walk, const sl_tensor *x, const sl_tensor *output, const char *answer);
void sl_walk_part(sl_walk *walk, const char *title);
void sl_walk_node(sl_walk *walk, const sl_node *n, bool back);
void sl_walk_forget(sl_walk *walk);
/* Any graph, after sl_backward, without a model and without parts: every node on the way there, and every one
 * with a gradient back. Inputs are called x, w, v. */
sl_status sl_explain_graph(sl_explanation *e, const sl_tape *tape);
/* Steps with one batch, behind what the explanation has so far. */
typedef struct {
    sl_model *model;
    sl_tensor *x;
    const sl_tensor *y, *weights; /* y NULL: the way forward alone; weights may be NULL */
    const sl_explain_options *options;
    bool infer; /* forward alone, as a model predicts: nothing is dropped */
    /* What the outputs mean, behind each way forward, and behind the last step (after); NULL: nothing. name:
     * what the outputs are called there. */
    void (*answer)(void *user, sl_explanation *e, const sl_tensor *output, const char *name, bool after);
    void *user;
} sl_step_asked;
sl_status sl_explain_steps(sl_explanation *e, const sl_step_asked *asked);
/* The model has a loss, and the options are in their ranges. */
sl_status sl_step_check(sl_ctx *ctx, const sl_model *model, const sl_explain_options *options);
/* SL_EINVAL where there will be more lines than an explanation can have, before they are made. (size.c) */
sl_status sl_explain_size(const sl_model *model, size_t rows, const sl_explain_options *options, bool learns);

/* node/: activations and element losses by their formula. */
void sl_node_curve_forward(sl_walk *walk, const sl_node *n);
void sl_node_curve_backward(sl_walk *walk, const sl_node *n);
void sl_node_loss_forward(sl_walk *walk, const sl_node *n);
void sl_node_loss_backward(sl_walk *walk, const sl_node *n);
/* dy/dz of element i, of what goes by its formula. */
double sl_node_curve_slope(sl_walk *walk, const sl_node *n, size_t i);
/* What only moves numbers, behind which a gradient comes along several ways. */
void sl_node_moved_backward(sl_walk *walk, const sl_node *n);
/* Where every layer has one unit: the product of all local slopes, weight by weight (chain.c); else nothing.
 */
void sl_chain_explain(sl_walk *walk);

/* The update (update.c). sl_update_watch keeps the weights, gradients and states before sl_step_apply;
 * sl_update_explain says how they became what they are behind it. */
typedef struct sl_watched sl_watched;
sl_watched *sl_update_watch(sl_walk *walk, sl_step *step);
void sl_update_explain(sl_walk *walk, sl_watched *watched);
void sl_update_forget(sl_watched *watched);
/* How the loss would change along the step if it kept the slope that it had before: below 0, downhill. */
double sl_update_downhill(const sl_watched *watched);
/* A step of a method of whole/ (optim/whole/whole.h): takes it, and tells what it began with and where it
 * ended. Resets the tape. */
sl_status sl_update_whole(sl_walk *walk, sl_step *step, bool shown,
                          sl_tensor *(*loss)(sl_tape *tape, void *user), sl_tape *tape, void *user);

/* How the loss went (losses.c). */
typedef struct {
    sl_ctx *ctx;
    int steps;
    double *loss, *penalty; /* [steps + 1]: before each step, and behind the last */
    double *downhill;       /* [steps] */
    bool random;            /* dropout: each step draws its own */
} sl_losses;
sl_status sl_losses_new(sl_losses *losses, sl_ctx *ctx, int steps);
void sl_losses_free(sl_losses *losses);
void sl_losses_tell(const sl_losses *losses, sl_explanation *e);

#endif
