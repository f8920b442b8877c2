/* init_too_large: starting weights that make every layer's sums larger than what goes in. */
#include "diagnose/signs.h"

#include <math.h>
#include <string.h>

static void init_too_large_look(sl_case *c, sl_draft *draft)
{
    const sl_net_look *look = &c->start;
    const sl_net_look_layer *worst = NULL;
    double most = 0, grown = 1; /* by how much through all layers, against he */
    for (int i = 0; look->known && i < look->layers; i++) {
        const sl_net_look_layer *l = &look->layer[i];
        if (!l->built || l->built->kind != &sl_layer_dense || !(l->weight > 0))
            continue;
        /* he gives sqrt 2, xavier at most that, lecun 1 */
        /* Of few weights drawn the deviation is not known well. */
        const double weights = l->built->wanted[0].fan_in * l->built->wanted[0].fan_out,
                     width = l->weight * sqrt(l->built->wanted[0].fan_in) *
                             (1 - sl_case_smaller(0.5, 1 / sqrt(weights)));
        grown *= width > 1.5 ? width / 1.5 : 1;
        if (width > most) {
            most = width;
            worst = l;
        }
    }
    if (!worst || (most < 4 && !(most > 3 && grown > 30)))
        return;
    sl_loss_course course;
    sl_loss_course_take(c, &course);
    const double over = look->loss / course.chance;
    const bool flat = sl_signs_squashes(worst) && worst->saturated > 0.3, loud = over > 3;
    const double one = sl_signs_ramp(most, 4, 15), all = sl_signs_ramp(grown, 10, 500);
    draft->strength = 0.2 + 0.5 * (one > all ? one : all) + (flat || loud ? 0.25 : 0);
    if (!flat && !loud) /* large numbers that do nothing, in front of a norm */
        draft->strength *= sl_case_norms(c) ? 0.3 : 0.6;
    if (!course.poor && course.gain > 0.8)
        draft->strength *= 0.6;
    sl_text_add(
        &draft->sentence,
        "weights begin too large: those of %s have deviation %s, where init he has %s for %s inputs, so "
        "its sums begin with deviation %s",
        worst->name, sl_case_number(c, worst->weight),
        sl_case_number(c, sqrt(2 / worst->built->wanted[0].fan_in)),
        sl_case_number(c, worst->built->wanted[0].fan_in), sl_case_number(c, worst->z));
    if (over == over)
        sl_text_add(&draft->sentence, " and the loss at %s times that of a constant answer",
                    sl_case_number(c, over));
    sl_text_add(&draft->otherwise,
                "with inputs too large in place of weights, weight sqrt(inputs) would be near "
                "1.4 and the deviation of the inputs far from 1");
    sl_draft_fact(draft, "weight sqrt(inputs)", most, "below 4 (he 1.41, xavier up to 1.41)");
    sl_draft_fact(draft, "growth through all layers, against he", grown, "below 10");
    sl_draft_fact(draft, "deviation of sums at the start", worst->z, "0.5 to 5");
    sl_draft_fact(draft, "loss at the start / of a constant answer", over, "below 3");
    if (flat)
        sl_draft_fact(draft, "share saturated", worst->saturated, "below 0.3");
    sl_signs_fix_begin(c, draft, sl_signs_init(worst));
    sl_signs_fix_begin(c, draft, "lecun");
}

const sl_finding_kind sl_finding_init_too_large = {
    .name = "init_too_large",
    .summary = "weights begin so large that signals grow from layer to layer",
    .formula = "rms(w) sqrt(fan_in) > 4, where he has 1.41",
    .source = "He, Zhang, Ren, Sun, ICCV 2015",
    .place = 30,
    .look = init_too_large_look,
};
