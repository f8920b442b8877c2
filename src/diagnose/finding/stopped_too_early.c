/* stopped_too_early: the loss still fell when training ended. */
#include "diagnose/diagnose.h"

#include <math.h>
#include <stdio.h>
#include <limits.h>

static void early_look(sl_case *c, sl_draft *draft)
{
    const size_t epochs = c->outcome.epoch, part = epochs / 4 ? epochs / 4 : 1;
    if (c->outcome.diverged || epochs < 2 || !c->options)
        return;
    const double last = sl_case_judged(c, epochs), before = sl_case_judged(c, epochs - part);
    const double train = sl_case_epoch(c, "train_loss", epochs),
                 train_before = sl_case_epoch(c, "train_loss", epochs - part);
    const double fall = (before - last) / before, train_fall = (train_before - train) / train_before;
    const double learned = sl_case_learned(c);
    const bool few = c->outcome.step < 300 && learned < 0.3 && train < c->start.loss && fall > 0.001;
    /* Of all that it fell, how much in the last half: 0.5, evenly. */
    const double middle = sl_case_epoch(c, "train_loss", epochs / 2),
                 even = c->start.known ? (middle - train) / (c->start.loss - train) : 0;
    /* Both losses fall, and the last epoch is the best or near it: nothing else ended it. */
    if ((!few && (!(fall > 0.03) || !(train_fall > 0.03))) || !(last <= c->outcome.best * 1.02))
        return;
    const double gain = sl_case_smaller(fall, train_fall);
    /* Most of the loss gone: what is left falls for ever, and nobody needs it. */
    draft->strength = learned > 0.9                                                 ? 0.15
                      : gain > 0.25                                                 ? 0.6
                      : (gain > 0.04 && learned < (epochs < 12 ? 0.9 : 0.8)) || few ? 0.4
                      : even > 0.25 && learned < 0.5                                ? 0.4
                                                                                    : 0.2;
    char quarter[32] = "last";
    if (part > 1)
        snprintf(quarter, sizeof quarter, "last %zu", part);
    sl_text_add(&draft->sentence,
                "in the %s of %zu epochs the %s loss fell from %s to %s, by %s, and then training ended",
                quarter, epochs, c->validation ? "validation" : "train", sl_case_number(c, before),
                sl_case_number(c, last), sl_case_percent(c, fall));
    sl_draft_fact(draft, "fall in the last quarter", fall, "below 0.03");
    sl_draft_fact(draft, "of the train loss", train_fall, NULL);
    sl_draft_fact(draft, "epochs", (double)epochs, NULL);
    sl_draft_fact(draft, "of the best constant answer's loss gone", learned, NULL);
    sl_text_put(&draft->otherwise,
                "a net that can do no more shows a loss that is flat at the end; a step size that "
                "is too small one that falls evenly from the first epoch on");
    sl_fix *fix = sl_draft_fix(draft, SL_MENDS);
    if (fix)
        fix->restarts = fix->longer = true;
    if (c->options->steps > 0 && c->outcome.step < INT_MAX / 4)
        sl_fix_whole(fix, "steps", 4 * (c->outcome.step ? c->outcome.step : (size_t)c->options->steps));
    else
        sl_fix_whole(fix, "epochs", 4 * epochs);
}

const sl_finding_kind sl_finding_stopped_too_early = {
    .name = "stopped_too_early",
    .summary = "training ended while the loss still fell",
    .formula = "fall of train and validation loss over the last quarter of the epochs",
    .source = "Prechelt 1998",
    .place = 75,
    .look = early_look,
};
