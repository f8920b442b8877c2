/* loss.h - what training minimises. One loss, one file; its arithmetic is the operator's. */
#ifndef SL_LOSS_LOSS_H
#define SL_LOSS_LOSS_H

#include "op/op.h"

typedef enum {
    SL_TARGET_CLASS,       /* [rows]: class numbers 0 .. outputs-1; one output: 0 or 1 */
    SL_TARGET_PROBABILITY, /* [rows, outputs]: each 0 to 1                             */
    SL_TARGET_NUMBER,      /* [rows, outputs]                                          */
    SL_TARGET_DISTRIBUTION /* [rows, outputs]: each 0 to 1, rows sum to 1              */
} sl_target_kind;

enum { SL_LOSS_TEXT = 128 }; /* bytes for a name with its options */

typedef struct { /* what the word's options say */
    sl_real number;
    bool sum; /* reduction=sum */
} sl_loss_values;

typedef struct {
    const char *name, *alias, *summary, *formula, *source;
    const sl_op *op;
    const sl_option *options; /* the operator's: its number, if it has one, and the reduction */
    sl_target_kind target;
    bool from_0, whole; /* targets below 0, or between 0 and 1, make no sense */
    const char *output; /* the function that turns what the net gives into the prediction; NULL: none */
    /* It, for [rows, width]; p may be x. NULL: the net gives predictions. */
    void (*predict)(sl_isa isa, sl_real *p, const sl_real *x, size_t rows, size_t width);
    bool from_logits; /* the last layer must have no activation: the loss has its own */
    /* The activation that the last layer must have, which `slope train` gives its output layer; NULL: none.
     */
    const char *activation;
    const char *instead; /* the loss that takes what `output` gives; NULL: none */
    int per_target;      /* outputs a target, in a row: 3: prediction, lower and upper bound; 0: 1 */
    const char *scaled;  /* of numbers: what it is in where targets are standardised; NULL: "deviations" */
    const char *note;    /* what is to be known when it is chosen; NULL: nothing */
    int least_outputs, most_outputs; /* most: 0: any number */
    bool two_by_one;                 /* two classes have one output */
    sl_real cut;                     /* one output for two classes: the second from here on, or only above */
    bool cut_included;
} sl_loss;

const sl_loss *sl_loss_at(size_t index); /* NULL behind the last */
/* "huber delta=0.5", "mse"; NULL and the context's error. values may be NULL. */
const sl_loss *sl_loss_find(sl_ctx *ctx, const char *text, sl_loss_values *values);
/* The name and every option that is not the default: found again as the same. */
void sl_loss_describe(const sl_loss *loss, const sl_loss_values *values, sl_text *text);
/* The loss of a batch; weights [rows] or NULL. */
sl_tensor *sl_loss_apply(sl_tape *tape, const sl_loss *loss, const sl_loss_values *values,
                         sl_tensor *prediction, const sl_tensor *target, const sl_tensor *weights);
/* The loss of one row, `outputs` numbers, which are overwritten. Reported losses are means of these over
 * rows, whatever the reduction is, so that parts of different size can be compared; for the mean, that of a
 * batch is what sl_loss_apply gives. */
sl_real sl_loss_of_row(sl_isa isa, const sl_loss *loss, const sl_loss_values *values, sl_real *prediction,
                       const sl_real *target, size_t outputs);
/* Of each of these rows, to `to`: the same numbers, faster. */
void sl_loss_of_rows(sl_isa isa, const sl_loss *loss, const sl_loss_values *values, sl_real *prediction,
                     const sl_real *target, size_t rows, size_t outputs, sl_real *to);
/* What a batch of rows x outputs gave, as a mean: for reports of training. */
double sl_loss_mean(const sl_loss *loss, const sl_loss_values *values, double value, size_t rows,
                    size_t outputs);
/* How many classes are told apart by so many outputs; 0: the answers are numbers. */
int sl_loss_kinds(const sl_loss *loss, int outputs);
/* How many outputs a net for this loss has: classes (0: numbers), columns of the target. */
int sl_loss_outputs(const sl_loss *loss, int classes, size_t columns);
/* How many outputs belong to one target: 1, or 3 where the loss has bounds. NULL: 1. */
int sl_loss_per_target(const sl_loss *loss);
bool sl_loss_has_bounds(const sl_loss *loss);
/* What share of targets the bounds are to hold, in percent, as it was written; 0 without bounds. */
double sl_loss_coverage(const sl_loss *loss, const sl_loss_values *values);

/* Of sl_loss.predict; softmax and sigmoid are kernels. */
void sl_loss_sigmoid(sl_isa isa, sl_real *p, const sl_real *x, size_t rows, size_t width);
void sl_loss_exp(sl_isa isa, sl_real *p, const sl_real *x, size_t rows, size_t width);
void sl_loss_step(sl_isa isa, sl_real *p, const sl_real *x, size_t rows, size_t width);   /* 1 from 0 on */
void sl_loss_halves(sl_isa isa, sl_real *p, const sl_real *x, size_t rows, size_t width); /* (1 + x)/2 */
/* Scores, that they may be compared: sigmoid of one, softmax of several. Not calibrated. */
void sl_loss_scores(sl_isa isa, sl_real *p, const sl_real *x, size_t rows, size_t width);

#define SL_INDEX(name) extern const sl_op sl_op_##name;
#include "loss/index.inc" /* each loss has an operator of its name */
#undef SL_INDEX

#endif
