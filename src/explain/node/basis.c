/* basis: features of a row, a line each. */
#include "explain/node/curve.h"

#include "kernel/math.h"

/* By the term's kind, of its inputs a and b. */
static const char *const features_value[] = { "a", "a^2", "a*b", "sin(a)", "cos(a)" };

static const sl_term *features_terms(const sl_node *n)
{
    return n->scratch;
}

static size_t features_width(const sl_tensor *t)
{
    return (size_t)t->shape.dim[t->shape.rank - 1];
}

/* The feature at element i of y: its term, and its numbers with their names. */
static const sl_term *features_at(const sl_node *n, size_t i, sl_named names[2])
{
    const size_t out = features_width(n->y), in = features_width(n->x[0]);
    const sl_term *term = &features_terms(n)[i % out];
    const sl_real *x = n->x[0]->v + i / out * in;
    names[0] = (sl_named){ "a", (double)x[term->a] };
    names[1] = (sl_named){ "b", (double)x[term->b] };
    return term;
}

static void features_ahead(sl_walk *walk, const sl_node *n)
{
    const size_t out = features_width(n->y);
    const char *from = sl_walk_name(walk, n->x[0]);
    sl_text rule;
    sl_text_init(&rule, walk->e->ctx);
    for (size_t k = 0; k < out; k++) {
        const sl_term *term = &features_terms(n)[k];
        const char *const names[] = { sl_explanation_keep(walk->e, "%s[%d]", from, term->a),
                                      sl_explanation_keep(walk->e, "%s[%d]", from, term->b) };
        const char *value = features_value[term->kind];
        sl_text_put(&rule, k ? ", " : "[");
        for (const char *at = value; *at; at++)
            if (*at == 'a' || *at == 'b')
                sl_text_put(&rule, names[*at - 'a']);
            else
                sl_text_bytes(&rule, at, 1);
    }
    sl_text_put(&rule, "]");
    sl_walk_rule(walk, sl_walk_name(walk, n->y), n->y,
                 sl_explanation_keep(walk->e, "%s", sl_text_string(&rule)), NULL, NULL);
    sl_text_free(&rule);
    sl_walk_values(walk, n->y, false);
    for (size_t i = 0; sl_walk_more(walk, n->y, &i); i++) {
        sl_named names[2];
        const sl_term *term = features_at(n, i, names);
        sl_walk_line(walk, n->y, i, features_value[term->kind], names, 2);
    }
}

typedef struct { /* what flows into one input of one row */
    const sl_node *n;
    size_t row, input;
} features_into;

/* Which part of the flow this is: both inputs of a product may be the same. */
static bool features_part(const features_into *into, size_t i, double factors[3], int *count)
{
    const size_t out = features_width(into->n->y), at = into->row * out + i / 2;
    sl_named x[2];
    const sl_term *term = features_at(into->n, at, x);
    const bool second = i % 2;
    if ((size_t)(second ? term->b : term->a) != into->input || (second && term->kind != SL_TERM_PRODUCT))
        return false;
    factors[0] = (double)into->n->y->g[at];
    factors[1] = term->kind == SL_TERM_PRODUCT  ? x[!second].value
                 : term->kind == SL_TERM_SQUARE ? 2
                 : term->kind == SL_TERM_SINE   ? sl_cos_d(x[0].value)
                                                : -sl_sin_d(x[0].value);
    factors[2] = x[0].value;
    *count = term->kind == SL_TERM_INPUT ? 1 : term->kind == SL_TERM_SQUARE ? 3 : 2;
    return true;
}

/* The i-th of those that are none of nothing. */
static int features_factors(const void *user, size_t i, double factors[3])
{
    const features_into *into = user;
    int count = 0;
    for (size_t part = 0;; part++)
        if (features_part(into, part, factors, &count) && i-- == 0)
            return count;
}

static void features_back(sl_walk *walk, const sl_node *n)
{
    const sl_tensor *x = n->x[0];
    const size_t width = features_width(x), parts = 2 * features_width(n->y);
    if (!sl_walk_flows(n, 0))
        return;
    sl_walk_rule(walk, sl_walk_slope_name(walk, x), x,
                 sl_explanation_keep(walk->e, "%s times the slope of each feature, summed",
                                     sl_walk_slope_name(walk, n->y)),
                 NULL, NULL);
    for (size_t i = 0; sl_walk_more(walk, x, &i); i++) {
        const features_into into = { n, i / width, i % width };
        sl_explained_sum sum = { .term = features_factors, .user = &into };
        double value = 0;
        for (size_t part = 0; part < parts; part++) {
            double factors[3];
            int count;
            if (!features_part(&into, part, factors, &count))
                continue;
            sum.count++;
            value += factors[0] * (count > 1 ? factors[1] : 1) * (count > 2 ? factors[2] : 1);
        }
        sl_walk_flow(walk, n, x, i, value, sum.count ? NULL : "0", NULL, 0, &sum);
    }
    sl_walk_flow_end(walk, n, x);
}

const sl_node_kind sl_node_basis = { .op = "basis", .forward = features_ahead, .backward = features_back };
