/* cross_entropy, kl: softmax, and how far it is from the target. */
#include "explain/node/curve.h"
#include "explain/node/shares.h"
#include "kernel/math.h"

#include <string.h>

typedef struct {
    const sl_node *n;
    sl_shares s;
    bool spread; /* the target is a distribution: kl's own, or smoothed */
    bool kl;
    double *t, *log; /* [width]: target of the row at hand; t's logarithm (kl) less p's */
    double all;      /* their sum */
} entropy_walk;

static bool entropy_begin(entropy_walk *w, sl_walk *walk, const sl_node *n)
{
    *w = (entropy_walk){ .n = n, .kl = !strcmp(n->op->name, "kl") };
    w->spread = w->kl || n->options.number != 0;
    if (!sl_shares_begin(&w->s, walk, n->x[0]))
        return false;
    w->t = sl_alloc_array(walk->e->ctx, 2 * w->s.width, sizeof *w->t);
    w->log = w->t ? w->t + w->s.width : NULL;
    return w->t != NULL;
}

static void entropy_end(entropy_walk *w, sl_walk *walk)
{
    sl_free(walk->e->ctx, w->t);
    sl_shares_end(&w->s, walk);
}

static size_t entropy_label(const entropy_walk *w, size_t r)
{
    return (size_t)w->n->x[1]->v[r];
}

static void entropy_row(entropy_walk *w, size_t r)
{
    const size_t width = w->s.width;
    const double s = (double)w->n->options.number;
    sl_shares_row(&w->s, r);
    w->all = 0;
    for (size_t c = 0; c < width; c++) {
        if (w->kl)
            w->t[c] = (double)w->n->x[1]->v[r * width + c];
        else
            w->t[c] = s / (double)width + (entropy_label(w, r) == c ? 1 - s : 0);
        w->all += w->t[c];
        w->log[c] = (w->kl && w->t[c] > 0 ? sl_log_d(w->t[c]) : 0) - sl_shares_log(&w->s, r, c);
    }
}

static int entropy_term(const void *user, size_t i, double factors[3])
{
    const entropy_walk *w = user;
    factors[0] = w->t[i];
    factors[1] = w->t[i] > 0 ? w->log[i] : 0;
    return 2;
}

static double entropy_loss(const entropy_walk *w, size_t r)
{
    double sum = 0;
    if (!w->spread)
        return -sl_shares_log(&w->s, r, entropy_label(w, r));
    for (size_t c = 0; c < w->s.width; c++)
        sum += w->t[c] > 0 ? w->t[c] * w->log[c] : 0;
    return sum;
}

static void entropy_rules(sl_walk *walk, const entropy_walk *w, bool one)
{
    const char *y = sl_walk_name(walk, w->n->x[1]);
    sl_shares_rules(walk, &w->s);
    sl_walk_helper(walk, "p", "e/S");
    if (w->kl) {
        sl_walk_helper(walk, "q", sl_explanation_keep(walk->e, "log(%s) - log(p)", y));
        sl_walk_helper(walk, one ? "L" : "l",
                       sl_explanation_keep(walk->e, "the sum of %s * q; where %s is 0 that is 0", y, y));
    } else if (w->spread) {
        const char *s = sl_curve_number(walk, (double)w->n->options.number);
        sl_walk_helper(
            walk, "y_soft",
            sl_explanation_keep(walk->e, "%s/%zu, and 1 - %s more for the class of %s", s, w->s.width, s, y));
        sl_walk_helper(walk, "q", "-log(p)");
        sl_walk_helper(walk, one ? "L" : "l", "the sum of y_soft * q");
    } else {
        sl_walk_helper(walk, one ? "L" : "l", sl_explanation_keep(walk->e, "-log(p[%s])", y));
    }
    if (!w->kl)
        sl_walk_note(walk, sl_explanation_keep(walk->e, "the class%s: y = %s", w->s.rows > 1 ? "es" : "",
                                               sl_explained_list(walk->e, w->n->x[1]->v, w->s.rows)));
}

