/* embedding_bag, embedding_max, embedding_attention: rows of a table by lists of them, as sums, means,
 * largest numbers, or means by attention. */
#include "explain/node/curve.h"
#include "kernel/math.h"

#include <string.h>

typedef enum { BAGS_SUM, BAGS_MEAN, BAGS_MAX, BAGS_ATTEND } bags_kind;

typedef struct {
    const sl_node *n;
    const sl_bags *bags; /* kept at the head of the scratch, or (nothing learned) the caller's */
    bags_kind kind;
    size_t width, bag, column, row;
    double *a, *ds; /* attention: [ids] shares, and the loss's slope by each score */
    double largest, sum;
} bags_walk;

static size_t bags_begin(const bags_walk *w, size_t bag)
{
    return w->bags->offsets[bag] - w->bags->offsets[0];
}

static size_t bags_length(const bags_walk *w, size_t bag)
{
    return w->bags->offsets[bag + 1] - w->bags->offsets[bag];
}

static size_t bags_id(const bags_walk *w, size_t place) /* counted from the first bag's first */
{
    return (size_t)w->bags->ids[w->bags->offsets[0] + place];
}

static double bags_cell(const bags_walk *w, size_t place, size_t column)
{
    return (double)w->n->x[0]->v[bags_id(w, place) * w->width + column];
}

static double bags_flow(const bags_walk *w, size_t bag, size_t column)
{
    return (double)w->n->y->g[bag * w->width + column];
}

/* What the row at a place is taken times. */
static double bags_weight(const bags_walk *w, size_t place)
{
    if (w->kind == BAGS_ATTEND)
        return w->a[place];
    return w->kind != BAGS_MAX && w->bags->values ? (double)w->bags->values[w->bags->offsets[0] + place] : 1;
}

static double bags_score(const bags_walk *w, size_t place)
{
    double score = 0;
    for (size_t c = 0; c < w->width; c++)
        score += (double)w->n->x[1]->v[c] * bags_cell(w, place, c);
    return score;
}

/* a, and where gradients are there, ds. */
static void bags_attend(bags_walk *w, bool back)
{
    for (size_t b = 0; b < (size_t)w->bags->count; b++) {
        const size_t from = bags_begin(w, b), size = bags_length(w, b);
        double most = 0, sum = 0, dot = 0;
        for (size_t k = from; k < from + size; k++) {
            w->a[k] = bags_score(w, k);
            most = k == from || w->a[k] > most ? w->a[k] : most;
        }
        for (size_t k = from; k < from + size; k++)
            sum += w->a[k] = sl_exp_d(w->a[k] - most);
        for (size_t k = from; k < from + size; k++) {
            w->a[k] /= sum;
            for (size_t c = 0; back && c < w->width; c++)
                w->ds[k] += bags_flow(w, b, c) * bags_cell(w, k, c);
            dot += w->a[k] * w->ds[k];
        }
        for (size_t k = from; k < from + size; k++)
            w->ds[k] = w->a[k] * (w->ds[k] - dot);
    }
}

static bool bags_start(bags_walk *w, sl_walk *walk, const sl_node *n, bool back)
{
    *w = (bags_walk){ .n = n, .width = (size_t)n->y->shape.dim[1] };
    w->bags = n->scratch ? (const sl_bags *)n->scratch : n->options.bags;
    w->kind = !strcmp(n->op->name, "embedding_attention") ? BAGS_ATTEND
              : !strcmp(n->op->name, "embedding_max")     ? BAGS_MAX
              : n->options.mean                           ? BAGS_MEAN
                                                          : BAGS_SUM;
    if (w->kind != BAGS_ATTEND)
        return true;
    const size_t ids = w->bags->count ? bags_begin(w, (size_t)w->bags->count) : 0;
    w->a = sl_alloc_array(walk->e->ctx, 2 * ids + 1, sizeof *w->a);
    w->ds = w->a ? w->a + ids : NULL;
    if (w->a)
        bags_attend(w, back);
    return w->a != NULL;
}

static int bags_term(const void *user, size_t i, double factors[3])
{
    const bags_walk *w = user;
    const size_t place = bags_begin(w, w->bag) + i;
    factors[0] = bags_cell(w, place, w->column);
    factors[1] = bags_weight(w, place);
    return w->kind == BAGS_ATTEND || w->bags->values ? 2 : 1;
}

static void bags_rule(sl_walk *walk, const bags_walk *w)
{
    static const char *const what[] = { "the sum of the rows of %s that the list names",
                                        "the mean of the rows of %s that the list names",
                                        "the largest of the rows of %s that the list names, in each column",
                                        "the sum of a times the rows of %s that the list names" };
    const sl_node *n = w->n;
    const char *table = sl_walk_name(walk, n->x[0]), *text = what[w->kind], *place = strstr(text, "%s");
    sl_walk_rule(
        walk, sl_walk_name(walk, n->y), n->y,
        sl_explanation_keep(walk->e, "%.*s%s%s%s", (int)(place - text), text, table, place + 2,
                            w->kind != BAGS_ATTEND && w->bags->values ? ", each times its value" : ""),
        NULL, NULL);
    if (w->kind == BAGS_ATTEND)
        sl_walk_note(walk, sl_explanation_keep(walk->e, "a is softmax, over the list, of %s . row",
                                               sl_walk_name(walk, n->x[1])));
}

