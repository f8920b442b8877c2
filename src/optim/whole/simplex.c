/* simplex: n + 1 corners creep downhill: the worst one is reflected in the centre of the others, further
 * where that is best of all, nearer where it does not help; at worst all move towards the best. Above two
 * weights the factors depend on n (Gao, Han), without which it stops long before the bottom. */
#include "optim/whole/whole.h"

#include <string.h>

enum { SIMPLEX_CORNERS = 3, SIMPLEX_LOSSES, SIMPLEX_CENTRE, SIMPLEX_TRIAL, SIMPLEX_FURTHER };

static const sl_option simplex_options[] = {
    { .name = "radius",
      .summary = "how far the corners begin from each other",
      .normal = 0.5,
      .above_low = true,
      .high = 1e6 },
    { .name = "moves",
      .summary = "moves that count as a step of training",
      .normal = 50,
      .low = 1,
      .high = 1e6,
      .whole = true },
    { 0 },
};

static void simplex_plan(sl_whole *w)
{
    sl_whole_add(w, "corners", w->n + 1, w->n);
    sl_whole_add(w, "losses", 1, w->n + 1);
    for (int i = SIMPLEX_CENTRE; i <= SIMPLEX_FURTHER; i++)
        sl_whole_add(w, NULL, 1, w->n);
}

static sl_status simplex_begin(sl_whole *w)
{
    const size_t n = w->n;
    double *corner = w->array[SIMPLEX_CORNERS].v, *losses = w->array[SIMPLEX_LOSSES].v;
    losses[0] = w->number[SL_WHOLE_LOSS];
    for (size_t c = 0; c <= n; c++) {
        memcpy(corner + c * n, w->x, n * sizeof *corner);
        if (c > 0) {
            corner[c * n + c - 1] += w->option[0];
            if (sl_whole_at(w, corner + c * n, false, &losses[c]))
                return w->ctx->status;
        }
    }
    return SL_OK;
}

/* centre + factor (corner - centre), and the loss there */
static sl_status simplex_look(sl_whole *w, const double *corner, double factor, double *at, double *loss)
{
    const double *centre = w->array[SIMPLEX_CENTRE].v;
    for (size_t i = 0; i < w->n; i++)
        at[i] = centre[i] + factor * (corner[i] - centre[i]);
    return sl_whole_at(w, at, false, loss);
}

static void simplex_rank(const double *losses, size_t count, size_t *best, size_t *worst, size_t *second)
{
    *best = *worst = 0;
    for (size_t c = 1; c < count; c++) {
        *best = losses[c] < losses[*best] ? c : *best;
        *worst = losses[c] > losses[*worst] ? c : *worst;
    }
    *second = *best;
    for (size_t c = 0; c < count; c++)
        if (c != *worst && losses[c] > losses[*second])
            *second = c;
}

static sl_status simplex_shrink(sl_whole *w, size_t best, double factor)
{
    const size_t n = w->n;
    double *corner = w->array[SIMPLEX_CORNERS].v;
    memcpy(w->array[SIMPLEX_CENTRE].v, corner + best * n, n * sizeof *corner);
    for (size_t c = 0; c <= n; c++)
        if (c != best &&
            simplex_look(w, corner + c * n, factor, corner + c * n, &w->array[SIMPLEX_LOSSES].v[c]))
            return w->ctx->status;
    return SL_OK;
}

static sl_status simplex_move(sl_whole *w)
{
    const size_t n = w->n;
    const double size = (double)n, wide = n > 2 ? 1 + 2 / size : 2,
                 near = n > 2 ? 0.75 - 1 / (2 * size) : 0.5;
    double *corner = w->array[SIMPLEX_CORNERS].v, *losses = w->array[SIMPLEX_LOSSES].v;
    double *centre = w->array[SIMPLEX_CENTRE].v, *trial = w->array[SIMPLEX_TRIAL].v, loss, next;
    double *further = w->array[SIMPLEX_FURTHER].v;
    size_t best, worst, second;
    simplex_rank(losses, n + 1, &best, &worst, &second);
    memset(centre, 0, n * sizeof *centre);
    for (size_t c = 0; c <= n; c++)
        for (size_t i = 0; i < n && c != worst; i++)
            centre[i] += corner[c * n + i];
    for (size_t i = 0; i < n; i++)
        centre[i] /= size;
    double *last = corner + worst * n;
    if (simplex_look(w, last, -1, trial, &loss))
        return w->ctx->status;
    const bool leads = loss < losses[best], lags = !(loss < losses[second]), outside = loss < losses[worst];
    if (leads || lags) {
        const double factor = leads ? -wide : outside ? -near : near;
        if (simplex_look(w, last, factor, further, &next))
            return w->ctx->status;
        const double limit = leads ? loss : outside ? loss : losses[worst];
        if (next < limit || (lags && next <= limit && outside)) {
            memcpy(trial, further, n * sizeof *trial);
            loss = next;
        } else if (lags) {
            return simplex_shrink(w, best, n > 2 ? 1 - 1 / size : 0.5);
        }
    }
    memcpy(last, trial, n * sizeof *last);
    losses[worst] = loss;
    return SL_OK;
}

static sl_status simplex_iterate(sl_step *step, sl_whole *w)
{
    size_t best, worst, second;
    const double *losses = w->array[SIMPLEX_LOSSES].v;
    if (!w->known && simplex_begin(w)) /* at first, or the weights were moved by somebody else */
        return step->ctx->status;
    for (size_t move = 0; move < (size_t)w->option[1]; move++)
        if (simplex_move(w))
            return step->ctx->status;
    simplex_rank(losses, w->n + 1, &best, &worst, &second);
    sl_whole_settle(w, w->array[SIMPLEX_CORNERS].v + best * w->n, losses[best]);
    if (losses[worst] <= losses[best])
        sl_whole_done(w, "all corners of the simplex have the same loss");
    return SL_OK;
}

const sl_rule sl_rule_simplex = {
    .name = "simplex",
    .summary = "small nets, no gradient: a simplex that creeps downhill",
    .formula =
        "the worst of n + 1 corners is reflected, stretched or pulled in; else all shrink towards the best",
    .source = "Nelder, Mead, Computer Journal 7, 1965; Gao, Han, Computational Optimization 51, 2012",
    .options = simplex_options,
    .remembers = true,
    .most = 2000,
    .hopeless = "it keeps as many corners, and a move improves only one of them",
    .plan = simplex_plan,
    .iterate = simplex_iterate,
};
