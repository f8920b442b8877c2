/* op.h - what an operator is. One operator, one file: formula, shape rule, forward, backward, trial inputs.
 * The folder is the list (op/index.inc is made from the file names), and tests walk it.               */
#ifndef SL_OP_OP_H
#define SL_OP_OP_H

#include "core/profile.h"
#include "core/option.h"
#include "kernel/clones.h"
#include "kernel/kernel.h"
#include "kernel/lanes.h"
#include "kernel/math.h"
#include "op/terms.h"
#include "tensor/tensor.h"

enum { SL_MAX_INPUTS = 3, SL_MAX_TRIALS = 6 };

typedef struct sl_op sl_op;
/* dz = dy f'(z) from y and z; dz may be dy. a: the operator's number. */
typedef void sl_derive(sl_isa isa, sl_real a, sl_real *dz, const sl_real *dy, const sl_real *y,
                       const sl_real *z, size_t n);

typedef struct {             /* what an operator is given beside its inputs */
    const sl_op *activation; /* linear: applied to the product; NULL: none */
    sl_real slope;           /* linear: the activation's number            */
    const sl_bags *bags;     /* embeddings of bags: valid until forward has run */
    sl_real number; /* dropout: the rate; norms: epsilon; noise: its deviation; pow, scale: the number; an
                       activation: its own */
    sl_shape shape; /* reshape; columns: the first, and how many  */
    bool mean;      /* embedding_bag                              */
    const sl_terms *terms; /* basis: valid until forward has run  */
    sl_tensor *running[2]; /* batch_norm: mean and variance, or NULL; written in training */
    sl_real momentum;      /* batch_norm: the batch's part in those      */
    bool sum;              /* a loss: the sum over rows, not the mean    */
} sl_op_options;

struct sl_node { /* one operator that ran */
    const sl_op *op;
    sl_ctx *ctx;
    sl_tensor *y, *x[SL_MAX_INPUTS]; /* x: NULL for an optional input left out */
    sl_op_options options;
    void *scratch;        /* scratch_bytes of memory until the graph ends */
    size_t scratch_bytes; /* set by the shape rule                        */
    bool training;        /* backward may follow                          */
    uint32_t step, layer; /* which step, and which random operator of the graph */
    uint32_t first_row;   /* of the batch: where it is worked through in pieces, row 0 here is this one */
    const char *place;    /* "dense_2", or the operator's name            */
    bool derived;         /* linear: the node after it has left dZ in the scratch */
    sl_node *previous;
};

typedef struct { /* inputs for the gradient check, drawn uniformly from low..high */
    sl_shape shape[SL_MAX_INPUTS];
    double low, high;
    int classes;                    /* > 0: the target holds class numbers below this */
    bool fixed_last;                /* the target holds other numbers */
    double target_low, target_high; /* of the target; both 0: low..high */
    bool shares;                    /* each row of the target is divided by its sum */
    const char *activation;
    double number;
    sl_shape reshaped;
    const sl_bags *bags;
    bool mean;
    const sl_terms *terms;
} sl_trial;

struct sl_op {
    const char *name, *summary, *formula, *source;
    int inputs, optional; /* optional: how many of the last inputs may be NULL */
    bool has_target; /* inputs behind the first have no gradient: a loss's target and weights, or row numbers
                      */
    /* Sets the shape of the result and scratch_bytes, or fails with a sentence. In a dry ctx: reads no value.
     */
    sl_status (*shape)(sl_node *n, sl_shape *y);
    void (*forward)(const sl_node *n);  /* fills n->y->v */
    void (*backward)(const sl_node *n); /* adds to x[i]->g where x[i]->learns */

    /* backward sets x[i]->g instead of adding while x[i]->has_grad is false (g then holds anything), and sets
     * has_grad. Others find zeros to add to. */
    bool assigns;

    /* What a call does: operations, and bytes of every array that the formula reads or writes. NULL: one an
     * element, and backward reads the inputs' values, or the scratch. */
    void (*cost)(const sl_node *n, bool backward, sl_cost *cost);
    bool random;  /* draws numbers for (step, layer, row, unit) */
    bool by_rows; /* where x[0] keeps a list of touched rows, backward puts those in that it adds to */

