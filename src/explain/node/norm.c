/* layer_norm, batch_norm: groups of numbers, a row or a column, to mean 0 and variance 1. */
#include "explain/node/curve.h"

#include <math.h>
#include <string.h>

typedef struct {
    const sl_node *n;
    size_t rows, width;
    size_t groups, size;               /* of a batch: columns, each with a number of every row */
    bool batch, running;               /* the running statistics count */
    size_t group;                      /* the one at hand: */
    double mean, variance, flow, tilt; /* flow: mean of d; tilt: of d*u */
    size_t column;                     /* of a sum over rows */
    double *means;                     /* [2 * groups]: mean and variance of each group */
} norm_walk;

static double norm_epsilon(const norm_walk *w)
{
    return (double)w->n->options.number;
}

/* Number k of group g. */
static size_t norm_at(const norm_walk *w, size_t g, size_t k)
{
    return w->batch ? k * w->width + g : g * w->width + k;
}

static void norm_group(norm_walk *w, size_t g)
{
    const sl_real *x = w->n->x[0]->v;
    w->group = g;
    w->mean = w->variance = 0;
    if (w->running) {
        w->mean = (double)w->n->options.running[0]->v[g];
        w->variance = (double)w->n->options.running[1]->v[g];
        return;
    }
    for (size_t k = 0; k < w->size; k++)
        w->mean += (double)x[norm_at(w, g, k)];
    w->mean /= (double)w->size;
    for (size_t k = 0; k < w->size; k++) {
        const double off = (double)x[norm_at(w, g, k)] - w->mean;
        w->variance += off * off;
    }
    w->variance /= (double)w->size;
}

static double norm_unit(const norm_walk *w, size_t i)
{
    const size_t g = w->batch ? i % w->width : i / w->width;
    return ((double)w->n->x[0]->v[i] - w->means[2 * g]) / sqrt(w->means[2 * g + 1] + norm_epsilon(w));
}

static bool norm_begin(norm_walk *w, sl_walk *walk, const sl_node *n)
{
    const sl_tensor *x = n->x[0];
    *w = (norm_walk){ .n = n, .batch = !strcmp(n->op->name, "batch_norm") };
    w->width = (size_t)x->shape.dim[x->shape.rank - 1];
    w->rows = x->count / w->width;
    w->groups = w->batch ? w->width : w->rows;
    w->size = w->batch ? w->rows : w->width;
    w->running = w->batch && (!n->training || (n->options.running[0] && n->options.momentum == 0));
    w->means = sl_alloc_array(walk->e->ctx, 2 * w->groups, sizeof *w->means);
    for (size_t g = 0; w->means && g < w->groups; g++) {
        norm_group(w, g);
        w->means[2 * g] = w->mean;
        w->means[2 * g + 1] = w->variance;
    }
    return w->means != NULL;
}

static int norm_own(const void *user, size_t k, double factors[3])
{
    const norm_walk *w = user;
    factors[0] = (double)w->n->x[0]->v[norm_at(w, w->group, k)];
    return 1;
}

static int norm_squared(const void *user, size_t k, double factors[3])
{
    norm_own(user, k, factors);
    factors[0] -= ((const norm_walk *)user)->mean;
    factors[1] = factors[0];
    return 2;
}

static double norm_scale(const norm_walk *w, size_t i)
{
    return w->n->x[1] ? (double)w->n->x[1]->v[i % w->width] : 1;
}

static int norm_slope(const void *user, size_t k, double factors[3]) /* d = dy * scale */
{
    const norm_walk *w = user;
    const size_t i = norm_at(w, w->group, k);
    factors[0] = (double)w->n->y->g[i];
    factors[1] = norm_scale(w, i);
    return 2;
}

static int norm_tilt(const void *user, size_t k, double factors[3])
{
    const norm_walk *w = user;
    norm_slope(user, k, factors);
    factors[2] = norm_unit(w, norm_at(w, w->group, k));
    return 3;
}

static int norm_column(const void *user, size_t r, double factors[3])
{
    const norm_walk *w = user;
    factors[0] = (double)w->n->y->g[r * w->width + w->column];
    return 1;
}

static int norm_column_unit(const void *user, size_t r, double factors[3])
{
    const norm_walk *w = user;
    norm_column(user, r, factors);
    factors[1] = norm_unit(w, r * w->width + w->column);
    return 2;
}

