/* registry.c - the rules of this folder by name, and their options checked. */
#include "core/option.h"
#include "core/text.h"
#include "optim/optim.h"

#include <string.h>

#define SL_INDEX(name) extern const sl_rule sl_rule_##name;
#include "optim/index.inc"
#include "optim/whole/index.inc"
#undef SL_INDEX

#define SL_INDEX(name) &sl_rule_##name,
static const sl_rule *const optim_registry[] = {
#include "optim/index.inc"
#include "optim/whole/index.inc" /* methods come behind the rules */
    NULL
};
#undef SL_INDEX
enum { OPTIM_COUNT = sizeof optim_registry / sizeof *optim_registry - 1 };

const sl_rule *sl_optimizer_at(size_t index)
{
    return index < OPTIM_COUNT ? optim_registry[index] : NULL;
}

const sl_rule *sl_rule_at(size_t index)
{
    const sl_rule *rule = sl_optimizer_at(index);
    return rule && rule->update ? rule : NULL;
}

static const sl_rule *optim_named(sl_ctx *ctx, const char *text)
{
    const char *names[OPTIM_COUNT];
    const size_t length = sl_option_name_length(text);
    for (size_t i = 0; i < OPTIM_COUNT; i++) {
        names[i] = optim_registry[i]->name;
        if (strlen(names[i]) == length && !memcmp(names[i], text, length))
            return optim_registry[i];
    }
    char *name = sl_strndup(ctx, text, length);
    if (name)
        sl_fail_word(ctx, "optimizer", name, names, OPTIM_COUNT);
    sl_free(ctx, name);
    return NULL;
}

sl_status sl_rule_options(sl_ctx *ctx, const sl_rule *rule, const char *text, double *values)
{
    sl_text place;
    sl_text_init(&place, ctx);
    sl_text_add(&place, "optimizer %s", rule->name);
    if (!ctx->status)
        sl_options_read(ctx, sl_text_string(&place), rule->options, text + sl_option_name_length(text),
                        values, NULL);
    sl_text_free(&place);
    return ctx->status;
}

/* The word with its options, as short as can be; the rule's own name where it has none. */
static const char *optim_word(sl_ctx *ctx, const sl_rule *rule, const char *text)
{
    double values[SL_MOST_OPTIONS];
    if (!text || !strcmp(text, rule->name))
        return rule->name;
    if (sl_rule_options(ctx, rule, text, values))
        return NULL;
    sl_text word;
    sl_text_init(&word, ctx);
    sl_options_describe(&word, rule->name, rule->options, values);
    const char *kept = ctx->status ? NULL : sl_strdup(ctx, sl_text_string(&word)); /* it outlives text */
    sl_text_free(&word);
    return kept;
}

/* What only a rule with steps along the gradient can have. */
static sl_status optim_check_method(sl_ctx *ctx, const sl_rule *rule, const sl_optimizer *wanted)
{
    if (wanted->lr != 0)
        return sl_fail(ctx, SL_EINVAL, "optimizer %s finds the length of its steps itself: leave lr out",
                       rule->name);
    if ((wanted->schedule && strcmp(wanted->schedule, "constant")) || wanted->warmup > 0)
        return sl_fail(ctx, SL_EINVAL,
                       "optimizer %s finds the length of its steps itself, so there is no step size that a "
                       "schedule or warm-up could change: leave %s out",
                       rule->name, wanted->warmup > 0 ? "warmup" : "schedule");
    return SL_OK;
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
    set->rule = optim_word(ctx, rule, wanted->rule);
    if (!set->rule || (rule->iterate && optim_check_method(ctx, rule, wanted)))
        return NULL;
    const sl_schedule *schedule = sl_schedule_find(ctx, wanted);
    if (!schedule)
        return NULL;
    set->schedule = schedule->name;
    sl_optimizer normal = rule->defaults; /* 0: the rule does not know the word */
    normal.lr = normal.lr > 0 || rule->iterate ? normal.lr : SL_R(1e-3);
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
