/* watch_rules.c - what the losses of a training in progress say: see watch.h. Thresholds are such that
 * healthy trainings, of few rows, noisy ones and slow ones, are left in peace (tests/watch_test.c). */
#include "diagnose/watch.h"
#include "train/curvature.h"

#include <math.h>
#include <stdio.h>

enum {
    RULES_CURVE_ROWS = 256, /* of which the curvature is measured at most, */
    RULES_CURVE_LEAST = 64, /* and at least */
    RULES_CURVE_TURNS = 8,  /* of its power iteration: what it finds is at most the true one */
    RULES_CURVES = 4,       /* times at most */
    RULES_VALLEY = 5000,    /* numbers times rows of a problem whose valley is looked for */
    RULES_OVER = 4          /* steps in a row that make an explosion */
};

static const double rules_share = 0.02; /* of the whole training's work, for one look at the curvature */

static double rules_lr(const sl_watcher *w)
{
    return sl_trainer_rate(w->t);
}

/* --- the beginning ------------------------------------------------------------------------------------ */

/* What makes the first answers so large: the inputs, the target, else the weights. */
static void rules_began_cause(sl_watcher *w)
{
    const sl_data_look *d = &w->c.data;
    sl_net_look look;
    const bool looked = !sl_net_look_take(&look, (sl_trainer *)(uintptr_t)w->t, false, 0) && look.layers;
    const double in = looked ? look.layer[0].in : (double)NAN;
    if (!w->c.classes && fabs(d->target_mean) > 10 * d->target_deviation) {
        w->name = "unscaled_target";
        sl_text_add(&w->line, ": the target lies around %s, with a deviation of %s; try ",
                    sl_watch_number(w, d->target_mean), sl_watch_number(w, d->target_deviation));
        sl_text_put(&w->line, "--target-scale standard");
    } else if (in > 20) {
        w->name = "unscaled_inputs";
        sl_text_add(&w->line, ": the inputs have a deviation of %s, and should have one near 1; try %s",
                    sl_watch_number(w, in),
                    w->t->train->store->columns ? "--numbers standard"
                                                : "them scaled, or a batch_norm before the first layer");
    } else {
        w->name = "init_too_large";
        sl_text_put(&w->line, ": the starting weights are too large; try --init he or --init xavier");
    }
    sl_net_look_close(w->ctx, &look);
}

bool sl_watch_began(sl_watcher *w, bool epoch_over)
{
    const size_t epoch = w->t->epoch + !epoch_over;
    /* Of classes a batch's loss is as large as the outputs make it; of numbers a few rows may be far off. */
    const bool far =
        w->c.classes ? w->first > 50 * w->chance
                     : epoch_over && w->low > 300 * w->chance && sl_watch_train(w, epoch) > 100 * w->chance;
    if (!far || !(w->chance > 0) || (epoch_over && epoch > 1) || (w->said & SL_WATCH_FAULT))
        return false;
    sl_watch_begin(w, "init_too_large", epoch);
    sl_text_add(&w->line, "the loss began at %s, where a constant answer has %s",
                sl_watch_number(w, w->first), sl_watch_number(w, w->chance));
    rules_began_cause(w);
    return true;
}

/* --- the step size ------------------------------------------------------------------------------------ */

/* A tenth of the step size; where there is none, another method's affair. */
static void rules_smaller(sl_watcher *w)
{
    if (w->t->step->whole || !(rules_lr(w) > 0))
        sl_text_put(&w->line, "--optimizer adam");
    else
        sl_watch_try(w, "lr", rules_lr(w) / 10);
}

bool sl_watch_explodes(sl_watcher *w)
{
    if (w->over < RULES_OVER || (w->said & SL_WATCH_FAULT))
        return false;
    w->limit = (double)INFINITY;
    sl_watch_begin(w, "lr_too_high", w->t->epoch + 1);
    sl_text_add(&w->line, "step %zu has a loss of %s, and the first one had %s: it explodes", w->t->steps,
                sl_watch_number(w, w->t->last_loss), sl_watch_number(w, w->first));
    if (rules_lr(w) > 0)
        sl_text_add(&w->line, ", as with a learning rate (%s) that is too large",
                    sl_watch_number(w, rules_lr(w)));
    sl_text_put(&w->line, "; try ");
    rules_smaller(w);
    return true;
}

