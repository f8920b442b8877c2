/* constant_prediction: the net says the same of every row. What may be the cause is asked in order. */
#include "diagnose/signs.h"

#include <math.h>
#include <string.h>

static bool constant_prediction_alike(const sl_net_look_layer *l)
{
    return sl_signs_hidden(l) && l->units > 1 && (l->weight == 0 || l->alike > 0.9);
}

static bool constant_prediction_dead(const sl_net_look_layer *l)
{
    return !l->last && l->dead > 0.9;
}

static bool constant_prediction_flat(const sl_net_look_layer *l)
{
    return !l->last && sl_signs_squashes(l) && l->saturated > 0.5;
}

static void constant_prediction_cause(sl_case *c, sl_draft *draft, const sl_net_look *look)
{
    const sl_data_look *d = &c->data;
    const sl_net_look_layer *l;
    const double spread = d->most / d->least;
    if ((l = sl_net_look_find(&c->start, constant_prediction_alike)) != NULL) {
        sl_text_add(&draft->sentence, "; units of %s begin alike", l->name);
        sl_signs_fix_init(c, sl_draft_fix(draft, SL_MENDS), sl_signs_init(l));
    }
    if (spread > 30 || d->offset > 10 || d->largest > 100) {
        if (spread > 30)
            sl_text_add(&draft->sentence, "; inputs are not of one scale, with deviations from %s to %s",
                        sl_case_number(c, d->least), sl_case_number(c, d->most));
        else
            sl_text_add(&draft->sentence, "; inputs are far from 0, up to %s", sl_case_number(c, d->largest));
        if (spread > 30)
            sl_draft_fact(draft, "largest deviation of an input / smallest", spread, "below 30");
        else
            sl_draft_fact(draft, "largest input", d->largest, "below 100");
        sl_signs_fix_norm(c, draft, true);
    }
    if ((l = sl_net_look_find(look, constant_prediction_dead)) != NULL ||
        (l = sl_net_look_find(look, constant_prediction_flat)) != NULL) {
        const bool dead = constant_prediction_dead(l);
        sl_text_add(&draft->sentence, "; %s of %s is %s", sl_case_percent(c, dead ? l->dead : l->saturated),
                    l->name, dead ? "dead" : "saturated");
        sl_draft_fact(draft, dead ? "share of dead units" : "share saturated", dead ? l->dead : l->saturated,
                      "below 0.3");
        sl_fix_text(sl_draft_fix(draft, SL_MENDS), "activation", "leaky_relu");
    }
    const bool has = c->options && c->options->class_weight && strcmp(c->options->class_weight, "none") != 0;
    if (c->classes && d->commonest > 0.8 && !has) {
        sl_text_add(&draft->sentence, "; %s of the rows are of one class", sl_case_percent(c, d->commonest));
        sl_draft_fact(draft, "share of the commonest class", d->commonest, "below 0.8");
        sl_fix_text(sl_draft_fix(draft, SL_MENDS), "class_weight", "balanced");
    }
    double least = 1;
    for (int i = 0; i + 1 < c->start.layers; i++) {
        const double ratio =
            sl_signs_backward(&c->start, i) / sl_signs_backward(&c->start, c->start.layers - 1);
        least = ratio < least ? ratio : least;
    }
    if (!draft->fixes && c->start.known && least < 0.03) {
        sl_text_add(&draft->sentence, "; of the signal back from the outputs %s reaches the first layers",
                    sl_case_number(c, least));
        sl_draft_fact(draft, "signal back, against the last layer", least, "0.1 to 30");
        sl_signs_fix_norm(c, draft, false);
    }
    if (!draft->fixes)
        sl_signs_fix_lr(c, draft, 0.1);
}

static void constant_prediction_look(sl_case *c, sl_draft *draft)
{
    const sl_net_look *look = &c->end;
    if (!look->known || c->outcome.diverged)
        return;
    sl_loss_course course;
    sl_loss_course_take(c, &course);
    /* Logits are measured by 1, numbers by their target. Above that, a net that answers is told from one that
     * does not by what it gained. */
    const double unit = c->classes ? 1 : c->data.target_deviation;
    const double answers = look->answers / unit;
    const bool one_class =
        c->classes > 1 && fabs(c->outcome.metric - c->data.commonest) < 0.002 && c->data.commonest > 0.8;
    if (!(answers < 0.1 || one_class) || course.gain > 0.1)
        return;
    const double learnable = sl_learnable(c);
    draft->strength = answers < 0.1 ? 0.35 + 0.5 * sl_signs_ramp(answers, 0.1, 0.01) : 0.35;
    if (learnable < 0.2) /* then the same for all is the best there is */
        draft->strength *= 0.3;
    else if (!(learnable >= 0.2))
        draft->strength *= 0.6;
    sl_text_add(
        &draft->sentence,
        "the net says almost the same of every row: its outputs differ by %s from row to row, and its loss "
        "of %s is that of a constant answer, %s",
        sl_case_number(c, look->answers), sl_case_number(c, course.best), sl_case_number(c, course.chance));
    sl_text_put(&draft->otherwise,
                "if only few epochs were missing, the outputs would differ more in each of them");
    sl_draft_fact(draft, "deviation of the outputs", look->answers, NULL);
    sl_draft_fact(draft, "the same, in units of the target", answers, "above 0.1");
    sl_draft_fact(draft, "best loss / of a constant answer", course.best / course.chance, "below 0.9");
    sl_draft_fact(draft, "share that near rows tell of the target", learnable, "above 0.2");
    constant_prediction_cause(c, draft, look);
}

const sl_finding_kind sl_finding_constant_prediction = {
    .name = "constant_prediction",
    .summary = "the net says the same of every row",
    .formula = "deviation of the outputs over rows < 0.1, at the loss of the best constant answer",
    .source = "-",
    .place = 80,
    .look = constant_prediction_look,
};
