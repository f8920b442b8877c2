/* step_told.c - defaults of an optimizer that were taken, told (core/ctx.h). */
#include "core/option.h"
#include "optim/optim.h"

#include <stdio.h>

/* The options of a method that looks at all rows. */
static void step_told_method(const sl_step *step)
{
    double values[SL_MOST_OPTIONS];
    char value[160], what[64];
    if (sl_rule_options(step->ctx, step->rule, step->set.rule, values))
        return;
    for (size_t i = 0; i < sl_options_count(step->rule->options); i++) {
        const sl_option *option = &step->rule->options[i];
        snprintf(what, sizeof what, "%s of %s", option->name, step->rule->name);
        if (values[i] == option->normal)
            sl_decided(step->ctx, what, sl_option_value(value, option, values[i]), "its default");
    }
}

void sl_step_tell(const sl_step *step, const sl_optimizer *asked)
{
    sl_ctx *ctx = step->ctx;
    sl_optimizer set = step->set, given = *asked;
    const sl_optimizer_word *word;
    char number[32];
    if (!sl_decides(ctx))
        return;
    if (!asked->rule)
        sl_decided(ctx, "optimizer", step->rule->name, "the default");
    if (step->rule->iterate) {
        step_told_method(step);
        return;
    }
    for (size_t i = 0; (word = sl_optimizer_word_at(i)); i++) {
        const sl_real value = *sl_optimizer_value(&set, word);
        if (*sl_optimizer_value(&given, word) == 0 && value != 0)
            sl_decided(ctx, word->name, sl_real_text(number, value), "the default of %s", step->rule->name);
    }
    if (!asked->schedule)
        sl_decided(ctx, "schedule", "constant", "the default: the step size stays");
}
