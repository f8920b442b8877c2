/* watch_causes.c - a loss that does not move, and what a look at the net says of the cause: see watch.h. */
#include "diagnose/watch.h"

#include <math.h>
#include <string.h>

enum { CAUSES_LOOKS = 4, CAUSES_EPOCHS = 10, CAUSES_STEPS = 300 };

/* --- what the look shows, the surest first ------------------------------------------------------------ */

static bool causes_alike(const sl_net_look_layer *l)
{
    return sl_signs_hidden(l) && l->units > 1 && l->alike >= 1;
}

static bool causes_dead(const sl_net_look_layer *l)
{
    return !l->last && l->dead >= 1;
}

static bool causes_flat(const sl_net_look_layer *l)
{
    return !l->last && sl_signs_squashes(l) && l->saturated > 0.95;
}

static bool causes_small(const sl_net_look_layer *l)
{
    return sl_signs_hidden(l) && l->z < 0.01;
}

static void causes_say_alike(sl_watcher *w, const sl_net_look_layer *l)
{
    w->name = "symmetric_weights";
    sl_text_add(&w->line, "all %zu units of %s answer alike, as they began alike; try --init %s", l->units,
                l->name, sl_signs_init(l));
}

/* Steps that drove the units there: the loss jumped, or, of Adam's kind, one of them can turn a unit over. */
static bool causes_long_steps(const sl_watcher *w)
{
    return sl_trainer_rate(w->t) > 0 && !w->t->step->whole &&
           (w->stride > 0.5 || w->high > 5 * sl_case_larger(w->first, w->chance));
}

static void causes_say_long_steps(sl_watcher *w)
{
    const double lr = sl_trainer_rate(w->t);
    if (w->stride > 0.5)
        sl_text_add(&w->line,
                    ": a step of learning rate %s can change a unit's sum by %s of its first deviation",
                    sl_watch_number(w, lr), sl_watch_number(w, w->stride));
    else
        sl_text_add(&w->line, ", after steps whose loss reached %s: learning rate %s is too large",
                    sl_watch_number(w, w->high), sl_watch_number(w, lr));
    sl_text_put(&w->line, "; try ");
    sl_watch_try(w, "lr", lr / 10);
}

/* Dead or saturated units, behind what was said of them. */
static void causes_say_why(sl_watcher *w, const sl_net_look *look, const char *name, const char *otherwise)
{
    const bool scaled = !(look->layer[0].in > 20), driven = causes_long_steps(w);
    w->name = !scaled ? "unscaled_inputs" : driven ? "lr_too_high" : name;
    if (!scaled)
        sl_text_add(&w->line, ", as the inputs have a deviation of %s; try them scaled",
                    sl_watch_number(w, look->layer[0].in));
    else if (driven)
        causes_say_long_steps(w);
    else
        sl_text_add(&w->line, "; try %s", otherwise);
}

static double causes_length(const sl_net_look *look)
{
    double squares = 0;
    for (int i = 0; i < look->layers; i++) {
        const sl_net_look_layer *l = &look->layer[i];
        if (l->built->kind == &sl_layer_dense)
            squares += l->weight * l->weight * (double)l->built->param[0]->count;
    }
    return sqrt(squares);
}

/* Steps so short that no training of this length comes anywhere: by the first-order fall of the loss; of
 * Adam's kind, which moves a weight by at most about lr, by the weights. */
static bool causes_too_low(const sl_watcher *w, const sl_net_look *look)
{
    const double planned = (double)w->c.planned, lr = w->c.lr;
    double most = 0;
    if (!(lr > 0) || w->t->step->whole)
        return false;
    if (w->c.gradient_rule) /* on a saddle the gradient says nothing of what comes behind it */
        return lr / (1 - w->c.momentum) * look->gradient * look->gradient * planned < 0.1 * look->loss &&
               look->gradient * causes_length(look) > 0.5 * look->loss;
    for (int i = 0; i < look->layers; i++)
        most = look->layer[i].weight > most ? look->layer[i].weight : most;
    return lr * planned < 0.1 * most;
}

