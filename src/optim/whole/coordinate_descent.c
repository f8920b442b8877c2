/* coordinate_descent: one weight after the other. The losses on both sides and the one between lie on a
 * parabola; the best of the three and of the parabola's lowest point is taken. Each weight has a reach of its
 * own, which doubles where an end was best and halves where the middle was. */
#include "optim/whole/whole.h"

#include <string.h>

enum { COORDINATE_REACH = 3, COORDINATE_BEST, COORDINATE_TRIAL };

static const sl_option coordinate_options[] = {
    { .name = "radius",
      .summary = "how far to both sides, at first",
      .normal = 0.5,
      .above_low = true,
      .high = 1e6 },
    { 0 },
};

static void coordinate_plan(sl_whole *w)
{
    sl_whole_add(w, "reach", 1, w->n);
    sl_whole_add(w, NULL, 1, w->n);
    sl_whole_add(w, NULL, 1, w->n);
}

/* The loss where weight i is moved by `by`; better than *loss: taken. */
static sl_status coordinate_try(sl_whole *w, size_t i, double by, double from, double *loss, double *found)
{
    double *best = w->array[COORDINATE_BEST].v, *trial = w->array[COORDINATE_TRIAL].v;
    memcpy(trial, best, w->n * sizeof *trial);
    trial[i] = from + by;
    if (sl_whole_at(w, trial, false, found))
        return w->ctx->status;
    if (*found < *loss) {
        *loss = *found;
        best[i] = trial[i];
    }
    return SL_OK;
}

static sl_status coordinate_weight(sl_whole *w, size_t i, double *loss)
{
    double *reach = &w->array[COORDINATE_REACH].v[i];
    const double from = w->array[COORDINATE_BEST].v[i], h = *reach, middle = *loss;
    double left, right, lowest;
    if (coordinate_try(w, i, -h, from, loss, &left) || coordinate_try(w, i, h, from, loss, &right))
        return w->ctx->status;
    *reach = *loss < middle ? 2 * h : h / 2;
    const double bend = left - 2 * middle + right;
    if (bend > 0 && bend < INFINITY) {
        const double by = h * (left - right) / (2 * bend); /* within -h .. h where the middle was best */
        const double at = by > 4 * h ? 4 * h : by < -4 * h ? -4 * h : by;
        if (at != 0 && coordinate_try(w, i, at, from, loss, &lowest))
            return w->ctx->status;
    }
    *reach = *reach < 1e-9 ? 1e-9 : *reach > 1e6 ? 1e6 : *reach;
    return SL_OK;
}

static sl_status coordinate_iterate(sl_step *step, sl_whole *w)
{
    double *best = w->array[COORDINATE_BEST].v, loss = w->number[SL_WHOLE_LOSS];
    memcpy(best, w->x, w->n * sizeof *best);
    for (size_t i = 0; i < w->n; i++) {
        if (w->first)
            w->array[COORDINATE_REACH].v[i] = w->option[0];
        if (coordinate_weight(w, i, &loss))
            return step->ctx->status;
    }
    sl_whole_settle(w, best, loss);
    return SL_OK;
}

const sl_rule sl_rule_coordinate_descent = {
    .name = "coordinate_descent",
    .summary = "small nets, no gradient: one weight after the other, along a parabola",
    .formula = "w_i <- the best of w_i - h, w_i, w_i + h and the lowest point of the parabola through them",
    .source = "Nocedal, Wright 2006, 9.3; parabola: Brent 1973",
    .options = coordinate_options,
    .most = 10000,
    .hopeless =
        "it needs three losses a weight for one sweep, where a gradient costs as much as three in all",
    .plan = coordinate_plan,
    .iterate = coordinate_iterate,
};
