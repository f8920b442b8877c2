/* equation_layers.c - a row's numbers on their way through the layers, as formulas: each unit gets a name. */
#include "explain/equation.h"

#include <string.h>

typedef struct {
    sl_equation *q;
    int written; /* layers that named their units so far, and how many will */
    int naming;
} layers_walk;

static bool layers_is(const sl_built *layer, const char *kind)
{
    return !strcmp(layer->kind->name, kind);
}

static bool layers_names(const sl_built *layer)
{
    static const char *const kinds[] = { "dense",    "activation", "batch_norm", "layer_norm",
                                         "residual", "fourier",    "category",   "basis" };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (layers_is(layer, kinds[i]))
            return true;
    return false;
}

/* "h2_3": unit 3 of the second layer; "h3" where there is one; "h" alone. */
static const char *layers_unit(const layers_walk *walk, size_t unit, size_t units)
{
    sl_equation *q = walk->q;
    const char *own = walk->naming < 2 ? units > 1 ? sl_explanation_keep(q->e, "h%zu", unit + 1) : "h"
                      : units > 1      ? sl_explanation_keep(q->e, "h%d_%zu", walk->written, unit + 1)
                                       : sl_explanation_keep(q->e, "h%d", walk->written);
    return sl_equation_name(q, own, "h");
}

static bool layers_once(const char *template, const char *name)
{
    int times = 0;
    const size_t length = strlen(name);
    for (const char *at = template; (at = strstr(at, name)); at += length) {
        const char before = at > template ? at[-1] : ' ', behind = at[length];
        times += !(before >= 'a' && before <= 'z') && !(behind >= 'a' && behind <= 'z');
    }
    return times <= 1;
}

/* Of "p = ..; x | y" one step after another is named; then x, or y where it has to bear large numbers. */
static const char *layers_curve(sl_equation *q, const sl_op *f, double number, const char *z,
                                const char *name)
{
    sl_filling fillings[8];
    char text[32];
    int count = 0;
    if (!layers_once(f->written, "z") && strpbrk(z, "+-*/("))
        z = sl_equation_define(q, sl_equation_name(q, sl_explanation_keep(q->e, "z_%s", name), "z"), z);
    fillings[count++] = (sl_filling){ "z", z };
    fillings[count++] =
        (sl_filling){ "a", sl_explanation_keep(q->e, "%s", sl_equation_number(q, text, number)) };
    const char *rest = f->written;
    for (const char *end; (end = strstr(rest, "; ")) && count < 8; rest = end + 2) {
        const char *equals = strstr(rest, " = ");
        const char *step = sl_explanation_keep(q->e, "%.*s", (int)(equals - rest), rest);
        const char *formula = sl_explanation_keep(q->e, "%.*s", (int)(end - equals - 3), equals + 3);
        fillings[count] = (sl_filling){
            step,
            sl_equation_define(q, sl_equation_name(q, sl_explanation_keep(q->e, "%s_%s", step, name), step),
                               sl_equation_fill(q, formula, fillings, count))
        };
        count++;
    }
    for (const char *bar; (bar = strstr(rest, " | "));)
        rest = q->large ? bar + 3 : sl_explanation_keep(q->e, "%.*s", (int)(bar - rest), rest);
    return sl_equation_fill(q, rest, fillings, count);
}

/* f of every number; where last, the formulas are not named. */
static sl_status layers_activate(const layers_walk *walk, const sl_op *f, double number, const char *place,
                                 bool last)
{
    sl_equation *q = walk->q;
    if (!strcmp(f->name, "softmax") || !strcmp(f->name, "log_softmax"))
        return sl_equation_softmax(q, last ? "o" : "h", f->name[0] == 'l');
    if (!f->written)
        return sl_fail(q->e->ctx, SL_EINVAL, "explain: %s: %s is not known as a formula", place, f->name);
    for (size_t i = 0; i < q->width && !q->e->ctx->status; i++) {
        const char *name = last ? "o" : layers_unit(walk, i, q->width);
        const char *formula = layers_curve(q, f, number, q->x[i].formula, name);
        q->x[i].formula = last ? formula : sl_equation_define(q, name, formula);
    }
    return q->e->ctx->status;
}

