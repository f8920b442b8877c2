/* setups_kinds.c - what is wrong with drawn trainings, what healthy ones are like. See setups.h. */
#include "diagnose/setups.h"

#include <math.h>

/* --- what is wrong with them, and what the data must be like for that ------------------------------------
 */

static void setups_lr_too_high(setups_draw *d)
{
    switch (sl_setups_below(d, 3)) {
    case 0:
        sl_setups_lr(d, "adam", 0.3, 3);
        break;
    case 1:
        sl_setups_lr(d, "momentum", 0.5, 5);
        break;
    default:
        sl_setups_lr(d, "sgd", 2, 30);
    }
}

static void setups_lr_too_low(setups_draw *d)
{
    const bool sgd = sl_setups_below(d, 2) == 0;
    sl_setups_lr(d, sgd ? "sgd" : "adam", sgd ? 1e-5 : 1e-6, sgd ? 1e-3 : 3e-5);
}

static void setups_deep(setups_draw *d)
{
    sl_setups_lr(d, "sgd", 0.01, 0.03);
    d->o->net = sl_setups_kept(d, "%zu x %zu relu", NULL, 8 + sl_setups_below(d, 8), d->units);
}

static void setups_exploding(setups_draw *d)
{
    /* Twice he's variance and a little: each layer alone is near what is usual. */
    d->o->init =
        sl_setups_number(d, "normal std=%s", sl_setups_between(d, 2.1, 2.45) / sqrt((double)d->units));
}

static void setups_vanishing(setups_draw *d)
{
    d->o->net = sl_setups_kept(d, "%zu x %zu sigmoid", NULL, 6 + sl_setups_below(d, 7), d->units);
    sl_setups_lr(d, sl_setups_below(d, 2) ? "sgd" : "momentum", 0.02, 0.1);
}

static void setups_init_too_small(setups_draw *d)
{
    d->o->net = sl_setups_kept(d, sl_setups_below(d, 2) ? "%zu x %zu tanh" : "%zu x %zu relu", NULL,
                               3 + sl_setups_below(d, 2), d->units);
    d->o->init = sl_setups_number(d, "normal std=%s", sl_setups_between(d, 1e-4, 1e-2));
    sl_setups_lr(d, "sgd", 0.05, 0.1);
}

static void setups_init_too_large(setups_draw *d)
{
    d->o->init = sl_setups_number(d, "normal std=%s", sl_setups_between(d, 2, 10));
}

static void setups_symmetric(setups_draw *d)
{
    d->o->init = sl_setups_below(d, 2)
                     ? "zeros"
                     : sl_setups_number(d, "constant value=%s", sl_setups_between(d, 0.05, 0.5));
}

static void setups_unscaled(setups_draw *d)
{
    d->extra = sl_setups_below(d, 3) ? sl_setups_number(d, "&scale=%s", sl_setups_between(d, 300, 30000))
                                     : sl_setups_number(d, "&offset=%s", sl_setups_between(d, 50, 1000));
}

static void setups_far(setups_draw *d)
{
    const char *both =
        sl_setups_number(d, "&target_mean=%s&target_scale=%%s", sl_setups_between(d, 100, 10000));
    d->extra = sl_setups_number(d, both, sl_setups_between(d, 50, 5000));
    d->o->target_scale = "standard";
}

static void setups_unscaled_target(setups_draw *d)
{
    d->o->target_scale = "none";
}

static void setups_sorted(setups_draw *d)
{
    d->extra = "&sorted=1";
}

static void setups_unshuffled(setups_draw *d)
{
    d->o->sampling = "order";
}

static void setups_few(setups_draw *d)
{
    d->rows = 260 + 10 * sl_setups_below(d, 15);
    d->o->validation = "0.4";
    d->inputs = 5 + sl_setups_below(d, 4);
    d->noise = d->sets == SETUPS_AMOUNTS   ? "&noise=0.6"
               : d->sets == SETUPS_CLASSES ? "&wrong=0.05"
                                           : "&noise=0.35";
    d->o->net = "16 relu";
}

static void setups_overfitting(setups_draw *d)
{
    d->o->net = sl_setups_kept(d, "%zu relu, %zu relu", NULL, 64 + 32 * sl_setups_below(d, 4), 64);
    d->o->epochs = 100 + (int)sl_setups_below(d, 150);
    sl_setups_lr(d, "adam", 0.005, 0.01);
}

static void setups_bent(setups_draw *d)
{
    d->extra = d->sets == SETUPS_CLASSES ? "&curve=8&useful=2" : "";
    d->inputs = 3;
    d->o->net = "32 relu, 32 relu";
    d->o->epochs = 80;
    sl_setups_lr(d, "adam", 0.005, 0.01);
}

static void setups_underfitting(setups_draw *d)
{
    static const char *const nets[] = { "linear", "1 tanh", "2 relu" };
    d->o->net = nets[sl_setups_below(d, 3)];
}

