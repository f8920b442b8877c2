/* merged.c - dense layers without an activation between them, and the one layer that they are. */
#include "explain/merged.h"

#include "core/random.h"

#include <math.h>
#include <string.h>

enum { MERGED_WHOLE = 400 }; /* numbers of a matrix that is shown with all of them */

/* What a row of dense layers amounts to so far. */
typedef struct {
    double *w, *b; /* [units, in], [units] */
    size_t units, in;
    const char *name, *bias; /* "W21" */
} merged_matrix;

int sl_merged_term(const void *user, size_t i, double factors[3])
{
    const sl_merged_terms *t = user;
    if (i == t->count) {
        factors[0] = *t->alone;
        return 1;
    }
    factors[0] = t->row[i];
    factors[1] = t->column[i * t->step];
    return 2;
}

double sl_merged_value(const sl_merged_terms *t)
{
    double sum = t->alone ? *t->alone : 0;
    for (size_t i = 0; i < t->count; i++)
        sum += t->row[i] * t->column[i * t->step];
    return sum;
}

void sl_merged_note(const sl_merged *told, const char *text)
{
    sl_explanation_add(told->e, (sl_explained){ .kind = SL_EXPLAINED_NOTE, .text = text });
}

static const char *merged_shape(sl_explanation *e, size_t rows, size_t columns)
{
    return columns ? sl_explanation_keep(e, "[%zu, %zu]", rows, columns)
                   : sl_explanation_keep(e, "[%zu]", rows);
}

static bool merged_dense(const sl_built *layer)
{
    return layer->kind == &sl_layer_dense;
}

bool sl_merged_passes(const sl_built *layer)
{
    return layer->kind->idle || (layer->kind == &sl_layer_activation && !layer->activation);
}

/* Layers first .. last - 1: the dense layer behind `at` that is one with it; -1: none. */
static int merged_next(const sl_model *model, int at, int last)
{
    int next = model->layers[at].end;
    while (next < last && sl_merged_passes(&model->layers[next]))
        next = model->layers[next].end;
    return next < last && merged_dense(&model->layers[next]) ? next : -1;
}

/* W2 is the weights of the second dense layer of all. */
static int merged_number(const sl_merged *told, int layer)
{
    int number = 0;
    for (int i = 0; i <= layer; i++)
        number += merged_dense(&told->model->layers[i]);
    return number;
}

static merged_matrix merged_of(const sl_merged *told, int layer)
{
    sl_explanation *e = told->e;
    const int number = merged_number(told, layer);
    const sl_built *l = &told->model->layers[layer];
    merged_matrix m = { .units = (size_t)l->spec.units, .in = (size_t)l->param[0]->shape.dim[1] };
    m.w = sl_arena_take(&e->arena, (m.units * m.in + 1) * sizeof *m.w);
    m.b = sl_arena_take(&e->arena, (m.units + 1) * sizeof *m.b);
    m.name = sl_explanation_keep(e, "W%d", number);
    m.bias = sl_explanation_keep(e, "b%d", number);
    for (size_t i = 0; i < m.units * m.in && m.w; i++)
        m.w[i] = (double)l->param[0]->v[i];
    for (size_t i = 0; i < m.units && m.b; i++)
        m.b[i] = l->wants > 1 ? (double)l->param[1]->v[i] : 0;
    return m;
}

/* Which numbers of a product are shown: of one on the way, as a rule, the first and the last. */
static size_t merged_shown(const sl_explanation *e, size_t at, size_t count, bool last, size_t *skipped)
{
    if (last || e->depth != 2 || count < 4 || at != 1)
        return sl_explained_next(e, at, count, skipped);
    *skipped = count - 2;
    return count - 1;
}

