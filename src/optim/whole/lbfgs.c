/* lbfgs: along -H g, where H, the inverse of the curvature, is what the last steps s and changes of the
 * gradient y say about it (Nocedal, Wright 2006, algorithms 7.4 and 7.5); how far, a line search finds
 * (line.c). */
#include "optim/whole/whole.h"

#include <string.h>

enum { LBFGS_S = 3, LBFGS_Y, LBFGS_RHO, LBFGS_GRADIENT, LBFGS_P, LBFGS_PLACE, LBFGS_KEPT };
enum { LBFGS_PAIRS = SL_WHOLE_OWN, LBFGS_NEXT }; /* how many pairs there are; where the next one goes */

static const sl_option lbfgs_options[] = {
    { .name = "history",
      .summary = "steps that are remembered",
      .normal = 10,
      .low = 1,
      .high = 1000,
      .whole = true },
    { 0 },
};

static void lbfgs_plan(sl_whole *whole)
{
    const size_t history = (size_t)whole->option[0], n = whole->n;
    sl_whole_add(whole, "s", history, n);
    sl_whole_add(whole, "y", history, n);
    sl_whole_add(whole, "rho", 1, history);
    sl_whole_add(whole, "gradient", 1, n);
    sl_whole_add(whole, NULL, 1, n);
    sl_whole_add(whole, NULL, 1, n);
    sl_whole_add(whole, NULL, 1, n > history ? n : history);
}

static bool lbfgs_sound(const sl_whole *whole)
{
    const double history = whole->option[0];
    return sl_whole_counts(whole->number[LBFGS_PAIRS], history) &&
           sl_whole_counts(whole->number[LBFGS_NEXT], history - 1);
}

static void lbfgs_add(double *to, double factor, const double *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] += factor * x[i];
}

/* p = -H g, by two loops over the pairs. */
static void lbfgs_direction(sl_whole *w)
{
    const size_t n = w->n, history = (size_t)w->option[0];
    const size_t pairs = (size_t)w->number[LBFGS_PAIRS], next = (size_t)w->number[LBFGS_NEXT];
    double *p = w->array[LBFGS_P].v, *share = w->array[LBFGS_KEPT].v;
    const double *s = w->array[LBFGS_S].v, *y = w->array[LBFGS_Y].v, *rho = w->array[LBFGS_RHO].v;
    for (size_t i = 0; i < n; i++)
        p[i] = -w->array[LBFGS_GRADIENT].v[i];
    for (size_t k = 0; k < pairs; k++) {
        const size_t at = (next + history - 1 - k) % history;
        share[at] = rho[at] * sl_whole_dot(s + at * n, p, n);
        lbfgs_add(p, -share[at], y + at * n, n);
    }
    if (pairs) {
        const double *last = y + (next + history - 1) % history * n;
        const double scale = 1 / (rho[(next + history - 1) % history] * sl_whole_dot(last, last, n));
        for (size_t i = 0; i < n; i++)
            p[i] *= scale;
    }
    for (size_t k = pairs; k-- > 0;) {
        const size_t at = (next + history - 1 - k) % history;
        lbfgs_add(p, share[at] - rho[at] * sl_whole_dot(y + at * n, p, n), s + at * n, n);
    }
}

/* The pair of the step to `place`, where the gradient is w->slope; one without curvature is left out. */
static void lbfgs_remember(sl_whole *w, const double *place)
{
    const size_t n = w->n, history = (size_t)w->option[0], at = (size_t)w->number[LBFGS_NEXT];
    double *s = w->array[LBFGS_S].v + at * n, *y = w->array[LBFGS_Y].v + at * n;
    const double *g = w->array[LBFGS_GRADIENT].v;
    for (size_t i = 0; i < n; i++) {
        s[i] = place[i] - w->x[i];
        y[i] = w->slope[i] - g[i];
    }
    const double curve = sl_whole_dot(s, y, n);
    if (!(curve > 1e-12 * sl_whole_dot(y, y, n)))
        return;
    w->array[LBFGS_RHO].v[at] = 1 / curve;
    w->number[LBFGS_NEXT] = (double)((at + 1) % history);
    w->number[LBFGS_PAIRS] += w->number[LBFGS_PAIRS] < (double)history;
}

static sl_status lbfgs_iterate(sl_step *step, sl_whole *w)
{
    const size_t n = w->n;
    double *g = w->array[LBFGS_GRADIENT].v, *p = w->array[LBFGS_P].v, *place = w->array[LBFGS_PLACE].v;
    double loss = w->number[SL_WHOLE_LOSS], found = loss, length = 0;
    (void)step;
    if (!w->known)
        memcpy(g, w->slope, n * sizeof *g);
    w->sloped = true;
    if (sl_whole_flat(g, w->x, n)) {
        memcpy(w->slope, g, n * sizeof *g);
        sl_whole_done(w, "the gradient has become 0 but for rounding");
        return SL_OK;
    }
    for (;;) { /* at most twice: with what is remembered, and without */
        lbfgs_direction(w);
        const double downhill = sl_whole_dot(g, p, n), size = sqrt(sl_whole_dot(g, g, n));
        const bool bare = w->number[LBFGS_PAIRS] == 0;
        length = bare && size > 1 ? 1 / size : 1;
        if (downhill < 0 &&
            sl_whole_line(w, w->x, loss, downhill, p, &length, place, w->array[LBFGS_KEPT].v, &found))
            return w->ctx->status;
        if (downhill < 0 && length > 0)
            break;
        w->number[LBFGS_PAIRS] = 0;
        if (bare) {
            memcpy(w->slope, g, n * sizeof *g);
            sl_whole_done(w, "no step along the gradient makes the loss smaller");
            return SL_OK;
        }
    }
    lbfgs_remember(w, place);
    memcpy(g, w->slope, n * sizeof *g);
    sl_whole_settle(w, place, found);
    if (!w->random && sl_whole_flat(g, w->x, n))
        sl_whole_done(w, "the gradient has become 0 but for rounding");
    else if (!w->random && sl_whole_same(loss, found))
        sl_whole_done(w, "the loss changes no more but for rounding");
    return SL_OK;
}

const sl_rule sl_rule_lbfgs = {
    .name = "lbfgs",
    .summary = "all rows at once: steps that learn the curvature, as far as a line search says",
    .formula = "w <- w - length H g, H from the last 10 changes of w and g",
    .source = "Liu, Nocedal, Mathematical Programming 45, 1989; Nocedal, Wright 2006, 7.2 and 3.5",
    .options = lbfgs_options,
    .sloped = true,
    .most = SIZE_MAX,
    .plan = lbfgs_plan,
    .sound = lbfgs_sound,
    .iterate = lbfgs_iterate,
};
