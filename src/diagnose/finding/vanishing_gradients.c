/* vanishing_gradients: almost nothing of them comes to the first layers, though units are alive. */
#include "diagnose/signs.h"
#include "kernel/math.h"

static void vanishing_gradients_look(sl_case *c, sl_draft *draft)
{
    const sl_net_look *look = &c->start;
    const int last = look->layers - 1;
    double least = 1, dead = 0, flat = 0;
    int at = -1, layers = 0;
    for (int i = 0; look->known && i < last; i++) {
        const sl_net_look_layer *l = &look->layer[i];
        if (l->dead > dead)
            dead = l->dead;
        if (sl_signs_squashes(l) && l->saturated > flat)
            flat = l->saturated;
        if (!sl_signs_hidden(l))
            continue;
        layers++;
        const double ratio = sl_signs_backward(look, i) / sl_signs_backward(look, last);
        if (ratio > 0 && ratio < least) {
            least = ratio;
            at = i;
        }
    }
    if (at < 0 || layers < 2 || least > 0.03 || !(look->layer[last].weight > 0))
        return;
    const sl_net_look_layer *l = &look->layer[at];
    sl_loss_course course;
    sl_loss_course_take(c, &course);
    draft->strength = 0.25 + 0.65 * sl_signs_ramp(least, 0.03, 1e-4);
    if (dead > 0.8) /* it is dead units that let nothing through */
        draft->strength *= 0.25;
    if (flat > 0.5) /* it is their ends */
        draft->strength *= 0.5;
    if (!course.poor)
        draft->strength *= course.gain > 0.7 ? 0.3 : 0.6;
    sl_text_add(
        &draft->sentence,
        "gradients vanish on their way back: in %s the signal is %s of what it is in %s (root mean squares "
        "of the weights' gradients %s and %s), through %d hidden layers",
        l->name, sl_case_number(c, least), look->layer[last].name, sl_case_number(c, l->gradient),
        sl_case_number(c, look->layer[last].gradient), layers);
    if (l->built->activation && sl_signs_squashes(l) && l->built->activation->name[0] == 's')
        sl_text_add(&draft->sentence, "; sigmoid's slope is at most 0.25, which leaves at most %s",
                    sl_case_number(c, sl_exp_d(sl_log_d(0.25) * (layers - at))));
    sl_text_add(&draft->otherwise,
                "with dead units the largest share of a layer's units that give 0 on all rows "
                "would be near 1 (it is %s)",
                sl_case_number(c, dead));
    sl_draft_fact(draft, "signal back, against the last layer", least, "0.1 to 30");
    sl_draft_fact(draft, "gradient of the layer", l->gradient, NULL);
    sl_draft_fact(draft, "gradient of the last layer", look->layer[last].gradient, NULL);
    sl_draft_fact(draft, "largest share of dead units", dead, "below 0.8");
    if (sl_signs_squashes(l)) {
        sl_fix *fix = sl_draft_fix(draft, SL_MENDS);
        sl_fix_text(fix, "activation", "relu");
        sl_signs_fix_init(c, fix, "he");
        if (c->gradient_rule) { /* steps for slopes of a quarter may be long for those of 1 */
            sl_fix *also = sl_draft_fix(draft, SL_MENDS);
            sl_fix_text(also, "activation", "relu");
            sl_signs_fix_init(c, also, "he");
            sl_fix_number(also, "optimizer.lr", c->lr / 10);
        }
    } else {
        sl_signs_fix_init(c, sl_draft_fix(draft, SL_MENDS), sl_signs_init(l));
    }
    sl_signs_fix_norm(c, draft, false);
    if (c->gradient_rule)
        sl_fix_text(sl_draft_fix(draft, SL_MENDS), "optimizer.rule", "adam");
}

const sl_finding_kind sl_finding_vanishing_gradients = {
    .name = "vanishing_gradients",
    .summary = "gradients shrink from the last layer to the first, though its units are alive",
    .formula = "|dL/dz_l| / |dL/dz_last| < 0.03; n sigmoids leave at most 0.25^n",
    .source = "Hochreiter 1991; Glorot, Bengio, AISTATS 2010",
    .place = 40,
    .look = vanishing_gradients_look,
};
