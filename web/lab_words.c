/* lab_words.c - see lab.h: which words go together, so that controls offer what would be taken. */
#include "lab.h"
#include "loss/loss.h"
#include "optim/optim.h"

/* A loss by its name: which targets it is for, and of how many outputs. */
static void words_losses(sl_text *j)
{
    static const char *const targets[] = { "class", "probability", "number", "distribution" };
    const sl_loss *loss;
    bool first = true;
    sl_text_put(j, "{");
    for (size_t i = 0; (loss = sl_loss_at(i)); i++) {
        sl_json_key(j, &first, loss->name);
        sl_text_add(j, "{\"target\": \"%s\", \"most\": %d}", targets[loss->target], loss->most_outputs);
    }
    sl_text_put(j, "}");
}

sl_status lab_words(lab *l)
{
    const sl_rule *rule;
    const sl_schedule *schedule;
    bool first = true, next = false;
    sl_text *j = lab_begin(l);
    sl_text_put(j, "{");
    sl_json_key(j, &first, "common"); /* what every rule takes beside its own options */
    sl_text_put(j, "[");
    for (const sl_option *o = sl_optimizer_common(); o->name; o++) {
        sl_text_put(j, o == sl_optimizer_common() ? "" : ", ");
        lab_put_option(j, o);
    }
    sl_text_put(j, "]");
    sl_json_key(j, &first,
                "rules"); /* optimizers that step by step size; all others find their steps themselves */
    sl_text_put(j, "[");
    for (size_t i = 0; (rule = sl_rule_at(i)); i++) {
        sl_text_put(j, i ? ", " : "");
        sl_json_put_string(j, rule->name);
    }
    sl_text_put(j, "]");
    sl_json_key(j, &first, "ending"); /* schedules that want to know how long training goes on */
    sl_text_put(j, "[");
    for (size_t i = 0; (schedule = sl_schedule_at(i)); i++)
        if (schedule->ends || (schedule->spans && schedule->options[0].normal < 1)) {
            sl_text_put(j, next ? ", " : "");
            sl_json_put_string(j, schedule->name);
            next = true;
        }
    sl_text_put(j, "]");
    sl_json_key(j, &first, "losses");
    words_losses(j);
    sl_text_put(j, "}");
    return lab_say(l, SL_OK);
}
