/* overfitting: behind the best epoch the net learns what holds for the training rows alone. */
#include "diagnose/signs.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void overfit_look(sl_case *c, sl_draft *draft)
{
    const double best = c->outcome.best, last = c->outcome.last, train = c->outcome.train_last,
                 before = c->outcome.train_best;
    if (!c->validation || c->outcome.diverged || !(best > 0) || !(train >= 0) || c->outcome.epoch < 3)
        return;
    /* Thrown about rather than learned by heart: its best epoch is no better than a constant answer. */
    if (before > 1.5 * c->data.chance)
        return;
    const double rise = (last - best) / best, gap = (last - train) / last;
    const double validation = (double)c->validation->rows, noise = 1 / sqrt(validation > 1 ? validation : 1);
    const double chance = c->data.chance;
    /* Validation loss up while train loss goes down: of few validation rows it moves by itself. Or it came to
     * rest far above the train loss, with much left to learn. */
    const bool up = rise > 0.15 + noise && train < before && gap > 0.3 &&
                    train<0.8 * best, apart = gap> 0.6 && best > 0.3 * chance && train < 0.3 * chance;
    if (!up && !apart)
        return;
    draft->strength =
        up ? sl_case_smaller(0.9, 0.35 + 0.5 * sl_case_smaller(1, rise - 0.15 - noise) + 0.2 * (gap - 0.3))
           : 0.35;
    if (last < 0.2 * chance) /* from little to a little more */
        draft->strength = sl_case_smaller(draft->strength, 0.25);
    if (up)
        sl_text_add(
            &draft->sentence,
            "validation loss rose from %s to %s behind its best epoch, while train loss fell from %s to %s",
            sl_case_number(c, best), sl_case_number(c, last), sl_case_number(c, before),
            sl_case_number(c, train));
    else
        sl_text_add(&draft->sentence,
                    "validation loss rests at %s while train loss fell to %s: what was learned holds for the "
                    "training "
                    "rows alone",
                    sl_case_number(c, last), sl_case_number(c, train));
    sl_draft_fact(draft, "rise of validation loss", rise, "below %s", sl_case_number(c, 0.15 + noise));
    sl_draft_fact(draft, "gap, as a share of validation loss", gap, "below 0.3");
    if (c->model)
        sl_draft_fact(draft, "parameters", (double)c->model->parameters, NULL);
    if (c->train)
        sl_draft_fact(draft, "training rows", (double)c->train->rows, NULL);
    sl_text_put(&draft->otherwise,
                "with a step size that is too large train loss rises as well; with too small a "
                "net both stay high together");
    sl_signs_fix_overfit(c, draft);
}

const sl_finding_kind sl_finding_overfitting = {
    .name = "overfitting",
    .summary = "the net learns its training rows by heart, and others worse",
    .formula = "(last - best) / best validation loss, while train loss falls; (last - train) / last > 0.6",
    .source = "Geman, Bienenstock, Doursat 1992; Prechelt 1998",
    .place = 70,
    .look = overfit_look,
};
