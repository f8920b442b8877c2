/* cost.c - what a step of training costs in operations and bytes, and a training in seconds, energy and
 * money: each number with the product that it is. */
#include "explain/cost.h"

#include "explain/expression.h"

#include <string.h>

void sl_cost_note(sl_costing *c, const char *text)
{
    sl_explanation_add(c->e, (sl_explained){ .kind = SL_EXPLAINED_NOTE, .text = text });
}

void sl_cost_part(sl_costing *c, const char *title)
{
    sl_explanation_add(c->e, (sl_explained){ .kind = SL_EXPLAINED_PART, .text = title });
}

void sl_cost_line(sl_costing *c, const char *name, const char *formula, const sl_named *names, int count)
{
    sl_expression read;
    if (c->e->ctx->status || sl_expression_read(&read, c->e->ctx, formula))
        return;
    const double value = sl_expression_value(&read, names, count, NULL);
    sl_expression_free(&read);
    sl_explained_line(c->e, 2, name, formula, names, count, value);
}

void sl_cost_value(sl_costing *c, const char *name, double value, int figures)
{
    char text[32];
    double *number = sl_arena_take(&c->e->arena, sizeof *number);
    if (!number)
        return;
    *number = value;
    sl_explanation_add(c->e, (sl_explained){ .kind = SL_EXPLAINED_VALUE,
                                             .name = name,
                                             .value = sl_explanation_keep(
                                                 c->e, "%s", sl_explained_number(c->e, text, value, figures)),
                                             .numbers = number,
                                             .count = 1 });
}

/* --- operations ----------------------------------------------------------------------------------- */

typedef struct {
    double *values;
    size_t count;
} cost_list;

static int cost_list_term(const void *user, size_t i, double factors[3])
{
    factors[0] = ((const cost_list *)user)->values[i];
    return 1;
}

static void cost_total(sl_costing *c, const char *name, const cost_list *list, double *total)
{
    *total = 0;
    for (size_t i = 0; i < list->count; i++)
        *total += list->values[i];
    sl_explained_total(c->e, name,
                       &(sl_explained_sum){ .count = list->count, .term = cost_list_term, .user = list },
                       *total);
}

/* One node: a product by its three sizes, anything else by how many numbers it goes through. */
static void cost_node(sl_costing *c, const sl_node *n, bool backward, double flops)
{
    sl_explanation *e = c->e;
    const bool same = !strcmp(n->place, n->op->name);
    const char *name = same ? sl_explanation_keep(e, "%s", n->place)
                            : sl_explanation_keep(e, "%s %s", n->place, n->op->name);
    const bool product = n->op == &sl_op_linear;
    if (!product) {
        sl_cost_line(c, name, "n", &(sl_named){ "n", flops }, 1);
        return;
    }
    const double out = n->x[1]->shape.dim[0], in = n->x[1]->shape.dim[1], rows = (double)n->y->count / out;
    const sl_named names[] = { { "r", rows }, { "i", in }, { "o", out } };
    const int ways = backward ? (int)(flops / (2 * rows * in * out) + 0.5) : 1;
    sl_explained_line(e, 2, name, ways == 2 ? "2*2*r*i*o" : "2*r*i*o", names, 3, flops);
}

static void cost_way(sl_costing *c, bool backward)
{
    sl_explanation *e = c->e;
    cost_list list = { sl_arena_take(&e->arena, ((size_t)c->nodes + 1) * sizeof(double)), 0 };
    if (!list.values)
        return;
    sl_explanation_add(
        e, (sl_explained){ .kind = SL_EXPLAINED_RULE, .name = "a product", .text = "2*rows*inputs*outputs" });
    if (backward)
        sl_cost_note(c, "That for the weights, and again for what came in, where that has a slope.");
    for (int i = 0; i < c->nodes && !e->ctx->status; i++) {
        const sl_node *n = c->node[backward ? c->nodes - 1 - i : i];
        if (backward && !n->y->learns)
            continue;
        const sl_cost cost = sl_cost_of(n, backward);
        if (!(cost.flops > 0))
            continue;
        cost_node(c, n, backward, cost.flops);
        list.values[list.count++] = cost.flops;
        if (cost.product)
            c->product[c->product_count++] = cost.flops;
    }
    cost_total(c, backward ? "backward" : "forward", &list, backward ? &c->backward : &c->forward);
}

