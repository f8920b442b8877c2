/* dead_units: units that give 0, or have no slope, on all rows that were looked at. */
#include "diagnose/signs.h"

static const sl_net_look_layer *dead_units_most(const sl_net_look *look)
{
    const sl_net_look_layer *most = NULL;
    for (int i = 0; look->known && i < look->layers; i++) {
        const sl_net_look_layer *l = &look->layer[i];
        if (l->dead > 0 && !sl_signs_squashes(l) && (!most || l->dead > most->dead))
            most = l;
    }
    return most;
}

static void dead_units_look(sl_case *c, sl_draft *draft)
{
    const sl_net_look *look = sl_signs_latest(c);
    const sl_net_look_layer *l = dead_units_most(look), *before = dead_units_most(&c->start);
    if (!l || l->dead < 0.3)
        return;
    if (l->weight == 0) /* weights of 0 are another matter */
        return;
    double start = 0;
    for (int i = 0; c->start.known && i < c->start.layers; i++)
        if (i < look->layers && l == look->layer + i)
            start = c->start.layer[i].dead;
    sl_loss_course course;
    sl_loss_course_take(c, &course);
    draft->strength = 0.15 + 0.75 * sl_signs_ramp(l->dead, 0.35, 0.85);
    if (!course.poor)
        draft->strength *= course.gain > 0.7 ? 0.25 : 0.6;
    const bool born = before && start > 0.5 * l->dead;
    if (!born) {
        draft->place = 55; /* steps killed them */
        draft->strength *= 0.8;
    }
    sl_text_add(&draft->sentence, "%zu of %zu units in %s output 0 on all %zu rows that were looked at",
                (size_t)(l->dead * (double)l->units + 0.5), l->units, l->name,
                look->rows < SL_PIECE ? look->rows : SL_PIECE);
    sl_text_add(&draft->sentence, "%s; no gradient goes through them",
                !c->end.known || !c->start.known ? ""
                : born                           ? ", most of them from the start"
                                                 : ", and were alive at the start");
    sl_text_put(&draft->otherwise,
                "with gradients that vanish on their way, units would give other numbers for "
                "other rows and only the first layers' gradients be small");
    sl_draft_fact(draft, "share of dead units", l->dead, "below 0.3");
    sl_draft_fact(draft, "the same at the start", start, NULL);
    sl_draft_fact(draft, "deviation of the sums before", l->z, NULL);
    if (!born)
        sl_signs_fix_lr(c, draft, 0.1);
    sl_fix_text(sl_draft_fix(draft, SL_MENDS), "activation", "leaky_relu");
    if (born)
        sl_signs_fix_init(c, sl_draft_fix(draft, SL_MENDS), "he");
    if (born)
        sl_signs_fix_norm(c, draft, true);
}

const sl_finding_kind sl_finding_dead_units = {
    .name = "dead_units",
    .summary = "units give 0 on all rows, and learn no more",
    .formula = "units with f(z) = 0 or f'(z) = 0 on all rows / units of the layer",
    .source = "Lu, Shin, Su, Karniadakis 2019",
    .place = 40,
    .look = dead_units_look,
};