static sl_status layers_dense(const layers_walk *walk, const sl_built *layer, bool last)
{
    sl_equation *q = walk->q;
    const sl_tensor *w = layer->param[0], *b = layer->wants > 1 ? layer->param[1] : NULL;
    const size_t units = (size_t)w->shape.dim[0], in = (size_t)w->shape.dim[1];
    sl_element *out = sl_arena_take(&q->e->arena, (units + 1) * sizeof *out);
    sl_text sum;
    sl_text_init(&sum, q->e->ctx);
    for (size_t u = 0; u < units && out && !q->e->ctx->status; u++) {
        for (size_t i = 0; i < in; i++)
            sl_equation_term(q, &sum, (double)w->v[u * in + i], q->x[i].formula);
        sl_equation_constant(q, &sum, b ? (double)b->v[u] : 0);
        out[u] = (sl_element){ .formula = sl_equation_keep(q, &sum) };
    }
    sl_text_free(&sum);
    if (q->e->ctx->status)
        return q->e->ctx->status;
    q->x = out;
    q->width = units;
    if (layer->activation)
        return layers_activate(walk, layer->activation, (double)layer->slope, layer->name, last);
    for (size_t u = 0; u < units && !last; u++)
        out[u].formula = sl_equation_define(q, layers_unit(walk, u, units), out[u].formula);
    return q->e->ctx->status;
}

/* "s*(x - mean)/sqrt(variance + epsilon) + t" */
static const char *layers_normed(sl_equation *q, double scale, const char *centred, const char *variance,
                                 double epsilon, double shift)
{
    char number[32];
    sl_text sum;
    sl_text_init(&sum, q->e->ctx);
    sl_equation_term(q, &sum, scale,
                     sl_explanation_keep(q->e, "(%s)/sqrt(%s + %s)", centred, variance,
                                         sl_equation_number(q, number, epsilon)));
    sl_equation_constant(q, &sum, shift);
    const char *kept = sl_equation_keep(q, &sum);
    sl_text_free(&sum);
    return kept;
}

static double layers_epsilon(const sl_built *layer)
{
    return layer->spec.epsilon != 0 ? (double)layer->spec.epsilon : 1e-5;
}

static void layers_batch_norm(const layers_walk *walk, const sl_built *layer)
{
    sl_equation *q = walk->q;
    sl_tensor *const *p = layer->param;
    char number[32];
    for (size_t i = 0; i < q->width; i++) {
        sl_text centred;
        sl_text_init(&centred, q->e->ctx);
        sl_equation_term(q, &centred, 1, q->x[i].formula);
        sl_equation_constant(q, &centred, -(double)p[2]->v[i]);
        const char *z = sl_equation_keep(q, &centred);
        sl_text_free(&centred);
        const char *variance =
            sl_explanation_keep(q->e, "%s", sl_equation_number(q, number, (double)p[3]->v[i]));
        q->x[i].formula = sl_equation_define(
            q, layers_unit(walk, i, q->width),
            layers_normed(q, (double)p[0]->v[i], z, variance, layers_epsilon(layer), (double)p[1]->v[i]));
    }
}

static void layers_layer_norm(const layers_walk *walk, const sl_built *layer)
{
    sl_equation *q = walk->q;
    sl_tensor *const *p = layer->param;
    sl_text sum;
    sl_text_init(&sum, q->e->ctx);
    for (size_t i = 0; i < q->width; i++) /* named, as each stands in every sum */
        if (strpbrk(q->x[i].formula, "+-*/("))
            q->x[i].formula = sl_equation_define(q, sl_equation_name(q, "n1", "n"), q->x[i].formula);
    for (size_t i = 0; i < q->width; i++)
        sl_equation_term(q, &sum, 1, q->x[i].formula);
    const char *mean = sl_equation_define(
        q, sl_equation_name(q, sl_explanation_keep(q->e, "mean_%d", walk->written), "mean"),
        sl_explanation_keep(q->e, "(%s)/%zu", sl_text_string(&sum), q->width));
    sl_text_clear(&sum);
    for (size_t i = 0; i < q->width; i++)
        sl_equation_term(q, &sum, 1, sl_explanation_keep(q->e, "(%s - %s)^2", q->x[i].formula, mean));
    const char *variance = sl_equation_define(
        q, sl_equation_name(q, sl_explanation_keep(q->e, "variance_%d", walk->written), "variance"),
        sl_explanation_keep(q->e, "(%s)/%zu", sl_text_string(&sum), q->width));
    sl_text_free(&sum);
    for (size_t i = 0; i < q->width; i++)
        q->x[i].formula = sl_equation_define(
            q, layers_unit(walk, i, q->width),
            layers_normed(q, (double)p[0]->v[i], sl_explanation_keep(q->e, "%s - %s", q->x[i].formula, mean),
                          variance, layers_epsilon(layer), (double)p[1]->v[i]));
}

