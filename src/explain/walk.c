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
    const size_t length = strlen(op->name);
    for (size_t i = 0; walk_kinds[i]; i++)
        for (const char *at = walk_kinds[i]->op; *at;) {
            const size_t word = strcspn(at, " ");
            if (word == length && !memcmp(at, op->name, length))
                return walk_kinds[i];
            at += word + strspn(at + word, " ");
        }
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
    const sl_walked *walked = walk->back ? walk_find(walk, t) : NULL;
    if (walked && walked->ways > 1 && walked->come < walked->ways && !strncmp(name, "dL/d", 4))
        name = sl_explanation_keep(walk->e, "%s by %s", name, sl_walk_name(walk, walk->back->y));
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
    const size_t rows = t->shape.rank == 2 && t->shape.dim[0] > 0 ? (size_t)t->shape.dim[0] : 1;
    if (e->depth <= 1)
        sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_VALUE,
                                              .name = name,
                                              .value = sl_explained_rows(e, values, rows, t->count / rows) });
}

static void walk_left_out(sl_walk *walk, size_t count, const char *what)
{
    if (count)
        sl_explanation_add(
            walk->e, (sl_explained){ .kind = SL_EXPLAINED_MORE,
                                     .text = sl_explanation_keep(walk->e, "%zu more %s", count, what) });
}

bool sl_walk_more(sl_walk *walk, const sl_tensor *t, size_t *i)
{
    sl_explanation *e = walk->e;
    if (e->ctx->status || e->depth < 2 || *i >= t->count)
        return false;
    size_t skipped;
    *i = sl_explained_next(e, *i, t->count, &skipped);
    walk_left_out(walk, skipped, "like these");
    return true;
}

bool sl_walk_rows(sl_walk *walk, size_t rows, size_t width, size_t *r)
{
    sl_explanation *e = walk->e;
    if (e->ctx->status || e->depth < 2 || *r >= rows)
        return false;
    if (e->depth <= 2 && rows > 2 && rows * width > 2 * SL_EXPLAIN_NUMBERS && *r == 1) {
        walk_left_out(walk, rows - 2, "rows like this");
        *r = rows - 1;
    }
    return true;
}

bool sl_walk_columns(sl_walk *walk, size_t width, size_t *c)
{
    sl_explanation *e = walk->e;
    size_t skipped;
    if (e->ctx->status || e->depth < 2 || *c >= width)
        return false;
    *c = sl_explained_next(e, *c, width, &skipped);
    walk_left_out(walk, skipped, "like these");
    return true;
}

const char *sl_walk_row_name(sl_walk *walk, const char *name, size_t rows, size_t r)
{
    return rows > 1 ? sl_explanation_keep(walk->e, "%s[%zu]", name, r) : name;
}

const char *sl_walk_cell_name(sl_walk *walk, const char *name, size_t rows, size_t width, size_t at)
{
    return rows > 1 ? sl_explanation_keep(walk->e, "%s[%zu,%zu]", name, at / width, at % width)
                    : sl_explanation_keep(walk->e, "%s[%zu]", name, at);
}

void sl_walk_helper(sl_walk *walk, const char *name, const char *formula)
{
    sl_explanation_add(walk->e, (sl_explained){ .kind = SL_EXPLAINED_RULE, .name = name, .text = formula });
}

void sl_walk_note(sl_walk *walk, const char *sentence)
{
    sl_explanation_add(walk->e, (sl_explained){ .kind = SL_EXPLAINED_NOTE, .text = sentence });
}

void sl_walk_line(sl_walk *walk, const sl_tensor *y, size_t i, const char *formula, const sl_named *names,
                  int count)
{
    sl_explained_line(walk->e, 2, sl_walk_element(walk, y, i), formula, names, count, (double)y->v[i]);
}

static bool walk_twice(const sl_node *n, const sl_tensor *x) /* x is two inputs of it */
{
    int times = 0;
    for (int k = 0; k < n->op->inputs; k++)
        times += n->x[k] == x && sl_walk_flows(n, k);
    return times > 1;
}

/* The node's way back, run again for gradients of 0: what comes from it alone. */
static void walk_again(sl_ctx *ctx, const sl_node *n, sl_real *kept[SL_MAX_INPUTS])
{
    for (int k = 0; k < n->op->inputs && !ctx->status; k++)
        if (sl_walk_flows(n, k)) {
            const size_t bytes = n->x[k]->count * sizeof(sl_real);
            kept[k] = sl_alloc_array(ctx, n->x[k]->count, sizeof(sl_real));
            if (!kept[k])
                return;
            memcpy(kept[k], n->x[k]->g, bytes);
            memset(n->x[k]->g, 0, bytes);
        }
    if (!ctx->status)
        n->op->backward(n);
}

