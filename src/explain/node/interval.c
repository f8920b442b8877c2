/* interval: of each target a prediction, whose error is squared, and two bounds with pinball losses. */
#include "explain/node/curve.h"

enum { INTERVAL_EACH = 3 };
static const char interval_pinball[] = "max(q*(t - x), (q - 1)*(t - x))";

static double interval_share(const sl_node *n, size_t k) /* q of bound 1 or 2 */
{
    const double coverage = (double)n->options.number;
    return (double)(sl_real)((k == 1 ? 100 - coverage : 100 + coverage) / 200);
}

/* names[3] of output i. */
static void interval_names(const sl_node *n, size_t i, sl_named *names)
{
    names[0] = (sl_named){ "x", (double)n->x[0]->v[i] };
    names[1] = (sl_named){ "t", (double)n->x[1]->v[i / INTERVAL_EACH] };
    names[2] = (sl_named){ "q", interval_share(n, i % INTERVAL_EACH) };
}

static const char *interval_formula(size_t i)
{
    return i % INTERVAL_EACH ? interval_pinball : "(x - t)^2";
}

typedef struct {
    sl_walk *walk;
    const sl_node *n;
    size_t from;
} interval_terms;

static double interval_part(sl_walk *walk, const sl_node *n, size_t i)
{
    sl_named names[3];
    interval_names(n, i, names);
    return sl_curve_value(walk->e->ctx, interval_formula(i), names, 3);
}

static int interval_term(const void *user, size_t i, double factors[3])
{
    const interval_terms *t = user;
    factors[0] = interval_part(t->walk, t->n, t->from + i);
    return 1;
}

static void interval_rules(sl_walk *walk, const sl_node *n, size_t width, bool one)
{
    const char *x = sl_walk_name(walk, n->x[0]), *y = sl_walk_name(walk, n->x[1]);
    sl_walk_note(walk, sl_explanation_keep(walk->e,
                                           "%s holds, of each target, a prediction and two bounds; q is %s "
                                           "for the lower one and %s for the upper",
                                           x, sl_curve_number(walk, interval_share(n, 1)),
                                           sl_curve_number(walk, interval_share(n, 2))));
    sl_walk_helper(walk, "part", sl_explanation_keep(walk->e, "(%s - %s)^2", x, y));
    sl_walk_helper(walk, "part of a bound",
                   sl_explanation_keep(walk->e, "max(q*(%s - %s), (q - 1)*(%s - %s))", y, x, y, x));
    sl_walk_helper(walk, one ? "L" : "l",
                   width == INTERVAL_EACH
                       ? "the sum of the parts"
                       : sl_explanation_keep(walk->e, "the sum of the parts / %zu", width / INTERVAL_EACH));
}

static void interval_ahead(sl_walk *walk, const sl_node *n)
{
    const sl_tensor *x = n->x[0];
    const size_t rows = (size_t)x->shape.dim[0], width = x->count / rows;
    const bool one = sl_loss_alone(n, rows), several = width > INTERVAL_EACH;
    double *each = sl_alloc_array(walk->e->ctx, rows, sizeof *each);
    interval_rules(walk, n, width, one);
    size_t shown = 0;
    for (size_t r = 0; each && r < rows; r++) {
        const bool here = shown == r && sl_walk_rows(walk, rows, width, &shown) && shown == r;
        shown += here;
        for (size_t c = 0; c < width; c++)
            each[r] += interval_part(walk, n, r * width + c) / (double)(width / INTERVAL_EACH);
        for (size_t c = 0; here && sl_walk_columns(walk, width, &c); c++) {
            sl_named names[3];
            interval_names(n, r * width + c, names);
            sl_explained_line(walk->e, 2, sl_walk_cell_name(walk, "part", rows, width, r * width + c),
                              interval_formula(r * width + c), names, 3,
                              interval_part(walk, n, r * width + c));
        }
        const interval_terms terms = { walk, n, r * width };
        if (one || here)
            sl_explained_total(
                walk->e, one ? "L" : sl_walk_row_name(walk, "l", rows, r),
                &(sl_explained_sum){
                    .count = width,
                    .term = interval_term,
                    .user = &terms,
                    .open = several ? "(" : NULL,
                    .close = several ? sl_explanation_keep(walk->e, ")/%zu", width / INTERVAL_EACH) : NULL },
                one ? (double)n->y->v[0] : each[r]);
    }
    if (each && !one)
        sl_loss_total(walk, n, each, rows);
    sl_free(walk->e->ctx, each);
}

static void interval_back(sl_walk *walk, const sl_node *n)
{
    const sl_tensor *x = n->x[0];
    const size_t rows = (size_t)x->shape.dim[0], width = x->count / rows;
    if (!sl_walk_flows(n, 0))
        return;
    const char *name = sl_walk_name(walk, x), *y = sl_walk_name(walk, n->x[1]);
    sl_loss_slope_rule(walk, n, rows, sl_explanation_keep(walk->e, "2*(%s - %s)", name, y));
    sl_walk_note(walk, "of a bound: 1 - q above the target, -q below it");
    const char *share =
        width > INTERVAL_EACH ? sl_explanation_keep(walk->e, "/%zu", width / INTERVAL_EACH) : "";
    for (size_t i = 0; sl_walk_more(walk, x, &i); i++) {
        sl_named names[4];
        interval_names(n, i, names);
        const char *formula = !(i % INTERVAL_EACH)              ? "2*(x - t)"
                              : names[0].value > names[1].value ? "(1 - q)"
                              : names[0].value < names[1].value ? "-q"
                                                                : "0";
        sl_loss_flow(walk, n, i, rows, sl_explanation_keep(walk->e, "%s%s", formula, share), names, 3);
    }
    sl_walk_flow_end(walk, n, x);
}

const sl_node_kind sl_node_interval = { .op = "interval",
                                        .forward = interval_ahead,
                                        .backward = interval_back };
