/* walk.c - what the explanations of single operators are made of: names, headings, lines, and gradients that
 * come along several ways. */
#include "explain/step.h"

#include <stdio.h>
#include <string.h>

#define SL_INDEX(name) extern const sl_node_kind sl_node_##name;
#include "explain/node/index.inc"
#undef SL_INDEX
#define SL_INDEX(name) &sl_node_##name,
static const sl_node_kind *const walk_kinds[] = {
#include "explain/node/index.inc"
    NULL
};
#undef SL_INDEX

const sl_node_kind *sl_node_kind_find(const sl_op *op)
{
    for (size_t i = 0; walk_kinds[i]; i++)
        if (!strcmp(walk_kinds[i]->op, op->name))
            return walk_kinds[i];
    return NULL;
}

static sl_walked *walk_find(const sl_walk *walk, const sl_tensor *t)
{
    for (int i = walk->known - 1; i >= 0; i--)
        if (walk->tensors[i].t == t)
            return &walk->tensors[i];
    return NULL;
}

const char *sl_walk_name(const sl_walk *walk, const sl_tensor *t)
{
    const sl_walked *found = walk_find(walk, t);
    return found ? found->name : "?";
}

const char *sl_walk_slope_name(sl_walk *walk, const sl_tensor *t)
{
    return sl_explanation_keep(walk->e, "dL/d%s", sl_walk_name(walk, t));
}

static bool walk_has_rows(const sl_walk *walk, const sl_tensor *t)
{
    const sl_walked *found = walk_find(walk, t);
    return !found || !found->param;
}

const char *sl_walk_element(sl_walk *walk, const sl_tensor *t, size_t at)
{
    return sl_explained_name(walk->e, sl_walk_name(walk, t), t->shape, walk_has_rows(walk, t), at);
}

const char *sl_walk_slope_element(sl_walk *walk, const sl_tensor *t, size_t at)
{
    return sl_explained_name(walk->e, sl_walk_slope_name(walk, t), t->shape, walk_has_rows(walk, t), at);
}

const char *sl_walk_shape(sl_walk *walk, const sl_tensor *t)
{
    char text[96];
    sl_shape shape = t->shape;
    if (walk_has_rows(walk, t) && shape.rank > 1 && shape.dim[0] == 1) {
        memmove(shape.dim, shape.dim + 1, (size_t)(shape.rank - 1) * sizeof *shape.dim);
        shape.rank--;
    }
    return sl_explanation_keep(walk->e, "%s", sl_shape_text(text, shape));
}

bool sl_walk_flows(const sl_node *n, int i)
{
    return n->x[i] && n->x[i]->learns && !(n->op->has_target && i > 0);
}

void sl_walk_place(sl_walk *walk, const sl_node *n)
{
    if (walk->place && !strcmp(walk->place, n->place))
        return;
    walk->place = n->place;
    const char *text = NULL;
    for (int i = 0; i < walk->model->count; i++)
        if (!strcmp(walk->model->layers[i].name, n->place))
            text = walk->model->layers[i].text;
    sl_explanation_add(walk->e,
                       (sl_explained){ .kind = SL_EXPLAINED_PLACE,
                                       .text = text ? sl_explanation_keep(walk->e, "%s: %s", n->place, text)
                                                    : sl_explanation_keep(walk->e, "%s", n->place) });
}

void sl_walk_rule(sl_walk *walk, const char *name, const sl_tensor *t, const char *formula,
                  const char *shapes, const char *latex)
{
    const char *shape = sl_walk_shape(walk, t);
    sl_explanation_add(
        walk->e,
        (sl_explained){ .kind = SL_EXPLAINED_RULE,
                        .name = name,
                        .text = formula,
                        .shapes = shapes ? sl_explanation_keep(walk->e, "%s = %s", shape, shapes) : shape,
                        .latex = latex });
}

void sl_walk_values(sl_walk *walk, const sl_tensor *t, bool slopes)
{
    sl_explanation *e = walk->e;
    const sl_real *values = slopes ? t->g : t->v;
    const char *name = slopes ? sl_walk_slope_name(walk, t) : sl_walk_name(walk, t);
    if (e->depth <= 1)
        sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_VALUE,
                                              .name = name,
                                              .value = sl_explained_list(e, values, t->count) });
}

bool sl_walk_more(sl_walk *walk, const sl_tensor *t, size_t *i)
{
    sl_explanation *e = walk->e;
    if (e->ctx->status || e->depth < 2 || *i >= t->count)
        return false;
    size_t skipped;
    *i = sl_explained_next(e, *i, t->count, &skipped);
    if (skipped)
        sl_explanation_add(e,
                           (sl_explained){ .kind = SL_EXPLAINED_MORE,
                                           .text = sl_explanation_keep(e, "%zu more like these", skipped) });
    return true;
}

void sl_walk_line(sl_walk *walk, const sl_tensor *y, size_t i, const char *formula, const sl_named *names,
                  int count)
{
    sl_explained_line(walk->e, 2, sl_walk_element(walk, y, i), formula, names, count, (double)y->v[i]);
}

void sl_walk_flow(sl_walk *walk, const sl_node *n, const sl_tensor *x, size_t i, double value,
                  const char *formula, const sl_named *names, int count, const sl_explained_sum *sum)
{
    sl_explanation *e = walk->e;
    sl_walked *walked = walk_find(walk, x);
    const char *name = sl_walk_slope_element(walk, x, i);
    if (walked->ways > 1) {
        name = sl_explanation_keep(e, "%s by %s", name, n->place);
        if (walked->part && walked->come < walked->ways)
            walked->part[(size_t)walked->come * x->count + i] = value;
    } else {
        value = (double)x->g[i];
    }
    if (formula)
        sl_explained_line(e, 2, name, formula, names, count, value);
    else
        sl_explained_total(e, name, sum, value);
}

typedef struct {
    const sl_walked *walked;
    size_t at;
} walk_ways;

static int walk_way(const void *user, size_t i, double factors[3])
{
    const walk_ways *ways = user;
    factors[0] = ways->walked->part[i * ways->walked->t->count + ways->at];
    return 1;
}

void sl_walk_flow_end(sl_walk *walk, const sl_node *n, const sl_tensor *x)
{
    sl_walked *walked = walk_find(walk, x);
    sl_walk_values(walk, x, true);
    if (++walked->come < walked->ways || walked->ways < 2)
        return;
    (void)n;
    const char *slope = sl_walk_slope_name(walk, x);
    sl_walk_rule(walk, slope, x, "the sum over all ways", NULL, NULL);
    for (size_t i = 0; sl_walk_more(walk, x, &i); i++) {
        const walk_ways ways = { walked, i };
        sl_explained_total(
            walk->e, sl_walk_slope_element(walk, x, i),
            &(sl_explained_sum){ .count = (size_t)walked->ways, .term = walk_way, .user = &ways },
            (double)x->g[i]);
    }
}
