/* embedding: the row of a table that a row's first number names. */
#include "explain/node/curve.h"

typedef struct {
    const sl_node *n;
    size_t width, step, rows;
    size_t at; /* of the table */
} embedding_walk;

static embedding_walk embedding_begin(const sl_node *n)
{
    const size_t width = (size_t)n->x[0]->shape.dim[1];
    return (embedding_walk){ .n = n,
                             .width = width,
                             .step = (size_t)n->x[1]->shape.dim[n->x[1]->shape.rank - 1],
                             .rows = width ? n->y->count / width : 0 };
}

static size_t embedding_named(const embedding_walk *w, size_t r)
{
    return (size_t)w->n->x[1]->v[r * w->step];
}

static void embedding_ahead(sl_walk *walk, const sl_node *n)
{
    const embedding_walk w = embedding_begin(n);
    const sl_tensor *y = n->y;
    sl_walk_rule(walk, sl_walk_name(walk, y), y,
                 sl_explanation_keep(walk->e, "the row of %s that the first number of %s names",
                                     sl_walk_name(walk, n->x[0]), sl_walk_name(walk, n->x[1])),
                 NULL, NULL);
    sl_walk_values(walk, y, false);
    for (size_t r = 0; sl_walk_rows(walk, w.rows, w.width, &r); r++) {
        sl_walk_note(walk, sl_explanation_keep(walk->e, "row %zu takes row %zu of %s", r,
                                               embedding_named(&w, r), sl_walk_name(walk, n->x[0])));
        for (size_t c = 0; sl_walk_columns(walk, w.width, &c); c++)
            sl_walk_line(walk, y, r * w.width + c, "x",
                         &(sl_named){ "x", (double)n->x[0]->v[embedding_named(&w, r) * w.width + c] }, 1);
    }
}

/* Term k of element `at`: of the k-th row that names it. */
static int embedding_term(const void *user, size_t k, double factors[3])
{
    const embedding_walk *w = user;
    for (size_t r = 0; r < w->rows; r++)
        if (embedding_named(w, r) == w->at / w->width && k-- == 0)
            factors[0] = (double)w->n->y->g[r * w->width + w->at % w->width];
    return 1;
}

static void embedding_back(sl_walk *walk, const sl_node *n)
{
    embedding_walk w = embedding_begin(n);
    const sl_tensor *table = n->x[0];
    const size_t all = (size_t)table->shape.dim[0];
    if (!sl_walk_flows(n, 0))
        return;
    sl_walk_rule(walk, sl_walk_slope_name(walk, table), table,
                 sl_explanation_keep(walk->e, "%s, summed over the rows that took the row",
                                     sl_walk_slope_name(walk, n->y)),
                 NULL, NULL);
    size_t named = 0;
    for (size_t t = 0; t < all; t++) {
        size_t count = 0;
        for (size_t r = 0; r < w.rows; r++)
            count += embedding_named(&w, r) == t;
        named += count > 0;
        for (size_t c = 0; count && sl_walk_columns(walk, w.width, &c); c++) {
            double sum = 0;
            w.at = t * w.width + c;
            for (size_t k = 0; k < count; k++) {
                double factors[3] = { 0 };
                embedding_term(&w, k, factors);
                sum += factors[0];
            }
            sl_walk_flow(walk, n, table, w.at, sum, NULL, NULL, 0,
                         &(sl_explained_sum){ .count = count, .term = embedding_term, .user = &w });
        }
    }
    sl_walk_note(walk, sl_explanation_keep(walk->e, "no row of the batch took %zu of the %zu rows of %s: 0",
                                           all - named, all, sl_walk_name(walk, table)));
    sl_walk_flow_end(walk, n, table);
}

const sl_node_kind sl_node_embedding = { .op = "embedding",
                                         .forward = embedding_ahead,
                                         .backward = embedding_back };
