/* words.c - the words of an optimizer: one table for checks, logs and files. */
#include "core/json.h"
#include "optim/optim.h"

static const sl_optimizer_word optim_words[] = {
    { "lr", offsetof(sl_optimizer, lr), 1e30, "above 0 and below 1e30" },
    { "momentum", offsetof(sl_optimizer, momentum), 1, "between 0 and 1" },
    { "beta1", offsetof(sl_optimizer, beta1), 1, "between 0 and 1" },
    { "beta2", offsetof(sl_optimizer, beta2), 1, "between 0 and 1" },
    { "epsilon", offsetof(sl_optimizer, epsilon), 1, "between 0 and 1" },
    { "decay", offsetof(sl_optimizer, decay), 1e30, "that is finite, 0 or more" },
};

const sl_optimizer_word *sl_optimizer_word_at(size_t index)
{
    return index < sizeof optim_words / sizeof *optim_words ? &optim_words[index] : NULL;
}

sl_real *sl_optimizer_value(sl_optimizer *optimizer, const sl_optimizer_word *word)
{
    return (sl_real *)(void *)((unsigned char *)optimizer + word->at);
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
