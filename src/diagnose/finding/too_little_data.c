/* too_little_data: the gap between train and validation loss is one of few rows. */
#include "diagnose/diagnose.h"

#include <math.h>

static void little_look(sl_case *c, sl_draft *draft)
{
    const sl_data_look *d = &c->data;
    const double train = c->outcome.train_best, best = c->outcome.best, learned = sl_case_learned(c);
    if (!c->validation || c->outcome.diverged || !c->train || !(best > 0) || !(train >= 0))
        return;
    const double rows = (double)c->train->rows, each = d->classes ? rows / (double)d->classes : rows;
    const double gap = (best - train) / best;
    /* Learned by heart, hardly of use for other rows, and few. */
    if (!(gap > 0.4) || !(learned < 0.75) || !(c->outcome.train_last < 0.4 * d->chance) ||
        !(each < 100 || (d->inputs && rows < (double)d->inputs)))
        return;
    draft->strength = gap > 0.6 && each < 100 ? 0.75 : 0.5;
    sl_text_add(&draft->sentence,
                "%zu training rows%s: the best epoch has train loss %s and validation loss %s",
                c->train->rows, d->classes ? " of all classes" : "", sl_case_number(c, train),
                sl_case_number(c, best));
    sl_draft_fact(draft, "training rows", rows, NULL);
    if (d->classes)
        sl_draft_fact(draft, "of a class", each, "above 100");
    sl_draft_fact(draft, "inputs", (double)d->inputs, NULL);
    sl_draft_fact(draft, "gap, as a share of validation loss", gap, "below 0.4");
    sl_draft_fact(draft, "of the best constant answer's loss gone", learned, "above 0.75");
    sl_text_put(&draft->otherwise,
                "of a net that is too large the gap goes with a smaller one; with too few rows it "
                "grows when half of them are taken away, and falls with more");
    sl_text_put(&draft->advice, "get more rows, or make some: --augment");
    sl_fix *fix = sl_draft_fix(draft, SL_TELLS);
    if (c->options && c->options->rows > 0 && rows >= 4) /* of a part half is another number */
        sl_fix_whole(fix, "rows", c->train->rows / 2);
    else
        sl_fix_number(fix, "rows", 0.5);
}

const sl_finding_kind sl_finding_too_little_data = {
    .name = "too_little_data",
    .summary = "there are too few rows to learn what holds for others",
    .formula = "(validation loss - train loss) / validation loss of the best epoch, at few rows",
    .source = "Cortes, Jackel, Solla, Vapnik, Denker 1994",
    .place = 10,
    .look = little_look,
};