/* The vector of the word that the row has: each table row times what is 1 for that word. */
static void layers_category(const layers_walk *walk, const sl_built *layer)
{
    sl_equation *q = walk->q;
    const sl_tensor *table = layer->param[0];
    const size_t units = (size_t)table->shape.dim[1], rows = (size_t)table->shape.dim[0];
    const sl_element word = q->x[0];
    sl_element *out = sl_arena_take(&q->e->arena, (q->width + units) * sizeof *out);
    if (!out)
        return;
    if (!word.slots || (size_t)word.slot_count != rows) {
        sl_fail(q->e->ctx, SL_EINVAL, "explain: %s: its input is no column of words, so it is no sum",
                layer->name);
        return;
    }
    memcpy(out, q->x + 1, (q->width - 1) * sizeof *out);
    for (size_t u = 0; u < units; u++) {
        sl_text sum;
        sl_text_init(&sum, q->e->ctx);
        for (size_t r = 0; r < rows; r++)
            if (strcmp(word.slots[r], "0") != 0)
                sl_equation_term(q, &sum, (double)table->v[r * units + u], word.slots[r]);
        sl_equation_constant(q, &sum, 0);
        out[q->width - 1 + u] = (sl_element){ .formula = sl_equation_define(q, layers_unit(walk, u, units),
                                                                            sl_equation_keep(q, &sum)) };
        sl_text_free(&sum);
    }
    q->x = out;
    q->width = q->width - 1 + units;
}

static void layers_fourier(const layers_walk *walk, const sl_built *layer)
{
    sl_equation *q = walk->q;
    const sl_tensor *w = layer->param[0];
    const size_t units = (size_t)w->shape.dim[0], columns = (size_t)w->shape.dim[1];
    const size_t kept = layer->spec.no_keep ? 0 : columns, rest = q->width - columns;
    sl_element *out = sl_arena_take(&q->e->arena, (rest + kept + 2 * units) * sizeof *out);
    if (!out)
        return;
    memcpy(out, q->x + columns, rest * sizeof *out);
    if (kept && columns < q->width)
        memcpy(out + rest, q->x, columns * sizeof *out);
    else if (kept)
        memcpy(out, q->x, columns * sizeof *out);
    for (size_t u = 0; u < units; u++) {
        sl_text sum;
        sl_text_init(&sum, q->e->ctx);
        for (size_t i = 0; i < columns; i++)
            sl_equation_term(q, &sum, (double)w->v[u * columns + i], q->x[i].formula);
        sl_equation_constant(q, &sum, 0);
        const char *angle = sl_equation_define(
            q, sl_equation_name(q, sl_explanation_keep(q->e, "angle%d_%zu", walk->written, u + 1), "angle"),
            sl_equation_fill(q, "6.283185307179586*t",
                             &(sl_filling){ "t", sl_explanation_keep(q->e, "%s", sl_text_string(&sum)) }, 1));
        sl_text_free(&sum);
        out[rest + kept + u] = (sl_element){ .formula = sl_explanation_keep(q->e, "sin(%s)", angle) };
        out[rest + kept + units + u] = (sl_element){ .formula = sl_explanation_keep(q->e, "cos(%s)", angle) };
    }
    q->x = out;
    q->width = rest + kept + 2 * units;
}

