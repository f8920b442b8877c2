/* symmetric_weights: units that begin alike get the same gradients and stay alike. */
#include "diagnose/signs.h"

static void symmetric_weights_look(sl_case *c, sl_draft *draft)
{
    const sl_net_look *look = &c->start;
    const sl_net_look_layer *found = NULL;
    int at = 0;
    for (int i = 0; look->known && i < look->layers && !found; i++) {
        const sl_net_look_layer *l = &look->layer[i];
        /* Units that are all dead or at one end of their range do the same for another reason; and one
         * constant alone need not be the start of a layer without weights of its own. */
        const bool other = l->weight > 0 && (l->dead > 0.9 || l->saturated > 0.99) && !(l->weight < 0);
        if (sl_signs_hidden(l) && l->units > 1 && (l->weight == 0 || (l->alike >= 0.9 && !other)))
            found = &look->layer[at = i];
    }
    if (!found)
        return;
    const bool later = c->end.known && at < c->end.layers;
    const double alike = found->weight == 0 ? 1 : found->alike,
                 still = later ? c->end.layer[at].alike : alike;
    draft->strength = alike >= 0.99 ? 0.9 : 0.6;
    draft->strength *= still >= 0.5 ? 1 : 0.35; /* something made them differ: dropout, rows left out */
    const size_t units = (size_t)(alike * (double)found->units + 0.5);
    sl_text_add(&draft->sentence, "%zu of %zu units in %s begin alike", units, found->units, found->name);
    if (found->weight == 0)
        sl_text_put(&draft->sentence, ", with weights that are all 0");
    else
        sl_text_add(&draft->sentence, ", with weights of size %s", sl_case_number(c, found->weight));
    if (later)
        sl_text_add(&draft->sentence, ", and %s of them still do the same at the end",
                    sl_case_percent(c, still));
    sl_text_put(&draft->sentence, ": the layer is as good as one unit");
    sl_text_put(&draft->otherwise,
                "with dead units the sums before the activation would differ and only what "
                "comes out would be 0");
    sl_draft_fact(draft, "share of units like another one, start", alike, "below 0.1");
    if (later)
        sl_draft_fact(draft, "share of units like another one, end", still, "below 0.1");
    sl_draft_fact(draft, "size of the weights at the start", found->weight, NULL);
    sl_signs_fix_begin(c, draft, sl_signs_init(found));
}

const sl_finding_kind sl_finding_symmetric_weights = {
    .name = "symmetric_weights",
    .summary = "units begin with the same weights and stay the same",
    .formula = "share of a hidden layer's units that do what another one does, on all rows",
    .source = "Goodfellow, Bengio, Courville, Deep Learning 2016, 8.4",
    .place = 30,
    .look = symmetric_weights_look,
};
