/* linear: z = W x + b, a row at a time, and its three ways back. */
#include "explain/step.h"

typedef struct { /* one element: the terms of its sum */
    const sl_real *a, *b, *alone;
    size_t count, step_a, step_b;
} linear_terms;

static int linear_term(const void *user, size_t i, double factors[3])
{
    const linear_terms *t = user;
    if (i == t->count) {
        factors[0] = (double)*t->alone;
        return 1;
    }
    factors[0] = (double)t->a[i * t->step_a];
    factors[1] = (double)t->b[i * t->step_b];
    return 2;
}

/* One row stands as a column, as on paper. */
static bool linear_one(const sl_node *n)
{
    return n->y->shape.rank == 2 && n->y->shape.dim[0] == 1;
}

/* Of a batch, a line a quantity: first the products alone. */
static bool linear_product(sl_walk *walk, const sl_node *n)
{
    const sl_tensor *x = n->x[0], *w = n->x[1];
    const size_t out = (size_t)w->shape.dim[0], in = (size_t)w->shape.dim[1];
    sl_real *s = sl_alloc_array(walk->e->ctx, n->y->count, sizeof *s);
    if (!s)
        return false;
    for (size_t i = 0; i < n->y->count; i++)
        for (size_t k = 0; k < in; k++)
            s[i] += w->v[i % out * in + k] * x->v[i / out * in + k];
    sl_walk_rule(
        walk, "s", n->y, sl_explanation_keep(walk->e, "%s %s'", sl_walk_name(walk, x), sl_walk_name(walk, w)),
        sl_explanation_keep(walk->e, "%s %s'", sl_walk_shape(walk, x), sl_walk_shape(walk, w)), NULL);
    sl_explanation_add(
        walk->e, (sl_explained){ .kind = SL_EXPLAINED_VALUE,
                                 .name = "s",
                                 .value = sl_explained_rows(walk->e, s, out ? n->y->count / out : 0, out) });
    sl_free(walk->e->ctx, s);
    return true;
}

static void linear_ahead(sl_walk *walk, const sl_node *n)
{
    const sl_tensor *x = n->x[0], *w = n->x[1], *b = n->x[2];
    const size_t out = (size_t)w->shape.dim[0], in = (size_t)w->shape.dim[1];
    const char *from = sl_walk_name(walk, x), *weight = sl_walk_name(walk, w);
    const char *bias = b ? sl_explanation_keep(walk->e, " + %s", sl_walk_name(walk, b)) : "";
    const char *lengths = b ? sl_explanation_keep(walk->e, " + %s", sl_walk_shape(walk, b)) : "";
    const char *left = sl_walk_shape(walk, w), *right = sl_walk_shape(walk, x);
    const bool apart = b && !linear_one(n) && walk->e->depth <= 1 && linear_product(walk, n);
    if (apart)
        sl_walk_rule(walk, sl_walk_name(walk, n->y), n->y, sl_explanation_keep(walk->e, "s%s", bias),
                     sl_explanation_keep(walk->e, "%s%s", sl_walk_shape(walk, n->y), lengths), NULL);
    else if (linear_one(n))
        sl_walk_rule(walk, sl_walk_name(walk, n->y), n->y,
                     sl_explanation_keep(walk->e, "%s %s%s", weight, from, bias),
                     sl_explanation_keep(walk->e, "%s %s%s", left, right, lengths), NULL);
    else
        sl_walk_rule(walk, sl_walk_name(walk, n->y), n->y,
                     sl_explanation_keep(walk->e, "%s %s'%s", from, weight, bias),
                     sl_explanation_keep(walk->e, "%s %s'%s", right, left, lengths), NULL);
    sl_walk_values(walk, n->y, false);
    for (size_t i = 0; sl_walk_more(walk, n->y, &i); i++) {
        const linear_terms terms = { .a = w->v + i % out * in,
                                     .b = x->v + i / out * in,
                                     .alone = b ? b->v + i % out : NULL,
                                     .count = in,
                                     .step_a = 1,
                                     .step_b = 1 };
        sl_explained_total(
            walk->e, sl_walk_element(walk, n->y, i),
            &(sl_explained_sum){ .count = in + (b ? 1 : 0), .term = linear_term, .user = &terms },
            (double)n->y->v[i]);
    }
}