/* How many operations stand in "m = ..; w = ..": signs and functions. */
static int cost_signs(sl_ctx *ctx, const char *written)
{
    int signs = 0;
    char formula[400];
    while (*written && !ctx->status) {
        const char *equals = strstr(written, " = "), *end = strstr(written, "; ");
        const size_t whole = end ? (size_t)(end - written) : strlen(written);
        const char *from = equals && equals < written + whole ? equals + 3 : written;
        const size_t length = (size_t)(written + whole - from);
        sl_expression read;
        if (length >= sizeof formula)
            return 0;
        memcpy(formula, from, length);
        formula[length] = 0;
        if (sl_expression_read(&read, ctx, formula)) {
            sl_clear(ctx);
            return 0;
        }
        for (int i = 0; i < read.count; i++) {
            const sl_expression_what what = read.nodes[i].what;
            signs += (what >= SL_EXPRESSION_ADD && what <= SL_EXPRESSION_POWER) ||
                     (what == SL_EXPRESSION_CALL && read.nodes[i].text);
        }
        sl_expression_free(&read);
        written = end ? end + 2 : written + whole;
    }
    return signs;
}

static void cost_update(sl_costing *c)
{
    const sl_rule *rule = c->step->rule;
    const int signs = rule->written ? cost_signs(c->e->ctx, rule->written) : 0;
    if (signs) {
        const sl_named names[] = { { "k", signs }, { "n", c->learned } };
        sl_cost_note(c, sl_explanation_keep(c->e, "%s: %s", rule->name, rule->written));
        sl_cost_line(c, "update", "k*n", names, 2);
        c->update = signs * c->learned;
        sl_cost_note(c, sl_explanation_keep(c->e, "%d operations in %s for each of the weights that learn.",
                                            signs, rule->name));
    } else {
        sl_cost_note(c, sl_explanation_keep(c->e, "The update by %s is not counted.", rule->name));
    }
}

static void cost_operations(sl_costing *c)
{
    const double rows = c->batch;
    char count[32];
    c->product = sl_arena_take(&c->e->arena, (2 * (size_t)c->nodes + 1) * sizeof *c->product);
    if (!c->product)
        return;
    sl_cost_part(c, sl_explanation_keep(c->e, "operations of a step with %s row%s, forward",
                                        sl_count_text(count, (uint64_t)c->batch), c->batch == 1 ? "" : "s"));
    cost_way(c, false);
    sl_cost_part(c, "backward");
    cost_way(c, true);
    sl_cost_part(c, "update");
    cost_update(c);
    sl_cost_part(c, "in all");
    const sl_named names[] = { { "f", c->forward }, { "b", c->backward }, { "u", c->update }, { "r", rows } };
    sl_cost_line(c, "step", "f + b + u", names, 4);
    c->flops = c->forward + c->backward + c->update;
    sl_cost_line(c, "a row", "(f + b)/r", names, 4);
    cost_total(c, "in products", &(cost_list){ c->product, c->product_count }, &c->products);
    const sl_named share[] = { { "p", c->products }, { "s", c->flops } };
    sl_cost_line(c, "of it products", "p/s", share, 2);
    sl_cost_note(
        c, "A multiply-add counts as two operations; biases and activations inside of a product are not "
           "counted, other operators one for each number.");
    if (sl_model_reads_texts(c->model))
        sl_cost_note(c, "The words of texts are not counted, as they differ from row to row.");
}

/* --- the graph of a step -------------------------------------------------------------------------- */