/* The numbers of a product, one after the other; of many some. last: it is the layer that comes of it. */
static void merged_numbers(const sl_merged *told, const merged_matrix *a, const merged_matrix *b,
                           merged_matrix *c, bool bias, bool last)
{
    sl_explanation *e = told->e;
    const size_t width = bias ? 1 : c->in, count = c->units * width;
    double *to = bias ? c->b : c->w;
    const sl_shape shape =
        bias ? (sl_shape){ 1, { (int)c->units } } : (sl_shape){ 2, { (int)c->units, (int)c->in } };
    for (size_t i = 0; i < count; i++) {
        const sl_merged_terms t = { .row = a->w + i / width * a->in,
                                    .column = bias ? b->b : b->w + i % width,
                                    .count = a->in,
                                    .step = bias ? 1 : b->in,
                                    .alone = bias ? a->b + i : NULL };
        to[i] = sl_merged_value(&t);
    }
    for (size_t i = 0; i < count && e->depth > 1 && !(bias && told->unbiased) && !e->ctx->status; i++) {
        size_t skipped;
        i = merged_shown(e, i, count, last, &skipped);
        if (skipped)
            sl_explanation_add(
                e, (sl_explained){ .kind = SL_EXPLAINED_MORE,
                                   .text = sl_explanation_keep(e, "%zu more like these", skipped) });
        const sl_merged_terms t = { .row = a->w + i / width * a->in,
                                    .column = bias ? b->b : b->w + i % width,
                                    .count = a->in,
                                    .step = bias ? 1 : b->in,
                                    .alone = bias ? a->b + i : NULL };
        sl_explained_total(
            e, sl_explained_name(e, bias ? c->bias : c->name, shape, false, i),
            &(sl_explained_sum){ .count = t.count + (bias ? 1 : 0), .term = sl_merged_term, .user = &t },
            to[i]);
    }
}

/* c = a behind b. */
static merged_matrix merged_product(const sl_merged *told, const merged_matrix *a, const merged_matrix *b,
                                    bool last)
{
    sl_explanation *e = told->e;
    merged_matrix c = { .units = a->units, .in = b->in };
    const char *first = strrchr(b->name, '_') ? strrchr(b->name, '_') + 1 : b->name + 1; /* "W3_1" */
    c.w = sl_arena_take(&e->arena, (c.units * c.in + 1) * sizeof *c.w);
    c.b = sl_arena_take(&e->arena, (c.units + 1) * sizeof *c.b);
    c.name = last ? "W" : sl_explanation_keep(e, "%s_%s", a->name, first);
    c.bias = last ? "b" : sl_explanation_keep(e, "b%s", c.name + 1);
    if (!c.w || !c.b)
        return c;
    sl_explanation_add(
        e, (sl_explained){ .kind = SL_EXPLAINED_RULE,
                           .name = c.name,
                           .text = sl_explanation_keep(e, "%s %s", a->name, b->name),
                           .shapes = sl_explanation_keep(e, "%s = %s %s", merged_shape(e, c.units, c.in),
                                                         merged_shape(e, a->units, a->in),
                                                         merged_shape(e, b->units, b->in)) });
    merged_numbers(told, a, b, &c, false, last);
    if (!told->unbiased)
        sl_explanation_add(
            e, (sl_explained){ .kind = SL_EXPLAINED_RULE,
                               .name = c.bias,
                               .text = sl_explanation_keep(e, "%s %s + %s", a->name, b->bias, a->bias),
                               .shapes = sl_explanation_keep(
                                   e, "%s = %s %s + %s", merged_shape(e, c.units, 0),
                                   merged_shape(e, a->units, a->in), merged_shape(e, b->units, 0),
                                   merged_shape(e, a->units, 0)) });
    merged_numbers(told, a, b, &c, true, last);
    return c;
}

