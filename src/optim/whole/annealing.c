/* annealing: random steps of one weight each; one that makes the loss larger by d is still taken with
 * probability e^(-d / temperature). The temperature falls by a factor each step of training, and the length
 * of the steps by its root. The model's weights are the best that were found; the walk goes on from where it
 * is. */
#include "kernel/math.h"
#include "optim/whole/whole.h"

#include <string.h>

enum { ANNEALING_WALK = 3, ANNEALING_TRIAL, ANNEALING_BEST };
enum { ANNEALING_TEMPERATURE = SL_WHOLE_OWN, ANNEALING_HERE };

static const sl_option annealing_options[] = {
    { .name = "temperature",
      .summary = "a rise of the loss by so much is taken once in e times, at first",
      .normal = 0.1,
      .above_low = true,
      .high = 1e6 },
    { .name = "cooling",
      .summary = "the temperature's factor, each step",
      .normal = 0.97,
      .above_low = true,
      .high = 1 },
    { .name = "radius",
      .summary = "deviation of a move, at first",
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

static void annealing_plan(sl_whole *w)
{
    sl_whole_add(w, "walk", 1, w->n);
    sl_whole_add(w, NULL, 1, w->n);
    sl_whole_add(w, NULL, 1, w->n);
}

static sl_status annealing_iterate(sl_step *step, sl_whole *w)
{
    const size_t n = w->n, moves = (size_t)w->option[3];
    double *walk = w->array[ANNEALING_WALK].v, *trial = w->array[ANNEALING_TRIAL].v;
    double *best = w->array[ANNEALING_BEST].v, *heat = &w->number[ANNEALING_TEMPERATURE];
    double *here = &w->number[ANNEALING_HERE], lowest = w->number[SL_WHOLE_LOSS], found;
    memcpy(best, w->x, n * sizeof *best);
    if (w->first)
        *heat = w->option[0];
    if (!w->known) {
        memcpy(walk, w->x, n * sizeof *walk);
        *here = lowest;
    }
    const double width = w->option[2] * sqrt(*heat / w->option[0]); /* shorter steps as it cools */
    for (size_t m = 0; m < moves; m++) {
        memcpy(trial, walk, n * sizeof *trial);
        trial[sl_whole_below(w, 1, m, n)] += width * sl_whole_normal(w, 0, m);
        if (sl_whole_at(w, trial, false, &found))
            return step->ctx->status;
        if (!(found <= *here) && !(sl_whole_uniform(w, 2, m) < sl_exp_d((*here - found) / *heat)))
            continue;
        memcpy(walk, trial, n * sizeof *walk);
        *here = found;
        if (found < lowest) {
            lowest = found;
            memcpy(best, trial, n * sizeof *best);
        }
    }
    *heat *= w->option[1];
    *heat = *heat < 1e-30 ? 1e-30 : *heat;
    sl_whole_settle(w, best, lowest);
    return SL_OK;
}

const sl_rule sl_rule_annealing = {
    .name = "annealing",
    .summary = "small nets, no gradient: random steps, uphill too while it is hot",
    .formula =
        "a step that costs d is taken with probability e^(-d / temperature), which falls by a factor a step",
    .source = "Kirkpatrick, Gelatt, Vecchi, Science 220, 1983",
    .options = annealing_options,
    .most = 10000,
    .hopeless = "it moves one weight at a time, at random",
    .plan = annealing_plan,
    .iterate = annealing_iterate,
};
