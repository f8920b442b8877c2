/* random_search: Gaussian steps from the best weights so far, kept when they help. The radius follows the
 * rule that one step in five should: 1.5 times as wide after a success, 1.5^(-1/4) after a failure. */
#include "optim/whole/whole.h"

#include <string.h>

enum { RANDOM_SEARCH_RADIUS = SL_WHOLE_OWN };
enum { RANDOM_SEARCH_TRIAL = 3, RANDOM_SEARCH_BEST };

static const sl_option random_search_options[] = {
    { .name = "radius",
      .summary = "deviation of a step, at first",
      .normal = 0.5,
      .above_low = true,
      .high = 1e6 },
    { .name = "trials",
      .summary = "steps tried before one counts as a step of training",
      .normal = 50,
      .low = 1,
      .high = 1e6,
      .whole = true },
    { 0 },
};

static void random_search_plan(sl_whole *w)
{
    sl_whole_add(w, NULL, 1, w->n);
    sl_whole_add(w, NULL, 1, w->n);
}

static sl_status random_search_iterate(sl_step *step, sl_whole *w)
{
    const size_t n = w->n, trials = (size_t)w->option[1];
    double *trial = w->array[RANDOM_SEARCH_TRIAL].v, *best = w->array[RANDOM_SEARCH_BEST].v;
    double *radius = &w->number[RANDOM_SEARCH_RADIUS], loss = w->number[SL_WHOLE_LOSS], found;
    memcpy(best, w->x, n * sizeof *best);
    if (w->first)
        *radius = w->option[0];
    for (size_t t = 0; t < trials; t++) {
        for (size_t i = 0; i < n; i++)
            trial[i] = best[i] + *radius * sl_whole_normal(w, 0, t * n + i);
        if (sl_whole_at(w, trial, false, &found))
            return step->ctx->status;
        *radius *= found < loss ? 1.5 : 0x1.cea4ebfc356e6p-1;
        *radius = *radius < 1e-12 ? 1e-12 : *radius;
        if (found < loss) {
            memcpy(best, trial, n * sizeof *best);
            loss = found;
        }
    }
    sl_whole_settle(w, best, loss);
    return SL_OK;
}

const sl_rule sl_rule_random_search = {
    .name = "random_search",
    .summary = "small nets, no gradient: random steps, kept when they help",
    .formula = "w <- w + radius z where that is better, z normal; radius by the one-fifth rule",
    .source = "Rastrigin, Automation and Remote Control 24, 1963; Rechenberg 1973",
    .options = random_search_options,
    .most = 10000,
    .hopeless = "in so many directions hardly any random step points downhill",
    .plan = random_search_plan,
    .iterate = random_search_iterate,
};
