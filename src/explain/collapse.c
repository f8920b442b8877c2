/* collapse.c - dense layers without an activation between them, and the one layer that they are. */
#include "explain/explanation.h"
#include "model/model.h"

#include "core/random.h"

#include <math.h>
#include <string.h>

enum { COLLAPSE_ROWS = 1000, COLLAPSE_BARRIERS = 3 };

typedef struct {
    sl_explanation *e;
    const sl_model *model;
    int runs, kept, passed; /* rows of layers that are one; barriers; of those how many are not shown */
} collapse_told;

/* What a row of dense layers amounts to so far. */
typedef struct {
    double *w, *b; /* [units, in], [units] */
    size_t units, in;
    const char *name, *bias; /* "W21" */
} collapse_matrix;

typedef struct { /* one number of a product of matrices, or of a matrix and a bias */
    const double *row, *column;
    size_t count, step;
    const double *alone; /* added at the end; NULL */
} collapse_terms;

static int collapse_term(const void *user, size_t i, double factors[3])
{
    const collapse_terms *t = user;
    if (i == t->count) {
        factors[0] = *t->alone;
        return 1;
    }
    factors[0] = t->row[i];
    factors[1] = t->column[i * t->step];
    return 2;
}

static double collapse_value(const collapse_terms *t)
{
    double sum = t->alone ? *t->alone : 0;
    for (size_t i = 0; i < t->count; i++)
        sum += t->row[i] * t->column[i * t->step];
    return sum;
}

static void collapse_note(const collapse_told *told, const char *text)
{
    sl_explanation_add(told->e, (sl_explained){ .kind = SL_EXPLAINED_NOTE, .text = text });
}

static const char *collapse_shape(sl_explanation *e, size_t rows, size_t columns)
{
    return columns ? sl_explanation_keep(e, "[%zu, %zu]", rows, columns)
                   : sl_explanation_keep(e, "[%zu]", rows);
}

static bool collapse_dense(const sl_built *layer)
{
    return layer->kind == &sl_layer_dense;
}

static bool collapse_passes(const sl_built *layer)
{
    return layer->kind->idle || (layer->kind == &sl_layer_activation && !layer->activation);
}

/* Layers first .. last - 1: the dense layer behind `at` that is one with it; -1: none. */
static int collapse_next(const sl_model *model, int at, int last)
{
    int next = model->layers[at].end;
    while (next < last && collapse_passes(&model->layers[next]))
        next = model->layers[next].end;
    return next < last && collapse_dense(&model->layers[next]) ? next : -1;
}

