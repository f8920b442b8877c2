/* element_loss.c - losses that go element by element: each by the operator's `written`; and what all losses
 * share: their mean or sum, and weights of rows. */
#include "explain/node/curve.h"

#include <string.h>

typedef struct {
    const sl_node *n;
    const double *each; /* [count] */
    size_t width;
} loss_terms;

static int loss_term(const void *user, size_t i, double factors[3])
{
    const loss_terms *t = user;
    const sl_tensor *w = t->n->x[2];
    factors[0] = t->each[i];
    factors[1] = w ? (double)w->v[i / t->width] : 1;
    if (w && factors[1] == 0) /* such a row does not count, however large its loss is */
        factors[0] = 0;
    return w ? 2 : 1;
}

const char *sl_loss_share(sl_walk *walk, const sl_node *n, size_t count)
{
    return n->options.sum || count == 1 ? "" : sl_explanation_keep(walk->e, "/%zu", count);
}

bool sl_loss_alone(const sl_node *n, size_t count)
{
    return count == 1 && !n->x[2];
}

void sl_loss_total(sl_walk *walk, const sl_node *n, const double *each, size_t count)
{
    const char *share = sl_loss_share(walk, n, count);
    const loss_terms terms = { n, each, n->x[2] ? count / n->x[2]->count : 1 };
    sl_walk_rule(walk, "L", n->y,
                 sl_explanation_keep(walk->e, "the %s of l%s", n->options.sum ? "sum" : "mean",
                                     n->x[2] ? " times the row's weight" : ""),
                 NULL, NULL);
    sl_explained_total(
        walk->e, "L",
        &(sl_explained_sum){ .count = count,
                             .term = loss_term,
                             .user = &terms,
                             .open = *share ? "(" : NULL,
                             .close = *share ? sl_explanation_keep(walk->e, ")%s", share) : NULL },
        (double)n->y->v[0]);
}

/* A sum or a comparison, which wants brackets before it is multiplied or divided. */
static bool loss_is_sum(const char *formula, size_t length)
{
    int depth = 0;
    for (size_t i = 0; i < length; i++) {
        depth += (formula[i] == '(') - (formula[i] == ')');
        if (formula[i] == ' ' && depth == 0)
            return true;
    }
    return false;
}

void sl_loss_slope_rule(sl_walk *walk, const sl_node *n, size_t count, const char *formula)
{
    const char *share = sl_loss_share(walk, n, count);
    sl_walk_rule(walk, sl_walk_slope_name(walk, n->x[0]), n->x[0],
                 sl_explanation_keep(walk->e,
                                     (*share || n->x[2]) && loss_is_sum(formula, strlen(formula)) ? "(%s)%s%s"
                                                                                                  : "%s%s%s",
                                     formula, n->x[2] ? " * weight" : "", share),
                 NULL, NULL);
}

/* Every alternative, in brackets where it is a sum, with what stands behind: "(a)/4 | (b)/4". */
static const char *loss_whole(sl_walk *walk, const char *formula, const char *behind)
{
    const char *whole = NULL;
    for (const char *from = formula; from;) {
        const char *bar = strstr(from, " | ");
        const int length = (int)(bar ? (size_t)(bar - from) : strlen(from));
        whole =
            sl_explanation_keep(walk->e, loss_is_sum(from, (size_t)length) ? "%s%s(%.*s)%s" : "%s%s%.*s%s",
                                whole ? whole : "", whole ? " | " : "", length, from, behind);
        from = bar ? bar + 3 : NULL;
    }
    return whole;
}

void sl_loss_flow(sl_walk *walk, const sl_node *n, size_t i, size_t count, const char *formula,
                  sl_named *names, int known)
{
    const sl_tensor *x = n->x[0], *w = n->x[2];
    const char *share = sl_loss_share(walk, n, count);
    if (w)
        names[known++] = (sl_named){ "weight", (double)w->v[i / (x->count / w->count)] };
    const char *behind = sl_explanation_keep(walk->e, "%s%s", w ? "*weight" : "", share);
    sl_walk_flow(walk, n, x, i, (double)x->g[i], *behind ? loss_whole(walk, formula, behind) : formula, names,
                 known, NULL);
}

static int loss_names(const sl_node *n, size_t i, sl_named *names)
{
    names[0] = (sl_named){ "z", (double)n->x[0]->v[i] };
    names[1] = (sl_named){ "t", (double)n->x[1]->v[i] };
    names[2] = (sl_named){ "a", (double)n->options.number };
    return 3;
}

static int loss_spelled(sl_walk *walk, const sl_node *n, sl_spelled *names)
{
    names[0] = (sl_spelled){ "z", sl_walk_name(walk, n->x[0]) };
    names[1] = (sl_spelled){ "t", sl_walk_name(walk, n->x[1]) };
    names[2] = (sl_spelled){ "a", sl_curve_number(walk, (double)n->options.number) };
    return 3;
}

void sl_node_loss_forward(sl_walk *walk, const sl_node *n)
{
    const sl_tensor *x = n->x[0], *t = n->x[1];
    const size_t count = x->count;
    const sl_op *f = n->op;
    const bool one = sl_loss_alone(n, count);
    double *each = sl_alloc_array(walk->e->ctx, count, sizeof *each);
    if (!each)
        return;
    sl_spelled spelled[3];
    const char *rule =
        sl_curve_rules(walk, f->written, spelled, loss_spelled(walk, n, spelled), n->options.number != 0);
    sl_walk_rule(walk, one ? "L" : "l", one ? n->y : x, rule, NULL, NULL);
    size_t shown = 0;
    for (size_t i = 0; i < count; i++) {
        sl_named names[3 + SL_CURVE_STEPS];
        int known = loss_names(n, i, names);
        const bool here = shown == i && sl_walk_more(walk, x, &shown) && shown == i;
        shown += here;
        const char *last = sl_curve_steps(walk, f->written, names, &known, x->shape, i, here);
        sl_real loss; /* the operator's own */
        f->element_losses(SL_ISA_PLAIN, n->options.number, &loss, x->v + i, t->v + i, 1);
        each[i] = (double)loss;
        if (one)
            sl_explained_line(walk->e, 2, "L", last, names, known, (double)n->y->v[0]);
        else if (here)
            sl_explained_line(walk->e, 2, sl_explained_name(walk->e, "l", x->shape, true, i), last, names,
                              known, each[i]);
    }
    if (!one)
        sl_loss_total(walk, n, each, count);
    sl_free(walk->e->ctx, each);
}

void sl_node_loss_backward(sl_walk *walk, const sl_node *n)
{
    const sl_tensor *x = n->x[0];
    const sl_op *f = n->op;
    if (!sl_walk_flows(n, 0))
        return;
    sl_spelled spelled[3];
    sl_loss_slope_rule(
        walk, n, x->count,
        sl_curve_rules(walk, f->slope, spelled, loss_spelled(walk, n, spelled), n->options.number != 0));
    for (size_t i = 0; sl_walk_more(walk, x, &i); i++) {
        sl_named names[4 + SL_CURVE_STEPS];
        int known = loss_names(n, i, names);
        const char *last = sl_curve_steps(walk, f->slope, names, &known, x->shape, i, walk->e->depth > 2);
        sl_loss_flow(walk, n, i, x->count, last, names, known);
    }
    sl_walk_flow_end(walk, n, x);
}
