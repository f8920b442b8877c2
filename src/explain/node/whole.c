/* sum, mean: one number of all. */
#include "explain/node/curve.h"

#include <string.h>

static int whole_term(const void *user, size_t i, double factors[3])
{
    factors[0] = (double)((const sl_tensor *)user)->v[i];
    return 1;
}

static bool whole_is_mean(const sl_node *n)
{
    return !strcmp(n->op->name, "mean");
}

static void whole_ahead(sl_walk *walk, const sl_node *n)
{
    const sl_tensor *x = n->x[0];
    const char *name = sl_walk_name(walk, n->y);
    const bool mean = whole_is_mean(n);
    sl_walk_rule(walk, name, n->y,
                 sl_explanation_keep(walk->e, "the %s of %s", n->op->name, sl_walk_name(walk, x)), NULL,
                 NULL);
    sl_explained_total(
        walk->e, name,
        &(sl_explained_sum){ .count = x->count,
                             .term = whole_term,
                             .user = x,
                             .open = mean ? "(" : NULL,
                             .close = mean ? sl_explanation_keep(walk->e, ")/%zu", x->count) : NULL },
        (double)n->y->v[0]);
}

static void whole_back(sl_walk *walk, const sl_node *n)
{
    const sl_tensor *x = n->x[0];
    const double through = (double)n->y->g[0], count = (double)x->count;
    const bool mean = whole_is_mean(n);
    if (!sl_walk_flows(n, 0))
        return;
    const char *flow = sl_walk_slope_name(walk, n->y);
    sl_walk_rule(walk, sl_walk_slope_name(walk, x), x,
                 mean ? sl_explanation_keep(walk->e, "%s/%zu", flow, x->count) : flow, NULL, NULL);
    const sl_named names[] = { { "g", through }, { "n", count } };
    for (size_t i = 0; sl_walk_more(walk, x, &i); i++)
        sl_walk_flow(walk, n, x, i, mean ? through / count : through, mean ? "g/n" : "g", names, 2, NULL);
    sl_walk_flow_end(walk, n, x);
}

const sl_node_kind sl_node_whole = { .op = "sum mean", .forward = whole_ahead, .backward = whole_back };
