/* softmax, log_softmax: shares of a row. */
#include "explain/node/curve.h"
#include "explain/node/shares.h"

#include <string.h>

static bool softmax_logs(const sl_node *n)
{
    return !strcmp(n->op->name, "log_softmax");
}

static void softmax_ahead(sl_walk *walk, const sl_node *n)
{
    const sl_tensor *y = n->y;
    sl_shares s;
    if (!sl_shares_begin(&s, walk, n->x[0]))
        return;
    const char *z = sl_walk_name(walk, n->x[0]), *name = sl_walk_name(walk, y);
    const bool logs = softmax_logs(n);
    sl_walk_rule(walk, name, y, sl_explanation_keep(walk->e, "%s(%s)", n->op->name, z), NULL, NULL);
    sl_shares_rules(walk, &s);
    sl_walk_helper(walk, name,
                   logs ? sl_explanation_keep(walk->e, s.less ? "%s - m - log(S)" : "%s - log(S)", z)
                        : "e/S");
    sl_walk_values(walk, y, false);
    for (size_t r = 0; sl_walk_rows(walk, s.rows, s.width, &r); r++) {
        sl_shares_row(&s, r);
        sl_shares_lines(walk, &s, r);
        for (size_t c = 0; sl_walk_columns(walk, s.width, &c); c++) {
            const size_t i = r * s.width + c;
            const sl_named names[] = {
                { "z", (double)s.z->v[i] }, { "m", s.m }, { "e", s.e[c] }, { "S", s.S }
            };
            sl_walk_line(walk, y, i, logs ? s.less ? "z - m - log(S)" : "z - log(S)" : "e/S", names, 4);
        }
    }
    sl_shares_end(&s, walk);
}

typedef struct {
    const sl_real *g, *y; /* a row; y NULL: 1 */
} softmax_terms;

static int softmax_term(const void *user, size_t i, double factors[3])
{
    const softmax_terms *t = user;
    factors[0] = (double)t->g[i];
    factors[1] = t->y ? (double)t->y[i] : 1;
    return t->y ? 2 : 1;
}

static void softmax_back(sl_walk *walk, const sl_node *n)
{
    const sl_tensor *x = n->x[0], *y = n->y;
    const size_t width = (size_t)y->shape.dim[y->shape.rank - 1], rows = y->count / width;
    const bool logs = softmax_logs(n);
    if (!sl_walk_flows(n, 0))
        return;
    const char *name = sl_walk_name(walk, y), *flow = sl_walk_slope_name(walk, y);
    sl_walk_helper(walk, "D",
                   logs ? sl_explanation_keep(walk->e, "the sum of %s over the row", flow)
                        : sl_explanation_keep(walk->e, "the sum of %s * %s over the row", flow, name));
    sl_walk_rule(walk, sl_walk_slope_name(walk, x), x,
                 logs ? sl_explanation_keep(walk->e, "%s - exp(%s)*D", flow, name)
                      : sl_explanation_keep(walk->e, "%s*(%s - D)", name, flow),
                 NULL, NULL);
    for (size_t r = 0; sl_walk_rows(walk, rows, width, &r); r++) {
        const softmax_terms terms = { y->g + r * width, logs ? NULL : y->v + r * width };
        double dot = 0;
        for (size_t c = 0; c < width; c++)
            dot += (double)terms.g[c] * (terms.y ? (double)terms.y[c] : 1);
        sl_explained_total(walk->e, sl_walk_row_name(walk, "D", rows, r),
                           &(sl_explained_sum){ .count = width, .term = softmax_term, .user = &terms }, dot);
        for (size_t c = 0; sl_walk_columns(walk, width, &c); c++) {
            const double own = (double)y->v[r * width + c], through = (double)terms.g[c];
            const sl_named names[] = { { "y", own }, { "g", through }, { "D", dot } };
            const char *formula = logs ? "g - exp(y)*D" : "y*(g - D)";
            sl_walk_flow(walk, n, x, r * width + c, sl_curve_value(walk->e->ctx, formula, names, 3), formula,
                         names, 3, NULL);
        }
    }
    sl_walk_flow_end(walk, n, x);
}

const sl_node_kind sl_node_softmax = { .op = "softmax log_softmax",
                                       .forward = softmax_ahead,
                                       .backward = softmax_back };
