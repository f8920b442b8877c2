/* oscillation: the loss goes up and down, from step to step or from epoch to epoch. */
#include "diagnose/signs.h"

static void oscillation_look(sl_case *c, sl_draft *draft)
{
    sl_loss_course course;
    sl_loss_course_take(c, &course);
    /* In batches losses alternate also where the batches differ: only whole passes count then. */
    const bool steps = c->steps_an_epoch == 1 && course.rows >= 20 && course.echo < -0.5;
    const double by_step = steps ? sl_signs_ramp(course.swing, 0.02, 0.2) : 0;
    const double by_epoch =
        course.epochs >= 6 && course.turns > 0.4 ? sl_signs_ramp(course.rough, 0.05, 0.4) : 0;
    if (by_step < 0.05 && by_epoch < 0.05)
        return;
    draft->strength = 0.8 * (by_step > by_epoch ? by_step : by_epoch);
    if (by_step >= by_epoch)
        sl_text_add(
            &draft->sentence,
            "the loss oscillates: from step to step it goes up and down by %s about %s (correlation of "
            "neighbours %s)",
            sl_case_number(c, course.swing * course.chance),
            sl_case_number(c, course.piece[course.pieces - 1]), sl_case_number(c, course.echo));
    else
        sl_text_add(&draft->sentence,
                    "the loss oscillates: from epoch to epoch it moves by %s, and turns in %s of them",
                    sl_case_number(c, course.rough * course.chance), sl_case_percent(c, course.turns));
    sl_text_put(&draft->otherwise,
                "noise of batches has neighbours that do not depend on each other (correlation 0), "
                "and little of it is left in the mean of an epoch");
    sl_draft_fact(draft, "correlation of neighbouring losses", course.echo, "-0.5 to 1");
    sl_draft_fact(draft, "deviation of losses / of a constant answer", course.swing, "below 0.02");
    sl_draft_fact(draft, "change from epoch to epoch, likewise", course.rough, "below 0.05");
    sl_draft_fact(draft, "share of changes that turn", course.turns, NULL);
    sl_signs_fix_lr(c, draft, 1. / 3);
    sl_signs_fix_lr(c, draft, 0.1);
}

const sl_finding_kind sl_finding_oscillation = {
    .name = "oscillation",
    .summary = "the loss goes up and down and does not settle",
    .formula = "correlation of neighbouring losses < -0.5, or changes of epochs that turn and stay large",
    .source = "Cohen, Kaur, Li, Kolter, Talwalkar 2021",
    .place = 80,
    .look = oscillation_look,
};
