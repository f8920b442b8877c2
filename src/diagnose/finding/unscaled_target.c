/* unscaled_target: numbers far from what a net says at the start. */
#include "diagnose/diagnose.h"

#include <math.h>

static void target_scale_look(sl_case *c, sl_draft *draft)
{
    const sl_data_look *d = &c->data;
    const sl_model *model = c->model;
    if (d->classes || !model || !model->loss || model->loss->target != SL_TARGET_NUMBER ||
        model->loss->from_0 || model->target.way != SL_UNSCALED || sl_model_outputs(model) != 1 ||
        !(d->target_deviation > 0))
        return;
    const sl_op *f = model->layers[model->count - 1].activation;
    if (f && f->bounded)
        return;
    const double size = d->target_deviation, offset = fabs(d->target_mean) / size,
                 learned = sl_case_learned(c);
    double strength = 0;
    if (size > 10 || size < 0.03)
        strength = size > 100 || size < 0.003 ? 0.9 : 0.6;
    if (offset > 10 && fabs(d->target_mean) > 3)
        strength = sl_case_larger(strength, offset > 50 ? 0.85 : 0.5);
    if (strength == 0)
        return;
    if (learned > 0.95) /* it copes */
        strength = 0.25;
    draft->strength = strength;
    sl_text_add(&draft->sentence,
                "the targets have mean %s and deviation %s, and the net begins with answers around 0",
                sl_case_number(c, d->target_mean), sl_case_number(c, size));
    sl_draft_fact(draft, "deviation of the target", size, "0.03 to 10");
    sl_draft_fact(draft, "its mean in deviations", offset, "below 10");
    sl_draft_fact(draft, "of the best constant answer's loss gone", learned, NULL);
    sl_text_put(&draft->otherwise,
                "with a target of mean 0 and deviation 1 the first losses are near 1; if they "
                "stay there as well, the inputs or the net are to blame");
    sl_fix_text(sl_draft_fix(draft, SL_MENDS), "target_scale", "standard");
}

const sl_finding_kind sl_finding_unscaled_target = {
    .name = "unscaled_target",
    .summary = "targets are numbers far from what the net says at the start",
    .formula = "deviation of the target; |mean| / deviation",
    .source = "LeCun, Bottou, Orr, Mueller 1998",
    .place = 20,
    .look = target_scale_look,
};
