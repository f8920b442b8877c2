/* matmul: Y = A B, and back. */
#include "explain/step.h"

typedef struct {
    const sl_real *a, *b;
    size_t count, step_a, step_b;
} matmul_terms;

static int matmul_term(const void *user, size_t i, double factors[3])
{
    const matmul_terms *t = user;
    factors[0] = (double)t->a[i * t->step_a];
    factors[1] = (double)t->b[i * t->step_b];
    return 2;
}

static void matmul_ahead(sl_walk *walk, const sl_node *n)
{
    const sl_tensor *a = n->x[0], *b = n->x[1], *y = n->y;
    const size_t k = (size_t)a->shape.dim[1], width = (size_t)b->shape.dim[1];
    sl_walk_rule(walk, sl_walk_name(walk, y), y,
                 sl_explanation_keep(walk->e, "%s %s", sl_walk_name(walk, a), sl_walk_name(walk, b)),
                 sl_explanation_keep(walk->e, "%s %s", sl_walk_shape(walk, a), sl_walk_shape(walk, b)), NULL);
    sl_walk_values(walk, y, false);
    for (size_t i = 0; sl_walk_more(walk, y, &i); i++) {
        const matmul_terms terms = { a->v + i / width * k, b->v + i % width, k, 1, width };
        sl_explained_total(walk->e, sl_walk_element(walk, y, i),
                           &(sl_explained_sum){ .count = k, .term = matmul_term, .user = &terms },
                           (double)y->v[i]);
    }
}

static void matmul_flow(sl_walk *walk, const sl_node *n, const sl_tensor *t, size_t i,
                        const matmul_terms *terms)
{
    double sum = 0;
    for (size_t k = 0; k < terms->count; k++)
        sum += (double)terms->a[k * terms->step_a] * (double)terms->b[k * terms->step_b];
    sl_walk_flow(walk, n, t, i, sum, NULL, NULL, 0,
                 &(sl_explained_sum){ .count = terms->count, .term = matmul_term, .user = terms });
}

static void matmul_back(sl_walk *walk, const sl_node *n)
{
    const sl_tensor *a = n->x[0], *b = n->x[1], *y = n->y;
    const size_t m = (size_t)a->shape.dim[0], k = (size_t)a->shape.dim[1], width = (size_t)b->shape.dim[1];
    const char *flow = sl_walk_slope_name(walk, y);
    if (sl_walk_flows(n, 0)) {
        sl_walk_rule(walk, sl_walk_slope_name(walk, a), a,
                     sl_explanation_keep(walk->e, "%s %s'", flow, sl_walk_name(walk, b)), NULL, NULL);
        for (size_t i = 0; sl_walk_more(walk, a, &i); i++)
            matmul_flow(walk, n, a, i,
                        &(matmul_terms){ y->g + i / k * width, b->v + i % k * width, width, 1, 1 });
        sl_walk_flow_end(walk, n, a);
    }
    if (sl_walk_flows(n, 1)) {
        sl_walk_rule(walk, sl_walk_slope_name(walk, b), b,
                     sl_explanation_keep(walk->e, "%s' %s", sl_walk_name(walk, a), flow), NULL, NULL);
        for (size_t i = 0; sl_walk_more(walk, b, &i); i++)
            matmul_flow(walk, n, b, i, &(matmul_terms){ a->v + i / width, y->g + i % width, m, k, width });
        sl_walk_flow_end(walk, n, b);
    }
}

const sl_node_kind sl_node_matmul = { .op = "matmul", .forward = matmul_ahead, .backward = matmul_back };