static void causes_say_too_low(sl_watcher *w)
{
    const double lr = sl_trainer_rate(w->t);
    w->name = "lr_too_low";
    sl_text_add(&w->line, "learning rate %s is too small to come anywhere in %zu steps; try ",
                sl_watch_number(w, lr), w->c.planned);
    if (w->c.gradient_rule)
        sl_watch_try(w, "lr", lr < 1e-3 ? 0.01 : lr * 10);
    else
        sl_watch_try(w, "lr", lr < 1e-4 ? 1e-3 : lr * 10);
}

/* Of the signal back so much reaches the layer where least does; NaN. */
static double causes_signal(const sl_net_look *look, int *at)
{
    double least = (double)NAN;
    for (int i = 0; i + 1 < look->layers; i++) {
        const double ratio = sl_signs_backward(look, i) / sl_signs_backward(look, look->layers - 1);
        if (sl_signs_hidden(&look->layer[i]) && !(ratio >= least) && ratio >= 0) {
            least = ratio;
            *at = i;
        }
    }
    return least;
}

/* The cause, behind what stands in the line; false: none is sure. */
static bool causes_known(sl_watcher *w, const sl_net_look *look)
{
    const double decay = (double)w->t->step->set.decay, length = causes_length(look);
    const sl_net_look_layer *l;
    int at = 0;
    if (decay > 0.01 && length < 0.2 * w->length) {
        w->name = "over_regularised";
        sl_text_add(&w->line, "the decay of %s drew the weights from length %s to %s; try ",
                    sl_watch_number(w, decay), sl_watch_number(w, w->length), sl_watch_number(w, length));
        sl_watch_try(w, "decay", decay / 100);
    } else if ((l = sl_net_look_find(look, causes_alike)) != NULL && w->alike) {
        causes_say_alike(w, l);
    } else if ((l = sl_net_look_find(look, causes_dead)) != NULL) {
        sl_text_add(&w->line, "all %zu units of %s give 0 on all rows looked at", l->units, l->name);
        causes_say_why(w, look, "dead_units", "--activation leaky_relu");
    } else if ((l = sl_net_look_find(look, causes_flat)) != NULL) {
        sl_text_add(&w->line, "of %s %s is saturated", l->name, sl_case_percent(&w->c, l->saturated));
        causes_say_why(w, look, "saturated_units", "--init xavier, or --activation relu");
    } else if ((l = sl_net_look_find(look, causes_small)) != NULL) {
        w->name = "init_too_small";
        sl_text_add(&w->line,
                    "sums in %s have a deviation of %s, where one near 1 is wanted: the starting weights are "
                    "too small; try --init %s",
                    l->name, sl_watch_number(w, l->z), sl_signs_init(l));
    } else if (causes_signal(look, &at) < 0.003) {
        l = &look->layer[at];
        w->name = "vanishing_gradients";
        sl_text_add(&w->line, "of the signal back from the outputs %s reaches %s; try %s",
                    sl_watch_number(w, causes_signal(look, &at)), l->name,
                    sl_signs_squashes(l) ? "--activation relu --init he" : "fewer layers, or batch_norm");
    } else if (causes_too_low(w, look)) {
        causes_say_too_low(w);
    } else {
        return false;
    }
    return true;
}

/* --- the rules ---------------------------------------------------------------------------------------- */

/* A look at the net; false: not to be had. To be closed by sl_net_look_close in any case. */
static bool causes_look(const sl_watcher *w, sl_net_look *look)
{
    return !sl_net_look_take(look, (sl_trainer *)(uintptr_t)w->t, false, 0) && look->known && look->layers;
}

bool sl_watch_symmetric(sl_watcher *w, size_t epoch)
{
    sl_net_look look;
    const sl_net_look_layer *l = NULL;
    if (!w->alike || epoch != 1 || (w->said & SL_WATCH_FAULT))
        return false;
    if (causes_look(w, &look))
        l = sl_net_look_find(&look, causes_alike);
    if (l) {
        sl_watch_begin(w, "symmetric_weights", epoch);
        causes_say_alike(w, l);
    }
    sl_net_look_close(w->ctx, &look);
    return l != NULL;
}

