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

/* Says which rules know the word. */
static void optim_unknown(sl_ctx *ctx, const sl_rule *rule, const sl_optimizer_word *word)
{
    sl_text others;
    sl_text_init(&others, ctx);
    for (size_t i = 0; i < OPTIM_COUNT; i++) {
        sl_optimizer defaults = optim_registry[i]->defaults;
        if (*sl_optimizer_value(&defaults, word) != 0)
            sl_text_add(&others, others.length ? ", %s" : "%s", optim_registry[i]->name);
    }
    sl_fail(ctx, SL_EINVAL, "optimizer %s does not know %s (%s do): leave it out", rule->name, word->name,
            sl_text_string(&others));
    sl_text_free(&others);
}

const sl_rule *sl_rule_find(sl_ctx *ctx, const sl_optimizer *wanted, sl_optimizer *set)
{
    const sl_rule *rule = optim_named(ctx, wanted->rule ? wanted->rule : "adam");
    if (!rule)
        return NULL;
    *set = *wanted;
    set->rule = rule->name;
    if (!sl_schedule_find(ctx, wanted))
        return NULL;
    set->schedule = wanted->schedule ? wanted->schedule : "constant";
    sl_optimizer normal = rule->defaults; /* 0: the rule does not know the word */
    normal.lr = normal.lr > 0 ? normal.lr : SL_R(1e-3);
    const sl_optimizer_word *word;
    for (size_t i = 0; (word = sl_optimizer_word_at(i)); i++) {
        sl_real *value = sl_optimizer_value(set, word);
        const sl_real fallback = *sl_optimizer_value(&normal, word);
        const bool decay = word->at == offsetof(sl_optimizer, decay); /* every rule knows it; below 0: none */
        char number[32];
        if (*value == 0 || (decay && *value < 0)) {
            *value = *value < 0 ? 0 : fallback;
        } else if (fallback == 0 && !decay) {
            optim_unknown(ctx, rule, word);
            return NULL;
        } else if (!((double)*value > 0 && (double)*value < word->high)) {
            sl_fail(ctx, SL_EINVAL, "%s is %s: wants a number %s", word->name, sl_real_text(number, *value),
                    word->range);
            return NULL;
        }
    }
    return rule;
}
