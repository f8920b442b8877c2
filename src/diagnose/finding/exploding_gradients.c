/* exploding_gradients: they grow from the last layer to the first. */
#include "diagnose/signs.h"

#include <string.h>

/* How much longer dL/dz of a hidden layer is than that of the last; *at: where most so. */
static double exploding_gradients_ratio(const sl_net_look *look, int *at)
{
    double most = 0;
    const int last = look->layers - 1;
    for (int i = 0; look->known && i < last; i++) {
        if (!sl_signs_hidden(&look->layer[i]))
            continue;
        const double ratio = sl_signs_backward(look, i) / sl_signs_backward(look, last);
        if (ratio > most && ratio - ratio == 0) {
            most = ratio;
            *at = i;
        }
    }
    return most;
}

/* Of the sums of the last hidden layer to those of the first: with the signal the weights' gradients grow. */
static double exploding_gradients_forward(const sl_net_look *look)
{
    const sl_net_look_layer *first = NULL, *last = NULL;
    for (int i = 0; look->known && i < look->layers; i++)
        if (sl_signs_hidden(&look->layer[i])) {
            first = first ? first : &look->layer[i];
            last = &look->layer[i];
        }
    return first && first->z > 0 ? last->z / first->z : 0;
}

/* A hidden layer whose weights have clearly more than he's variance, 2 / inputs. */
static bool exploding_gradients_wide(const sl_net_look *look)
{
    bool wide = false;
    for (int i = 0; i < look->layers; i++) {
        const sl_net_look_layer *l = &look->layer[i];
        wide = wide || (sl_signs_hidden(l) && l->built->wanted[0].fan_in * l->weight * l->weight > 3);
    }
    return wide;
}

static void exploding_gradients_look(sl_case *c, sl_draft *draft)
{
    int at = 0, end_at = 0;
    const double start = exploding_gradients_ratio(&c->start, &at),
                 end = exploding_gradients_ratio(&c->end, &end_at);
    const bool later = !(start >= end / 10); /* it came with training: less sure that it is a cause */
    const sl_net_look *look = later ? &c->end : &c->start;
    const double ratio = later ? end : start, forward = exploding_gradients_forward(&c->start);
    /* Of gradients that all but ended the ratio says nothing. */
    const bool ended = later && c->end.layer[end_at].gradient < 1e-6 * c->start.gradient;
    const bool back = ratio >= (later ? 30 : 10) && !ended;
    if (!back && !(forward > 15))
        return;
    const sl_net_look_layer *l = &look->layer[later ? end_at : at], *last = &look->layer[look->layers - 1];
    sl_loss_course course;
    sl_loss_course_take(c, &course);
    draft->strength = 0.25 + 0.65 * (back ? sl_signs_ramp(ratio, 10, 100) : sl_signs_ramp(forward, 15, 150));
    if (back && later) {
        draft->place = 55;
        draft->strength *= 0.6;
    }
    if (!course.poor)
        draft->strength *= course.gain > 0.7 ? 0.3 : 0.6;
    if (back)
        sl_text_add(
            &draft->sentence,
            "gradients explode on their way back: in %s the signal is %s times as long as in %s (root mean "
            "squares of the weights' gradients %s and %s)",
            l->name, sl_case_number(c, ratio), last->name, sl_case_number(c, l->gradient),
            sl_case_number(c, last->gradient));
    else
        sl_text_add(
            &draft->sentence,
            "signals grow on their way through the net, and gradients with them: the sums of its last hidden "
            "layer have %s times the deviation of those of its first",
            sl_case_number(c, forward));
    if (back && later)
        sl_text_add(&draft->sentence, " behind step %zu, %s at the start", c->outcome.step,
                    sl_case_number(c, start));
    else
        sl_text_put(&draft->sentence, " from step 1 on");
    if (c->outcome.diverged)
        sl_text_add(&draft->sentence, ", and a number was not finite in step %zu", c->outcome.step + 1);
    sl_text_put(&draft->otherwise,
                "with steps too long alone, gradients would be of one length in all layers at "
                "the start and grow with the loss");
    sl_draft_fact(draft, "signal back, against the last layer", ratio, "0.1 to 10");
    sl_draft_fact(draft, "sums forward, last hidden layer to first", forward, "0.1 to 10");
    sl_draft_fact(draft, "length of the gradient", look->gradient, NULL);
    sl_draft_fact(draft, "gradient of the layer", l->gradient, NULL);
    sl_draft_fact(draft, "gradient of the last layer", last->gradient, NULL);
    sl_fix_number(sl_draft_fix(draft, SL_MENDS), "optimizer.clip_norm", 1);
    if (exploding_gradients_wide(look))
        sl_signs_fix_init(c, sl_draft_fix(draft, SL_MENDS), sl_signs_init(l));
    sl_signs_fix_norm(c, draft, false);
}

const sl_finding_kind sl_finding_exploding_gradients = {
    .name = "exploding_gradients",
    .summary = "gradients grow from the last layer to the first",
    .formula = "|dL/dz_l| / |dL/dz_last| > 10 at the start; weights that keep signals have about 1",
    .source = "Bengio, Simard, Frasconi 1994; Pascanu, Mikolov, Bengio, ICML 2013",
    .place = 38,
    .look = exploding_gradients_look,
};
