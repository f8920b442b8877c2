/* words.c - the words of an optimizer: one table for checks, logs and files; and what every rule takes. */
#include "core/json.h"
#include "optim/optim.h"

#include <string.h>

#define OPTIM_WORD(name)                                                                                     \
    {                                                                                                        \
#        name, offsetof(sl_optimizer, name)                                                                  \
    }
static const sl_optimizer_word optim_words[] = {
    OPTIM_WORD(lr),         OPTIM_WORD(momentum),       OPTIM_WORD(beta1),   OPTIM_WORD(beta2),
    OPTIM_WORD(rho),        OPTIM_WORD(momentum_decay), OPTIM_WORD(shrink),  OPTIM_WORD(grow),
    OPTIM_WORD(step_low),   OPTIM_WORD(step_high),      OPTIM_WORD(epsilon), OPTIM_WORD(decay),
    OPTIM_WORD(clip_value), OPTIM_WORD(clip_norm),      OPTIM_WORD(l1),      OPTIM_WORD(l1_prox),
    OPTIM_WORD(max_norm),   OPTIM_WORD(average),
};

#define OPTIM_STAGE(word, what)                                                                              \
    {                                                                                                        \
        .name = word, .summary = what, .low = 0, .high = 1e30, .above_low = true, .below_high = true,        \
        .normally = "none"                                                                                   \
    }
static const sl_option optim_common[] = {
    SL_OPTION_LR(1e-3),
    { .name = "decay",
      .summary = "weight decay: adds decay w to the gradient; negative: none",
      .low = 0,
      .high = 1e30,
      .below_high = true,
      .normally = "none" },
    OPTIM_STAGE("clip_value", "clips each element of the gradient"),
    OPTIM_STAGE("clip_norm", "clips the norm of the whole gradient"),
    OPTIM_STAGE("l1", "adds l1 sign(w) to the gradient"),
    OPTIM_STAGE("l1_prox", "takes lr l1_prox off |w| after the update, to exactly 0"),
    OPTIM_STAGE("max_norm", "the longest that a row of a weight matrix may be"),
    { .name = "average",
      .summary = "memory of an average of the weights",
      .low = 0,
      .high = 1,
      .above_low = true,
      .below_high = true,
      .normally = "none" },
    { 0 },
};

const sl_optimizer_word *sl_optimizer_word_at(size_t index)
{
    return index < sizeof optim_words / sizeof *optim_words ? &optim_words[index] : NULL;
}

sl_real *sl_optimizer_value(sl_optimizer *optimizer, const sl_optimizer_word *word)
{
    return (sl_real *)(void *)((unsigned char *)optimizer + word->at);
}

const sl_option *sl_optimizer_common(void)
{
    return optim_common;
}

static const sl_option *optim_option(const sl_option *options, const char *word)
{
    for (; options && options->name; options++)
        if (!strcmp(options->name, word))
            return options;
    return NULL;
}

const sl_option *sl_rule_option(const sl_rule *rule, const char *word)
{
    const sl_option *own = optim_option(rule->options, word);
    if (own || (rule->iterate && strcmp(word, "decay") != 0)) /* a method finds its steps itself */
        return own;
    return optim_option(optim_common, word);
}

void sl_optimizer_put(sl_text *json, const sl_optimizer *optimizer)
{
    sl_optimizer copy = *optimizer;
    const sl_optimizer_word *word;
    bool first = true;
    sl_text_put(json, "{");
    sl_json_key(json, &first, "rule");
    sl_json_put_string(json, optimizer->rule);
    for (size_t i = 0; (word = sl_optimizer_word_at(i)); i++)
        if (*sl_optimizer_value(&copy, word) != 0) {
            sl_json_key(json, &first, word->name);
            sl_json_put_real(json, *sl_optimizer_value(&copy, word));
        }
    if (optimizer->schedule) {
        sl_json_key(json, &first, "schedule");
        sl_json_put_string(json, optimizer->schedule);
    }
    if (optimizer->warmup > 0) {
        sl_json_key(json, &first, "warmup");
        sl_json_put_number(json, optimizer->warmup);
    }
    if (optimizer->steps) {
        sl_json_key(json, &first, "steps");
        sl_json_put_uint64(json, optimizer->steps);
    }
    sl_text_put(json, "}");
}

sl_optimizer sl_optimizer_take(const sl_json *json)
{
    sl_optimizer optimizer = { .rule = sl_json_string(json, "rule", NULL),
                               .schedule = sl_json_string(json, "schedule", NULL),
                               .warmup = sl_json_number(json, "warmup", 0),
                               .steps = (size_t)sl_json_uint64(json, "steps", 0) };
    const sl_optimizer_word *word;
    for (size_t i = 0; (word = sl_optimizer_word_at(i)); i++)
        *sl_optimizer_value(&optimizer, word) = (sl_real)sl_json_number(json, word->name, 0);
    return optimizer;
}
