/* dropout: numbers times a mask; noise: drawn numbers added. */
#include "explain/node/curve.h"

#include <string.h>

static bool dropout_keeps(const sl_node *n, size_t i)
{
    return !n->training || ((const unsigned char *)n->scratch)[i] != 0;
}

/* The mask in full, as far as lists go. */
static void dropout_note(sl_walk *walk, const sl_node *n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n->y->count; i++)
        kept += dropout_keeps(n, i);
    sl_walk_note(
        walk, sl_explanation_keep(
                  walk->e, "the mask, drawn for this step: 0 for %zu of %zu, and 1/(1 - %s) for the others",
                  n->y->count - kept, n->y->count, sl_curve_number(walk, (double)n->options.number)));
}

static void dropout_ahead(sl_walk *walk, const sl_node *n)
{
    const sl_tensor *x = n->x[0], *y = n->y;
    sl_walk_rule(walk, sl_walk_name(walk, y), y,
                 sl_explanation_keep(walk->e, "%s * mask", sl_walk_name(walk, x)), NULL, NULL);
    dropout_note(walk, n);
    sl_walk_values(walk, y, false);
    for (size_t i = 0; sl_walk_more(walk, y, &i); i++) {
        const sl_named names[] = { { "x", (double)x->v[i] }, { "a", (double)n->options.number } };
        sl_walk_line(walk, y, i, dropout_keeps(n, i) ? "x*1/(1 - a)" : "x*0", names, 2);
    }
}

static void dropout_back(sl_walk *walk, const sl_node *n)
{
    const sl_tensor *x = n->x[0], *y = n->y;
    if (!sl_walk_flows(n, 0))
        return;
    sl_walk_rule(walk, sl_walk_slope_name(walk, x), x,
                 sl_explanation_keep(walk->e, "%s * mask", sl_walk_slope_name(walk, y)), NULL, NULL);
    for (size_t i = 0; sl_walk_more(walk, x, &i); i++) {
        const sl_named names[] = { { "g", (double)y->g[i] }, { "a", (double)n->options.number } };
        const char *formula = dropout_keeps(n, i) ? "g*1/(1 - a)" : "g*0";
        sl_walk_flow(walk, n, x, i, sl_curve_value(walk->e->ctx, formula, names, 2), formula, names, 2, NULL);
    }
    sl_walk_flow_end(walk, n, x);
}

const sl_node_kind sl_node_dropout = { .op = "dropout", .forward = dropout_ahead, .backward = dropout_back };