/* name = values; whole: all of them, at any depth. */
static void merged_value(sl_explanation *e, const char *name, const double *values, size_t count, bool whole)
{
    const int depth = e->depth;
    sl_real *own = sl_alloc_array(e->ctx, count + 1, sizeof *own);
    for (size_t i = 0; i < count && own; i++)
        own[i] = (sl_real)values[i];
    e->depth = whole && depth < 3 ? 3 : depth;
    if (own)
        sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_VALUE,
                                              .name = name,
                                              .value = sl_explained_list(e, own, count) });
    e->depth = depth;
    sl_free(e->ctx, own);
}

/* W row by row, and b. */
static void merged_values(const sl_merged *told, const merged_matrix *all)
{
    sl_explanation *e = told->e;
    const bool whole = all->units * all->in <= MERGED_WHOLE;
    for (size_t row = 0; row < all->units && !e->ctx->status; row++) {
        size_t skipped = 0;
        row = whole ? row : sl_explained_next(e, row, all->units, &skipped);
        if (skipped)
            sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_MORE,
                                                  .text = sl_explanation_keep(e, "%zu more rows of %s",
                                                                              skipped, all->name) });
        merged_value(e, all->units > 1 ? sl_explanation_keep(e, "%s[%zu]", all->name, row) : all->name,
                     all->w + row * all->in, all->in, whole);
    }
    if (told->unbiased)
        sl_merged_note(told, sl_explanation_keep(e, "All biases are 0, and so is %s.", all->bias));
    else
        merged_value(e, all->bias, all->b, all->units, all->units <= MERGED_WHOLE);
}

/* None of these dense layers adds anything. */
static bool merged_unbiased(const sl_model *model, int first, int end)
{
    for (int i = first; i <= end; i++)
        for (size_t k = 0; merged_dense(&model->layers[i]) && model->layers[i].wants > 1 &&
                           k < model->layers[i].param[1]->count;
             k++)
            if (model->layers[i].param[1]->v[k] != 0)
                return false;
    return true;
}

/* Layers from `first` on that are one; returns the last of them. */
static int merged_run(sl_merged *told, int first, int last)
{
    sl_explanation *e = told->e;
    const sl_model *model = told->model;
    int end = first, layers = 1;
    size_t before = 0;
    for (int i = first;; layers++) {
        before += (size_t)model->layers[i].spec.units *
                  ((size_t)model->layers[i].param[0]->shape.dim[1] + (model->layers[i].wants > 1));
        end = i;
        i = model->layers[i].activation ? -1 : merged_next(model, i, last);
        if (i < 0)
            break;
    }
    if (layers < 2)
        return first;
    told->runs++;
    sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_PLACE,
                                          .text = sl_explanation_keep(
                                              e, "%s .. %s: %d layers without an activation between them",
                                              model->layers[first].name, model->layers[end].name, layers) });
    told->unbiased = merged_unbiased(model, first, end);
    merged_matrix all = merged_of(told, first);
    for (int i = first; i != end && !e->ctx->status;) {
        i = merged_next(model, i, last);
        const merged_matrix own = merged_of(told, i);
        if (own.w && own.b && all.w && all.b)
            all = merged_product(told, &own, &all, i == end);
    }
    if (e->ctx->status)
        return end;
    merged_values(told, &all);
    sl_merged_note(
        told, sl_explanation_keep(e, "Equivalent to one layer of %zu parameters instead of %d layers of %zu.",
                                  all.units * (all.in + 1), layers, before));
    return end;
}

static void merged_span(sl_merged *told, int first, int last, sl_tensor *x)
{
    const sl_model *model = told->model;
    for (int i = first; i < last && !told->e->ctx->status; i = model->layers[i].end) {
        if (model->layers[i].end > i + 1)
            merged_span(told, i + 1, model->layers[i].end, x);
        if (!merged_dense(&model->layers[i]))
            continue;
        i = merged_run(told, i, last);
        sl_merged_apart(told, i, last, x);
    }
}

/* --- both nets ------------------------------------------------------------------------------------ */