static void entropy_line(sl_walk *walk, const entropy_walk *w, size_t r, const char *name, double value)
{
    const sl_shares *s = &w->s;
    if (!w->spread) {
        const size_t label = entropy_label(w, r);
        const sl_named names[] = { { "p", sl_shares_of(s, label) },
                                   { "S", s->S },
                                   { "m", s->m },
                                   { "z", (double)s->z->v[r * s->width + label] } };
        sl_explained_line(walk->e, 2, name, "-log(p) | log(S) + m - z", names, 4, value);
        return;
    }
    for (size_t c = 0; sl_walk_columns(walk, s->width, &c); c++) {
        const sl_named names[] = { { "p", sl_shares_of(s, c) },
                                   { "t", w->t[c] },
                                   { "S", s->S },
                                   { "m", s->m },
                                   { "z", (double)s->z->v[r * s->width + c] } };
        if (w->t[c] > 0)
            sl_explained_line(walk->e, 2, sl_walk_cell_name(walk, "q", s->rows, s->width, r * s->width + c),
                              w->kl ? "log(t) - log(p) | log(t) + log(S) + m - z"
                                    : "-log(p) | log(S) + m - z",
                              names, 5, w->log[c]);
    }
    sl_explained_total(walk->e, name,
                       &(sl_explained_sum){ .count = s->width, .term = entropy_term, .user = w }, value);
}

static void entropy_ahead(sl_walk *walk, const sl_node *n)
{
    entropy_walk w;
    double *each = NULL;
    if (entropy_begin(&w, walk, n))
        each = sl_alloc_array(walk->e->ctx, w.s.rows, sizeof *each);
    const bool one = sl_loss_alone(n, w.s.rows);
    if (each)
        entropy_rules(walk, &w, one);
    size_t shown = 0;
    for (size_t r = 0; each && r < w.s.rows; r++) {
        const bool here = shown == r && sl_walk_rows(walk, w.s.rows, w.s.width, &shown) && shown == r;
        shown += here;
        entropy_row(&w, r);
        each[r] = entropy_loss(&w, r);
        if (here) {
            sl_shares_lines(walk, &w.s, r);
            sl_shares_p(walk, &w.s, r);
        }
        if (one)
            entropy_line(walk, &w, r, "L", (double)n->y->v[0]);
        else if (here)
            entropy_line(walk, &w, r, sl_walk_row_name(walk, "l", w.s.rows, r), each[r]);
    }
    if (each && !one)
        sl_loss_total(walk, n, each, w.s.rows);
    sl_free(walk->e->ctx, each);
    entropy_end(&w, walk);
}

static void entropy_back(sl_walk *walk, const sl_node *n)
{
    entropy_walk w;
    if (!sl_walk_flows(n, 0) || !entropy_begin(&w, walk, n))
        return;
    const sl_tensor *x = n->x[0];
    const char *y = w.spread && !w.kl ? "y_soft" : sl_walk_name(walk, n->x[1]);
    sl_loss_slope_rule(walk, n, w.s.rows, sl_explanation_keep(walk->e, "p - %s", y));
    if (!w.spread)
        sl_walk_note(walk, "p - 1 for the label's class, p for the others");
    for (size_t r = 0; sl_walk_rows(walk, w.s.rows, w.s.width, &r); r++) {
        entropy_row(&w, r);
        const bool off = w.kl && !(w.all > 1 - 1e-12 && w.all < 1 + 1e-12);
        for (size_t c = 0; sl_walk_columns(walk, w.s.width, &c); c++) {
            sl_named names[5] = { { "p", sl_shares_of(&w.s, c) }, { "t", w.t[c] }, { "S", w.all } };
            const char *formula = off ? "S*p - t" : "p - t";
            if (!w.spread && w.t[c] == 0)
                formula = "p";
            sl_loss_flow(walk, n, r * w.s.width + c, w.s.rows, formula, names, 3);
        }
    }
    sl_walk_flow_end(walk, n, x);
    entropy_end(&w, walk);
}

const sl_node_kind sl_node_cross_entropy = { .op = "cross_entropy kl",
                                             .forward = entropy_ahead,
                                             .backward = entropy_back };
