/* clipping_always: nearly every step is cut short, so clipping is the step size. */
#include "diagnose/signs.h"

#include <math.h>

static void clipping_always_look(sl_case *c, sl_draft *draft)
{
    sl_loss_course course;
    sl_loss_course_take(c, &course);
    const double clipped = c->history ? sl_report_last(c->history, "clipped_steps") : (double)NAN;
    const double steps = c->history ? sl_report_last(c->history, "step") : (double)NAN;
    const double share = clipped / steps;
    const double limit = (double)sl_case_optimizer(c).clip_norm;
    const sl_net_look *look = sl_signs_latest(c);
    if (!(share > 0.6) || c->outcome.diverged)
        return;
    const double over = limit > 0 && c->start.known ? c->start.gradient / limit : (double)NAN;
    draft->strength = 0.15 + 0.75 * sl_signs_ramp(share, 0.6, 0.95);
    /* Rules of Adam's kind divide by the gradient's size: a limit that is always reached changes little. */
    if (!c->gradient_rule)
        draft->strength *= 0.4;
    if (!(over > 10))
        draft->strength *= 0.6;
    if (!course.poor)
        draft->strength *= course.gain > 0.9 ? 0.3 : over > 30 ? 0.8 : 0.5;
    sl_text_add(&draft->sentence, "%s of %zu step%s are clipped", sl_case_percent(c, share), (size_t)steps,
                steps > 1 ? "s" : "");
    if (limit > 0)
        sl_text_add(&draft->sentence, ": the gradient's length was %s at the start, and is cut to %s",
                    sl_case_number(c, c->start.gradient), sl_case_number(c, limit));
    sl_text_put(&draft->otherwise, "clipping that guards against jumps cuts few steps, and those alone");
    sl_draft_fact(draft, "share of clipped steps", share, "below 0.1");
    if (limit > 0) {
        sl_draft_fact(draft, "length of the gradient at the start", c->start.gradient, "below %s",
                      sl_case_number(c, limit));
        sl_draft_fact(draft, "length of the gradient now", look->gradient, NULL);
        sl_fix_number(sl_draft_fix(draft, SL_MENDS), "optimizer.clip_norm",
                      over > 1 ? limit * over * 2 : limit * 10);
        sl_fix_number(sl_draft_fix(draft, SL_MENDS), "optimizer.clip_norm", 0);
    } else {
        sl_fix_number(sl_draft_fix(draft, SL_MENDS), "optimizer.clip_value", 0);
    }
    sl_signs_fix_lr(c, draft, over > 3 ? (over > 30 ? 30 : over) : 10);
}

const sl_finding_kind sl_finding_clipping_always = {
    .name = "clipping_always",
    .summary = "nearly every step is cut short",
    .formula = "clipped_steps / steps > 0.6",
    .source = "Pascanu, Mikolov, Bengio, ICML 2013",
    .place = 50,
    .look = clipping_always_look,
};
