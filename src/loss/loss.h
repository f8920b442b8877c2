/* loss.h - what training minimises. One loss, one file. */
#ifndef SL_LOSS_LOSS_H
#define SL_LOSS_LOSS_H

#include "op/op.h"

typedef enum {
    SL_TARGET_CLASS,       /* [rows]: class numbers 0 .. outputs-1       */
    SL_TARGET_PROBABILITY, /* [rows, outputs]: each 0 to 1               */
    SL_TARGET_NUMBER       /* [rows, outputs]                            */
} sl_target_kind;

typedef struct {
    const char *name, *alias, *summary, *formula, *source;
    const sl_option *options; /* what the word takes; NULL: nothing */
    sl_target_kind target;
    const char *output; /* the operator that turns what the net gives into the prediction; NULL: none */
    bool from_logits;   /* the last layer must have no activation: the loss has its own */
    int least_outputs;
    sl_tensor *(*apply)(sl_tape *tape, sl_tensor *prediction, const sl_tensor *target);
    /* The loss of one row; `outputs` numbers, which may be overwritten. */
    sl_real (*row)(sl_isa isa, sl_real *prediction, const sl_real *target, size_t outputs);
} sl_loss;

const sl_loss *sl_loss_at(size_t index);                    /* NULL behind the last */
const sl_loss *sl_loss_find(sl_ctx *ctx, const char *name); /* or alias; NULL and the context's error */

#endif