static void setups_wide(setups_draw *d)
{
    d->extra = "&useful=2";
    d->inputs = 2 + sl_setups_below(d, 2);
    d->classes = 2 + sl_setups_below(d, 2);
    d->rows = 500 + 10 * sl_setups_below(d, 30);
    d->o->validation = "0.3";
    d->o->net = sl_setups_kept(d, "%zu relu, %zu relu", NULL, 64, 64);
    d->o->epochs = 100 + (int)sl_setups_below(d, 100);
    sl_setups_lr(d, "adam", 0.003, 0.01);
}

static void setups_label_noise(setups_draw *d)
{
    d->extra = sl_setups_number(d, "&useful=2&wrong=%s", sl_setups_between(d, 0.12, 0.22));
}

static void setups_many(setups_draw *d)
{
    d->rows = 2500 + 100 * sl_setups_below(d, 15);
    d->classes = 2;
    d->extra = "&rare=0.3";
    d->noise = "&noise=0.7";
    d->o->net = sl_setups_below(d, 2) ? "8 tanh" : "16 relu";
    d->o->epochs = 25;
    sl_setups_lr(d, "adam", 0.001, 0.003);
}

static void setups_imbalance(setups_draw *d)
{
    d->extra = sl_setups_number(d, "&rare=%s", sl_setups_between(d, 0.015, 0.04));
}

static void setups_leakage(setups_draw *d)
{
    d->extra = sl_setups_number(d, "&leak=1&wrong=%s", sl_setups_between(d, 0.15, 0.35));
}

static void setups_whole_batch(setups_draw *d)
{
    d->o->batch = -1;
}

static void setups_clipped(setups_draw *d)
{
    const char *words = sl_setups_number(d, "%s", sl_setups_between(d, 0.0003, 0.003));
    double limit;
    sl_number_parse(words, &limit);
    d->o->optimizer.clip_norm = (sl_real)limit;
}

static void setups_descent(setups_draw *d)
{
    sl_setups_lr(d, "sgd", 0.1, 0.3);
}

static void setups_wrong_loss(setups_draw *d)
{
    d->o->task = "regression";
}

static void setups_regularised(setups_draw *d)
{
    switch (sl_setups_below(d, 3)) {
    case 0:
        d->o->optimizer.rule = "adam";
        d->o->optimizer.lr = (sl_real)0.005;
        d->o->optimizer.decay = (sl_real)(0.1 * (double)(1 + sl_setups_below(d, 10)));
        break;
    case 1:
        d->o->optimizer.l1 = (sl_real)(0.02 * (double)(1 + sl_setups_below(d, 5)));
        break;
    default:
        d->o->net =
            sl_setups_kept(d, "%zu relu, dropout 0.9, %zu relu, dropout 0.9", NULL, d->units, d->units);
    }
}

static void setups_stopped(setups_draw *d)
{
    d->o->epochs = 4 + (int)sl_setups_below(d, 5);
}

static void setups_patient(setups_draw *d)
{
    sl_setups_lr(d, "adam", 0.0005, 0.002);
    d->o->epochs = 60;
}

static void setups_hard(setups_draw *d)
{
    d->rows = 2000;
    d->inputs = 6 + sl_setups_below(d, 8);
    d->extra = "&useful=4&curve=5";
    d->o->net = "32 relu";
    d->o->epochs = 30;
}

static void setups_too_few(setups_draw *d)
{
    d->rows = 240;
    d->o->validation = "0.6";
    d->o->epochs = 300; /* as many steps, about */
}

/* --- healthy ones, that look as if something were wrong --------------------------------------------------
 */

static void setups_noisy(setups_draw *d)
{
    d->extra = sl_setups_number(d, "&wrong=%s", sl_setups_between(d, 0.02, 0.06));
}

static void setups_overlap(setups_draw *d)
{
    d->noise = d->sets == SETUPS_AMOUNTS   ? "&noise=0.8"
               : d->sets == SETUPS_CLASSES ? "&noise=0.7"
                                           : "&noise=0.4";
    d->rows = 600 + 10 * sl_setups_below(d, 40);
    d->units = 8;
    d->o->epochs = 20;
}

static void setups_rare(setups_draw *d)
{
    d->extra = sl_setups_number(d, "&rare=%s", sl_setups_between(d, 0.12, 0.2));
    d->rows = 600 + 10 * sl_setups_below(d, 60);
    d->classes = 2;
}

static void setups_tiny(setups_draw *d)
{
    d->rows = 40 + sl_setups_below(d, 40);
    d->units = 8;
}

static void setups_slow(setups_draw *d)
{
    sl_setups_lr(d, "adam", 0.0005, 0.001);
    d->o->epochs = 150;
}

static void setups_jagged(setups_draw *d)
{
    d->o->batch = 2 + (int)sl_setups_below(d, 3);
    sl_setups_lr(d, sl_setups_below(d, 2) ? "sgd" : "adam", 0.003, 0.01);
}

