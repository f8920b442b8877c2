/* unscaled_inputs: inputs far from deviation 1, or far from 0. */
#include "diagnose/diagnose.h"

#include <math.h>
#include <stdio.h>

static void input_scale_fixes(sl_case *c, sl_draft *draft)
{
    const char *net = sl_case_net(c);
    char text[SL_FIX_TEXT];
    if (c->train && c->train->store->columns) {
        sl_fix_text(sl_draft_fix(draft, SL_MENDS), "numbers", "standard");
        return;
    }
    if (c->batch < 2 || sl_text_fit(net, text, sizeof text) + 16 > sizeof text)
        return; /* batch_norm has no deviation of one row */
    snprintf(text, sizeof text, "batch_norm%s%.180s", *net ? ", " : "", net);
    sl_fix_text(sl_draft_fix(draft, SL_MENDS), "net", text);
}

static void input_scale_look(sl_case *c, sl_draft *draft)
{
    const sl_data_look *d = &c->data;
    if (!d->inputs || sl_case_norms_inputs(c) || !(d->most > 0))
        return;
    const double ratio = d->least > 0 ? d->most / d->least : 1, learned = sl_case_learned(c);
    const bool small = d->largest<0.1, large = d->most> 10 || d->in_rms > 15;
    double strength = 0;
    if (large)
        strength = d->most > 50 || d->in_rms > 60 ? 0.9 : 0.55;
    else if (small)
        strength = d->largest < 0.01 ? 0.8 : 0.5;
    if (large && ratio > 100)
        strength = sl_case_larger(strength, 0.85);
    if (strength == 0)
        return;
    if (learned > 0.8)
        strength = sl_case_smaller(strength, 0.25);
    draft->strength = strength;
    char least[80], most[80];
    sl_case_input_name(c, d->least_at, least);
    sl_case_input_name(c, d->most_at, most);
    if (ratio > 10)
        sl_text_add(&draft->sentence, "inputs have deviations from %s (%s) to %s (%s)",
                    sl_case_number(c, d->least), least, sl_case_number(c, d->most), most);
    else
        sl_text_add(&draft->sentence,
                    "inputs reach %s and have deviations up to %s (%s), their root mean square is %s",
                    sl_case_number(c, d->largest), sl_case_number(c, d->most), most,
                    sl_case_number(c, d->in_rms));
    sl_draft_fact(draft, "largest deviation of an input", d->most, "0.1 to 10");
    sl_draft_fact(draft, "smallest", d->least, NULL);
    sl_draft_fact(draft, "largest input", d->largest, small ? "above 0.1" : NULL);
    sl_draft_fact(draft, "root mean square of inputs", d->in_rms, "below 15");
    sl_draft_fact(draft, "largest |mean| / deviation", d->offset, NULL);
    sl_text_put(&draft->otherwise,
                "with inputs of deviation 1 a step size that is too large shows alike; a smaller "
                "one mends that, and not inputs of different size");
    input_scale_fixes(c, draft);
}

const sl_finding_kind sl_finding_unscaled_inputs = {
    .name = "unscaled_inputs",
    .summary = "inputs are far from mean 0 and deviation 1",
    .formula = "deviation of each input over the training rows; root mean square of all",
    .source = "LeCun, Bottou, Orr, Mueller 1998",
    .place = 20,
    .look = input_scale_look,
};
