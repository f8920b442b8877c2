/* transpose, concat, columns: numbers that stand somewhere else. */
#include "explain/node/curve.h"

#include <string.h>

static size_t move_width(const sl_tensor *t)
{
    return (size_t)t->shape.dim[t->shape.rank - 1];
}

/* Where element i of the result is from: which input, and its place there. */
static size_t move_from(const sl_node *n, size_t i, int *input)
{
    const size_t width = move_width(n->y), row = i / width, column = i % width;
    *input = 0;
    if (!strcmp(n->op->name, "transpose"))
        return column * move_width(n->x[0]) + row;
    if (!strcmp(n->op->name, "columns"))
        return row * move_width(n->x[0]) + (size_t)n->options.shape.dim[0] + column;
    const size_t first = move_width(n->x[0]);
    *input = column >= first;
    return *input ? row * (width - first) + column - first : row * first + column;
}

static void move_ahead(sl_walk *walk, const sl_node *n)
{
    const sl_tensor *y = n->y;
    const char *x = sl_walk_name(walk, n->x[0]), *what;
    if (!strcmp(n->op->name, "transpose"))
        what = sl_explanation_keep(walk->e, "%s', rows become columns", x);
    else if (!strcmp(n->op->name, "columns"))
        what = sl_explanation_keep(walk->e, "columns %d to %d of %s", n->options.shape.dim[0],
                                   n->options.shape.dim[0] + n->options.shape.dim[1] - 1, x);
    else
        what = sl_explanation_keep(walk->e, "%s and %s side by side", x, sl_walk_name(walk, n->x[1]));
    sl_walk_rule(walk, sl_walk_name(walk, y), y, what, NULL, NULL);
    sl_walk_values(walk, y, false);
    for (size_t i = 0; sl_walk_more(walk, y, &i); i++) {
        int input;
        const size_t from = move_from(n, i, &input);
        sl_walk_line(walk, y, i, "x", &(sl_named){ "x", (double)n->x[input]->v[from] }, 1);
    }
}

/* What flows into element i of an input: 0 where it was not taken. */
static double move_flow(const sl_node *n, int input, size_t i)
{
    double sum = 0;
    const size_t width = move_width(n->x[input]), rows = n->x[input]->count / width;
    const size_t span = rows ? n->y->count / rows : 0; /* of the result, that a row of it came to */
    const bool turned = !strcmp(n->op->name, "transpose");
    for (size_t k = turned ? 0 : i / width * span; k < (turned ? n->y->count : (i / width + 1) * span); k++) {
        int from;
        if (move_from(n, k, &from) == i && from == input)
            sum += (double)n->y->g[k];
    }
    return sum;
}

static void move_back(sl_walk *walk, const sl_node *n)
{
    for (int k = 0; k < n->op->inputs; k++) {
        const sl_tensor *x = n->x[k];
        if (!sl_walk_flows(n, k))
            continue;
        sl_walk_rule(
            walk, sl_walk_slope_name(walk, x), x,
            sl_explanation_keep(walk->e, "%s, where its numbers went", sl_walk_slope_name(walk, n->y)), NULL,
            NULL);
        for (size_t i = 0; sl_walk_more(walk, x, &i); i++) {
            const double flow = move_flow(n, k, i);
            sl_walk_flow(walk, n, x, i, flow, "g", &(sl_named){ "g", flow }, 1, NULL);
        }
        sl_walk_flow_end(walk, n, x);
    }
}

const sl_node_kind sl_node_move = { .op = "transpose concat columns",
                                    .forward = move_ahead,
                                    .backward = move_back };