void sl_walk_ways(sl_walk *walk, const sl_node *n)
{
    sl_real *kept[SL_MAX_INPUTS] = { 0 };
    bool several = false;
    for (int k = 0; k < n->op->inputs; k++) {
        const sl_walked *walked = sl_walk_flows(n, k) ? walk_find(walk, n->x[k]) : NULL;
        several = several || (walked && walked->ways > 1);
        if (walked && walk_twice(n, n->x[k]))
            return;
    }
    if (!several)
        return;
    walk_again(walk->e->ctx, n, kept);
    for (int k = 0; k < n->op->inputs; k++) {
        sl_walked *walked = kept[k] ? walk_find(walk, n->x[k]) : NULL;
        if (walked && walked->part && walked->come < walked->ways)
            for (size_t i = 0; i < n->x[k]->count; i++)
                walked->part[(size_t)walked->come * n->x[k]->count + i] = (double)n->x[k]->g[i];
        if (kept[k])
            memcpy(n->x[k]->g, kept[k], n->x[k]->count * sizeof(sl_real));
        sl_free(walk->e->ctx, kept[k]);
    }
}

void sl_walk_flow(sl_walk *walk, const sl_node *n, const sl_tensor *x, size_t i, double value,
                  const char *formula, const sl_named *names, int count, const sl_explained_sum *sum)
{
    sl_explanation *e = walk->e;
    sl_walked *walked = walk_find(walk, x);
    const char *name = sl_walk_slope_element(walk, x, i);
    if (walked->ways > 1) {
        name = sl_explanation_keep(e, "%s by %s", name, sl_walk_name(walk, n->y));
        double *part = walked->part + (size_t)walked->come * x->count + i;
        if (walk_twice(n, x))
            *part = value;
        value = *part;
    } else {
        value = (double)x->g[i];
    }
    if (formula)
        sl_explained_line(e, 2, name, formula, names, count, value);
    else
        sl_explained_total(e, name, sum, value);
}

void sl_node_moved_backward(sl_walk *walk, const sl_node *n)
{
    const sl_tensor *x = n->x[0];
    const sl_walked *walked = walk_find(walk, x);
    if (!sl_walk_flows(n, 0) || walked->ways < 2)
        return;
    sl_walk_place(walk, n);
    sl_walk_rule(walk, sl_walk_slope_name(walk, x), x, sl_walk_slope_name(walk, n->y), NULL, NULL);
    for (size_t i = 0; sl_walk_more(walk, x, &i); i++)
        sl_walk_flow(walk, n, x, i, (double)n->y->g[i], "g", &(sl_named){ "g", (double)n->y->g[i] }, 1, NULL);
    sl_walk_flow_end(walk, n, x);
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

/* Below depth 2: what came this way alone. */
static void walk_part(sl_walk *walk, const sl_node *n, const sl_walked *walked)
{
    sl_explanation *e = walk->e;
    const size_t count = walked->t->count;
    sl_real *part = e->depth <= 1 ? sl_alloc_array(e->ctx, count, sizeof *part) : NULL;
    if (!part)
        return;
    for (size_t i = 0; i < count; i++)
        part[i] = (sl_real)walked->part[(size_t)walked->come * count + i];
    sl_explanation_add(
        e, (sl_explained){ .kind = SL_EXPLAINED_VALUE,
                           .name = sl_explanation_keep(e, "%s by %s", sl_walk_slope_name(walk, walked->t),
                                                       sl_walk_name(walk, n->y)),
                           .value = sl_explained_list(e, part, count) });
    sl_free(e->ctx, part);
}

void sl_walk_flow_end(sl_walk *walk, const sl_node *n, const sl_tensor *x)
{
    sl_walked *walked = walk_find(walk, x);
    if (walked->ways < 2) {
        sl_walk_values(walk, x, true);
        walked->come++;
        return;
    }
    if (!walk_twice(n, x))
        walk_part(walk, n, walked);
    if (++walked->come < walked->ways)
        return;
    const char *slope = sl_walk_slope_name(walk, x);
    sl_walk_rule(walk, slope, x, "the sum over all ways", NULL, NULL);
    sl_walk_values(walk, x, true);
    for (size_t i = 0; sl_walk_more(walk, x, &i); i++) {
        const walk_ways ways = { walked, i };
        sl_explained_total(
            walk->e, sl_walk_slope_element(walk, x, i),
            &(sl_explained_sum){ .count = (size_t)walked->ways, .term = walk_way, .user = &ways },
            (double)x->g[i]);
    }
}
