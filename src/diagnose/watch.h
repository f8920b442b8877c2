/* watch.h - what is known of a training in progress, for the rules of watch_rules.c and watch_causes.c.
 *
 * A rule looks at numbers that training has anyway: losses of steps and epochs, clipped steps, lengths of
 * gradients. Only where these are suspicious, and a few times at most, it has a look at the net or at the
 * curvature. It speaks when it is sure; what a training does not show by then is left to the findings. */
#ifndef SL_DIAGNOSE_WATCH_H
#define SL_DIAGNOSE_WATCH_H

#include "diagnose/signs.h"

enum { SL_WATCH_FIRST = 10 }; /* steps that say how the loss began */

/* What was said is not said again; a fault explains what comes of it, so there is one at most. */
enum { SL_WATCH_FAULT = 1, SL_WATCH_OVERFIT = 2, SL_WATCH_EARLY = 4 };

struct sl_watcher {
    sl_ctx *ctx;
    sl_run *run;
    const sl_trainer *t;
    sl_case c; /* what the helpers of findings go by: the net, the rows, the optimizer */
    unsigned said;
    const char *name; /* of what is being said */
    sl_text line;

    double chance; /* loss of the best constant answer, as training sees it; NaN: not known */
    double stride; /* of a rule of Adam's kind: sl_signs_stride at the start; NaN */
    double length; /* of the starting weights that multiply */
    bool alike;    /* two units of a hidden layer began alike */

    size_t seen, firsts;          /* steps of this process, to firsts, the first ones of the first epoch */
    double first, early, low;     /* loss of the first step; most and least of the first ones; NaN */
    double limit;                 /* a step whose loss is above it is one of an explosion */
    int over;                     /* so many in a row were */
    double sum, count, high;      /* losses of this epoch's steps, the largest of all */
    double mean, before;          /* of this epoch and the one before; NaN: not all of it was seen */
    int train, validation;        /* columns of the report */
    size_t next;                  /* epoch at which rules are asked again: small nets need 2 us for one */
    int curvatures, looks;        /* taken */
    size_t next_curve, next_look; /* epochs before which none is taken */
};

/* --- numbers --- */
double sl_watch_train(const sl_watcher *w, size_t epoch); /* train loss, inference mode; NaN */
double sl_watch_validation(const sl_watcher *w, size_t epoch);
double sl_watch_least(const sl_watcher *w, size_t from, size_t to); /* of these train losses */
/* What losses are measured by: the loss of a constant answer; where that is not known, or 0, the first one.
 */
double sl_watch_scale(const sl_watcher *w);
/* "32 of ": to four figures, as sl_case_number. */
const char *sl_watch_number(sl_watcher *w, double value);
void sl_watch_try(sl_watcher *w, const char *option, double value); /* " --lr 0.04": to two figures */

/* --- what is said --- */
/* "epoch 3: " and the name of the finding; the sentence goes to w->line. */
void sl_watch_begin(sl_watcher *w, const char *name, size_t epoch);

/* --- watch_rules.c, watch_causes.c: true: something was said --- */
bool sl_watch_began(sl_watcher *w, bool epoch_over); /* far above what any net should begin with */
bool sl_watch_explodes(sl_watcher *w);               /* at a step */
bool sl_watch_symmetric(sl_watcher *w, size_t epoch);
bool sl_watch_too_high(sl_watcher *w, size_t epoch);
bool sl_watch_clipped(sl_watcher *w, size_t epoch);
bool sl_watch_still(sl_watcher *w, size_t epoch);
bool sl_watch_overfits(sl_watcher *w, size_t epoch);
bool sl_watch_ended(sl_watcher *w, size_t epoch);

#endif
