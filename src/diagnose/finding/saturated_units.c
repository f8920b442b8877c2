/* saturated_units: sigmoid and tanh at their flat ends. */
#include "diagnose/signs.h"

static void saturated_units_look(sl_case *c, sl_draft *draft)
{
    const sl_net_look *look = NULL;
    const sl_net_look_layer *l = NULL;
    for (int time = 0; time < 2; time++) {
        const sl_net_look *at = time ? &c->end : &c->start;
        for (int i = 0; at->known && i < at->layers; i++)
            if (sl_signs_squashes(&at->layer[i]) && !at->layer[i].last &&
                at->layer[i].saturated > (time ? 0.5 : 0.3) && (!l || look == at) &&
                (!l || at->layer[i].saturated > l->saturated)) {
                l = &at->layer[i];
                look = at;
            }
    }
    if (!l)
        return;
    sl_loss_course course;
    sl_loss_course_take(c, &course);
    const bool born = look == &c->start;
    if (!born)
        draft->place = 55; /* steps drove them there */
    draft->strength = born ? 0.3 + 0.6 * sl_signs_ramp(l->saturated, 0.3, 0.75)
                           : 0.2 + 0.3 * sl_signs_ramp(l->saturated, 0.5, 0.95);
    if (!course.poor) /* units that decided themselves */
        draft->strength *= course.gain > 0.7 ? 0.3 : 0.6;
    sl_text_add(&draft->sentence, "%s of what %s gives is saturated %s (slope below 0.01)",
                sl_case_percent(c, l->saturated), l->name, born ? "from the start" : "at the end");
    if (l->z == l->z)
        sl_text_add(&draft->sentence, ": its sums have deviation %s, and what goes in %s",
                    sl_case_number(c, l->z), sl_case_number(c, l->in));
    sl_text_put(&draft->otherwise,
                "with gradients that vanish through many slopes below 1, few numbers would lie at "
                "the ends of the activation");
    sl_draft_fact(draft, "share saturated", l->saturated, born ? "below 0.3" : "below 0.5");
    sl_draft_fact(draft, "deviation of the sums", l->z, "0.5 to 2");
    sl_draft_fact(draft, "deviation of what goes in", l->in, "about 1");
    if (born) {
        if (l->in > 5)
            sl_signs_fix_norm(c, draft, true);
        sl_signs_fix_init(c, sl_draft_fix(draft, SL_MENDS), "xavier");
    } else {
        sl_signs_fix_lr(c, draft, 0.1);
    }
    sl_fix *fix = sl_draft_fix(draft, SL_MENDS);
    sl_fix_text(fix, "activation", "relu");
    if (born)
        sl_signs_fix_init(c, fix, "he");
    if (born && !(l->in > 5))
        sl_signs_fix_norm(c, draft, true);
}

const sl_finding_kind sl_finding_saturated_units = {
    .name = "saturated_units",
    .summary = "sigmoid or tanh lie at their flat ends, where no gradient comes through",
    .formula = "share of numbers with |f'(z)| < 0.01",
    .source = "Glorot, Bengio, AISTATS 2010",
    .place = 40,
    .look = saturated_units_look,
};