static collapse_matrix collapse_of(const collapse_told *told, int layer, int number)
{
    sl_explanation *e = told->e;
    const sl_built *l = &told->model->layers[layer];
    collapse_matrix m = { .units = (size_t)l->spec.units, .in = (size_t)l->param[0]->shape.dim[1] };
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

/* The numbers of a product, one after the other; of many some. */
static void collapse_numbers(const collapse_told *told, const collapse_matrix *a, const collapse_matrix *b,
                             collapse_matrix *c, bool bias)
{
    sl_explanation *e = told->e;
    const size_t width = bias ? 1 : c->in, count = c->units * width;
    double *to = bias ? c->b : c->w;
    const sl_shape shape =
        bias ? (sl_shape){ 1, { (int)c->units } } : (sl_shape){ 2, { (int)c->units, (int)c->in } };
    for (size_t i = 0; i < count; i++) {
        const collapse_terms t = { .row = a->w + i / width * a->in,
                                   .column = bias ? b->b : b->w + i % width,
                                   .count = a->in,
                                   .step = bias ? 1 : b->in,
                                   .alone = bias ? a->b + i : NULL };
        to[i] = collapse_value(&t);
    }
    for (size_t i = 0; i < count && e->depth > 1 && !e->ctx->status; i++) {
        size_t skipped;
        i = sl_explained_next(e, i, count, &skipped);
        if (skipped)
            sl_explanation_add(
                e, (sl_explained){ .kind = SL_EXPLAINED_MORE,
                                   .text = sl_explanation_keep(e, "%zu more like these", skipped) });
        const collapse_terms t = { .row = a->w + i / width * a->in,
                                   .column = bias ? b->b : b->w + i % width,
                                   .count = a->in,
                                   .step = bias ? 1 : b->in,
                                   .alone = bias ? a->b + i : NULL };
        sl_explained_total(
            e, sl_explained_name(e, bias ? c->bias : c->name, shape, false, i),
            &(sl_explained_sum){ .count = t.count + (bias ? 1 : 0), .term = collapse_term, .user = &t },
            to[i]);
    }
}

/* c = a behind b. */
static collapse_matrix collapse_product(const collapse_told *told, const collapse_matrix *a,
                                        const collapse_matrix *b, int number, bool last)
{
    sl_explanation *e = told->e;
    collapse_matrix c = { .units = a->units, .in = b->in };
    c.w = sl_arena_take(&e->arena, (c.units * c.in + 1) * sizeof *c.w);
    c.b = sl_arena_take(&e->arena, (c.units + 1) * sizeof *c.b);
    c.name = last ? "W'" : sl_explanation_keep(e, "W1_%d", number);
    c.bias = last ? "b'" : sl_explanation_keep(e, "b1_%d", number);
    if (!c.w || !c.b)
        return c;
    sl_explanation_add(
        e, (sl_explained){ .kind = SL_EXPLAINED_RULE,
                           .name = c.name,
                           .text = sl_explanation_keep(e, "%s %s", a->name, b->name),
                           .shapes = sl_explanation_keep(e, "%s = %s %s", collapse_shape(e, c.units, c.in),
                                                         collapse_shape(e, a->units, a->in),
                                                         collapse_shape(e, b->units, b->in)) });
    collapse_numbers(told, a, b, &c, false);
    sl_explanation_add(
        e, (sl_explained){ .kind = SL_EXPLAINED_RULE,
                           .name = c.bias,
                           .text = sl_explanation_keep(e, "%s %s + %s", a->name, b->bias, a->bias),
                           .shapes = sl_explanation_keep(e, "%s = %s %s + %s", collapse_shape(e, c.units, 0),
                                                         collapse_shape(e, a->units, a->in),
                                                         collapse_shape(e, b->units, 0),
                                                         collapse_shape(e, a->units, 0)) });
    collapse_numbers(told, a, b, &c, true);
    return c;
}

static const char *collapse_list(sl_explanation *e, const double *values, size_t count)
{
    sl_real *own = sl_alloc_array(e->ctx, count + 1, sizeof *own);
    for (size_t i = 0; i < count && own; i++)
        own[i] = (sl_real)values[i];
    const char *text = own ? sl_explained_list(e, own, count) : "";
    sl_free(e->ctx, own);
    return text;
}

/* Layers from `first` on that are one; returns the last of them. */
static int collapse_run(collapse_told *told, int first, int last)
{
    sl_explanation *e = told->e;
    const sl_model *model = told->model;
    int end = first, layers = 1;
    size_t before = 0;
    for (int i = first;; layers++) {
        before += (size_t)model->layers[i].spec.units *
                  ((size_t)model->layers[i].param[0]->shape.dim[1] + (model->layers[i].wants > 1));
        end = i;
        i = model->layers[i].activation ? -1 : collapse_next(model, i, last);
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
    collapse_matrix all = collapse_of(told, first, 1);
    for (int i = first, number = 2; i != end && !e->ctx->status; number++) {
        i = collapse_next(model, i, last);
        const collapse_matrix own = collapse_of(told, i, number);
        if (own.w && own.b && all.w && all.b)
            all = collapse_product(told, &own, &all, number, i == end);
    }
    if (e->ctx->status)
        return end;
    sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_VALUE,
                                          .name = "W'",
                                          .value = collapse_list(e, all.w, all.units * all.in) });
    sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_VALUE,
                                          .name = "b'",
                                          .value = collapse_list(e, all.b, all.units) });
    collapse_note(
        told, sl_explanation_keep(e, "Equivalent to one layer of %zu parameters instead of %d layers of %zu.",
                                  all.units * (all.in + 1), layers, before));
    return end;
}

