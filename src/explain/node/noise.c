/* noise: drawn numbers added. */
#include "explain/node/curve.h"

static void noise_ahead(sl_walk *walk, const sl_node *n)
{
    const sl_tensor *x = n->x[0], *y = n->y;
    const char *s = sl_curve_number(walk, (double)n->options.number);
    sl_walk_rule(walk, sl_walk_name(walk, y), y,
                 sl_explanation_keep(walk->e, "%s + drawn", sl_walk_name(walk, x)), NULL, NULL);
    sl_walk_note(walk, sl_explanation_keep(
                           walk->e, "drawn for this step, around 0 with a standard deviation of %s", s));
    sl_walk_values(walk, y, false);
    for (size_t i = 0; sl_walk_more(walk, y, &i); i++) {
        const sl_named names[] = { { "x", (double)x->v[i] }, { "e", (double)y->v[i] - (double)x->v[i] } };
        sl_walk_line(walk, y, i, "x + e", names, 2);
    }
}

static void noise_back(sl_walk *walk, const sl_node *n)
{
    const sl_tensor *x = n->x[0], *y = n->y;
    if (!sl_walk_flows(n, 0))
        return;
    sl_walk_rule(walk, sl_walk_slope_name(walk, x), x, sl_walk_slope_name(walk, y), NULL, NULL);
    for (size_t i = 0; sl_walk_more(walk, x, &i); i++)
        sl_walk_flow(walk, n, x, i, (double)y->g[i], "g", &(sl_named){ "g", (double)y->g[i] }, 1, NULL);
    sl_walk_flow_end(walk, n, x);
}

const sl_node_kind sl_node_noise = { .op = "noise", .forward = noise_ahead, .backward = noise_back };
