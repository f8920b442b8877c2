/* unshuffled_data: rows are taken as they stand, and they stand by target. */
#include "diagnose/diagnose.h"

#include <math.h>
#include <string.h>

static void unshuffled_look(sl_case *c, sl_draft *draft)
{
    const sl_data_look *d = &c->data;
    const char *sampling = c->options ? c->options->sampling : NULL;
    if (!sampling || strcmp(sampling, "order") != 0 || c->steps_an_epoch < 2 || !(d->in_chance < 1))
        return;
    const double more = (d->in_order - d->in_chance) / (1 - d->in_chance);
    /* By chance it differs from 0 by about this. */
    const double noise = 1 / sqrt((double)(d->rows ? d->rows : 1));
    if (!(more > 0.2 && more > 4 * noise))
        return;
    draft->strength = fmin(0.95, 0.3 + more);
    if (d->classes)
        sl_text_add(
            &draft->sentence,
            "rows are taken as they stand, and %s of neighbouring rows have one class, shuffled ones %s",
            sl_case_percent(c, d->in_order), sl_case_percent(c, d->in_chance));
    else
        sl_text_add(&draft->sentence,
                    "rows are taken as they stand, and the targets of neighbouring rows go together with a "
                    "correlation of %s, shuffled ones with 0",
                    sl_case_number(c, d->in_order));
    sl_draft_fact(draft, d->classes ? "neighbours of one class" : "correlation of neighbours", d->in_order,
                  "near %s", sl_case_number(c, d->in_chance));
    sl_draft_fact(draft, "batches an epoch", (double)c->steps_an_epoch, NULL);
    sl_text_put(&draft->otherwise,
                "with a step size that is too large shuffled rows make the loss jump as much");
    sl_fix_text(sl_draft_fix(draft, SL_MENDS), "sampling", "shuffle");
}

const sl_finding_kind sl_finding_unshuffled_data = {
    .name = "unshuffled_data",
    .summary = "batches hold rows of one kind, because rows stand by target and are not shuffled",
    .formula = "share of neighbouring rows with one class, sum of squared shares; or their correlation",
    .source = "Bottou 2012, section 4.1",
    .place = 20,
    .look = unshuffled_look,
};