/* --- where layers stay apart ---------------------------------------------------------------------- */

typedef struct {
    int layer;
    const sl_tensor *z, *y; /* of that layer, [rows, units] */
} collapse_seen;

static void collapse_see(void *user, int layer, const sl_tensor *z, const sl_tensor *y)
{
    collapse_seen *seen = user;
    if (layer == seen->layer) {
        seen->z = z;
        seen->y = y;
    }
}

/* A random row: what the layer behind the activation gives, and what it would give without it. */
static void collapse_barrier(collapse_told *told, int at, int shape, int next, sl_tensor *x)
{
    sl_explanation *e = told->e;
    const sl_model *model = told->model;
    const sl_built *f = &model->layers[shape], *behind = &model->layers[next];
    told->kept++;
    if (told->kept > COLLAPSE_BARRIERS || !x) {
        told->passed++;
        return;
    }
    collapse_seen seen = { .layer = shape };
    sl_tape *tape = sl_tape_new(e->ctx, SL_INFER);
    if (!tape || !sl_model_forward_watched(tape, model, x, &(sl_watch){ collapse_see, &seen }) || !seen.z) {
        sl_tape_free(tape);
        told->passed++;
        return;
    }
    const size_t in = (size_t)behind->param[0]->shape.dim[1];
    double *numbers = sl_arena_take(&e->arena, (3 * in + 1) * sizeof *numbers);
    const char *word = f->activation->name;
    sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_PLACE,
                                          .text = sl_explanation_keep(
                                              e, "%s and %s: %s stands between them, so they stay two",
                                              model->layers[at].name, behind->name, word) });
    size_t row = 0; /* the first that the activation changes */
    while (row < COLLAPSE_ROWS && !memcmp(seen.z->v + row * in, seen.y->v + row * in, in * sizeof(sl_real)))
        row++;
    if (row == COLLAPSE_ROWS) {
        collapse_note(told, "On 1,000 random rows it changes no number; on others it may.");
        numbers = NULL;
    }
    for (int kept = 1; kept >= 0 && numbers; kept--) {
        for (size_t i = 0; i < in; i++) {
            numbers[i] = (double)behind->param[0]->v[i];
            numbers[in + i] = (double)(kept ? seen.y : seen.z)->v[row * in + i];
        }
        const double bias = behind->wants > 1 ? (double)behind->param[1]->v[0] : 0;
        const collapse_terms t = {
            .row = numbers, .column = numbers + in, .count = in, .step = 1, .alone = &bias
        };
        sl_explained_total(
            e, kept ? sl_explanation_keep(e, "with %s", word) : sl_explanation_keep(e, "without %s", word),
            &(sl_explained_sum){ .count = in + 1, .term = collapse_term, .user = &t }, collapse_value(&t));
    }
    if (numbers)
        collapse_note(
            told, sl_explanation_keep(e, "That is %s[0], before an activation of its own, of a random row.",
                                      behind->name));
    sl_tape_free(tape);
}

/* The activation that keeps a dense layer and the next dense layer apart, in the layer itself or of its own;
 * -1: something else, or nothing, stands there. */
static int collapse_between(const sl_model *model, int at, int last, int *next)
{
    int shape = model->layers[at].activation ? at : -1;
    *next = model->layers[at].end;
    while (*next < last && (collapse_passes(&model->layers[*next]) ||
                            (shape < 0 && model->layers[*next].kind == &sl_layer_activation))) {
        if (!collapse_passes(&model->layers[*next]))
            shape = *next;
        *next = model->layers[*next].end;
    }
    return *next < last && collapse_dense(&model->layers[*next]) ? shape : -1;
}

