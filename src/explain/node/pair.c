/* add, sub, mul, div: element by element of two; the second may be one row for all. */
#include "explain/node/curve.h"

#include <string.h>

typedef struct {
    const char *op, *sign;
    const char *formula, *first, *second; /* y; the flow into a and into b, of y, a, b and what flows: g */
} pair_kind;

static const pair_kind pair_kinds[] = {
    { "add", "+", "a + b", "g", "g" },
    { "sub", "-", "a - b", "g", "-g" },
    { "mul", "*", "a*b", "g*b", "g*a" },
    { "div", "/", "a/b", "g/b", "-g*y/b" },
};

static const pair_kind *pair_of(const sl_node *n)
{
    const pair_kind *kind = pair_kinds;
    while (strcmp(kind->op, n->op->name) != 0)
        kind++;
    return kind;
}

static void pair_names(const sl_node *n, size_t i, sl_named names[4])
{
    names[0] = (sl_named){ "a", (double)n->x[0]->v[i] };
    names[1] = (sl_named){ "b", (double)n->x[1]->v[i % n->x[1]->count] };
    names[2] = (sl_named){ "y", (double)n->y->v[i] };
    names[3] = (sl_named){ "g", n->y->g ? (double)n->y->g[i] : 0 };
}

static void pair_ahead(sl_walk *walk, const sl_node *n)
{
    const pair_kind *kind = pair_of(n);
    const sl_tensor *y = n->y;
    sl_walk_rule(walk, sl_walk_name(walk, y), y,
                 sl_explanation_keep(walk->e, "%s %s %s", sl_walk_name(walk, n->x[0]), kind->sign,
                                     sl_walk_name(walk, n->x[1])),
                 NULL, NULL);
    sl_walk_values(walk, y, false);
    for (size_t i = 0; sl_walk_more(walk, y, &i); i++) {
        sl_named names[4];
        pair_names(n, i, names);
        sl_walk_line(walk, y, i, kind->formula, names, 4);
    }
}

typedef struct {
    const sl_node *n;
    sl_walk *walk;
    size_t column;
} pair_terms;

static int pair_term(const void *user, size_t i, double factors[3])
{
    const pair_terms *t = user;
    sl_named names[4];
    pair_names(t->n, i * t->n->x[1]->count + t->column, names);
    factors[0] = sl_curve_value(t->walk->e->ctx, pair_of(t->n)->second, names, 4);
    return 1;
}

/* Of b, which every row had: a sum over rows. */
static void pair_second(sl_walk *walk, const sl_node *n)
{
    const pair_kind *kind = pair_of(n);
    const sl_tensor *b = n->x[1];
    const size_t rows = b->count ? n->y->count / b->count : 0;
    for (size_t i = 0; sl_walk_more(walk, b, &i); i++) {
        const pair_terms terms = { n, walk, i };
        sl_named names[4];
        pair_names(n, i, names);
        double sum = 0, factors[3];
        for (size_t r = 0; r < rows; r++)
            sum += (pair_term(&terms, r, factors), factors[0]);
        sl_walk_flow(walk, n, b, i, sum, rows == 1 ? kind->second : NULL, names, 4,
                     &(sl_explained_sum){ .count = rows, .term = pair_term, .user = &terms });
    }
    sl_walk_flow_end(walk, n, b);
}

static void pair_rule(sl_walk *walk, const sl_node *n, int i, const char *formula, bool rows)
{
    const sl_spelled spelled[] = { { "a", sl_walk_name(walk, n->x[0]) },
                                   { "b", sl_walk_name(walk, n->x[1]) },
                                   { "y", sl_walk_name(walk, n->y) },
                                   { "g", sl_walk_slope_name(walk, n->y) } };
    const char *text = sl_curve_spelled(walk, formula, strlen(formula), spelled, 4);
    sl_walk_rule(walk, sl_walk_slope_name(walk, n->x[i]), n->x[i],
                 rows ? sl_explanation_keep(walk->e, "%s, summed over rows", text) : text, NULL, NULL);
}

static void pair_back(sl_walk *walk, const sl_node *n)
{
    const pair_kind *kind = pair_of(n);
    const sl_tensor *a = n->x[0];
    if (sl_walk_flows(n, 0)) {
        pair_rule(walk, n, 0, kind->first, false);
        for (size_t i = 0; sl_walk_more(walk, a, &i); i++) {
            sl_named names[4];
            pair_names(n, i, names);
            sl_walk_flow(walk, n, a, i, sl_curve_value(walk->e->ctx, kind->first, names, 4), kind->first,
                         names, 4, NULL);
        }
        sl_walk_flow_end(walk, n, a);
    }
    if (sl_walk_flows(n, 1)) {
        pair_rule(walk, n, 1, kind->second, n->x[1]->count != n->y->count);
        pair_second(walk, n);
    }
}

const sl_node_kind sl_node_pair = { .op = "add sub mul div", .forward = pair_ahead, .backward = pair_back };