/* "list 0: rows 3, 0, 3 of table" */
static void bags_list(sl_walk *walk, const bags_walk *w, size_t bag)
{
    sl_text text;
    const size_t size = bags_length(w, bag), from = bags_begin(w, bag);
    sl_text_init(&text, walk->e->ctx);
    for (size_t k = 0; k < size; k++) {
        size_t skipped;
        k = sl_explained_next(walk->e, k, size, &skipped);
        if (skipped)
            sl_text_add(&text, ", .. %zu more ..", skipped);
        sl_text_add(&text, "%s%zu", k ? ", " : "", bags_id(w, from + k));
    }
    sl_walk_note(walk,
                 size ? sl_explanation_keep(walk->e, "list %zu: row%s %s of %s", bag, size > 1 ? "s" : "",
                                            sl_text_string(&text), sl_walk_name(walk, w->n->x[0]))
                      : sl_explanation_keep(walk->e, "list %zu is empty: 0", bag));
    sl_text_free(&text);
}

/* Scores and shares of a list. */
static void bags_shares(sl_walk *walk, bags_walk *w)
{
    const size_t from = bags_begin(w, w->bag), size = bags_length(w, w->bag);
    double most = 0, sum = 0;
    for (size_t k = 0; k < size; k++)
        most = !k || bags_score(w, from + k) > most ? bags_score(w, from + k) : most;
    for (size_t k = 0; k < size; k++)
        sum += sl_exp_d(bags_score(w, from + k) - most);
    w->largest = most;
    w->sum = sum;
    for (size_t k = 0; sl_walk_columns(walk, size, &k); k++) {
        const double score = bags_score(w, from + k);
        const sl_named names[] = { { "s", score }, { "m", most }, { "S", sum } };
        sl_explained_line(walk->e, 2, sl_explanation_keep(walk->e, "score[%zu,%zu]", w->bag, k), "s", names,
                          1, score);
        sl_explained_line(walk->e, 2, sl_explanation_keep(walk->e, "a[%zu,%zu]", w->bag, k), "exp(s - m)/S",
                          names, 3, w->a[from + k]);
    }
    if (size)
        sl_walk_note(walk, sl_explanation_keep(walk->e,
                                               "there the largest score is taken off, and divided by the sum "
                                               "of such exp over the list"));
}

static void bags_ahead_cell(sl_walk *walk, bags_walk *w)
{
    const sl_node *n = w->n;
    const size_t i = w->bag * w->width + w->column, size = bags_length(w, w->bag),
                 from = bags_begin(w, w->bag);
    const bool mean = w->kind == BAGS_MEAN && size > 1;
    if (w->kind == BAGS_MAX && size) { /* the largest of so many, which are listed */
        sl_text formula;
        sl_text_init(&formula, walk->e->ctx);
        for (size_t k = 0; k < size; k++) {
            char number[32];
            sl_text_add(&formula, "%s%s", k ? ", " : "max(",
                        sl_explained_number(walk->e, number, bags_cell(w, from + k, w->column), 17));
        }
        sl_text_put(&formula, ")");
        const double value = (double)n->y->v[i];
        sl_explained_line(walk->e, 2, sl_walk_element(walk, n->y, i), sl_text_string(&formula), NULL, 0,
                          value);
        sl_text_free(&formula);
        return;
    }
    sl_explained_total(
        walk->e, sl_walk_element(walk, n->y, i),
        &(sl_explained_sum){ .count = size,
                             .term = bags_term,
                             .user = w,
                             .open = mean ? "(" : NULL,
                             .close = mean ? sl_explanation_keep(walk->e, ")/%zu", size) : NULL },
        (double)n->y->v[i]);
}

static void bags_ahead(sl_walk *walk, const sl_node *n)
{
    bags_walk w;
    if (!bags_start(&w, walk, n, false))
        return;
    bags_rule(walk, &w);
    sl_walk_values(walk, n->y, false);
    for (w.bag = 0; sl_walk_rows(walk, (size_t)w.bags->count, w.width, &w.bag); w.bag++) {
        bags_list(walk, &w, w.bag);
        if (w.kind == BAGS_ATTEND)
            bags_shares(walk, &w);
        for (w.column = 0; sl_walk_columns(walk, w.width, &w.column); w.column++)
            bags_ahead_cell(walk, &w);
    }
    sl_free(walk->e->ctx, w.a);
}

/* --- back: a row of the table has a term (attention: two) wherever a list names it --- */

static bool bags_takes(const bags_walk *w, size_t bag, size_t k)
{
    const size_t from = bags_begin(w, bag);
    if (bags_id(w, from + k) != w->row)
        return false;
    for (size_t j = 0; w->kind == BAGS_MAX && j < bags_length(w, bag); j++) {
        const double own = bags_cell(w, from + k, w->column), other = bags_cell(w, from + j, w->column);
        if (other > own || (other == own && j < k)) /* the first of the largest */
            return false;
    }
    return true;
}

