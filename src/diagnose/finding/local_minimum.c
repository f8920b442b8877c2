/* local_minimum: a small net stands where all slopes are flat, and gets lower from other starting weights. */
#include "diagnose/signs.h"

#include <math.h>

/* Nets with wide layers have a way down from nearly anywhere; those of a few units do not. */
enum { LOCAL_UNITS = 4 };

static size_t local_widest(const sl_net_look *look)
{
    size_t widest = 0;
    for (int i = 0; look->known && i < look->layers; i++)
        if (!look->layer[i].last && look->layer[i].units > widest)
            widest = look->layer[i].units;
    return widest;
}

static void local_look(sl_case *c, sl_draft *draft)
{
    static const char *const other[] = { "lecun_uniform", "pytorch", "xavier_uniform" };
    const sl_data_look *d = &c->data;
    const sl_net_look *look = &c->end;
    const size_t widest = local_widest(look);
    const double fitted = sl_case_fitted(c), falling = sl_case_falling(c), chance = d->chance;
    if (c->outcome.diverged || !widest || widest > LOCAL_UNITS || c->outcome.epoch < 20 || !(chance > 0))
        return;
    /* Rows that contradict each other cannot be told apart by any weights; what few rows tell is not known
     * from those near them. */
    const double learnable = d->rows < 30 ? 1 - 2 * d->contradicting : sl_learnable(c);
    if (!(fitted < 0.9 * learnable - 0.1) || !(falling < 0.02) || !(look->gradient < 0.02 * chance))
        return;
    draft->strength = 0.35 + 0.3 * sl_signs_ramp(look->gradient / chance, 0.02, 0.0002);
    sl_text_add(&draft->sentence,
                "the net of at most %zu unit%s a layer stands still at train loss %s, where the gradient has "
                "length %s: "
                "whether that is the lowest minimum, other starting weights tell",
                widest, widest == 1 ? "" : "s", sl_case_number(c, c->outcome.train_last),
                sl_case_number(c, look->gradient));
    sl_draft_fact(draft, "length of the gradient", look->gradient, NULL);
    sl_draft_fact(draft, "of the best constant answer's train loss gone", fitted, "above %s",
                  sl_case_number(c, 0.9 * learnable - 0.1));
    sl_draft_fact(draft, "fall in the last quarter", falling, NULL);
    sl_draft_fact(draft, "largest curvature", look->curvature, NULL);
    sl_text_put(&draft->otherwise,
                "a net that is too small gets no lower from any starting weights; on a plateau the gradient "
                "is as short, and more epochs lead off it");
    sl_text_put(&draft->advice, "try several seeds, or a wider layer: bad minima are those of small nets");
    for (size_t i = 0; i < sizeof other / sizeof *other; i++)
        sl_fix_text(sl_draft_fix(draft, SL_MENDS), "init", other[i]);
}

const sl_finding_kind sl_finding_local_minimum = {
    .name = "local_minimum",
    .summary = "a small net stands in a minimum that is not the lowest",
    .formula = "|gradient| < 0.02 of a constant answer's loss, which is not gone; lower from other weights",
    .source = "Gori, Tesi 1992",
    .place = 75,
    .look = local_look,
};
