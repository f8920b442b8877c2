/* batch_too_small: gradients of a batch are mostly noise, and the loss shows it. */
#include "diagnose/signs.h"

#include <math.h>

static void batch_too_small_look(sl_case *c, sl_draft *draft)
{
    const sl_net_look *look = sl_signs_latest(c);
    const double noise = look->known ? look->noise : (double)NAN, batch = (double)c->batch;
    sl_loss_course course;
    sl_loss_course_take(c, &course);
    if (c->outcome.diverged || c->batch > 16 || !(noise / batch > 10) || course.pieces < 3)
        return;
    /* The noise of single losses does no harm as long as whole epochs go down. */
    const double harm = sl_signs_ramp(course.rough, 0.02, 0.2) * (course.turns > 0.3 ? 1 : 0.3);
    if (harm == 0 || course.rows < 4 * c->batch)
        return;
    draft->strength = harm * (0.3 + 0.35 * sl_signs_ramp(noise / batch, 10, 300));
    if (course.gain > 0.7)
        draft->strength *= 0.5;
    sl_text_add(&draft->sentence,
                "batches of %zu row%s are mostly noise: gradients settle over about %s rows, and train loss "
                "moves by %s "
                "from epoch to epoch",
                c->batch, c->batch == 1 ? "" : "s", sl_case_number(c, noise),
                sl_case_number(c, course.rough * course.chance));
    sl_text_put(&draft->otherwise,
                "with a step size above the stable one, losses would not become even with larger "
                "batches");
    sl_draft_fact(draft, "gradient noise scale / batch", noise / batch, "below 10");
    sl_draft_fact(draft, "change of the loss from epoch to epoch", course.rough, "below 0.02");
    sl_signs_fix_batch(c, draft, c->batch * 8);
    sl_signs_fix_batch(c, draft, c->batch * 32);
    sl_signs_fix_lr(c, draft, 0.1);
}

const sl_finding_kind sl_finding_batch_too_small = {
    .name = "batch_too_small",
    .summary = "gradients of a batch are mostly noise",
    .formula = "tr(S) / |G|^2 > 10 batch, where train loss jumps from epoch to epoch",
    .source = "McCandlish, Kaplan, Amodei 2018",
    .place = 60,
    .look = batch_too_small_look,
};