static int bags_back_factors(const bags_walk *w, size_t bag, size_t k, int part, double factors[3])
{
    const size_t place = bags_begin(w, bag) + k;
    factors[0] = bags_flow(w, bag, w->column);
    if (w->kind == BAGS_ATTEND) {
        factors[0] = part ? w->ds[place] : factors[0];
        factors[1] = part ? (double)w->n->x[1]->v[w->column] : w->a[place];
        return 2;
    }
    factors[1] = bags_weight(w, place) / (w->kind == BAGS_MEAN ? (double)bags_length(w, bag) : 1);
    return w->bags->values || w->kind == BAGS_MEAN ? 2 : 1;
}

/* Term i of (row, column), or, i = SIZE_MAX, how many there are. */
static size_t bags_back_find(const bags_walk *w, size_t i, double factors[3], int *used)
{
    size_t found = 0;
    const int parts = w->kind == BAGS_ATTEND ? 2 : 1;
    for (size_t b = 0; b < (size_t)w->bags->count; b++)
        for (size_t k = 0; k < bags_length(w, b); k++)
            for (int part = 0; part < parts && bags_takes(w, b, k); part++)
                if (found++ == i)
                    *used = bags_back_factors(w, b, k, part, factors);
    return found;
}

static int bags_back_term(const void *user, size_t i, double factors[3])
{
    int used = 0;
    bags_back_find(user, i, factors, &used);
    return used;
}

static void bags_back_rows(sl_walk *walk, bags_walk *w)
{
    const sl_tensor *table = w->n->x[0];
    const size_t all = (size_t)table->shape.dim[0];
    size_t named = 0;
    for (w->row = 0; w->row < all; w->row++) {
        w->column = 0;
        bool here = false;
        for (size_t k = 0; k < bags_begin(w, (size_t)w->bags->count) && !here; k++)
            here = bags_id(w, k) == w->row;
        named += here;
        for (; here && sl_walk_columns(walk, w->width, &w->column); w->column++)
            sl_walk_flow(walk, w->n, table, w->row * w->width + w->column, 0, NULL, NULL, 0,
                         &(sl_explained_sum){ .count = bags_back_find(w, SIZE_MAX, NULL, NULL),
                                              .term = bags_back_term,
                                              .user = w });
    }
    sl_walk_note(walk, sl_explanation_keep(walk->e, "no list names %zu of the %zu rows of %s: 0", all - named,
                                           all, sl_walk_name(walk, table)));
}

static int bags_query_term(const void *user, size_t i, double factors[3])
{
    const bags_walk *w = user;
    factors[0] = w->ds[i];
    factors[1] = bags_cell(w, i, w->column);
    return 2;
}

static void bags_back(sl_walk *walk, const sl_node *n)
{
    bags_walk w;
    if (!bags_start(&w, walk, n, true))
        return;
    const char *flow = sl_walk_slope_name(walk, n->y);
    if (w.kind == BAGS_ATTEND) {
        sl_walk_helper(
            walk, "ds",
            sl_explanation_keep(walk->e, "a*(%s . row less the mean of those by a), by the score", flow));
        for (size_t k = 0; sl_walk_columns(walk, bags_begin(&w, (size_t)w.bags->count), &k); k++)
            sl_explained_line(walk->e, 2, sl_explanation_keep(walk->e, "ds[%zu]", k), "d",
                              &(sl_named){ "d", w.ds[k] }, 1, w.ds[k]);
    }
    if (sl_walk_flows(n, 1)) {
        sl_walk_rule(walk, sl_walk_slope_name(walk, n->x[1]), n->x[1], "the sum of ds times the row", NULL,
                     NULL);
        for (w.column = 0; sl_walk_more(walk, n->x[1], &w.column); w.column++)
            sl_walk_flow(walk, n, n->x[1], w.column, 0, NULL, NULL, 0,
                         &(sl_explained_sum){ .count = bags_begin(&w, (size_t)w.bags->count),
                                              .term = bags_query_term,
                                              .user = &w });
        sl_walk_flow_end(walk, n, n->x[1]);
    }
    if (sl_walk_flows(n, 0)) {
        static const char *const times[] = { "", " / the length of the list", " where it is the largest",
                                             " * a, and ds times the query" };
        sl_walk_rule(walk, sl_walk_slope_name(walk, n->x[0]), n->x[0],
                     sl_explanation_keep(walk->e, "%s%s%s, over the lists that name the row", flow,
                                         times[w.kind],
                                         w.kind != BAGS_ATTEND && w.bags->values ? " * value" : ""),
                     NULL, NULL);
        bags_back_rows(walk, &w);
        sl_walk_flow_end(walk, n, n->x[0]);
    }
    sl_free(walk->e->ctx, w.a);
}

const sl_node_kind sl_node_bags = { .op = "embedding_bag embedding_max embedding_attention",
                                    .forward = bags_ahead,
                                    .backward = bags_back };
