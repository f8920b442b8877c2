/* lr_too_low: the loss falls, evenly and by little, far from where it could be. */
#include "diagnose/signs.h"

#include <math.h>

static void lr_too_low_look(sl_case *c, sl_draft *draft)
{
    sl_loss_course course;
    sl_loss_course_take(c, &course);
    if (c->whole || c->outcome.diverged || course.pieces < 3 || !(course.gain < 0.6) || !c->start.known ||
        !c->end.known)
        return;
    const double stable = sl_signs_stability(c, &c->start), stride = sl_signs_stride(c, &c->start);
    const double steps = (double)c->outcome.step;
    /* Gradient descent shortens an error along the steepest axis by 1 - lr curvature a step; a weight of
     * Adam's kind goes lr a step at most. */
    const bool curved = stable == stable && stable > 0;
    const bool unknown = !c->gradient_rule && !(stride == stride); /* no dense layer */
    const double small = unknown  ? sl_signs_ramp(c->lr, 1e-4, 1e-6)
                         : curved ? sl_signs_ramp(stable, 0.05, 0.001)
                         : c->gradient_rule || !(stride == stride)
                             ? 0
                             : sl_signs_ramp(stride, 0.03, 0.001) * sl_signs_ramp(c->lr, 5e-4, 1e-4);
    const double way = curved ? 2 * stable * steps : unknown ? 0 : stride * steps;
    /* Rising, it is something else; flat and at the end of its way, too. */
    const double before = c->start.loss, after = c->end.known ? c->end.loss : (double)NAN;
    const double fell = (before - after) / before; /* on the same rows: noise of batches is not in it */
    const bool falls =
        course.rise < 0.02 && ((fell > 0 && way < 1) || (course.fall > 0 && course.even > 0.2));
    if (small == 0 || (!falls && way > 3) || fell > 0.8) /* it went most of its way */
        return;
    const double learnable = sl_learnable(c);
    draft->strength = 0.2 + 0.75 * small * (falls ? 1 : 0.5);
    if (c->steps_an_epoch <= 2 && c->outcome.step < 300) /* that is why so little was done */
        draft->place = 65;
    if (course.gain > 0.3)
        draft->strength *= 0.6;
    if (learnable < 0.15)
        draft->strength *= 0.4;
    sl_text_add(&draft->sentence,
                "the step size %s is too small: in %zu step%s the loss fell by %s, from %s to %s",
                sl_case_number(c, c->lr), c->outcome.step, c->outcome.step == 1 ? "" : "s",
                sl_case_percent(c, fell), sl_case_number(c, before), sl_case_number(c, after));
    if (curved)
        sl_text_add(&draft->sentence, ", and 2 / curvature would allow %s",
                    sl_case_number(c, c->lr / stable));
    else if (unknown)
        sl_text_put(&draft->sentence, ", and 0.001 to 0.3 is usual without a dense layer");
    else
        sl_text_add(&draft->sentence, ", and a step changes a unit's sum by at most %s of its deviation",
                    sl_case_number(c, stride));
    sl_text_put(&draft->otherwise,
                "at a plateau the gradient would be small at the start and the loss flat; with too "
                "few epochs the step size would be near the largest stable one");
    sl_draft_fact(draft, "fall of the loss, share", fell, NULL);
    sl_draft_fact(draft, "the last third's fall against the average", course.even, "near 0 at an end");
    if (curved) {
        sl_draft_fact(draft, "step size curvature / 2", stable, "0.05 to 1");
        sl_draft_fact(draft, "largest curvature", c->start.curvature, NULL);
    } else if (unknown) {
        sl_draft_fact(draft, "step size", c->lr, "0.001 to 0.3");
    } else {
        sl_draft_fact(draft, "change of a sum in one step", stride, "0.03 to 0.3");
    }
    /* To half of the largest stable one; of Adam's kind, to a tenth of a deviation a step, and half way. */
    const double far = curved ? 0.5 / stable : stride > 0 ? 0.1 / stride : 0.01 / c->lr;
    sl_signs_fix_lr(c, draft, far > 3 ? far : 3);
    sl_signs_fix_lr(c, draft, unknown ? 30 * far : far > 30 ? sqrt(far) : 10);
}

const sl_finding_kind sl_finding_lr_too_low = {
    .name = "lr_too_low",
    .summary = "steps are so short that the loss hardly moves",
    .formula = "lr curvature / 2 < 0.05 (Adam's kind: lr sqrt(fan_in) / rms(w) < 0.03) and an even fall",
    .source = "LeCun, Bottou, Orr, Mueller, Efficient BackProp 1998",
    .place = 50,
    .look = lr_too_low_look,
};
