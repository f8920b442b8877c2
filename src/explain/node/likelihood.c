/* negative_log_likelihood, cross_entropy_from_probabilities: what is said of the label's class alone. */
#include "explain/node/curve.h"

#include <string.h>

static bool likelihood_logs(const sl_node *n) /* x is a logarithm already */
{
    return !strcmp(n->op->name, "negative_log_likelihood");
}

static double likelihood_of(const sl_node *n, size_t r)
{
    const size_t width = (size_t)n->x[0]->shape.dim[1];
    return (double)n->x[0]->v[r * width + (size_t)n->x[1]->v[r]];
}

static void likelihood_ahead(sl_walk *walk, const sl_node *n)
{
    const size_t rows = n->x[1]->count;
    const bool one = sl_loss_alone(n, rows), logs = likelihood_logs(n);
    const char *formula = logs ? "-p" : "-log(p) | -log(max(p, 1e-12))";
    const char *x = sl_walk_name(walk, n->x[0]);
    double *each = sl_alloc_array(walk->e->ctx, rows, sizeof *each);
    sl_walk_helper(walk, one ? "L" : "l", sl_explanation_keep(walk->e, logs ? "-%s[y]" : "-log(%s[y])", x));
    sl_walk_note(walk, sl_explanation_keep(walk->e, "the class%s: y = %s", rows > 1 ? "es" : "",
                                           sl_explained_list(walk->e, n->x[1]->v, rows)));
    size_t shown = 0;
    for (size_t r = 0; each && r < rows; r++) {
        const sl_named names[] = { { "p", likelihood_of(n, r) } };
        const bool here = shown == r && sl_walk_columns(walk, rows, &shown) && shown == r;
        shown += here;
        each[r] = logs || names[0].value >= 1e-12 ? sl_curve_value(walk->e->ctx, formula, names, 1)
                                                  : sl_curve_value(walk->e->ctx, "-log(1e-12)", names, 1);
        if (one || here)
            sl_explained_line(walk->e, 2, one ? "L" : sl_walk_row_name(walk, "l", rows, r), formula, names, 1,
                              one ? (double)n->y->v[0] : each[r]);
    }
    if (each && !one)
        sl_loss_total(walk, n, each, rows);
    sl_free(walk->e->ctx, each);
}

static void likelihood_back(sl_walk *walk, const sl_node *n)
{
    if (!sl_walk_flows(n, 0))
        return;
    const sl_tensor *x = n->x[0];
    const size_t rows = n->x[1]->count, width = x->count / rows;
    const bool logs = likelihood_logs(n);
    sl_loss_slope_rule(walk, n, rows,
                       logs ? "-1" : sl_explanation_keep(walk->e, "-1/%s", sl_walk_name(walk, x)));
    sl_walk_note(walk, "for the label's class; 0 for the others");
    for (size_t r = 0; sl_walk_rows(walk, rows, width, &r); r++)
        for (size_t c = 0; sl_walk_columns(walk, width, &c); c++) {
            sl_named names[3] = { { "p", likelihood_of(n, r) } };
            const bool label = (size_t)n->x[1]->v[r] == c;
            sl_loss_flow(walk, n, r * width + c, rows,
                         !label ? "0"
                         : logs ? "-1"
                                : "-1/p | -1/max(p, 1e-12)",
                         names, 1);
        }
    sl_walk_flow_end(walk, n, x);
}

const sl_node_kind sl_node_likelihood = { .op = "negative_log_likelihood cross_entropy_from_probabilities",
                                          .forward = likelihood_ahead,
                                          .backward = likelihood_back };