static void norm_total(sl_walk *walk, const norm_walk *w, const char *name,
                       int (*term)(const void *user, size_t i, double factors[3]), double value)
{
    sl_explained_total(walk->e, sl_walk_row_name(walk, name, w->groups, w->group),
                       &(sl_explained_sum){ .count = w->size,
                                            .term = term,
                                            .user = w,
                                            .open = "(",
                                            .close = sl_explanation_keep(walk->e, ")/%zu", w->size) },
                       value);
}

static void norm_rules(sl_walk *walk, const norm_walk *w)
{
    const sl_node *n = w->n;
    const char *x = sl_walk_name(walk, n->x[0]), *of = w->batch ? "column, over the rows" : "row";
    if (w->running) {
        sl_walk_note(walk, "mean and variance are the running ones, which stand still");
    } else {
        sl_walk_helper(walk, "mean", sl_explanation_keep(walk->e, "the mean of %s in each %s", x, of));
        sl_walk_helper(walk, "variance", sl_explanation_keep(walk->e, "the mean of (%s - mean)^2", x));
    }
    sl_walk_helper(walk, "u",
                   sl_explanation_keep(walk->e, "(%s - mean)/sqrt(variance + %s)", x,
                                       sl_curve_number(walk, norm_epsilon(w))));
    sl_walk_rule(walk, sl_walk_name(walk, n->y), n->y,
                 sl_explanation_keep(walk->e, "%s%s%s%s", n->x[1] ? sl_walk_name(walk, n->x[1]) : "",
                                     n->x[1] ? " * u" : "u", n->x[2] ? " + " : "",
                                     n->x[2] ? sl_walk_name(walk, n->x[2]) : ""),
                 NULL, NULL);
}

static void norm_runs(sl_walk *walk, const norm_walk *w)
{
    const sl_node *n = w->n;
    const double part = (double)n->options.momentum;
    if (!w->batch || w->running || !n->options.running[0])
        return;
    sl_walk_note(walk,
                 sl_explanation_keep(walk->e,
                                     "for use behind training: running mean = %s of what it was + %s*mean; "
                                     "running variance likewise, with variance*%zu/%zu",
                                     sl_curve_number(walk, 1 - part), sl_curve_number(walk, part), w->rows,
                                     w->rows - 1));
}

static void norm_ahead(sl_walk *walk, const sl_node *n)
{
    norm_walk w;
    if (!norm_begin(&w, walk, n))
        return;
    norm_rules(walk, &w);
    sl_walk_values(walk, n->y, false);
    for (size_t g = 0; sl_walk_rows(walk, w.groups, w.size, &g); g++) {
        norm_group(&w, g);
        if (!w.running) {
            norm_total(walk, &w, "mean", norm_own, w.mean);
            norm_total(walk, &w, "variance", norm_squared, w.variance);
        }
        for (size_t k = 0; sl_walk_columns(walk, w.size, &k); k++) {
            const size_t i = norm_at(&w, g, k);
            const sl_named names[] = { { "x", (double)n->x[0]->v[i] },
                                       { "m", w.mean },
                                       { "v", w.variance },
                                       { "e", norm_epsilon(&w) } };
            sl_explained_line(walk->e, 2, sl_walk_cell_name(walk, "u", w.rows, w.width, i),
                              "(x - m)/sqrt(v + e)", names, 4, norm_unit(&w, i));
        }
        for (size_t k = 0; sl_walk_columns(walk, w.size, &k); k++) {
            const size_t i = norm_at(&w, g, k);
            const sl_named names[] = { { "s", norm_scale(&w, i) },
                                       { "u", norm_unit(&w, i) },
                                       { "t", n->x[2] ? (double)n->x[2]->v[i % w.width] : 0 } };
            sl_walk_line(walk, n->y, i,
                         n->x[1]   ? n->x[2] ? "s*u + t" : "s*u"
                         : n->x[2] ? "u + t"
                                   : "u",
                         names, 3);
        }
    }
    norm_runs(walk, &w);
    sl_free(walk->e->ctx, w.means);
}

