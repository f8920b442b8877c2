/* hinge: what is missing to a margin of 1; one output for two classes, or K outputs. */
#include "explain/node/curve.h"

static double hinge_gap(const sl_real *x, size_t label, size_t c)
{
    const double gap = 1 - (double)x[label] + (double)x[c];
    return c == label || gap <= 0 ? 0 : gap;
}

typedef struct {
    const sl_real *x;
    size_t label;
} hinge_row_terms;

static int hinge_term(const void *user, size_t i, double factors[3])
{
    const hinge_row_terms *t = user;
    factors[0] = hinge_gap(t->x, t->label, i);
    return 1;
}

static void hinge_rules(sl_walk *walk, const sl_node *n, size_t width, bool one)
{
    const char *x = sl_walk_name(walk, n->x[0]);
    if (width == 1) {
        sl_walk_helper(walk, "s", "1 for class 1, -1 for class 0");
        sl_walk_helper(walk, one ? "L" : "l", sl_explanation_keep(walk->e, "max(0, 1 - s*%s)", x));
    } else {
        sl_walk_helper(walk, "gap", sl_explanation_keep(walk->e, "max(0, 1 - %s[y] + %s)", x, x));
        sl_walk_helper(walk, one ? "L" : "l",
                       sl_explanation_keep(walk->e, "the sum of gap / %zu; the label's own is 0", width));
    }
    sl_walk_note(walk, sl_explanation_keep(walk->e, "the class%s: y = %s", n->x[1]->count > 1 ? "es" : "",
                                           sl_explained_list(walk->e, n->x[1]->v, n->x[1]->count)));
}

/* The gaps of a row, and the line of its loss. */
static void hinge_several(sl_walk *walk, const sl_node *n, size_t r, const char *name, double value)
{
    const size_t rows = n->x[1]->count, width = n->x[0]->count / rows, label = (size_t)n->x[1]->v[r];
    const hinge_row_terms terms = { n->x[0]->v + r * width, label };
    for (size_t c = 0; sl_walk_columns(walk, width, &c); c++) {
        const sl_named names[] = { { "own", (double)terms.x[label] }, { "x", (double)terms.x[c] } };
        sl_explained_line(walk->e, 2, sl_walk_cell_name(walk, "gap", rows, width, r * width + c),
                          c == label ? "0" : "max(0, 1 - own + x)", names, 2, hinge_gap(terms.x, label, c));
    }
    sl_explained_total(walk->e, name,
                       &(sl_explained_sum){ .count = width,
                                            .term = hinge_term,
                                            .user = &terms,
                                            .open = "(",
                                            .close = sl_explanation_keep(walk->e, ")/%zu", width) },
                       value);
}

static double hinge_loss(const sl_node *n, size_t r, size_t width)
{
    const sl_real *x = n->x[0]->v + r * width;
    const size_t label = (size_t)n->x[1]->v[r];
    double sum = 0;
    if (width == 1) {
        sum = label ? 1 - (double)x[0] : 1 + (double)x[0];
        return sum > 0 ? sum : 0;
    }
    for (size_t c = 0; c < width; c++)
        sum += hinge_gap(x, label, c);
    return sum / (double)width;
}

static void hinge_ahead(sl_walk *walk, const sl_node *n)
{
    const size_t rows = n->x[1]->count, width = n->x[0]->count / rows;
    const bool one = sl_loss_alone(n, rows);
    double *each = sl_alloc_array(walk->e->ctx, rows, sizeof *each);
    hinge_rules(walk, n, width, one);
    size_t shown = 0;
    for (size_t r = 0; each && r < rows; r++) {
        const bool here = shown == r && sl_walk_rows(walk, rows, width, &shown) && shown == r;
        const sl_named names[] = { { "x", (double)n->x[0]->v[r * width] } };
        shown += here;
        each[r] = hinge_loss(n, r, width);
        const char *name = one ? "L" : sl_walk_row_name(walk, "l", rows, r);
        const double value = one ? (double)n->y->v[0] : each[r];
        if (!one && !here)
            continue;
        if (width == 1)
            sl_explained_line(walk->e, 2, name, n->x[1]->v[r] > 0 ? "max(0, 1 - x)" : "max(0, 1 + x)", names,
                              1, value);
        else
            hinge_several(walk, n, r, name, value);
    }
    if (each && !one)
        sl_loss_total(walk, n, each, rows);
    sl_free(walk->e->ctx, each);
}

static void hinge_back(sl_walk *walk, const sl_node *n)
{
    if (!sl_walk_flows(n, 0))
        return;
    const sl_tensor *x = n->x[0];
    const size_t rows = n->x[1]->count, width = x->count / rows;
    const char *name = sl_walk_name(walk, x);
    if (width == 1) {
        sl_loss_slope_rule(walk, n, rows, sl_explanation_keep(walk->e, "-s*(1 - s*%s > 0)", name));
    } else {
        sl_loss_slope_rule(walk, n, rows, sl_explanation_keep(walk->e, "(gap > 0)/%zu", width));
        sl_walk_note(walk, sl_explanation_keep(
                               walk->e, "of the label: less the number of other gaps above 0, / %zu", width));
    }
    for (size_t r = 0; sl_walk_rows(walk, rows, width, &r); r++)
        for (size_t c = 0; sl_walk_columns(walk, width, &c); c++) {
            const sl_real *row = x->v + r * width;
            const size_t label = (size_t)n->x[1]->v[r];
            double wrong = 0;
            for (size_t k = 0; width > 1 && k < width; k++)
                wrong += hinge_gap(row, label, k) > 0;
            sl_named names[5] = { { "x", (double)row[c] },
                                  { "wrong", wrong },
                                  { "gap", hinge_gap(row, width > 1 ? label : 0, c) },
                                  { "width", (double)width } };
            const char *formula = c == label ? "-wrong/width" : "(gap > 0)/width";
            if (width == 1)
                formula = label ? "-(1 - x > 0)" : "(1 + x > 0)";
            sl_loss_flow(walk, n, r * width + c, rows, formula, names, 4);
        }
    sl_walk_flow_end(walk, n, x);
}

const sl_node_kind sl_node_hinge = { .op = "hinge", .forward = hinge_ahead, .backward = hinge_back };