static void setups_dropout(setups_draw *d)
{
    d->o->net = sl_setups_kept(d, "%zu relu, dropout 0.%zu", NULL, 32 + d->units, 2 + sl_setups_below(d, 2));
}

static void setups_scheduled(setups_draw *d)
{
    static const char *const names[] = { "cosine", "step every=200", "one_cycle" };
    d->o->optimizer.schedule = names[sl_setups_below(d, 3)];
}

static void setups_large(setups_draw *d)
{
    d->rows = 3000;
    d->o->batch = 64;
    d->o->epochs = 30;
}

static void setups_plain(setups_draw *d)
{
    (void)d;
}

/* --- all of them -----------------------------------------------------------------------------------------
 */

static const setups_kind setups_all[] = {
    { "lr_too_high", false, SETUPS_ALL, SETUPS_BEST, setups_plain, setups_lr_too_high },
    { "lr_too_low", false, SETUPS_ALL, SETUPS_BEST, setups_plain, setups_lr_too_low },
    { "exploding_gradients", false, SETUPS_SMALL, SETUPS_BEST, setups_deep, setups_exploding },
    { "vanishing_gradients", false, SETUPS_SMALL, SETUPS_BEST, setups_plain, setups_vanishing },
    { "init_too_small", false, SETUPS_SMALL, SETUPS_BEST, setups_plain, setups_init_too_small },
    { "init_too_large", false, SETUPS_SMALL, SETUPS_BEST, setups_plain, setups_init_too_large },
    { "symmetric_weights", false, SETUPS_ALL, SETUPS_BEST, setups_plain, setups_symmetric },
    { "unscaled_inputs", false, SETUPS_CLASSES | SETUPS_AMOUNTS, SETUPS_BEST, setups_plain, setups_unscaled },
    { "unscaled_target", false, SETUPS_AMOUNTS, SETUPS_RMSE, setups_far, setups_unscaled_target },
    { "unshuffled_data", false, SETUPS_CLASSES, SETUPS_BEST, setups_sorted, setups_unshuffled },
    { "overfitting", false, SETUPS_CLASSES | SETUPS_AMOUNTS | SETUPS_MOONS, SETUPS_LAST, setups_few,
      setups_overfitting },
    { "underfitting", false, SETUPS_SPIRAL | SETUPS_CIRCLE | SETUPS_QUADRANTS | SETUPS_CLASSES, SETUPS_BEST,
      setups_bent, setups_underfitting },
    { "label_noise", false, SETUPS_CLASSES, SETUPS_LAST, setups_wide, setups_label_noise },
    { "class_imbalance", false, SETUPS_CLASSES, SETUPS_MADE, setups_many, setups_imbalance },
    { "leakage", false, SETUPS_CLASSES, SETUPS_MADE, setups_plain, setups_leakage },
    { "batch_too_large", false, SETUPS_ALL, SETUPS_BEST, setups_plain, setups_whole_batch },
    { "clipping_always", false, SETUPS_ALL, SETUPS_BEST, setups_descent, setups_clipped },
    { "wrong_loss", false, SETUPS_ALL - SETUPS_AMOUNTS, SETUPS_MADE, setups_plain, setups_wrong_loss },
    { "over_regularised", false, SETUPS_ALL, SETUPS_BEST, setups_plain, setups_regularised },
    { "stopped_too_early", false, SETUPS_ALL | SETUPS_SPIRAL, SETUPS_BEST, setups_patient, setups_stopped },
    { "too_little_data", false, SETUPS_CLASSES, SETUPS_BEST, setups_hard, setups_too_few },
    { "plain", true, SETUPS_ALL, SETUPS_FINE, setups_plain, setups_plain },
    { "noisy", true, SETUPS_CLASSES, SETUPS_FINE, setups_plain, setups_noisy },
    { "overlapping", true, SETUPS_MOONS | SETUPS_GAUSS | SETUPS_CLASSES | SETUPS_AMOUNTS, SETUPS_FINE,
      setups_plain, setups_overlap },
    { "imbalanced", true, SETUPS_CLASSES, SETUPS_FINE, setups_plain, setups_rare },
    { "tiny", true, SETUPS_PLANE, SETUPS_FINE, setups_plain, setups_tiny },
    { "slow", true, SETUPS_SMALL, SETUPS_FINE, setups_plain, setups_slow },
    { "jagged", true, SETUPS_SMALL, SETUPS_FINE, setups_plain, setups_jagged },
    { "dropout", true, SETUPS_SMALL, SETUPS_FINE, setups_plain, setups_dropout },
    { "scheduled", true, SETUPS_ALL, SETUPS_FINE, setups_plain, setups_scheduled },
    { "large", true, SETUPS_SMALL, SETUPS_FINE, setups_plain, setups_large },
};

const setups_kind *sl_setups_kind(int index)
{
    return index >= 0 && (size_t)index < sizeof setups_all / sizeof *setups_all ? &setups_all[index] : NULL;
}