/* The flow into t: element i is a sum of `count` products of the terms' a and b; or of a alone, where b is
 * NULL. */
static double linear_value(const linear_terms *terms)
{
    double sum = 0;
    for (size_t i = 0; i < terms->count; i++)
        sum += (double)terms->a[i * terms->step_a] * (terms->b ? (double)terms->b[i * terms->step_b] : 1);
    return sum;
}

static int linear_single(const void *user, size_t i, double factors[3])
{
    const linear_terms *t = user;
    factors[0] = (double)t->a[i * t->step_a];
    return 1;
}

static void linear_flow(sl_walk *walk, const sl_node *n, const sl_tensor *t, size_t i,
                        const linear_terms *terms)
{
    sl_walk_flow(walk, n, t, i, linear_value(terms), NULL, NULL, 0,
                 &(sl_explained_sum){
                     .count = terms->count, .term = terms->b ? linear_term : linear_single, .user = terms });
}

static void linear_back(sl_walk *walk, const sl_node *n)
{
    const sl_tensor *x = n->x[0], *w = n->x[1], *b = n->x[2], *y = n->y;
    const size_t out = (size_t)w->shape.dim[0], in = (size_t)w->shape.dim[1], rows = out ? y->count / out : 0;
    const bool one = linear_one(n);
    const char *dz = sl_walk_slope_name(walk, y), *shape_y = sl_walk_shape(walk, y);
    if (sl_walk_flows(n, 1)) {
        const char *from = sl_walk_name(walk, x);
        sl_walk_rule(walk, sl_walk_slope_name(walk, w), w,
                     one ? sl_explanation_keep(walk->e, "%s %s'", dz, from)
                         : sl_explanation_keep(walk->e, "(%s)' %s", dz, from),
                     sl_explanation_keep(walk->e, one ? "%s %s'" : "%s' %s", shape_y, sl_walk_shape(walk, x)),
                     NULL);
        for (size_t i = 0; sl_walk_more(walk, w, &i); i++)
            linear_flow(
                walk, n, w, i,
                &(linear_terms){
                    .a = y->g + i / in, .b = x->v + i % in, .count = rows, .step_a = out, .step_b = in });
        sl_walk_flow_end(walk, n, w);
    }
    if (b && sl_walk_flows(n, 2)) {
        sl_walk_rule(walk, sl_walk_slope_name(walk, b), b,
                     one ? dz : sl_explanation_keep(walk->e, "%s, summed over rows", dz), NULL, NULL);
        for (size_t i = 0; sl_walk_more(walk, b, &i); i++)
            linear_flow(walk, n, b, i, &(linear_terms){ .a = y->g + i, .count = rows, .step_a = out });
        sl_walk_flow_end(walk, n, b);
    }
    if (sl_walk_flows(n, 0)) {
        const char *weight = sl_walk_name(walk, w);
        sl_walk_rule(walk, sl_walk_slope_name(walk, x), x,
                     one ? sl_explanation_keep(walk->e, "%s' %s", weight, dz)
                         : sl_explanation_keep(walk->e, "%s %s", dz, weight),
                     one ? sl_explanation_keep(walk->e, "%s' %s", sl_walk_shape(walk, w), shape_y)
                         : sl_explanation_keep(walk->e, "%s %s", shape_y, sl_walk_shape(walk, w)),
                     NULL);
        for (size_t i = 0; sl_walk_more(walk, x, &i); i++)
            linear_flow(
                walk, n, x, i,
                &(linear_terms){
                    .a = w->v + i % in, .b = y->g + i / in * out, .count = out, .step_a = in, .step_b = 1 });
        sl_walk_flow_end(walk, n, x);
    }
}

const sl_node_kind sl_node_linear = { .op = "linear", .forward = linear_ahead, .backward = linear_back };