/* No better than a constant answer, and not on the way there; in training mode neither. */
static bool causes_still(const sl_watcher *w, size_t epoch)
{
    const double now = sl_watch_train(w, epoch), half = sl_watch_train(w, epoch - epoch / 2),
                 from = w->chance > 0 ? 0.98 * w->chance : 0.99 * w->first;
    if (!(now > 0.99 * half) || w->chance == 0)
        return false;
    return now > from && w->mean > 0.99 * from && sl_watch_least(w, 1, epoch) > from;
}

/* Only what was seen is sure: no cause is. */
static void causes_say_nothing(sl_watcher *w, const sl_net_look *look)
{
    sl_text_add(&w->line, "nothing was learned in %zu steps", w->t->steps);
    if (look->known)
        sl_text_add(&w->line, ", and the answers differ by %s from row to row",
                    sl_watch_number(w, look->answers));
    if (w->stride > 0.5)
        causes_say_long_steps(w);
    else if (look->layers == 1)
        sl_text_put(&w->line, "; the net has no hidden layer: try --net \"16 relu\"");
    else if (w->c.gradient_rule)
        sl_text_put(&w->line, "; try --optimizer adam");
    else
        sl_text_put(&w->line, "; try a larger net, or another --lr");
}

/* It has hardly changed at all, wherever it is: steps may be too short to come anywhere. */
static bool causes_frozen(const sl_watcher *w, size_t epoch)
{
    const double scale = sl_watch_scale(w), first = sl_watch_train(w, 1), now = sl_watch_train(w, epoch);
    return epoch >= 4 && now > 0.3 * scale && fabs(first - now) < 0.003 * (double)epoch * scale &&
           sl_watch_least(w, 1, epoch) > 0.95 * first;
}

/* Steps are too short for all that is planned, and nothing was said of the net. */
static bool causes_crawls(sl_watcher *w, size_t epoch)
{
    sl_net_look look;
    bool says = false;
    w->looks++;
    w->next_look = 2 * epoch;
    if (causes_look(w, &look) && !sl_net_look_find(&look, causes_dead) && causes_too_low(w, &look)) {
        says = true;
        sl_watch_begin(w, "lr_too_low", epoch);
        sl_text_add(&w->line, "the loss went from %s to %s only: ", sl_watch_number(w, sl_watch_train(w, 1)),
                    sl_watch_number(w, sl_watch_train(w, epoch)));
        causes_say_too_low(w);
    }
    sl_net_look_close(w->ctx, &look);
    return says;
}

bool sl_watch_still(sl_watcher *w, size_t epoch)
{
    sl_net_look look;
    if (epoch < 3 || w->t->steps < 2 * SL_WATCH_FIRST || epoch < w->next_look || (w->said & SL_WATCH_FAULT) ||
        w->t->step->rule->only_loss)
        return false;
    if (!causes_still(w, epoch))
        return w->looks < CAUSES_LOOKS && causes_frozen(w, epoch) && causes_crawls(w, epoch);
    const double planned = (double)w->c.planned / (double)w->c.steps_an_epoch;
    const bool long_ago = epoch >= CAUSES_EPOCHS && w->t->steps >= CAUSES_STEPS &&
                          ((double)epoch * 4 >= planned || w->t->finished) &&
                          sl_watch_least(w, 1, epoch) > 0.995 * w->chance;
    bool says = false;
    if (w->looks == CAUSES_LOOKS && !long_ago)
        return false;
    w->looks++;
    w->next_look = 2 * epoch;
    sl_watch_begin(w, "plateau", epoch);
    sl_text_add(&w->line, "the loss stands still at %s", sl_watch_number(w, sl_watch_train(w, epoch)));
    if (w->chance > 0)
        sl_text_add(&w->line, ", and a constant answer has %s", sl_watch_number(w, w->chance));
    sl_text_put(&w->line, ": ");
    if (causes_look(w, &look))
        says = causes_known(w, &look);
    if (!says && long_ago) {
        says = true;
        causes_say_nothing(w, &look);
    }
    sl_net_look_close(w->ctx, &look);
    return says;
}
