/* init_too_small: starting weights that let nothing through. */
#include "diagnose/signs.h"

#include <math.h>

static void init_too_small_look(sl_case *c, sl_draft *draft)
{
    const sl_net_look *look = &c->start;
    const sl_net_look_layer *worst = NULL;
    double least = (double)INFINITY, through = 1;
    int count = 0;
    for (int i = 0; look->known && i < look->layers; i++) {
        const sl_net_look_layer *l = &look->layer[i];
        if (!sl_signs_hidden(l) || !(l->weight > 0))
            continue;
        const double in = l->built->wanted[0].fan_in, out = l->built->wanted[0].fan_out;
        /* xavier has 1 to 1.41 of the larger fan, he more, uniform of sqrt(1 / fan_in) 0.58 */
        const double width = l->weight * sqrt(in > out ? in : out);
        through *= width < 1 ? width : 1;
        count++;
        if (width < least) {
            least = width;
            worst = l;
        }
    }
    /* Layers of 0.58 each, as other libraries begin, train well when there are few. */
    if (!worst || least > 0.3 || through > 0.15)
        return;
    sl_loss_course course;
    sl_loss_course_take(c, &course);
    draft->strength = 0.25 + 0.65 * sl_signs_ramp(through, 0.15, 0.002);
    if (sl_case_norms(c))
        draft->strength *= 0.3;
    if (course.gain > 0.7)
        draft->strength *= 0.5;
    const double he = sqrt(2 / worst->built->wanted[0].fan_in);
    sl_text_add(
        &draft->sentence,
        "weights begin too small: those of %s have deviation %s, where init he has %s; through %d such "
        "layer%s %s of a signal is left, and the net's outputs begin with deviation %s",
        worst->name, sl_case_number(c, worst->weight), sl_case_number(c, he), count, count == 1 ? "" : "s",
        sl_case_number(c, through), sl_case_number(c, look->answers));
    sl_text_add(&draft->otherwise, "if it were the activation's slope, weights would have the width of he or "
                                   "xavier and gradients alone would shrink");
    sl_draft_fact(draft, "weight sqrt(fan), least", least, "above 0.3 (he 1.41, xavier 1 to 1.41)");
    sl_draft_fact(draft, "product over hidden layers", through, "above 0.15");
    sl_draft_fact(draft, "deviation of sums at the start", worst->z, "0.5 to 5");
    sl_draft_fact(draft, "deviation of the outputs at the start", look->answers, NULL);
    sl_signs_fix_begin(c, draft, sl_signs_init(worst));
    sl_signs_fix_norm(c, draft, false);
}

const sl_finding_kind sl_finding_init_too_small = {
    .name = "init_too_small",
    .summary = "weights begin so small that signals die out from layer to layer",
    .formula = "product of rms(w) sqrt(max(fan_in, fan_out)) over hidden layers < 0.15",
    .source = "Glorot, Bengio, AISTATS 2010; He, Zhang, Ren, Sun, ICCV 2015",
    .place = 30,
    .look = init_too_small_look,
};
