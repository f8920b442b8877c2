/* plateau: the loss stands still far above what the rows allow. */
#include "diagnose/signs.h"

#include <math.h>

static void plateau_look(sl_case *c, sl_draft *draft)
{
    sl_loss_course course;
    sl_loss_course_take(c, &course);
    if (c->outcome.diverged || course.pieces < 6 || !(course.gain < 0.3))
        return;
    const int n = course.pieces;
    double low = (double)INFINITY, high = -(double)INFINITY;
    for (int p = n / 2; p < n; p++) {
        low = course.piece[p] < low ? course.piece[p] : low;
        high = course.piece[p] > high ? course.piece[p] : high;
    }
    const double band = (high - low) / course.chance, learnable = sl_learnable(c);
    /* What stands still where nothing is to be learned has arrived. */
    if (band > 0.05 || !(learnable > 0.2) || course.gain > 0.5 * learnable)
        return;
    const sl_net_look *look = sl_signs_latest(c);
    draft->strength = 0.3 + 0.35 * sl_signs_ramp(band, 0.05, 0.005);
    sl_text_add(
        &draft->sentence,
        "the loss stands still: in the last half of %zu steps it stays between %s and %s, where a constant "
        "answer has %s",
        c->outcome.step, sl_case_number(c, low), sl_case_number(c, high), sl_case_number(c, course.chance));
    sl_text_put(&draft->otherwise,
                "where the rows tell no more of the target, near rows would be of other classes as "
                "often as any; with steps too short the loss would fall evenly");
    sl_draft_fact(draft, "width of the last half / of a constant answer", band, "above 0.05");
    sl_draft_fact(draft, "share that was learned", course.gain, "above %s",
                  sl_case_number(c, 0.5 * learnable));
    sl_draft_fact(draft, "share that near rows tell of the target", learnable, NULL);
    sl_draft_fact(draft, "length of the gradient", look->known ? look->gradient : (double)NAN, NULL);
    if (c->gradient_rule)
        sl_fix_text(sl_draft_fix(draft, SL_MENDS), "optimizer.rule", "adam");
    sl_signs_fix_lr(c, draft, 10);
    sl_signs_fix_norm(c, draft, true);
}

const sl_finding_kind sl_finding_plateau = {
    .name = "plateau",
    .summary = "the loss stands still far above what the rows allow",
    .formula =
        "last half of the losses within 0.05 of a constant answer's, less than half of the learnable gained",
    .source = "Fukumizu, Amari 2000",
    .place = 80,
    .look = plateau_look,
};
