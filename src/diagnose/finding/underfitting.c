/* underfitting: a net too small for what its rows tell. */
#include "diagnose/signs.h"

#include <math.h>
#include <stdio.h>

/* The net's error as neighbours' is measured: share of wrong answers, or of variance. NaN: not known. */
static double underfit_error(const sl_case *c)
{
    if (c->data.classes)
        return 1 - c->outcome.metric;
    return 1 - sl_case_fitted(c);
}

/* No hidden layer, or one of at most two units. */
static bool underfit_tiny(const sl_case *c)
{
    bool hidden = false, tiny = false;
    for (int i = 0; c->start.known && i < c->start.layers; i++)
        if (!c->start.layer[i].last) {
            hidden = true;
            tiny = tiny || c->start.layer[i].units <= 2;
        }
    return c->start.known && (!hidden || tiny);
}

static void underfit_look(sl_case *c, sl_draft *draft)
{
    const sl_data_look *d = &c->data;
    const double error = underfit_error(c), falling = sl_case_falling(c), fitted = sl_case_fitted(c);
    const double train = c->outcome.train_best, judged = c->outcome.best;
    const char *words = sl_case_net(c);
    char net[SL_FIX_TEXT];
    const double stable = sl_signs_stability(c, &c->start), stride = sl_signs_stride(c, &c->start);
    /* Steps too short for anything say nothing of the net. */
    if (stable < 0.01 || stride < 0.001 || (!d->classes && error > 1.05))
        return;
    if (c->outcome.diverged || !(d->neighbours >= 0) || !(falling < 0.2) || d->rows < 50 ||
        c->outcome.epoch < 8)
        return;
    /* Rows near by tell more than it has learned, of the training rows too, and it goes no further. */
    const double margin = error - d->neighbours, noise = 1 / sqrt((double)d->rows);
    /* So few units may well be too few, whatever near rows say: that is for the proof. */
    const bool near = margin > 0.03 + noise && error > 1.5 * d->neighbours && fitted < 0.9,
               tiny = underfit_tiny(c) && fitted < 0.95 && error > 0.03;
    if (!(near || tiny) || (c->validation && !((judged - train) / judged < 0.3)))
        return;
    draft->strength = near ? sl_case_smaller(0.8, 0.35 + 1.5 * (margin - 0.03 - noise)) : 0.35;
    if (falling > 0.1 && !tiny) /* it may go on */
        draft->strength *= 0.7;
    sl_text_add(&draft->sentence, "%s of the %s, where the 7 nearest rows of each leave %s",
                sl_case_percent(c, error), d->classes ? "answers are wrong" : "variance is left",
                sl_case_percent(c, d->neighbours));
    sl_draft_fact(draft, d->classes ? "wrong answers" : "variance left", error, "below %s",
                  sl_case_number(c, 1.5 * d->neighbours));
    sl_draft_fact(draft, "of 7 nearest rows", d->neighbours, NULL);
    sl_draft_fact(draft, "train loss", train, NULL);
    sl_draft_fact(draft, "fall in the last quarter", falling, "above 0.1");
    if (c->model)
        sl_draft_fact(draft, "parameters", (double)c->model->parameters, NULL);
    sl_text_put(&draft->otherwise,
                "with a step size that is too small the loss still falls when training ends; with "
                "inputs that tell nothing neighbours do no better");
    if (!*words) {
        sl_fix_text(sl_draft_fix(draft, SL_MENDS), "net", "32 relu, 32 relu");
        sl_fix_text(sl_draft_fix(draft, SL_MENDS), "net", "16 relu");
        return;
    }
    if (sl_case_net_sized(c, c->model && c->model->parameters < 60 ? 32 : 16, -1, net))
        sl_fix_text(sl_draft_fix(draft, SL_MENDS), "net", net);
    if (c->model && c->model->parameters < 60)
        sl_fix_text(sl_draft_fix(draft, SL_MENDS), "net", "32 relu, 32 relu");
    snprintf(net, sizeof net, "%.180s, 32 relu", words);
    if (sl_text_fit(words, (char[SL_FIX_TEXT]){ 0 }, SL_FIX_TEXT) < 180)
        sl_fix_text(sl_draft_fix(draft, SL_MENDS), "net", net);
}

const sl_finding_kind sl_finding_underfitting = {
    .name = "underfitting",
    .summary = "the net is too small for what the rows tell",
    .formula = "error of the net against that of the 7 nearest rows",
    .source = "Cover, Hart 1967; Geman, Bienenstock, Doursat 1992",
    .place = 70,
    .look = underfit_look,
};
