/* element_loss.c - losses that go element by element: each by the operator's `written`, then their mean or
 * sum. */
#include "explain/node/curve.h"

typedef struct {
    const sl_node *n;
    const double *each; /* [count] */
    size_t count, width;
} loss_terms;

static int loss_term(const void *user, size_t i, double factors[3])
{
    const loss_terms *t = user;
    const sl_tensor *w = t->n->x[2];
    factors[0] = t->each[i];
    factors[1] = w ? (double)w->v[i / t->width] : 1;
    return w ? 2 : 1;
}

/* " / 4": what the sum is divided by. */
static const char *loss_share(sl_walk *walk, const sl_node *n, size_t count)
{
    return n->options.sum || count == 1 ? "" : sl_explanation_keep(walk->e, "/%zu", count);
}

void sl_node_loss_forward(sl_walk *walk, const sl_node *n)
{
    const sl_tensor *x = n->x[0], *t = n->x[1], *w = n->x[2];
    const size_t count = x->count;
    const sl_op *f = n->op;
    const bool one = count == 1 && !w;
    double *each = sl_alloc_array(walk->e->ctx, count, sizeof *each);
    if (!each)
        return;
    sl_explanation_add(
        walk->e, (sl_explained){ .kind = SL_EXPLAINED_RULE, .name = one ? "L" : "l", .text = f->written });
    sl_explanation_add(walk->e, (sl_explained){ .kind = SL_EXPLAINED_NOTE,
                                                .text = sl_explanation_keep(
                                                    walk->e, "z is %s, t is %s, %s", sl_walk_name(walk, x),
                                                    sl_walk_name(walk, t), sl_walk_shape(walk, x)) });
    size_t shown = 0;
    for (size_t i = 0; i < count; i++) {
        sl_named names[3 + SL_CURVE_STEPS] = { { "z", (double)x->v[i] },
                                               { "t", (double)t->v[i] },
                                               { "a", (double)n->options.number } };
        int known = 3;
        const bool here = shown == i && sl_walk_more(walk, x, &shown) && shown == i;
        shown += here;
        const char *last = sl_curve_steps(walk, f->written, names, &known, x->shape, i, here);
        sl_real loss; /* the operator's own */
        f->element_losses(SL_ISA_PLAIN, n->options.number, &loss, x->v + i, t->v + i, 1);
        each[i] = (double)loss;
        if (here && !one)
            sl_explained_line(walk->e, 2, sl_explained_name(walk->e, "l", x->shape, true, i), last, names,
                              known, each[i]);
        else if (one)
            sl_explained_line(walk->e, 1, "L", last, names, known, (double)n->y->v[0]);
    }
    const char *share = loss_share(walk, n, count);
    const loss_terms terms = { n, each, count, w ? count / w->count : 1 };
    if (!one) {
        sl_walk_rule(walk, "L", n->y, n->options.sum ? "the sum" : "the mean", NULL, NULL);
        sl_explained_total(
            walk->e, "L",
            &(sl_explained_sum){ .count = count,
                                 .term = loss_term,
                                 .user = &terms,
                                 .open = *share ? "(" : NULL,
                                 .close = *share ? sl_explanation_keep(walk->e, ")%s", share) : NULL },
            (double)n->y->v[0]);
    }
    sl_free(walk->e->ctx, each);
}

void sl_node_loss_backward(sl_walk *walk, const sl_node *n)
{
    const sl_tensor *x = n->x[0], *t = n->x[1], *w = n->x[2];
    const sl_op *f = n->op;
    const char *share = loss_share(walk, n, x->count);
    const size_t width = w ? x->count / w->count : 1;
    if (!sl_walk_flows(n, 0))
        return;
    sl_walk_rule(walk, sl_walk_slope_name(walk, x), x,
                 sl_explanation_keep(walk->e, *share || w ? "(%s)%s%s" : "%s%s%s", f->slope,
                                     w ? " * weight" : "", share),
                 NULL, NULL);
    for (size_t i = 0; sl_walk_more(walk, x, &i); i++) {
        sl_named names[5 + SL_CURVE_STEPS] = { { "z", (double)x->v[i] },
                                               { "t", (double)t->v[i] },
                                               { "a", (double)n->options.number },
                                               { "weight", w ? (double)w->v[i / width] : 1 } };
        int known = 4;
        const char *last = sl_curve_steps(walk, f->slope, names, &known, x->shape, i, false);
        const char *whole = sl_explanation_keep(walk->e, *share || w ? "(%s)%s%s" : "%s%s%s", last,
                                                w ? " * weight" : "", share);
        sl_walk_flow(walk, n, x, i, (double)x->g[i], whole, names, known, NULL);
    }
    sl_walk_flow_end(walk, n, x);
}
