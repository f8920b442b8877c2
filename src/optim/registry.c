/* registry.c - the rules of this folder by name, and their options checked. */
#include "core/text.h"
#include "optim/optim.h"

#include <string.h>

#define SL_INDEX(name) extern const sl_rule sl_rule_##name;
#include "optim/index.inc"
#undef SL_INDEX

#define SL_INDEX(name) &sl_rule_##name,
static const sl_rule *const optim_registry[] = {
#include "optim/index.inc"
    NULL
};
#undef SL_INDEX
enum { OPTIM_COUNT = sizeof optim_registry / sizeof *optim_registry - 1 };

const sl_rule *sl_rule_at(size_t index)
{
    return index < OPTIM_COUNT ? optim_registry[index] : NULL;
}

static const sl_rule *optim_named(sl_ctx *ctx, const char *name)
{
    const char *names[OPTIM_COUNT];
    for (size_t i = 0; i < OPTIM_COUNT; i++) {
        names[i] = optim_registry[i]->name;
        if (!strcmp(names[i], name))
            return optim_registry[i];
    }
    sl_fail_word(ctx, "optimizer", name, names, OPTIM_COUNT);
    return NULL;
}

typedef struct {
    const char *name;
    sl_real *value;
    sl_real fallback; /* 0: the rule does not know the word */
    double low, high; /* open below, open above */
    const char *range;
} optim_word;

const sl_rule *sl_rule_find(sl_ctx *ctx, const sl_optimizer *wanted, sl_optimizer *set)
{
    const sl_rule *rule = optim_named(ctx, wanted->rule ? wanted->rule : "adam");
    if (!rule)
        return NULL;
    *set = *wanted;
    set->rule = rule->name;
    const sl_optimizer *d = &rule->defaults;
    optim_word words[] = {
        { "lr", &set->lr, SL_R(1e-3), 0, 1e30, "above 0 and below 1e30" },
        { "momentum", &set->momentum, d->momentum, 0, 1, "between 0 and 1" },
        { "beta1", &set->beta1, d->beta1, 0, 1, "between 0 and 1" },
        { "beta2", &set->beta2, d->beta2, 0, 1, "between 0 and 1" },
        { "epsilon", &set->epsilon, d->epsilon, 0, 1, "between 0 and 1" },
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const double value = (double)*words[i].value;
        char number[32];
        if (value == 0) {
            *words[i].value = words[i].fallback;
        } else if (words[i].fallback == 0) {
            sl_fail(ctx, SL_EINVAL, "optimizer %s does not know %s%s: leave it out", rule->name,
                    words[i].name, i == 1 ? " (momentum, momentum_ema do)" : "");
            return NULL;
        } else if (!(value > words[i].low && value < words[i].high)) {
            sl_fail(ctx, SL_EINVAL, "%s is %s: wants a number %s", words[i].name,
                    sl_number_text_float(number, (float)value), words[i].range);
            return NULL;
        }
    }
    if (set->decay == 0)
        set->decay = d->decay;
    if (set->decay < 0)
        set->decay = 0;
    if (!(set->decay < 1e30f)) {
        sl_fail(ctx, SL_EINVAL, "decay is not a finite number: wants 0 or more, below 1e30");
        return NULL;
    }
    return rule;
}
