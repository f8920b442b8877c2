/* label_noise: rows whose class nearly all rows near them deny. */
#include "diagnose/signs.h"

#include <math.h>
#include <string.h>

static void label_noise_look(sl_case *c, sl_draft *draft)
{
    const sl_data_look *d = &c->data;
    if (!d->classes || d->rows < 50)
        return;
    /* Wrong labels lie anywhere: most of them among rows that agree. Classes that overlap differ where they
     * meet, among rows that do not. In many dimensions, or for rare classes, rows near by say little. */
    const double denied = d->agreed > 0.2 ? d->alone / d->agreed : 0;
    const bool near = denied > 0.05 && denied > 0.5 * d->neighbours && d->alone * (double)d->rows >= 8 &&
                      d->alone < 1 - d->commonest - 0.02 && d->rarest * (double)d->classes > 0.3;
    const bool copies = d->contradicting > 0.05;
    if (!near && !copies)
        return;
    /* Nobody is harmed by wrong labels that the net does not learn. */
    const double fitted = sl_case_fitted(c);
    const bool learned = c->validation && c->outcome.last > 1.2 * c->outcome.best && !c->outcome.diverged &&
                         c->outcome.train_last < 0.9 * c->outcome.best;
    draft->strength = near ? sl_case_smaller(0.9, 0.5 + 4 * (denied - 0.05))
                           : sl_case_smaller(0.8, 0.4 + 2 * d->contradicting);
    if (near && denied < 0.1) /* classes that overlap can look so */
        draft->strength = 0.25;
    if (!learned)
        draft->strength = sl_case_smaller(draft->strength, 0.25);
    if (near)
        sl_text_add(
            &draft->sentence,
            "where 6 of the 7 nearest rows have one class, %s of the rows have another: wrong labels, or "
            "chance that the inputs do not tell",
            sl_case_percent(c, denied));
    else
        sl_text_add(&draft->sentence, "%s of the rows have the inputs of another row, and another label",
                    sl_case_percent(c, d->contradicting));
    if (learned)
        sl_text_add(&draft->sentence,
                    "; the net learns them by heart, and validation loss rose from %s to %s",
                    sl_case_number(c, c->outcome.best), sl_case_number(c, c->outcome.last));
    sl_draft_fact(draft, "denied where 6 of 7 agree", denied, "below 0.05");
    sl_draft_fact(draft, "rows where they agree", d->agreed, NULL);
    sl_draft_fact(draft, "denied by most of 7", d->neighbours, NULL);
    sl_draft_fact(draft, "same inputs, other label", d->contradicting, "below 0.05");
    sl_draft_fact(draft, "of the best constant answer's train loss gone", fitted, NULL);
    sl_text_put(&draft->otherwise,
                "classes that overlap are denied where they meet, by 4 or 5 of 7 and not by "
                "6; a net that learns rows by heart whose labels are right does less harm");
    sl_text_put(&draft->advice, "look at these rows: slope errors");
    sl_signs_fix_overfit(c, draft);
}

const sl_finding_kind sl_finding_label_noise = {
    .name = "label_noise",
    .summary = "labels are wrong here and there",
    .formula = "of rows of whose 7 nearest at least 6 have one class, the share that has another",
    .source = "Wilson 1972; Szegedy et al. 2016",
    .place = 10,
    .look = label_noise_look,
};
