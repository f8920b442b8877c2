/* optim.h - update rules, and the stages around them. One rule, one file. */
#ifndef SL_OPTIM_OPTIM_H
#define SL_OPTIM_OPTIM_H

#include "core/ctx.h"
#include "tensor/tensor.h"

#include <math.h>

enum { SL_MAX_STATES = 2 };

typedef struct {                                        /* what a rule is told for one step */
    sl_real lr, momentum, beta1, beta2, epsilon, decay; /* decay: 0 for biases */
    double beta1_power, beta2_power;                    /* beta^t, t = 1 in the first step */
} sl_update;

typedef struct {
    const char *name, *summary, *formula, *source;
    int states; /* numbers kept beside each weight */
    const char *state_names[SL_MAX_STATES];
    sl_optimizer defaults; /* the options the rule knows; a word it does not know is 0 */
    bool decoupled;        /* decay is the rule's own affair, not a term of the gradient */
    /* w and the states change; g is read. n numbers each. */
    void (*update)(const sl_update *u, sl_real *w, const sl_real *g, sl_real *const *state, size_t n);
} sl_rule;

/* |x| < 2^-100 becomes 0: denormal numbers would stay for ever, and are slow. (With fabs, which compilers
 * know, the loops around it become vectors.) */
static inline sl_real sl_settle(sl_real x)
{
#ifdef SL_REAL_DOUBLE
    return fabs(x) < 0x1p-100 ? 0 : x;
#else
    return fabsf(x) < 0x1p-100f ? 0 : x;
#endif
}

struct sl_step {
    sl_ctx *ctx;
    const sl_rule *rule;
    sl_optimizer set; /* defaults filled in */
    sl_tensor **params;
    int count;
    sl_real **state; /* [count * SL_MAX_STATES] */
    uint64_t steps;
    double beta1_power, beta2_power; /* repeated products, kept in checkpoints */
};

const sl_rule *sl_rule_at(size_t index); /* NULL behind the last */
/* The rule, and *set with its defaults for the zeros of `wanted`. Ranges are checked; words that the rule
 * does not know are refused.                                                                              */
const sl_rule *sl_rule_find(sl_ctx *ctx, const sl_optimizer *wanted, sl_optimizer *set);

#endif
