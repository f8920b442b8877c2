/* optim.h - update rules, and the stages around them. One rule, one file. */
#ifndef SL_OPTIM_OPTIM_H
#define SL_OPTIM_OPTIM_H

#include "core/json.h"
#include "optim/schedule/schedule.h"
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
    sl_course course; /* how lr goes on */
    sl_tensor **params;
    int count;
    sl_real **state; /* [count * SL_MAX_STATES] */
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
