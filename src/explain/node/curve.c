/* curve.c - what goes element by element: y by the operator's `written`, dy/dz by its `slope`. */
#include "explain/node/curve.h"

#include <string.h>

typedef struct { /* "p = 1/(1 + exp(-z)); -log(p) | ..": steps on the way, and what is asked for */
    char name[SL_CURVE_STEPS][16];
    char formula[SL_CURVE_STEPS][160];
    int steps;
    const char *last;
} curve_parts;

static void curve_split(curve_parts *parts, const char *written)
{
    *parts = (curve_parts){ .last = written };
    for (const char *end; (end = strstr(parts->last, "; ")) && parts->steps < SL_CURVE_STEPS;
         parts->last = end + 2) {
        const char *equals = strstr(parts->last, " = ");
        char *name = parts->name[parts->steps], *formula = parts->formula[parts->steps++];
        memcpy(name, parts->last, (size_t)(equals - parts->last));
        memcpy(formula, equals + 3, (size_t)(end - equals - 3));
    }
}

double sl_curve_value(sl_ctx *ctx, const char *formula, const sl_named *names, int count)
{
    char first[320];
    const char *bar = strstr(formula, " | ");
    const size_t length = bar ? (size_t)(bar - formula) : strlen(formula);
    sl_expression read;
    memcpy(first, formula, length);
    first[length] = 0;
    if (sl_expression_read(&read, ctx, first))
        return 0;
    const double value = sl_expression_value(&read, names, count, NULL);
    sl_expression_free(&read);
    return value;
}

const char *sl_curve_steps(sl_walk *walk, const char *written, sl_named *names, int *count, sl_shape shape,
                           size_t at, bool shown)
{
    static const char *const keep[SL_CURVE_STEPS] = { "p", "q", "r", "s" };
    curve_parts parts;
    curve_split(&parts, written);
    for (int s = 0; s < parts.steps; s++) {
        const double value = sl_curve_value(walk->e->ctx, parts.formula[s], names, *count);
        const char *name = keep[0];
        for (int k = 0; k < SL_CURVE_STEPS; k++)
            if (!strcmp(keep[k], parts.name[s]))
                name = keep[k];
        if (shown)
            sl_explained_line(walk->e, 2, sl_explained_name(walk->e, name, shape, true, at), parts.formula[s],
                              names, *count, value);
        names[(*count)++] = (sl_named){ name, value };
    }
    return parts.last;
}

void sl_node_curve_forward(sl_walk *walk, const sl_node *n)
{
    const sl_tensor *x = n->x[0];
    const sl_op *f = n->op;
    const char *from = sl_walk_name(walk, x);
    sl_walk_rule(walk, sl_walk_name(walk, n->y), n->y, sl_explanation_keep(walk->e, "%s(%s)", f->name, from),
                 NULL, NULL);
    sl_explanation_add(walk->e, (sl_explained){ .kind = SL_EXPLAINED_RULE,
                                                .name = sl_explanation_keep(walk->e, "%s(z)", f->name),
                                                .text = f->written });
    sl_walk_values(walk, n->y, false);
    for (size_t i = 0; sl_walk_more(walk, n->y, &i); i++) {
        sl_named names[2 + SL_CURVE_STEPS] = { { "z", (double)x->v[i] }, { "a", (double)n->options.number } };
        int count = 2;
        const char *last = sl_curve_steps(walk, f->written, names, &count, n->y->shape, i, true);
        sl_walk_line(walk, n->y, i, last, names, count);
    }
}

void sl_node_curve_backward(sl_walk *walk, const sl_node *n)
{
    const sl_tensor *x = n->x[0], *y = n->y;
    const sl_op *f = n->op;
    if (!sl_walk_flows(n, 0))
        return;
    const char *from = sl_walk_name(walk, x), *to = sl_walk_name(walk, y),
               *flow = sl_walk_slope_name(walk, y);
    const char *local = sl_explanation_keep(walk->e, "d%s/d%s", to, from);
    sl_walk_rule(walk, sl_walk_slope_name(walk, x), x, sl_explanation_keep(walk->e, "%s * %s", flow, local),
                 NULL, NULL);
    sl_explanation_add(walk->e, (sl_explained){ .kind = SL_EXPLAINED_RULE,
                                                .name = sl_explanation_keep(walk->e, "%s'(z)", f->name),
                                                .text = f->slope });
    for (size_t i = 0; sl_walk_more(walk, x, &i); i++) {
        sl_named names[3 + SL_CURVE_STEPS] = { { "z", (double)x->v[i] },
                                               { "y", (double)y->v[i] },
                                               { "a", (double)n->options.number } };
        int count = 3;
        const char *last = sl_curve_steps(walk, f->slope, names, &count, x->shape, i, true);
        const double slope = sl_curve_value(walk->e->ctx, last, names, count), through = (double)y->g[i];
        sl_explained_line(walk->e, 2, sl_explained_name(walk->e, local, x->shape, true, i), last, names,
                          count, slope);
        const sl_named product[] = { { "g", through }, { "s", slope } };
        sl_walk_flow(walk, n, x, i, through * slope, "g*s", product, 2, NULL);
    }
    sl_walk_flow_end(walk, n, x);
}
