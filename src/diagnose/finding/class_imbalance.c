/* class_imbalance: a rare class that the net gives up. */
#include "diagnose/diagnose.h"

#include <math.h>

/* The share of the rarest class's rows that are found, of the last rows measured; NaN: not known. */
static double class_imbalance_recall(const sl_case *c)
{
    const sl_report *h = c->history;
    const size_t k = c->data.classes, rare = c->data.rarest_at;
    if (!h || !h->confusion || (size_t)h->classes != k || rare >= k)
        return (double)NAN;
    size_t all = 0;
    for (size_t j = 0; j < k; j++)
        all += h->confusion[rare * k + j];
    return all ? (double)h->confusion[rare * k + rare] / (double)all : (double)NAN;
}

static void class_imbalance_look(sl_case *c, sl_draft *draft)
{
    const sl_data_look *d = &c->data;
    if (d->classes < 2 || !(d->rarest > 0) || (c->options && c->options->class_weight))
        return;
    const double ratio = d->commonest / d->rarest, recall = class_imbalance_recall(c);
    const bool blind =
        c->outcome.metric - d->commonest < 0.25 * (1 - d->commonest); /* hardly better than one answer */
    if (!(ratio >= 6))
        return;
    const double size = ratio >= 20 ? 0.85 : ratio >= 9 ? 0.6 : 0.2;
    /* Rare alone is no fault: what counts is that it is not found. */
    const double lost = recall - recall == 0 ? (recall < 0.3   ? 1
                                                : recall < 0.6 ? 0.7
                                                               : 0.25)
                        : blind              ? 0.8
                                             : 0.25;
    draft->strength = size * lost;
    char rare[80], common[80];
    sl_case_class_name(c, d->rarest_at, rare);
    sl_case_class_name(c, d->commonest_at, common);
    sl_text_add(&draft->sentence, "%s is %s of the rows, %s %s", rare, sl_case_percent(c, d->rarest), common,
                sl_case_percent(c, d->commonest));
    if (recall - recall == 0)
        sl_text_add(&draft->sentence, ", and %s of the rare one's rows are found",
                    sl_case_percent(c, recall));
    sl_draft_fact(draft, "rows of the commonest to the rarest", ratio, "below 9");
    sl_draft_fact(draft, "share of the rarest", d->rarest, NULL);
    if (recall - recall == 0)
        sl_draft_fact(draft, "of its rows found", recall, "above 0.6");
    sl_text_put(&draft->otherwise,
                "with inputs that do not tell the classes apart the rare one stays lost with "
                "weights as well; a net that finds it needs none");
    sl_fix *fix = sl_draft_fix(draft, SL_MENDS);
    fix->by = SL_BY_CLASS;
    fix->restarts = true;
    sl_fix_text(fix, "class_weight", "balanced");
}

const sl_finding_kind sl_finding_class_imbalance = {
    .name = "class_imbalance",
    .summary = "a class is so rare that the net gives it up",
    .formula = "largest share / smallest share, and the share of the rare class's rows that is found",
    .source = "King, Zeng 2001",
    .place = 68,
    .look = class_imbalance_look,
};