/* lr over the largest stable one, by a few rows; NaN: not to be had, or not now. */
static double rules_stability(sl_watcher *w, size_t epoch)
{
    sl_trainer *t = (sl_trainer *)(uintptr_t)w->t;
    sl_probe probe;
    sl_curvature found = { .curvature = NAN };
    if (!w->c.gradient_rule || w->curvatures == RULES_CURVES || epoch < w->next_curve)
        return (double)NAN;
    w->curvatures++; /* in pairs: what oscillates may be at one wall and then at the other */
    w->next_curve = w->curvatures % 2 ? epoch + 1 : 2 * epoch;
    const double share = rules_share * (double)w->c.planned * (double)w->c.batch / (2 * RULES_CURVE_TURNS);
    const size_t rows = share > RULES_CURVE_ROWS    ? RULES_CURVE_ROWS
                        : share < RULES_CURVE_LEAST ? RULES_CURVE_LEAST
                                                    : (size_t)share;
    if (!sl_probe_open(&probe, t, rows))
        sl_curvature_measure(&probe, RULES_CURVE_TURNS, &found);
    sl_probe_close(&probe);
    const double unit = rules_lr(w) / sl_signs_reach(&w->c), over = found.curvature * unit;
    if (over > 1 && t->steps_an_epoch == 1 && t->model->parameters * t->train->rows <= RULES_VALLEY) {
        sl_net_look floor = { .curvature = found.curvature }; /* steeper at the walls than where it leads */
        if (!sl_net_look_valley(&floor, t) && floor.valley * unit > 1)
            return floor.valley * unit;
    }
    return over;
}

/* The loss goes up again and again, and has come no lower for a third of the epochs. */
static bool rules_oscillates(const sl_watcher *w, size_t epoch, double *low, double *high)
{
    const double scale = sl_watch_scale(w), now = sl_watch_train(w, epoch);
    const size_t window = epoch / 3 < 2 ? 2 : epoch / 3, from = epoch > 8 ? epoch - 7 : 2;
    int rises = 0;
    if (epoch < 4 || !(now > 0.1 * scale) || !(w->mean > 0.1 * scale))
        return false;
    *low = *high = now;
    for (size_t e = from; e <= epoch; e++) {
        const double loss = sl_watch_train(w, e), before = sl_watch_train(w, e - 1);
        rises += loss - before > 0.05 * scale;
        *low = sl_case_smaller(loss, sl_case_smaller(before, *low));
        *high = sl_case_larger(loss, sl_case_larger(before, *high));
    }
    return rises >= 2 &&
           sl_watch_least(w, epoch - window + 1, epoch) > 0.9 * sl_watch_least(w, 1, epoch - window);
}

/* Two epochs in a row it was well above where it began, and above a constant answer: in training and in
 * inference mode, as running statistics may be off in the first epochs. A single batch may begin low. */
static bool rules_rose(const sl_watcher *w, size_t epoch)
{
    const double scale = sl_watch_scale(w), now = sl_watch_train(w, epoch),
                 then = sl_watch_train(w, epoch - 1);
    /* Or the first steps were the rise already. */
    const bool jumped = w->first < 3 * scale && w->high > 10 * w->first && now > 0.9 * sl_watch_train(w, 1);
    const double from = jumped ? 3 * scale : 1.5 * sl_case_larger(scale, w->early);
    return epoch > 1 && w->early > 0 && w->mean > from && w->before > from && now > from && then > from;
}

