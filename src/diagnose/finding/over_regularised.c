/* over_regularised: decay, l1 or dropout hold the weights down. */
#include "diagnose/diagnose.h"

#include <math.h>
#include <string.h>

/* The largest rate among the model's dropout layers. */
static double overreg_dropout(const sl_case *c)
{
    double most = 0;
    for (int i = 0; c->model && i < c->model->count; i++)
        if (!strcmp(c->model->layers[i].kind->name, "dropout"))
            most = sl_case_larger(most, (double)c->model->layers[i].spec.rate);
    return most;
}

/* A decay that multiplies weights, or is in the gradient; what it may be differs. */
static double overreg_decay(const sl_case *c, double *limit)
{
    const sl_optimizer o = sl_case_optimizer(c);
    const bool apart = o.rule && (!strcmp(o.rule, "adamw") || !strcmp(o.rule, "lion"));
    *limit = apart ? 0.3 : 0.01;
    return (double)o.decay;
}

static void overreg_look(sl_case *c, sl_draft *draft)
{
    const sl_data_look *d = &c->data;
    const double fitted = sl_case_fitted(c), train = c->outcome.train_best;
    double limit;
    char net[SL_FIX_TEXT];
    if (!c->options)
        return;
    const sl_optimizer o = sl_case_optimizer(c);
    const double decay = overreg_decay(c, &limit), dropout = overreg_dropout(c),
                 l1 = sl_case_larger((double)o.l1, (double)o.l1_prox);
    const bool broke = c->outcome.diverged, decays = decay >= limit && !broke,
               drops = dropout >= (broke ? 0.8 : 0.6), pulls = l1 >= 0.003 && !broke;
    /* Strong is no fault while the training rows are learned. */
    if (!(decays || drops || pulls) || fitted >= 0.85)
        return;
    const double lost = broke                ? 0.5
                        : d->neighbours >= 0 ? 1 - fitted - d->neighbours
                                             : 0.5; /* what could be learned and is not */
    const double much = sl_case_larger(sl_case_larger(decays ? decay / limit : 0, pulls ? l1 / 0.003 : 0),
                                       drops ? (dropout - 0.5) * 10 : 0);
    draft->strength =
        lost < 0.1 && much < 3 /* near rows may be no guide */
            ? 0.2
            : sl_case_smaller(0.9, 0.4 + 0.1 * sl_case_smaller(3, much) + 0.3 * sl_case_smaller(1, lost));
    if (fitted > 0.6)
        draft->strength *= 0.6;
    sl_text_put(&draft->sentence, "with");
    const char *join = " ";
    if (decays) {
        sl_text_add(&draft->sentence, "%sdecay %s", join, sl_case_number(c, decay));
        join = " and ";
    }
    if (pulls) {
        sl_text_add(&draft->sentence, "%sl1 %s", join, sl_case_number(c, l1));
        join = " and ";
    }
    if (drops)
        sl_text_add(&draft->sentence, "%sdropout %s", join, sl_case_number(c, dropout));
    if (broke)
        sl_text_add(&draft->sentence,
                    " what is left is made larger in training, and in step %zu a number was not finite",
                    c->outcome.step + 1);
    else
        sl_text_add(&draft->sentence,
                    " even the train loss stays at %s, where always the same answer gives %s",
                    sl_case_number(c, train), sl_case_number(c, d->chance));
    if (decays)
        sl_draft_fact(draft, "decay", decay, "below %s", sl_case_number(c, limit));
    if (pulls)
        sl_draft_fact(draft, "l1", l1, "below 0.003");
    if (drops)
        sl_draft_fact(draft, "dropout", dropout, "below 0.6");
    sl_draft_fact(draft, "train loss", train, NULL);
    sl_draft_fact(draft, "loss of the best constant answer", d->chance, NULL);
    sl_draft_fact(draft, "error of the 7 nearest rows", d->neighbours, NULL);
    sl_text_put(&draft->otherwise, "a net that is too small stays as high without them");
    sl_fix *fix = decays || pulls ? sl_draft_fix(draft, SL_MENDS) : NULL;
    if (decays)
        sl_fix_text(fix, "optimizer.decay", "0");
    if (pulls && o.l1 > 0)
        sl_fix_text(fix, "optimizer.l1", "0");
    if (pulls && o.l1_prox > 0)
        sl_fix_text(fix, "optimizer.l1_prox", "0");
    if (drops && sl_case_net_sized(c, 4, 0.1, net))
        sl_fix_text(decays || pulls ? fix : sl_draft_fix(draft, SL_MENDS), "net", net);
}

const sl_finding_kind sl_finding_over_regularised = {
    .name = "over_regularised",
    .summary = "decay, l1 or dropout is so strong that training rows are not learned",
    .formula = "decay, l1, dropout; train loss against that of the best constant answer",
    .source = "Krogh, Hertz 1991; Srivastava et al. 2014",
    .place = 69, /* what it keeps from being learned looks like a net that is too small */
    .look = overreg_look,
};