    /* Activations only: y = f(z), and dz = dy f'(z) from y and z; y may be z, dz may be dy. a: the number of
     * its one option (leaky_relu's slope), which stands in `options`; 0 without. */
    void (*activate)(sl_isa isa, sl_real a, sl_real *y, const sl_real *z, size_t n);
    sl_derive *derive;
    /* A loss of elements, over sl_element_loss_forward: the loss of each, and its slope by x; t is like x. */
    void (*element_losses)(sl_isa isa, sl_real a, sl_real *loss, const sl_real *x, const sl_real *t,
                           size_t n); /* loss may be x */
    void (*element_slopes)(sl_isa isa, sl_real a, sl_real *d, const sl_real *x, const sl_real *t, size_t n);
    /* A loss of rows, over sl_row_loss_forward: the loss of each and its slopes d [rows, width], which may be
     * x; t: a label a row, or like x. */
    void (*row_losses)(sl_isa isa, sl_real a, sl_real *d, sl_real *loss, const sl_real *x, const sl_real *t,
                       size_t rows, size_t width);
    /* For explanations (explain/expression.h), of one element: y from z, and dy/dz from y and z; a: the
     * operator's number. Of an element loss: its loss from z and the target t, and dL/dz. "p = ..; rest"
     * names a step on the way, "x | y" offers y where numbers are too large for x. NULL: explain/node/ has
     * it, or a file of this name.  */
    const char *written, *slope;
    const sl_option *options; /* what the word takes; NULL: nothing */
    /* f' is 0 wherever there is one, so nothing is learned through it: the sentence with which sl_backward
     * refuses it, which says what to take. NULL: it has a slope. */
    const char *flat;
    bool derive_needs_z;
    bool activates_rows; /* an activation that works on whole rows: not fused, has no `activate` */
    const char *init;    /* the initialiser that suits it; NULL: xavier */
    bool bounded;        /* the result lies in low..high: targets outside can never be met */
    double low, high;

    sl_trial trial[SL_MAX_TRIALS]; /* ends at high == 0 */
};

/* Runs op on the tape (autograd/tape.c): checks inputs, asks for the shape, runs forward, records. */
sl_tensor *sl_apply(sl_tape *tape, const sl_op *op, sl_tensor *const *x, const sl_op_options *options);
/* From the context of a tape; NULL for NULL. */
sl_ctx *sl_tape_ctx(const sl_tape *tape);
/* Products and activations shall be operators of their own, so that every number between them can be seen. */
bool sl_tape_spread(const sl_tape *tape);
/* Leaves words out while training (autograd/bags_drop.c): *left has each id of the bags, with its value, with
 * probability 1 - rate, 0 <= rate < 1, in the order they had. Which ones follows from (seed, step, random
 * operator of the graph, row of the batch, place in the list) as for dropout, and it counts as such an
 * operator. Nothing is scaled. On an inference tape *left = *bags. The memory is the tape's, until the graph
 * ends; SL_EINVAL where the offsets or the rate are wrong. */
sl_status sl_bags_drop(sl_tape *tape, const sl_bags *bags, sl_real rate, sl_bags *left);
/* SL_EINVAL, with a sentence that begins with `place`, where bags are not lists of numbers below `rows`
 * (op/embedding_common.c). */
sl_status sl_bags_check(sl_ctx *ctx, const char *place, const sl_bags *bags, int rows);
/* B of this product, packed, where the tape keeps such copies (sl_tape_pack); else NULL. */
const sl_real *sl_tape_packed(sl_tape *tape, const sl_tensor *weights, const sl_product *product);

extern const sl_op sl_op_linear; /* what dense layers are made of */
extern const sl_op sl_op_relu;   /* which the product applies by itself */
extern const sl_op sl_op_basis;  /* which only its layer calls with terms that were read before */

/* --- the registry (op/registry.c) --- */
bool sl_op_is_activation(const sl_op *op);
const sl_op *sl_op_at(size_t index);       /* NULL behind the last */
const sl_op *sl_op_find(const char *name); /* NULL: there is none */
/* An activation by its word, with its number: "leaky_relu:0.1" or "leaky_relu slope=0.1"; NULL or "identity"
 * or "linear": *found is NULL. SL_EINVAL names the nearest word, or the range. */