static sl_status cost_graph(sl_costing *c)
{
    sl_ctx *ctx = c->e->ctx;
    if (sl_model_batch(ctx, c->model, c->batch, &c->x, &c->y))
        return ctx->status;
    c->tape = sl_tape_new(ctx, SL_TRAIN);
    if (!c->tape)
        return ctx->status;
    c->loss = sl_loss_apply(c->tape, c->model->loss, &c->model->loss_values,
                            sl_model_forward(c->tape, c->model, c->x), c->y, NULL);
    if (!c->loss)
        return ctx->status;
    for (const sl_node *n = c->tape->last; n; n = n->previous)
        c->nodes++;
    c->node = sl_alloc_array(ctx, (size_t)c->nodes + 1, sizeof(sl_node *));
    int at = c->nodes;
    for (const sl_node *n = c->tape->last; n && c->node; n = n->previous)
        c->node[--at] = n;
    for (int p = 0; p < c->model->param_count; p++)
        c->learned += c->model->params[p]->learns ? (double)c->model->params[p]->count : 0;
    return ctx->status;
}

static sl_status cost_check(sl_ctx *ctx, const sl_model *model, const sl_cost_options *o)
{
    if (ctx->status)
        return ctx->status;
    if (!model->loss || !model->built)
        return sl_fail(ctx, SL_EINVAL, "sl_explain_cost: the model has no %s: %s",
                       model->built ? "loss" : "weights yet",
                       model->built ? "call sl_compile first" : "begin it with sl_input, or fit it first");
    if (model->views || sl_model_reads_texts(model))
        return sl_fail(
            ctx, SL_EINVAL,
            "sl_explain_cost: the net reads texts, and what a step costs goes by their words, which "
            "are not known here: slope train --profile measures it");
    if (o->batch < 0)
        return sl_fail(ctx, SL_EINVAL, "sl_explain_cost: the batch is %d: wants 1 row or more", o->batch);
    if (o->watts > 0 && !(o->flops > 0) && !(o->measure > 0))
        return sl_fail(
            ctx, SL_EINVAL,
            "sl_explain_cost: energy is watts times seconds: give the machine's flops, or measure");
    if ((o->price > 0 || o->carbon > 0) && !(o->watts > 0))
        return sl_fail(ctx, SL_EINVAL, "sl_explain_cost: %s of energy wants the watts that the machine draws",
                       o->price > 0 ? "the price" : "the CO2");
    return SL_OK;
}

sl_explanation *sl_explain_cost(const sl_model *model, const sl_cost_options *options)
{
    const sl_cost_options none = { 0 }, *o = options ? options : &none;
    if (!model)
        return NULL;
    sl_ctx *ctx = model->ctx;
    if (cost_check(ctx, model, o))
        return NULL;
    sl_costing c = { .o = o, .of = model, .batch = o->batch ? o->batch : 32 };
    c.model = sl_model_slice(model, 0, model->count); /* steps change weights: a copy's */
    c.e = c.model ? sl_explanation_new(ctx, o->depth, o->digits) : NULL;
    sl_optimizer optimizer = model->optimizer; /* a step costs the same wherever it is in a schedule */
    optimizer.schedule = NULL;
    optimizer.warmup = 0;
    if (c.e && (c.step = sl_model_step(c.model, optimizer)) && !cost_graph(&c)) {
        sl_explanation_add(c.e,
                           (sl_explained){ .kind = SL_EXPLAINED_TITLE,
                                           .text = sl_explanation_keep(c.e, "what %s costs", model->net) });
        cost_operations(&c);
        sl_cost_memory(&c);
        sl_cost_training(&c);
    }
    sl_step_free(c.step);
    sl_free(ctx, c.node);
    sl_tape_free(c.tape);
    sl_tensor_free(c.x);
    sl_tensor_free(c.y);
    sl_model_free(c.model);
    if (!ctx->status)
        return c.e;
    sl_explanation_free(c.e);
    return NULL;
}
