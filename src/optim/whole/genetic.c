/* genetic: a population of weights. Each child has two parents, each the best of three drawn; a weight of it
 * lies between theirs or up to half their distance beyond (blend crossover), and now and then is moved
 * (mutation). The two best live on as they are. */
#include "optim/whole/whole.h"

#include <string.h>

enum { GENETIC_PEOPLE = 3, GENETIC_LOSSES, GENETIC_CHILDREN, GENETIC_BORN };
enum { GENETIC_ELITE = 2, GENETIC_TOURNAMENT = 3 };

static const sl_option genetic_options[] = {
    { .name = "population",
      .summary = "how many sets of weights there are",
      .normal = 50,
      .low = 4,
      .high = 10000,
      .whole = true },
    { .name = "mutation",
      .summary = "share of a child's weights that are moved",
      .normal = 0.1,
      .low = 0,
      .high = 1 },
    { .name = "radius",
      .summary = "deviation of such a move, and of the first population",
      .normal = 0.5,
      .above_low = true,
      .high = 1e6 },
    { 0 },
};

static void genetic_plan(sl_whole *w)
{
    const size_t people = (size_t)w->option[0];
    sl_whole_add(w, "people", people, w->n);
    sl_whole_add(w, "losses", 1, people);
    sl_whole_add(w, NULL, people, w->n);
    sl_whole_add(w, NULL, 1, people);
}

static sl_status genetic_begin(sl_whole *w)
{
    const size_t n = w->n;
    double *people = w->array[GENETIC_PEOPLE].v, *losses = w->array[GENETIC_LOSSES].v;
    losses[0] = w->number[SL_WHOLE_LOSS];
    for (size_t k = 0; k < (size_t)w->option[0]; k++) {
        for (size_t i = 0; i < n; i++)
            people[k * n + i] = w->x[i] + (k ? w->option[2] * sl_whole_normal(w, 0, k * n + i) : 0);
        if (k && sl_whole_at(w, people + k * n, false, &losses[k]))
            return w->ctx->status;
    }
    return SL_OK;
}

/* The first of the lowest, `but` left out. */
static size_t genetic_best(const double *losses, size_t count, size_t but)
{
    size_t best = but == 0 ? 1 : 0;
    for (size_t k = best + 1; k < count; k++)
        if (k != but && losses[k] < losses[best])
            best = k;
    return best;
}

static const double *genetic_parent(const sl_whole *w, uint32_t stream, size_t child)
{
    const double *losses = w->array[GENETIC_LOSSES].v;
    size_t best = 0;
    for (size_t i = 0; i < GENETIC_TOURNAMENT; i++) {
        const size_t k = sl_whole_below(w, stream, child * GENETIC_TOURNAMENT + i, (size_t)w->option[0]);
        best = i == 0 || losses[k] < losses[best] ? k : best;
    }
    return w->array[GENETIC_PEOPLE].v + best * w->n;
}

static void genetic_child(const sl_whole *w, size_t k, double *child)
{
    const double *mother = genetic_parent(w, 1, k), *father = genetic_parent(w, 2, k);
    for (size_t i = 0; i < w->n; i++) {
        const uint64_t index = (uint64_t)k * w->n + i;
        child[i] = mother[i] + (2 * sl_whole_uniform(w, 3, index) - 0.5) * (father[i] - mother[i]);
        if (sl_whole_uniform(w, 4, index) < w->option[1])
            child[i] += w->option[2] * sl_whole_normal(w, 5, index);
    }
}

static sl_status genetic_iterate(sl_step *step, sl_whole *w)
{
    const size_t n = w->n, count = (size_t)w->option[0];
    double *people = w->array[GENETIC_PEOPLE].v, *losses = w->array[GENETIC_LOSSES].v;
    double *children = w->array[GENETIC_CHILDREN].v, *born = w->array[GENETIC_BORN].v;
    if (!w->known && genetic_begin(w))
        return step->ctx->status;
    const size_t best = genetic_best(losses, count, count), second = genetic_best(losses, count, best);
    for (size_t k = 0; k < count; k++) {
        if (k < GENETIC_ELITE) {
            memcpy(children + k * n, people + (k ? second : best) * n, n * sizeof *people);
            born[k] = losses[k ? second : best];
            continue;
        }
        genetic_child(w, k, children + k * n);
        if (sl_whole_at(w, children + k * n, false, &born[k]))
            return step->ctx->status;
    }
    memcpy(people, children, count * n * sizeof *people);
    memcpy(losses, born, count * sizeof *losses);
    const size_t winner = genetic_best(losses, count, count);
    sl_whole_settle(w, people + winner * n, losses[winner]);
    return SL_OK;
}

const sl_rule sl_rule_genetic = {
    .name = "genetic",
    .summary = "small nets, no gradient: a population that crosses and mutates",
    .formula = "child_i = a_i + u (b_i - a_i), u uniform in [-1/2, 3/2); parents: the best of three drawn",
    .source = "Holland 1975; blend crossover: Eshelman, Schaffer, FOGA 2, 1993",
    .options = genetic_options,
    .remembers = true,
    .most = 10000,
    .hopeless = "a population this small says next to nothing about so many directions",
    .plan = genetic_plan,
    .iterate = genetic_iterate,
};
