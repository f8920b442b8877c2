/* registry.c - the rules of this folder by name, and their options checked. */
#include "core/option.h"
#include "core/text.h"
#include "optim/optim.h"

#include <stdio.h>
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

/* "adam beta1=0.8 clip_norm=1": the words of the text go where the struct has them. */
static sl_status optim_take_options(sl_ctx *ctx, const sl_rule *rule, const char *text, sl_optimizer *set)
{
    sl_option known[SL_MOST_OPTIONS + 1] = { { 0 } };
    double values[SL_MOST_OPTIONS];
    unsigned given = 0;
    char place[64];
    size_t count = 0;
    if (!text || !text[sl_option_name_length(text)])
        return SL_OK;
    const sl_optimizer_word *word;
    for (size_t i = 0; (word = sl_optimizer_word_at(i)) && count < SL_MOST_OPTIONS; i++)
        if (sl_rule_option(rule, word->name))
            known[count++] = *sl_rule_option(rule, word->name);
    snprintf(place, sizeof place, "optimizer %s", rule->name);
    if (sl_options_read(ctx, place, known, text + sl_option_name_length(text), values, &given))
        return ctx->status;
    count = 0;
    for (size_t i = 0; (word = sl_optimizer_word_at(i)) && count < SL_MOST_OPTIONS; i++) {
        if (!sl_rule_option(rule, word->name))
            continue;
        sl_real *value = sl_optimizer_value(set, word);
        if ((given >> count & 1) && *value != 0)
            return sl_fail(ctx, SL_EINVAL, "%s: %s is given twice, behind the name and beside it", place,
                           word->name);
        if (given >> count & 1)
            *value =
                (sl_real)(values[count] == 0 && word->at == offsetof(sl_optimizer, decay) ? -1
                                                                                          : values[count]);
        count++;
    }
    return SL_OK;
}

sl_status sl_optimizer_spread(sl_ctx *ctx, sl_optimizer *optimizer)
{
    const sl_rule *rule = optim_named(ctx, optimizer->rule ? optimizer->rule : "adam");
    if (!rule)
        return ctx->status;
    if (!rule->iterate && !optim_take_options(ctx, rule, optimizer->rule, optimizer) && optimizer->rule)
        optimizer->rule = rule->name;
    return ctx->status;
}

const sl_rule *sl_rule_find(sl_ctx *ctx, const sl_optimizer *wanted, sl_optimizer *set)
{
    const sl_rule *rule = optim_named(ctx, wanted->rule ? wanted->rule : "adam");
    if (!rule)
        return NULL;
    *set = *wanted;
    set->rule = rule->iterate ? optim_word(ctx, rule, wanted->rule) : rule->name;
    if (!set->rule || (rule->iterate ? optim_check_method(ctx, rule, wanted)
                                     : optim_take_options(ctx, rule, wanted->rule, set)))
        return NULL;
    if (!sl_schedule_find(ctx, wanted))
        return NULL;
    set->schedule = wanted->schedule ? wanted->schedule : "constant";
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