sl_status sl_activation_find(sl_ctx *ctx, const char *text, const sl_op **found, sl_real *number);

/* --- common pieces (op/common.c) --- */
/* "<place>: " and the rest, as sl_fail. */
sl_status sl_node_fail(const sl_node *n, sl_status status, const char *format, ...) SL_PRINTF(3, 4);
sl_status sl_shape_same(sl_node *n, sl_shape *y); /* y like x[0] */
/* y like x[0]; x[1] equal or x[0]'s trailing dimensions */
sl_status sl_shape_rowwise(sl_node *n, sl_shape *y);
sl_status sl_shape_scalar(sl_node *n, sl_shape *y);
/* y like x[0]; the number is in the range of the operator's one option, or finite where it has none. */
sl_status sl_shape_numbered(sl_node *n, sl_shape *y);
void sl_unary_forward(const sl_node *n);                /* through op->activate */
void sl_unary_backward(const sl_node *n);               /* through op->derive */
void sl_unary_add(const sl_node *n, sl_derive *derive); /* through this one */
/* A node (the argument) with an activation of its own, and a scratch that holds dZ and, where f' needs it, Z:
 * y <- f(y) for some numbers of the result, and their dZ from y->g. An sl_product's `finish`.       */
void sl_node_activate(const void *node, sl_isa isa, size_t at, size_t n);
void sl_node_derive(const void *node, sl_isa isa, size_t at, size_t n);

/* --- losses (op/losses.c, op/losses_checks.c): x[0] prediction, x[1] target, x[2] a weight a row [rows] or
 * NULL; y rank 0 --- */
/* x[0] and x[1] alike and not empty; the scratch of sl_element_loss_forward. */
sl_status sl_shape_loss(sl_node *n, sl_shape *y);
/* x[0] [rows, at least `least`], called `what`; x[1] [rows] class numbers below its width, or below 2 where
 * that is 1; the scratch of sl_row_loss_forward. */
sl_status sl_shape_label_loss(sl_node *n, sl_shape *y, int least, const char *what);
/* x[0] [rows, `each` * targets], x[1] [rows, targets]; the scratch of sl_row_loss_forward. */
sl_status sl_shape_several_loss(sl_node *n, sl_shape *y, int each);
/* All of x[1] in low..high: else SL_EINVAL "target 3 is 7: wants " and the rest. whole: nothing between. */
sl_status sl_check_loss_targets(const sl_node *n, double low, double high, bool whole, const char *wants);
void sl_element_loss_forward(const sl_node *n);
void sl_element_loss_backward(const sl_node *n);
void sl_row_loss_forward(const sl_node *n);
void sl_row_loss_backward(const sl_node *n);
/* What a call of a loss applies: a target and weights [rows] or NULL that it only reads. */
sl_tensor *sl_apply_loss(sl_tape *tape, const sl_op *op, sl_tensor *x, const sl_tensor *target,
                         const sl_tensor *weights, sl_real number, bool sum);
#define SL_SHARES_OFF 1e-3 /* so far from 1 may the sum of a distribution be: tables have few digits */
/* What the words of losses take: the loss's own number first, where it has one, and `reduction` last. */
extern const sl_option sl_loss_options[2], sl_huber_options[3], sl_quantile_options[3],
    sl_smoothing_options[3], sl_interval_options[3];
/* --- norms (op/layer_norm.c) --- */
/* t is NULL or [width]; `what` names it. */
sl_status sl_shape_columns(const sl_node *n, const sl_tensor *t, const char *what, int width);
/* y like x[0]; x[1] and x[2], scale and shift, by its last dimension: that, or 0 and the context's error */
int sl_shape_norm(const sl_node *n, sl_shape *y);

/* --- costs (autograd/cost.c) --- */
void sl_cost_of_sums(const sl_node *n, bool backward, sl_cost *cost);    /* as NULL, but no values are read */
void sl_cost_of_product(const sl_node *n, bool backward, sl_cost *cost); /* linear, matmul: it alone */
void sl_cost_of_bags(const sl_node *n, bool backward, sl_cost *cost); /* an addition for each number named */

#endif
