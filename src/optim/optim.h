/* optim.h - update rules, and the stages around them. One rule, one file. */
#ifndef SL_OPTIM_OPTIM_H
#define SL_OPTIM_OPTIM_H

#include "core/json.h"
#include "core/option.h"
#include "kernel/clones.h"
#include "optim/schedule/schedule.h"
#include "tensor/tensor.h"

#include <math.h>

enum {
    SL_RULE_STATES = 3,                 /* a rule's at most */
    SL_MAX_STATES = SL_RULE_STATES + 1, /* and the average of the weights */
    SL_MAX_PRODUCTS = 2
};
typedef struct sl_whole sl_whole;

typedef struct { /* what a rule is told for one step */
    sl_real lr, momentum, beta1, beta2, epsilon, rho, momentum_decay, shrink, grow, step_low, step_high;
    sl_real decay;                   /* 0 for biases */
    double beta1_power, beta2_power; /* beta^t, t = 1 in the first step */
    double product[SL_MAX_PRODUCTS]; /* the rule's own running products, see advance */
    sl_real step, step2, floor;      /* the rule's own: see prepare */
} sl_update;

typedef struct {
    const char *name, *summary, *formula, *source;
    /* What the word takes beside sl_optimizer_common, whose default it may change: the only place where a
     * rule's defaults stand. */
    const sl_option *options;
    /* For explanations (explain/written.h): what becomes of a weight w with the gradient g, "v = ..; w = ..",
     * from its states, the options, the products' names, and t, the step's number from 1. What decay takes
     * off the weight itself stands as w*(1 - lr*decay). NULL: a method of whole/. */
    const char *written;
    int states; /* numbers kept beside each weight */
    const char *state_names[SL_RULE_STATES];
    const char *product_names[SL_MAX_PRODUCTS]; /* in checkpoints; NULL: not used */
    bool decoupled;             /* decay is the rule's own affair, not a term of the gradient */
    const char *wants_all_rows; /* why a batch must be all rows; NULL: it need not */
    const char *only_loss;      /* the one loss that it fits; NULL: any */
    /* Once a step: the next values of `product`, which begin at 1. NULL: none. */
    void (*advance)(sl_update *u);
    /* What follows from the options for the whole step: `step`, `step2`, `floor`. Again where parameters have
     * an lr of their own. NULL: nothing. */
    void (*prepare)(sl_update *u);
    /* One pass over n numbers: w and the states change, g becomes 0. Each number on its own, so any cut into
     * pieces gives the same bits; and 0 with gradient and states 0 stays 0, as between the tensors of a
     * model. */
    void (*update)(sl_isa isa, const sl_update *u, sl_real *w, sl_real *g, sl_real *const *state, size_t n);
    /* In place of update: a method of whole/, which asks for the loss of all rows as often as it likes. */
    bool sloped;                          /* it begins with the gradient */
    bool remembers;                       /* it compares losses of one iteration with those of another */
    size_t most;                          /* weights; more are refused */
    const char *hopeless;                 /* ... because */
    void (*plan)(sl_whole *whole);        /* the arrays it keeps */
    bool (*sound)(const sl_whole *whole); /* its own numbers, as read from a file; NULL: any will do */
    sl_status (*iterate)(sl_step *step, sl_whole *whole);
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

SL_INLINE sl_real sl_root(sl_real x)
{
#ifdef SL_REAL_DOUBLE
    return sqrt(x);
#else
    return sqrtf(x);
#endif
}

/* -1, 0 or 1 */
SL_INLINE sl_real sl_sign(sl_real x)
{
    return (sl_real)(x > 0) - (sl_real)(x < 0);
}

/* The gradient with the decay of a loss term decay/2 w^2. */
SL_INLINE sl_real sl_slope(sl_real g, sl_real w, sl_real decay)
{
    return decay != 0 ? g + decay * w : g;
}

/* The same for a running product in double. */
SL_INLINE double sl_settle_product(double x)
{
    return x < 0x1p-100 ? 0 : x;
}

typedef struct {   /* a parameter's place */
    size_t at, n;  /* in the flat states; n with the padding, where that is the tensor's */
    bool weight;   /* no bias */
    bool follows;  /* values and gradient stand right behind those of the parameter before, as `at` does */
    sl_real decay; /* of the optimizer or its group */
    sl_real scale; /* of lr */
    bool moves;    /* it has a gradient in the step at work */
    sl_rows *rows; /* then: only these; NULL: all */
} sl_step_part;

typedef struct { /* numbers that are updated alike in this step: one parameter, or several in a row */
    sl_real *w, *g;
    size_t at, n;
    sl_real decay, scale;
    bool weight;
    sl_rows *rows; /* only these, of `width` numbers each; NULL: all */
    size_t width;
} sl_step_span;

struct sl_step {
    sl_ctx *ctx;
    sl_isa isa; /* of the rule's loops */
    const sl_rule *rule;
    sl_optimizer set; /* defaults filled in */
    sl_update told;   /* the words of `set` */
    sl_course course; /* how lr goes on */
    char *schedule;   /* set's text with options, copied; NULL: a name alone */
    sl_tensor **params;
    sl_step_part *parts; /* [count] */
    int count;
    sl_real **state; /* [count * SL_MAX_STATES], of each parameter, in: */
    sl_real *flat[SL_MAX_STATES];
    size_t length;       /* of each flat */
    sl_step_span *spans; /* [count], of the step at work */
    uint64_t steps, clipped;
    double beta1_power, beta2_power, product[SL_MAX_PRODUCTS]; /* repeated products, kept in checkpoints */
    double average_power;                                      /* likewise: average^t */
    bool averaged;                                             /* the averages are in the weights' place */
    sl_whole *whole; /* what a method of whole/ keeps; NULL: a rule */
};

/* The name of state s: the rule's, then "average" if there is one; NULL behind the last. */
const char *sl_step_state_name(const sl_step *step, int s);
/* What a rule is told: the words of `set`, its decay and lr too, and products that are 1. */
sl_update sl_update_of(const sl_optimizer *set);

/* --- progress.c: what a checkpoint keeps beside the states --- */
void sl_step_put(const sl_step *step, sl_text *json, bool *first); /* keys of an open object */
bool sl_step_take(sl_step *step, const sl_json *json);             /* false: damaged */
/* step_told.c: which defaults it has, beside what was asked for. */
void sl_step_tell(const sl_step *step, const sl_optimizer *asked);

/* --- stage.c: what happens to gradients before the rule, and to weights behind it --- */
/* By value and norm, over the parameters that move. Returns the factor on every gradient that is still to be
 * done: 1, or below. Counts a step that was clipped. */
sl_real sl_stage_clip(sl_step *step);
void sl_stage_scale(sl_isa isa, sl_real *g, sl_real factor, size_t n);
void sl_stage_l1(sl_isa isa, sl_real *g, const sl_real *w, sl_real l1, size_t n);
void sl_stage_prox(sl_isa isa, sl_real *w, sl_real threshold, size_t n);
void sl_stage_max_norm(sl_step *step);
void sl_stage_average(sl_step *step);

typedef struct { /* a number of sl_optimizer */
    const char *name;
    size_t at; /* offset in sl_optimizer */
} sl_optimizer_word;
const sl_optimizer_word *sl_optimizer_word_at(size_t index); /* NULL behind the last */
sl_real *sl_optimizer_value(sl_optimizer *optimizer, const sl_optimizer_word *word);
const sl_option *sl_optimizer_common(void); /* what every rule takes; ends at name NULL */
/* Its range and default under this rule; NULL: the rule does not know the word. */
const sl_option *sl_rule_option(const sl_rule *rule, const char *word);
/* As a JSON object: the rule and the words that are not 0. Taken back, its texts point into the JSON. */
void sl_optimizer_put(sl_text *json, const sl_optimizer *optimizer);
sl_optimizer sl_optimizer_take(const sl_json *json);

const sl_rule *sl_rule_at(size_t index);      /* those with an update; NULL behind the last */
const sl_rule *sl_optimizer_at(size_t index); /* and behind them the methods of whole/ */
/* The rule that the first word of wanted->rule names, and *set with its defaults for the zeros of `wanted`.
 * Ranges are checked; words that the rule does not know are refused. */
const sl_rule *sl_rule_find(sl_ctx *ctx, const sl_optimizer *wanted, sl_optimizer *set);
/* The options behind a rule's name go where the struct has them, and the name stands alone; those of a method
 * of whole/ stay in its word. */
sl_status sl_optimizer_spread(sl_ctx *ctx, sl_optimizer *optimizer);
/* The options behind the rule's name in its word: values[SL_MOST_OPTIONS]. */
sl_status sl_rule_options(sl_ctx *ctx, const sl_rule *rule, const char *word, double *values);

/* The options that several rules have. */
#define SL_OPTION_LR(value)                                                                                  \
    {                                                                                                        \
        .name = "lr", .summary = "step size", .normal = value, .low = 0, .high = 1e30, .above_low = true,    \
        .below_high = true                                                                                   \
    }
#define SL_OPTION_SHARE(word, what, value) /* between 0 and 1 */                                             \
    {                                                                                                        \
        .name = word, .summary = what, .normal = value, .low = 0, .high = 1, .above_low = true,              \
        .below_high = true                                                                                   \
    }
#define SL_OPTION_MOMENTUM SL_OPTION_SHARE("momentum", "how much of the velocity stays each step", 0.9)
#define SL_OPTION_BETAS(square)                                                                              \
    SL_OPTION_SHARE("beta1", "memory for the gradient", 0.9),                                                \
        SL_OPTION_SHARE("beta2", "memory for " square, 0.999)
#define SL_OPTION_EPSILON(value) SL_OPTION_SHARE("epsilon", "keeps the divisor away from 0", value)
#define SL_OPTION_DECAY(value)                                                                               \
    {                                                                                                        \
        .name = "decay", .summary = "weight decay; negative: none", .normal = value, .low = 0, .high = 1e30, \
        .below_high = true                                                                                   \
    }

#endif