bool sl_watch_too_high(sl_watcher *w, size_t epoch)
{
    double low = NAN, high = NAN;
    if (w->said & SL_WATCH_FAULT)
        return false;
    const bool rose = rules_rose(w, epoch), swings = rules_oscillates(w, epoch, &low, &high);
    if (!rose && !swings)
        return false;
    const double over = rules_stability(w, epoch), lr = rules_lr(w);
    sl_watch_begin(w, "lr_too_high", epoch);
    if (over > 1.2 && (swings || over < 100)) { /* far above the valley, curvature says little of it */
        sl_text_add(&w->line, "learning rate %s is above %s = %s: ", sl_watch_number(w, lr),
                    sl_signs_reach_words(&w->c), sl_watch_number(w, lr / over));
        if (swings)
            sl_text_add(&w->line, "the loss oscillates between %s and %s; try ", sl_watch_number(w, low),
                        sl_watch_number(w, high));
        else
            sl_text_add(&w->line, "the loss rose from %s to %s; try ", sl_watch_number(w, w->first),
                        sl_watch_number(w, sl_watch_train(w, epoch)));
        sl_watch_try(w, "lr", lr / over / 2);
        return true;
    }
    if (rose && !(lr > 0 && w->c.gradient_rule && over < 0.1)) {
        sl_text_add(&w->line, "the loss rose from %s to %s, where a constant answer has %s",
                    sl_watch_number(w, w->first), sl_watch_number(w, sl_watch_train(w, epoch)),
                    sl_watch_number(w, w->chance));
    } else if (swings && w->stride > 0.5 && w->high > 1.5 * w->early) {
        sl_text_add(&w->line,
                    "the loss oscillates between %s and %s, and a step of learning rate %s can change a "
                    "unit's sum by %s of its first deviation",
                    sl_watch_number(w, low), sl_watch_number(w, high), sl_watch_number(w, lr),
                    sl_watch_number(w, w->stride));
    } else {
        return false;
    }
    if (rose && lr > 0)
        sl_text_add(&w->line, ": learning rate %s is too large", sl_watch_number(w, lr));
    sl_text_put(&w->line, "; try ");
    rules_smaller(w);
    return true;
}

bool sl_watch_clipped(sl_watcher *w, size_t epoch)
{
    const sl_trainer *t = w->t;
    const double now = sl_case_epoch(&w->c, "clipped_steps", epoch),
                 then = epoch > 2 ? sl_case_epoch(&w->c, "clipped_steps", epoch - 2) : 0,
                 steps = sl_case_epoch(&w->c, "step", epoch) -
                         (epoch > 2 ? sl_case_epoch(&w->c, "step", epoch - 2) : 0);
    const double limit = (double)t->step->set.clip_norm, scale = sl_watch_scale(w);
    /* Rules of Adam's kind divide by the gradient's size: there it does no harm. */
    if ((w->said & SL_WATCH_FAULT) || !w->c.gradient_rule || epoch < 2 || steps < 20 ||
        !(now - then >= steps) || !(sl_watch_train(w, epoch) > 0.7 * scale))
        return false;
    double squares = 0;
    for (int i = 0; i < t->model->count; i++)
        squares += t->gradient_norms[i] * t->gradient_norms[i];
    const double length = sqrt(squares);
    if (limit > 0 && !(length > 5 * limit))
        return false;
    sl_watch_begin(w, "clipping_always", epoch);
    sl_text_add(&w->line, "all %zu steps of two epochs were clipped, and the loss is still %s", (size_t)steps,
                sl_watch_number(w, sl_watch_train(w, epoch)));
    if (limit > 0) {
        sl_text_add(&w->line,
                    ": the gradient has length %s and is cut to %s, so steps are %s times shorter "
                    "than lr says; try ",
                    sl_watch_number(w, length), sl_watch_number(w, limit),
                    sl_watch_number(w, length / limit));
        sl_watch_try(w, "clip-norm", 2 * length);
    } else {
        sl_text_put(&w->line, "; try ");
        sl_watch_try(w, "clip-value", 10 * (double)t->step->set.clip_value);
    }
    return true;
}

/* --- validation, the end ------------------------------------------------------------------------------ */

static double rules_mean(const sl_watcher *w, const char *name, size_t epoch, size_t epochs)
{
    double sum = 0;
    for (size_t i = 0; i < epochs; i++)
        sum += sl_case_epoch(&w->c, name, epoch - i) / (double)epochs;
    return sum;
}

