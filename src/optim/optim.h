/* optim.h - update rules, and the stages around them. One rule, one file. */
#ifndef SL_OPTIM_OPTIM_H
#define SL_OPTIM_OPTIM_H

#include "core/json.h"
#include "kernel/clones.h"
#include "optim/schedule/schedule.h"
#include "tensor/tensor.h"

#include <math.h>

enum { SL_MAX_STATES = 2 };

typedef struct {                                        /* what a rule is told for one step */
    sl_real lr, momentum, beta1, beta2, epsilon, decay; /* decay: 0 for biases */
    double beta1_power, beta2_power;                    /* beta^t, t = 1 in the first step */
    sl_real step, floor;                                /* the rule's own: see prepare */
} sl_update;

typedef struct {
    const char *name, *summary, *formula, *source;
    const sl_option *options; /* what the word takes; NULL: nothing */
    int states;               /* numbers kept beside each weight */
    const char *state_names[SL_MAX_STATES];
    sl_optimizer defaults; /* the options the rule knows; a word it does not know is 0 */
    bool decoupled;        /* decay is the rule's own affair, not a term of the gradient */
    /* What follows from the options for the whole step: `step` and `floor`. NULL: nothing. */
    void (*prepare)(sl_update *u);
    /* One pass over n numbers: w and the states change, g becomes 0. Each number on its own, so any cut into
     * pieces gives the same bits; and 0 with gradient and states 0 stays 0, as between the tensors of a
     * model. */
    void (*update)(sl_isa isa, const sl_update *u, sl_real *w, sl_real *g, sl_real *const *state, size_t n);
} sl_rule;

/* |x| < 2^-100 becomes 0: denormal numbers would stay for ever, and are slow. (With fabs, which compilers
 * know, the loops around it become vectors.) */
SL_INLINE sl_real sl_settle(sl_real x)
{
#ifdef SL_REAL_DOUBLE
    return fabs(x) < 0x1p-100 ? 0 : x;
#else
    return fabsf(x) < 0x1p-100f ? 0 : x;
#endif
}

/* The gradient with the decay of a loss term decay/2 w^2. */
SL_INLINE sl_real sl_slope(sl_real g, sl_real w, sl_real decay)
{
    return decay != 0 ? g + decay * w : g;
}

typedef struct {  /* a parameter's place */
    size_t at, n; /* in the flat states; n with the padding, where that is the tensor's */
    bool decays;  /* no bias */
    bool follows; /* values and gradient stand right behind those of the parameter before, as `at` does */
} sl_step_part;

typedef struct { /* numbers that are updated alike in this step: one parameter, or several in a row */
    sl_real *w, *g;
    size_t at, n;
    sl_real decay;
    sl_rows *rows; /* only these, of `width` numbers each; NULL: all */
    size_t width;
} sl_step_span;

struct sl_step {
    sl_ctx *ctx;
    sl_isa isa; /* of the rule's loops */
    const sl_rule *rule;
    sl_optimizer set; /* defaults filled in */
    sl_course course; /* how lr goes on */
    char *schedule;   /* set's text with options, copied; NULL: a name alone */
    sl_tensor **params;
    sl_step_part *parts; /* [count] */
    int count;
    sl_real **state; /* [count * SL_MAX_STATES], of each parameter, in: */
    sl_real *flat[SL_MAX_STATES];
    size_t length;       /* of each flat */
    sl_step_span *spans; /* [count], of the step at work */
    uint64_t steps;
    double beta1_power, beta2_power; /* repeated products, kept in checkpoints */
};

typedef struct { /* a number of sl_optimizer */
    const char *name;
    size_t at;         /* offset in sl_optimizer */
    double high;       /* it lies above 0 and below this */
    const char *range; /* in words */
} sl_optimizer_word;
const sl_optimizer_word *sl_optimizer_word_at(size_t index); /* NULL behind the last; decay is the last */
sl_real *sl_optimizer_value(sl_optimizer *optimizer, const sl_optimizer_word *word);
/* As a JSON object: the rule and the words that are not 0. Taken back, its texts point into the JSON. */
void sl_optimizer_put(sl_text *json, const sl_optimizer *optimizer);
sl_optimizer sl_optimizer_take(const sl_json *json);

const sl_rule *sl_rule_at(size_t index); /* NULL behind the last */
/* The rule, and *set with its defaults for the zeros of `wanted`. Ranges are checked; words that the rule
 * does not know are refused.                                                                              */
const sl_rule *sl_rule_find(sl_ctx *ctx, const sl_optimizer *wanted, sl_optimizer *set);

#endif