static void layers_basis(const layers_walk *walk, const sl_built *layer)
{
    static const char *const written[] = { "a", "a^2", "a*b", "sin(a)", "cos(a)" }; /* by sl_term_kind */
    sl_equation *q = walk->q;
    const size_t count = (size_t)layer->terms->count;
    sl_element *out = sl_arena_take(&q->e->arena, count * sizeof *out);
    for (size_t i = 0; i < count && out && !q->e->ctx->status; i++) {
        const sl_term *term = &layer->terms->term[i];
        const sl_filling inputs[] = { { "a", q->x[term->a].formula }, { "b", q->x[term->b].formula } };
        const char *formula = sl_equation_fill(q, written[term->kind], inputs, 2);
        out[i].formula = term->kind == SL_TERM_INPUT
                             ? formula
                             : sl_equation_define(q, layers_unit(walk, i, count), formula);
    }
    q->x = out;
    q->width = count;
}

static void layers_span(layers_walk *walk, int first, int last, bool inside);

static void layers_residual(layers_walk *walk, int at)
{
    sl_equation *q = walk->q;
    sl_element *before = sl_arena_take(&q->e->arena, (q->width + 1) * sizeof *before);
    if (!before)
        return;
    memcpy(before, q->x, q->width * sizeof *before); /* layers inside may write over them */
    layers_span(walk, at + 1, q->model->layers[at].end, true);
    walk->written++;
    for (size_t i = 0; i < q->width && !q->e->ctx->status; i++) {
        sl_text sum;
        sl_text_init(&sum, q->e->ctx);
        sl_equation_term(q, &sum, 1, q->x[i].formula);
        sl_equation_term(q, &sum, 1, before[i].formula);
        q->x[i].formula = sl_equation_define(q, layers_unit(walk, i, q->width), sl_equation_keep(q, &sum));
        sl_text_free(&sum);
    }
}

static void layers_one(layers_walk *walk, int i, bool last)
{
    sl_equation *q = walk->q;
    const sl_built *layer = &q->model->layers[i];
    sl_ctx *ctx = q->e->ctx;
    if (layers_is(layer, "category") == false && q->width && q->x[0].slots) {
        sl_fail(ctx, SL_EINVAL, "explain: %s: its input is the number of a word, which is no quantity",
                layer->name);
        return;
    }
    q->place = sl_explanation_keep(q->e, "%s: %s", layer->name, layer->text);
    if (layers_names(layer) && !layers_is(layer, "residual"))
        walk->written++;
    if (layers_is(layer, "dense"))
        layers_dense(walk, layer, last);
    else if (layers_is(layer, "activation") && layer->activation)
        layers_activate(walk, layer->activation, (double)layer->slope, layer->name, last);
    else if (layers_is(layer, "batch_norm"))
        layers_batch_norm(walk, layer);
    else if (layers_is(layer, "layer_norm"))
        layers_layer_norm(walk, layer);
    else if (layers_is(layer, "residual"))
        layers_residual(walk, i);
    else if (layers_is(layer, "category"))
        layers_category(walk, layer);
    else if (layers_is(layer, "fourier"))
        layers_fourier(walk, layer);
    else if (layers_is(layer, "basis"))
        layers_basis(walk, layer);
    else if (!layer->kind->idle && !layers_is(layer, "activation") && !layers_is(layer, "input") &&
             !layers_is(layer, "flatten") && !layers_is(layer, "reshape"))
        sl_fail(ctx, SL_EINVAL, "explain: %s: a layer %s is not known as a formula", layer->name,
                layer->kind->name);
}

static void layers_span(layers_walk *walk, int first, int last, bool inside)
{
    const sl_model *model = walk->q->model;
    for (int i = first; i < last && !walk->q->e->ctx->status; i = model->layers[i].end)
        layers_one(walk, i, !inside && model->layers[i].end == model->count);
}

sl_status sl_equation_layers(sl_equation *q)
{
    layers_walk walk = { .q = q };
    for (int i = 0; i < q->model->count; i++)
        walk.naming += layers_names(&q->model->layers[i]) && i + 1 < q->model->count;
    layers_span(&walk, 0, q->model->count, false);
    return q->e->ctx->status;
}