/* scale and shift: sums over the rows. */
static void norm_back_param(sl_walk *walk, norm_walk *w, int which)
{
    const sl_node *n = w->n;
    const sl_tensor *t = n->x[which];
    if (!sl_walk_flows(n, which))
        return;
    const char *flow = sl_walk_slope_name(walk, n->y);
    sl_walk_rule(walk, sl_walk_slope_name(walk, t), t,
                 sl_explanation_keep(walk->e, "%s%s%s", flow, which == 1 ? " * u" : "",
                                     w->rows > 1 ? ", summed over rows" : ""),
                 NULL, NULL);
    for (size_t j = 0; sl_walk_more(walk, t, &j); j++) {
        double sum = 0;
        w->column = j;
        for (size_t r = 0; r < w->rows; r++) {
            double factors[3] = { 0, 1, 1 };
            (which == 1 ? norm_column_unit : norm_column)(w, r, factors);
            sum += factors[0] * factors[1];
        }
        sl_walk_flow(walk, n, t, j, sum, NULL, NULL, 0,
                     &(sl_explained_sum){
                         .count = w->rows, .term = which == 1 ? norm_column_unit : norm_column, .user = w });
    }
    sl_walk_flow_end(walk, n, t);
}

static void norm_back_rules(sl_walk *walk, const norm_walk *w)
{
    const sl_node *n = w->n;
    const char *e = sl_curve_number(walk, norm_epsilon(w)), *flow = sl_walk_slope_name(walk, n->y);
    const char *scale = n->x[1] ? sl_explanation_keep(walk->e, " * %s", sl_walk_name(walk, n->x[1])) : "";
    sl_walk_helper(walk, "d", sl_explanation_keep(walk->e, "%s%s", flow, scale));
    if (!w->running) {
        sl_walk_helper(walk, "d_mean",
                       sl_explanation_keep(walk->e, "the mean of d in each %s",
                                           w->batch ? "column, over the rows" : "row"));
        sl_walk_helper(walk, "du_mean", "the mean of d*u there");
    }
    sl_walk_rule(walk, sl_walk_slope_name(walk, n->x[0]), n->x[0],
                 sl_explanation_keep(walk->e,
                                     w->running ? "d/sqrt(variance + %s)"
                                                : "(d - d_mean - u*du_mean)/sqrt(variance + %s)",
                                     e),
                 NULL, NULL);
}

static void norm_back_input(sl_walk *walk, norm_walk *w)
{
    const sl_node *n = w->n;
    const sl_tensor *x = n->x[0];
    norm_back_rules(walk, w);
    for (size_t g = 0; sl_walk_rows(walk, w->groups, w->size, &g); g++) {
        norm_group(w, g);
        w->flow = w->tilt = 0;
        for (size_t k = 0; k < w->size && !w->running; k++) {
            double factors[3];
            norm_tilt(w, k, factors);
            w->flow += factors[0] * factors[1] / (double)w->size;
            w->tilt += factors[0] * factors[1] * factors[2] / (double)w->size;
        }
        if (!w->running) {
            norm_total(walk, w, "d_mean", norm_slope, w->flow);
            norm_total(walk, w, "du_mean", norm_tilt, w->tilt);
        }
        for (size_t k = 0; sl_walk_columns(walk, w->size, &k); k++) {
            const size_t i = norm_at(w, g, k);
            const sl_named names[] = {
                { "g", (double)n->y->g[i] }, { "s", norm_scale(w, i) }, { "f", w->flow },
                { "u", norm_unit(w, i) },    { "h", w->tilt },          { "v", w->variance },
                { "e", norm_epsilon(w) }
            };
            const char *formula = w->running ? n->x[1] ? "g*s/sqrt(v + e)" : "g/sqrt(v + e)"
                                  : n->x[1]  ? "(g*s - f - u*h)/sqrt(v + e)"
                                             : "(g - f - u*h)/sqrt(v + e)";
            sl_walk_flow(walk, n, x, i, sl_curve_value(walk->e->ctx, formula, names, 7), formula, names, 7,
                         NULL);
        }
    }
    sl_walk_flow_end(walk, n, x);
}

static void norm_back(sl_walk *walk, const sl_node *n)
{
    norm_walk w;
    if (!norm_begin(&w, walk, n))
        return;
    norm_back_param(walk, &w, 1);
    norm_back_param(walk, &w, 2);
    if (sl_walk_flows(n, 0))
        norm_back_input(walk, &w);
    sl_free(walk->e->ctx, w.means);
}

const sl_node_kind sl_node_norm = { .op = "layer_norm batch_norm",
                                    .forward = norm_ahead,
                                    .backward = norm_back };
