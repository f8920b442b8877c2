/* registry.c - the rules of this folder by name, and their options checked. */
#include "core/text.h"
#include "optim/optim.h"

#include <stdio.h>
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

/* Says which rules know the word, and what this one takes. */
static void optim_unknown(sl_ctx *ctx, const sl_rule *rule, const char *word)
{
    sl_text others, own;
    sl_text_init(&others, ctx);
    sl_text_init(&own, ctx);
    for (size_t i = 0; i < OPTIM_COUNT; i++)
        if (sl_rule_option(optim_registry[i], word))
            sl_text_add(&others, others.length ? ", %s" : "%s", optim_registry[i]->name);
    const sl_optimizer_word *known;
    for (size_t i = 0; (known = sl_optimizer_word_at(i)); i++)
        if (sl_rule_option(rule, known->name))
            sl_text_add(&own, own.length ? ", %s" : "%s", known->name);
    sl_fail(ctx, SL_EINVAL, "optimizer %s does not know %s (%s do): leave it out; it takes %s", rule->name,
            word, sl_text_string(&others), sl_text_string(&own));
    sl_text_free(&others);
    sl_text_free(&own);
}

/* As double: what the shortest text of the number says, which is what was meant. */
static sl_status optim_check(sl_ctx *ctx, const sl_rule *rule, const sl_option *option, sl_real value)
{
    char place[64], number[32];
    double meant;
    if (!sl_number_parse(sl_real_text(number, value), &meant))
        meant = (double)value;
    snprintf(place, sizeof place, "optimizer %s", rule->name);
    return sl_option_check(ctx, place, option, meant);
}

const sl_rule *sl_rule_find(sl_ctx *ctx, const sl_optimizer *wanted, sl_optimizer *set)
{
    const sl_rule *rule = optim_named(ctx, wanted->rule ? wanted->rule : "adam");
    if (!rule)
        return NULL;
    *set = *wanted;
    set->rule = rule->name;
    const sl_schedule *schedule = sl_schedule_find(ctx, wanted);
    if (!schedule)
        return NULL;
    set->schedule = schedule->name;
    const sl_optimizer_word *word;
    for (size_t i = 0; (word = sl_optimizer_word_at(i)); i++) {
        sl_real *value = sl_optimizer_value(set, word);
        const sl_option *option = sl_rule_option(rule, word->name);
        if (!option) {
            if (*value != 0) {
                optim_unknown(ctx, rule, word->name);
                return NULL;
            }
        } else if (*value == 0) {
            *value = (sl_real)option->normal;
        } else if (word->at == offsetof(sl_optimizer, decay) && *value < 0) { /* none */
            *value = 0;
        } else if (optim_check(ctx, rule, option, *value)) {
            return NULL;
        }
    }
    if (!(set->step_low <= set->step_high)) {
        char low[32], high[32];
        sl_fail(ctx, SL_EINVAL,
                "optimizer %s: step_low is %s, above step_high %s: wants the smaller one first", rule->name,
                sl_real_text(low, set->step_low), sl_real_text(high, set->step_high));
        return NULL;
    }
    return rule;
}
