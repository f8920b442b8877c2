/* batch_too_large: few steps an epoch, of gradients that need no so many rows. */
#include "diagnose/signs.h"

static void batch_too_large_look(sl_case *c, sl_draft *draft)
{
    const double batch = (double)c->batch, noise = c->start.known ? c->start.noise : 0;
    sl_loss_course course;
    sl_loss_course_take(c, &course);
    if (c->whole || c->outcome.diverged || c->batch < 128 || c->steps_an_epoch > 8 || c->outcome.step > 1000)
        return;
    if (course.gain > 0.9 || course.epochs < 2 || course.rise > 0.1)
        return;
    const double few = sl_signs_ramp((double)c->outcome.step, 1000, 100);
    const double spare = noise > 0 ? sl_signs_ramp(batch / noise, 0.5, 8) : 0.5;
    const double first = sl_case_epoch(c, "train_loss", 1),
                 last = sl_case_epoch(c, "train_loss", course.epochs);
    const bool falls = course.pieces < 3 ? last < first : course.fall > 0.02 && course.even > 0.1;
    draft->strength = (0.3 + 0.5 * few * spare) * (falls ? 1 : 0.75) * (course.gain > 0.5 ? 0.7 : 1);
    size_t fewer = 16;
    while (fewer * 2 <= c->batch / 16 && fewer < 64)
        fewer *= 2;
    sl_text_add(
        &draft->sentence,
        "batches of %zu rows leave %zu step%s an epoch, %zu in all, and the loss was still falling at %s",
        c->batch, c->steps_an_epoch, c->steps_an_epoch == 1 ? "" : "s", c->outcome.step,
        sl_case_number(c, last));
    if (noise > 0)
        sl_text_add(&draft->sentence, "; gradients of about %s rows are as good (noise scale)",
                    sl_case_number(c, noise));
    sl_text_put(&draft->otherwise,
                "with too few epochs alone, a smaller batch over the same epochs would gain no more "
                "than the same number of steps with this one");
    sl_draft_fact(draft, "rows in a batch", batch, noise > 0 ? "below %s" : NULL,
                  sl_case_number(c, 8 * noise));
    sl_draft_fact(draft, "steps in all", (double)c->outcome.step, "above 1000");
    sl_draft_fact(draft, "steps an epoch", (double)c->steps_an_epoch, "above 8");
    if (noise > 0)
        sl_draft_fact(draft, "gradient noise scale", noise, NULL);
    sl_signs_fix_batch(c, draft, fewer);
    sl_fix_number(sl_signs_fix_batch(c, draft, fewer), "optimizer.lr", c->lr / 3);
}

const sl_finding_kind sl_finding_batch_too_large = {
    .name = "batch_too_large",
    .summary = "batches leave few steps, with more rows than a gradient needs",
    .formula = "batch >> tr(S) / |G|^2, and fewer than 1,000 steps that still gain",
    .source = "McCandlish, Kaplan, Amodei 2018; Keskar et al., ICLR 2017",
    .place = 60,
    .look = batch_too_large_look,
};