bool sl_watch_overfits(sl_watcher *w, size_t epoch)
{
    enum { LAST = 5, SINCE = 10, PATIENT = 30 };
    const sl_trainer *t = w->t;
    const size_t best = t->best_epoch;
    const char *figure = w->c.classes ? "validation_accuracy" : "validation_rmse";
    if ((w->said & SL_WATCH_OVERFIT) || !t->validation || t->by_train || !best ||
        (t->options.patience > 0 && t->options.patience <= PATIENT) || /* it ends by itself */
        epoch < best + SINCE || (epoch - best) * 4 < epoch ||
        !(sl_watch_validation(w, best) > 0.01 * sl_watch_scale(w))) /* by few rows: it was all right */
        return false;
    const double lowest = sl_watch_validation(w, best), train = sl_watch_train(w, epoch),
                 before = sl_watch_train(w, best), noise = 1 / sqrt((double)t->validation->rows),
                 now = rules_mean(w, "validation_loss", epoch, LAST),
                 good = sl_case_epoch(&w->c, figure, best), is = rules_mean(w, figure, epoch, LAST);
    double least = now;
    for (size_t i = 0; i < LAST; i++)
        least = sl_case_smaller(least, sl_watch_validation(w, epoch - i));
    if (before > 1.5 * sl_watch_scale(w)) /* thrown about, and nothing learned by heart */
        return false;
    /* Up by much in each of the last epochs, not by noise, not from almost nothing to almost nothing; and
     * the answers themselves are no better. */
    if (!(now > (1.4 + 2 * noise) * lowest) || !(least > (1.2 + noise) * lowest) ||
        !(now - lowest > 0.3 * sl_watch_scale(w)) || !(train < 0.7 * before) || !(train < 0.15 * now) ||
        (w->c.classes ? is > good + 1e-9 : is < good))
        return false;
    sl_watch_begin(w, "overfitting", epoch);
    sl_text_add(&w->line,
                "the validation loss rose from %s in epoch %zu to %s, while the train loss fell from %s to "
                "%s: it overfits, and the weights of epoch %zu are kept; try --patience 10, a smaller net, "
                "or more rows",
                sl_watch_number(w, lowest), best, sl_watch_number(w, now), sl_watch_number(w, before),
                sl_watch_number(w, train), best);
    return true;
}

bool sl_watch_ended(sl_watcher *w, size_t epoch)
{
    const sl_trainer *t = w->t;
    const sl_fit_options *o = &t->options;
    const size_t part = epoch / 4;
    const bool by_length =
        (o->epochs && epoch >= (size_t)o->epochs) || (o->steps && t->steps >= (size_t)o->steps);
    if ((w->said & (SL_WATCH_EARLY | SL_WATCH_FAULT)) || t->adaptive || !by_length || epoch < 4 ||
        sl_step_converged(t->step))
        return false;
    const bool validates = t->validation && !t->by_train;
    const double train = sl_watch_train(w, epoch), then = sl_watch_train(w, epoch - part),
                 judged = validates ? sl_watch_validation(w, epoch) : train,
                 judged_then = validates ? sl_watch_validation(w, epoch - part) : then,
                 fall = sl_case_smaller((then - train) / then, (judged_then - judged) / judged_then),
                 left = judged / sl_watch_scale(w);
    if (!(judged <= t->best_loss) || !((fall > 0.15 && left > 0.6) || (fall > 0.25 && left > 0.3)))
        return false;
    for (size_t e = epoch - part; e < epoch; e++) /* evenly, not by a jump */
        if (!(sl_watch_train(w, e + 1) < sl_watch_train(w, e)) && (epoch - e) * 3 <= part + 2)
            return false;
    char quarter[32] = "last";
    if (part > 1)
        snprintf(quarter, sizeof quarter, "last %zu", part);
    sl_watch_begin(w, "stopped_too_early", epoch);
    sl_text_add(&w->line,
                "training ended while the loss still fell, by %s in the %s of %zu epochs, to %s; try ",
                sl_case_percent(&w->c, fall), quarter, epoch, sl_watch_number(w, judged));
    if (o->steps)
        sl_text_add(&w->line, "--steps %zu", 4 * t->steps);
    else
        sl_text_add(&w->line, "--epochs %zu", 4 * epoch);
    return true;
}