/* Rows of numbers between -1 and 1; NULL where the net wants categories or texts. */
static sl_tensor *merged_rows(sl_ctx *ctx, const sl_model *model)
{
    sl_stream stream = { .seed = sl_ctx_seed(ctx), .purpose = SL_FOR_EXPLAIN, .a = 1 };
    for (int i = 0; i < model->count; i++)
        if (model->layers[i].kind->categories || model->layers[i].kind->read)
            return NULL;
    sl_shape shape = { model->input.rank + 1, { SL_MERGED_ROWS } };
    memcpy(shape.dim + 1, model->input.dim, (size_t)model->input.rank * sizeof(int));
    sl_tensor *x = sl_tensor_new(ctx, shape, NULL);
    for (size_t i = 0; x && i < x->count; i++)
        x->v[i] = (sl_real)(2 * sl_stream_uniform(&stream) - 1);
    return x;
}

static void merged_compare(const sl_merged *told, const sl_model *small, sl_tensor *x)
{
    sl_ctx *ctx = told->e->ctx;
    sl_tape *tape = sl_tape_new(ctx, SL_INFER);
    const sl_tensor *a = tape ? sl_model_forward(tape, told->model, x) : NULL,
                    *b = a ? sl_model_forward(tape, small, x) : NULL;
    double worst = 0, largest = 0;
    char off[32], most[32], rows[32];
    for (size_t i = 0; b && i < a->count; i++) {
        const double gap = fabs((double)a->v[i] - (double)b->v[i]), size = fabs((double)a->v[i]);
        worst = gap > worst || gap != gap ? gap : worst;
        largest = size > largest ? size : largest;
    }
    if (b)
        sl_merged_note(
            told, sl_explanation_keep(
                      told->e,
                      "On %s random rows (numbers from -1 to 1) the answers of both nets, up to %s, "
                      "differ by at most %s, by rounding.",
                      sl_count_text(rows, SL_MERGED_ROWS), sl_explained_number(told->e, most, largest, 4),
                      sl_explained_number(told->e, off, worst, 2)));
    sl_tape_free(tape);
}

static void merged_tell(sl_merged *told, const sl_model *small)
{
    sl_explanation *e = told->e;
    const sl_model *model = told->model;
    char before[32], after[32];
    sl_tensor *x = merged_rows(e->ctx, model);
    sl_explanation_add(
        e, (sl_explained){ .kind = SL_EXPLAINED_TITLE,
                           .text = sl_explanation_keep(e, "%s, its linear layers as one", model->net) });
    merged_span(told, 0, model->count, x);
    if (told->passed && told->kept > SL_MERGED_BARRIERS)
        sl_explanation_add(
            e, (sl_explained){
                   .kind = SL_EXPLAINED_MORE,
                   .text = sl_explanation_keep(e, "%d more places where an activation keeps two layers apart",
                                               told->passed) });
    sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_PART, .text = "in all" });
    if (told->runs) {
        sl_merged_note(told, sl_explanation_keep(e, "%s -> %s: %s parameters become %s.", model->net,
                                                 small->net, sl_count_text(before, model->parameters),
                                                 sl_count_text(after, small->parameters)));
        if (x)
            merged_compare(told, small, x);
    } else {
        sl_merged_note(told, told->kept ? "No two layers are one: an activation stands behind each."
                                        : "No two layers are one: no dense layer follows another.");
    }
    sl_tensor_free(x);
}

sl_explanation *sl_explain_collapse(const sl_model *model, int depth, int digits)
{
    if (!model)
        return NULL;
    sl_ctx *ctx = model->ctx;
    sl_model *small = sl_model_collapse(model);
    if (!small)
        return NULL;
    sl_merged told = { .e = sl_explanation_new(ctx, depth, digits), .model = model };
    if (told.e)
        merged_tell(&told, small);
    sl_model_free(small);
    if (!ctx->status)
        return told.e;
    sl_explanation_free(told.e);
    return NULL;
}