static void collapse_span(collapse_told *told, int first, int last, sl_tensor *x)
{
    const sl_model *model = told->model;
    for (int i = first; i < last && !told->e->ctx->status; i = model->layers[i].end) {
        if (model->layers[i].end > i + 1)
            collapse_span(told, i + 1, model->layers[i].end, x);
        if (!collapse_dense(&model->layers[i]))
            continue;
        i = collapse_run(told, i, last);
        int next;
        const int shape = collapse_between(model, i, last, &next);
        if (shape >= 0)
            collapse_barrier(told, i, shape, next, x);
    }
}

/* --- both nets ------------------------------------------------------------------------------------ */

/* Rows of numbers between -1 and 1; NULL where the net wants categories or texts. */
static sl_tensor *collapse_rows(sl_ctx *ctx, const sl_model *model)
{
    sl_stream stream = { .seed = sl_ctx_seed(ctx), .purpose = SL_FOR_EXPLAIN, .a = 1 };
    for (int i = 0; i < model->count; i++)
        if (model->layers[i].kind->categories || model->layers[i].kind->read)
            return NULL;
    sl_shape shape = { model->input.rank + 1, { COLLAPSE_ROWS } };
    memcpy(shape.dim + 1, model->input.dim, (size_t)model->input.rank * sizeof(int));
    sl_tensor *x = sl_tensor_new(ctx, shape, NULL);
    for (size_t i = 0; x && i < x->count; i++)
        x->v[i] = (sl_real)(2 * sl_stream_uniform(&stream) - 1);
    return x;
}

static void collapse_compare(const collapse_told *told, const sl_model *small, sl_tensor *x)
{
    sl_ctx *ctx = told->e->ctx;
    sl_tape *tape = sl_tape_new(ctx, SL_INFER);
    const sl_tensor *a = tape ? sl_model_forward(tape, told->model, x) : NULL,
                    *b = a ? sl_model_forward(tape, small, x) : NULL;
    double worst = 0, largest = 0;
    char off[32], most[32];
    for (size_t i = 0; b && i < a->count; i++) {
        const double gap = fabs((double)a->v[i] - (double)b->v[i]), size = fabs((double)a->v[i]);
        worst = gap > worst || gap != gap ? gap : worst;
        largest = size > largest ? size : largest;
    }
    if (b)
        collapse_note(told,
                      sl_explanation_keep(
                          told->e,
                          "On %d random rows (numbers from -1 to 1) the answers of both nets, up to %s, "
                          "differ by at most %s, by rounding.",
                          COLLAPSE_ROWS, sl_explained_number(told->e, most, largest, 4),
                          sl_explained_number(told->e, off, worst, 2)));
    sl_tape_free(tape);
}

static void collapse_tell(collapse_told *told, const sl_model *small)
{
    sl_explanation *e = told->e;
    const sl_model *model = told->model;
    char before[32], after[32];
    sl_tensor *x = collapse_rows(e->ctx, model);
    sl_explanation_add(
        e, (sl_explained){ .kind = SL_EXPLAINED_TITLE,
                           .text = sl_explanation_keep(e, "%s, its linear layers as one", model->net) });
    collapse_span(told, 0, model->count, x);
    if (told->passed && told->kept > COLLAPSE_BARRIERS)
        sl_explanation_add(
            e, (sl_explained){
                   .kind = SL_EXPLAINED_MORE,
                   .text = sl_explanation_keep(e, "%d more places where an activation keeps two layers apart",
                                               told->passed) });
    sl_explanation_add(e, (sl_explained){ .kind = SL_EXPLAINED_PART, .text = "in all" });
    if (told->runs) {
        collapse_note(told, sl_explanation_keep(e, "%s -> %s: %s parameters become %s.", model->net,
                                                small->net, sl_count_text(before, model->parameters),
                                                sl_count_text(after, small->parameters)));
        if (x)
            collapse_compare(told, small, x);
    } else {
        collapse_note(told, told->kept ? "No two layers are one: an activation stands behind each."
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
    collapse_told told = { .e = sl_explanation_new(ctx, depth, digits), .model = model };
    if (told.e)
        collapse_tell(&told, small);
    sl_model_free(small);
    if (!ctx->status)
        return told.e;
    sl_explanation_free(told.e);
    return NULL;
}
