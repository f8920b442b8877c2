/* lr_too_high: steps longer than the loss's curvature bears, or, of rules that scale their steps, than its
 * course does. */
#include "diagnose/signs.h"

#include <math.h>

/* How much the course of the loss looks like steps too long: 0 to 1. */
static double lr_too_high_course(const sl_case *c, const sl_loss_course *course)
{
    double signs = 0;
    const double seen[] = {
        c->outcome.diverged ? 1 : 0,
        sl_signs_ramp(course->rise, 0.05, 1),
        course->pieces && course->rows >= 20 && c->steps_an_epoch == 1 && course->echo < -0.5
            ? sl_signs_ramp(course->swing, 0.01, 0.1)
            : 0,
        sl_signs_ramp(course->rough, 0.03, 0.3) * (course->turns > 0.3 ? 1 : 0.5),
        sl_signs_ramp(course->jumps, 4, 100) *
            (c->start.known && c->start.loss > 2 * course->chance ? 0.2 : 1), /* it may have begun there */
        course->gain < 0 && (course->rise > 0.02 || course->turns > 0.3)
            ? sl_signs_ramp(-course->gain, 0.05, 1)
            : 0,
    };
    for (size_t i = 0; i < sizeof seen / sizeof *seen; i++)
        signs = seen[i] > signs ? seen[i] : signs;
    return signs;
}

/* What is said where 2 / curvature is the limit. */
static void lr_too_high_curved(sl_case *c, sl_draft *draft, const sl_net_look *look, double over,
                               double signs)
{
    const double limit = c->lr / over;
    draft->strength = signs * (over > 1.5 ? 0.95 : 0.55 + 0.8 * (over - 1));
    if (over > 3 && signs < 0.3 && look == &c->end)
        draft->strength = 0.25;
    sl_text_add(&draft->sentence, "the step size %s is above %s = %s: %s", sl_case_number(c, c->lr),
                sl_signs_reach_words(c), sl_case_number(c, limit),
                c->outcome.diverged ? "it diverges" : "it oscillates");
    sl_draft_fact(draft, "largest curvature", look->curvature, "below %s",
                  sl_case_number(c, sl_signs_reach(c) / c->lr));
    sl_draft_fact(draft, "largest stable step size", limit, "above %s", sl_case_number(c, c->lr));
    sl_fix_number(sl_draft_fix(draft, SL_MENDS), "optimizer.lr", limit / 2);
    sl_fix_number(sl_draft_fix(draft, SL_MENDS), "optimizer.lr", limit / 10);
}

static void lr_too_high_look(sl_case *c, sl_draft *draft)
{
    sl_loss_course course;
    sl_loss_course_take(c, &course);
    const double first = sl_signs_stability(c, &c->start), then = sl_signs_stability(c, &c->end);
    const sl_net_look floor = { .known = true, .curvature = c->end.valley };
    const double below =
        c->end.known && c->end.valley == c->end.valley ? sl_signs_stability(c, &floor) : (double)NAN;
    const double last = below > 1 ? below : then; /* between the walls it looks flatter, or steeper */
    /* Where it was thrown off, the wall is steeper than any step need be short for. */
    const bool thrown = first > 0.05 && last > 30 * first;
    const double over = !thrown && (below > 1 || (!(first >= last) && last == last)) ? last : first;
    double signs = lr_too_high_course(c, &course);
    const double stride = c->gradient_rule ? (double)NAN : sl_signs_stride(c, &c->start);
    /* Without a dense layer, as of texts, a stride is not known; 0.001 to 0.3 is usual there. */
    const bool wild = !c->gradient_rule && !(stride == stride) && c->lr > 0.5;
    if (course.poor && (over > 2 || stride > 1 || wild) && signs < 0.7)
        signs = 0.7; /* nothing was learned, and the first steps went too far */
    else if (over > 1.3 && !(course.gain > 0.7) && signs < 0.5)
        signs = 0.5;
    if (c->whole || signs < 0.05)
        return;
    /* Short steps, and a loss that only falls, however fast. */
    if (!(over > 1) && stride < 0.03 && !c->outcome.diverged && course.rise < 0.02 && course.turns < 0.1)
        return;
    if (over > 1) {
        lr_too_high_curved(c, draft, below > 1 ? &floor : over == then ? &c->end : &c->start, over, signs);
    } else {
        /* Of Adam's kind: by so much of its deviation a sum may change in one step. */
        const double long_steps = c->gradient_rule ? 0.4 + 0.3 * sl_signs_ramp(signs, 0.5, 1)
                                                   : 0.25 + 0.65 * sl_signs_ramp(stride, 0.3, 5);
        draft->strength = signs * (stride == stride || c->gradient_rule ? long_steps : 0.5);
        const bool even = course.rough < 0.03 && course.rise < 0.05;
        sl_text_add(&draft->sentence, "the step size %s is too large: the loss ", sl_case_number(c, c->lr));
        if (c->outcome.diverged)
            sl_text_add(&draft->sentence, "is not finite after step %zu", c->outcome.step);
        else if (even && course.epochs)
            sl_text_add(&draft->sentence, "is even, at %s of that of a constant answer",
                        sl_case_number(c, course.best / course.chance));
        else if (!course.epochs)
            sl_text_put(&draft->sentence, "was not seen at the end of an epoch");
        else
            sl_text_add(&draft->sentence,
                        "moves by %s from epoch to epoch and ends %s above its least, in losses "
                        "of a constant answer",
                        sl_case_number(c, course.rough), sl_case_number(c, course.rise));
        if (stride == stride)
            sl_text_add(&draft->sentence, ", and one step can change a unit's sum by %s of its deviation",
                        sl_case_number(c, stride));
        sl_signs_fix_lr(c, draft, 0.1);
        sl_signs_fix_lr(c, draft, 1. / 3);
        sl_signs_fix_lr(c, draft, 0.01);
    }
    if (!course.poor && !c->outcome.diverged)
        draft->strength *= course.gain > 0.7 && course.rise < 0.3 ? 0.5 : 0.8;
    if (draft->strength < 0.1)
        draft->strength = 0;
    sl_text_put(&draft->otherwise,
                "with batches too small the loss would jump from step to step too, and a smaller "
                "step size would make it even but not lower");
    if (stride == stride)
        sl_draft_fact(draft, "change of a sum in one step", stride, "below 0.3");
    if (course.epochs) {
        sl_draft_fact(draft, "change of the loss from epoch to epoch", course.rough, "below 0.03");
        sl_draft_fact(draft, "end above the least loss", course.rise, "below 0.05");
        sl_draft_fact(draft, "best loss / of a constant answer", course.best / course.chance, "below 1");
    }
}

const sl_finding_kind sl_finding_lr_too_high = {
    .name = "lr_too_high",
    .summary = "steps are longer than the loss's curvature allows",
    .formula = "lr > 2 (1 + momentum) / curvature (nesterov: that / (1 + 2 momentum)), where the loss rises, "
               "jumps or goes up and down",
    .source = "LeCun, Simard, Pearlmutter 1993; Cohen, Kaur, Li, Kolter, Talwalkar 2021",
    .place = 50,
    .look = lr_too_high_look,
};
