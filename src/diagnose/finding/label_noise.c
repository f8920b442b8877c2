/* label_noise: rows whose class nearly all rows near them deny. */
#include "diagnose/diagnose.h"

#include <math.h>
#include <string.h>

static void label_noise_look(sl_case *c, sl_draft *draft)
{
    const sl_data_look *d = &c->data;
    if (!d->classes || d->rows < 50)
        return;
    /* Wrong labels lie anywhere: most of them among rows that agree. Classes that overlap differ where they
     * meet, among rows that do not. In many dimensions, or for rare classes, rows near by say little. */
    const double among = d->neighbours > 0 ? d->alone / d->neighbours : 0;
    const bool near = d->alone > 0.03 && among > 0.5 &&
                      d->neighbours < 0.45 * (1 - 1.0 / (double)d->classes) * 2 &&
                      d->alone < 1 - d->commonest - 0.02 && d->rarest * (double)d->classes > 0.3;
    const bool copies = d->contradicting > 0.05;
    if (!near && !copies)
        return;
    draft->strength = near ? fmin(0.9, 0.3 + 4 * (d->alone - 0.03)) : fmin(0.8, 0.3 + 2 * d->contradicting);
    if (near)
        sl_text_add(&draft->sentence,
                    "%s of the rows have a label that at least 6 of their 7 nearest rows deny with one voice",
                    sl_case_percent(c, d->alone));
    else
        sl_text_add(&draft->sentence, "%s of the rows have the inputs of another row, and another label",
                    sl_case_percent(c, d->contradicting));
    sl_draft_fact(draft, "denied by 6 of 7", d->alone, "below 0.03");
    sl_draft_fact(draft, "denied by most of 7", d->neighbours, NULL);
    sl_draft_fact(draft, "same inputs, other label", d->contradicting, "below 0.05");
    sl_text_put(&draft->otherwise,
                "classes that overlap are denied where they meet, by 4 or 5 of 7 and not by "
                "6; a net that is too small errs on rows whose neighbours agree with them");
    sl_text_put(&draft->advice, "look at these rows: slope errors");
    const char *loss = c->options ? c->options->loss : NULL;
    if (!loss || !strcmp(loss, "cross_entropy") || !strcmp(loss, "binary_cross_entropy"))
        sl_fix_text(sl_draft_fix(draft, SL_MENDS), "loss",
                    d->classes == 2 ? "binary_cross_entropy smoothing=0.1" : "cross_entropy smoothing=0.1");
    sl_fix_number(sl_draft_fix(draft, SL_MENDS), "optimizer.decay", 0.01);
}

const sl_finding_kind sl_finding_label_noise = {
    .name = "label_noise",
    .summary = "labels are wrong here and there",
    .formula = "share of rows of whose 7 nearest rows at least 6 have one other class",
    .source = "Wilson 1972; Szegedy et al. 2016",
    .place = 10,
    .look = label_noise_look,
};
