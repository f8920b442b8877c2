/* model.c - see model.h and slope.h */
#include "model/model.h"
#include "core/digest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MODEL_ALIGN = 64 / sizeof(sl_real) };

/* "dense_2": the second of its type. */
static char *model_layer_name(sl_ctx *ctx, const char *type, int ordinal)
{
    char name[64];
    snprintf(name, sizeof name, "%s_%d", type, ordinal);
    return sl_strdup(ctx, name);
}

static sl_status model_add(sl_model *model, const sl_layer *spec)
{
    sl_ctx *ctx = model->ctx;
    const sl_layer_kind *kind = sl_layer_kind_find(ctx, spec->type);
    if (!kind)
        return ctx->status;
    sl_built *layer = &model->layers[model->count];
    *layer = (sl_built){ .spec = *spec };
    int last = model->count - 1;
    while (last >= 0 && model->layers[last].kind != kind)
        last--;
    layer->ordinal = last >= 0 ? model->layers[last].ordinal + 1 : 1;
    layer->name = spec->name ? sl_strdup(ctx, spec->name) : model_layer_name(ctx, kind->name, layer->ordinal);
    layer->kind = kind;
    layer->spec.activation = sl_strdup(ctx, spec->activation);
    layer->spec.init = sl_strdup(ctx, spec->init);
    model->count++;
    if (ctx->status)
        return ctx->status;
    if (sl_layer_check_words(ctx, layer) || kind->check(ctx, layer))
        return ctx->status;
    sl_text text;
    sl_text_init(&text, ctx);
    kind->describe(layer, &text);
    layer->text = text.bytes;
    return ctx->status;
}

static int model_compare_names(const void *a, const void *b)
{
    const sl_built *const *x = a, *const *y = b;
    return strcmp((*x)->name, (*y)->name);
}

static sl_status model_check_names(const sl_model *model)
{
    const sl_built **sorted = sl_alloc_array(model->ctx, (size_t)model->count, sizeof *sorted);
    if (!sorted)
        return SL_ENOMEM;
    for (int i = 0; i < model->count; i++)
        sorted[i] = &model->layers[i];
    qsort(sorted, (size_t)model->count, sizeof *sorted, model_compare_names);
    for (int i = 1; i < model->count; i++)
        if (!strcmp(sorted[i - 1]->name, sorted[i]->name))
            sl_fail(model->ctx, SL_EINVAL, "two layers are called '%s': give each its own name",
                    sorted[i]->name);
    sl_free(model->ctx, sorted);
    return model->ctx->status;
}

sl_model *sl_model_new(sl_ctx *ctx, const sl_layer *layers)
{
    sl_model *model = sl_model_make(ctx, layers);
    if (model && model->layers[0].kind == sl_layer_kind_find(ctx, "input") &&
        sl_model_build(model, (sl_shape){ 1, { model->layers[0].spec.units } })) {
        sl_model_free(model);
        return NULL;
    }
    return model;
}

sl_model *sl_model_make(sl_ctx *ctx, const sl_layer *layers)
{
    if (!ctx || ctx->status)
        return NULL;
    int count = 0;
    while (layers && layers[count].type)
        count++;
    if (!count) {
        sl_fail(ctx, SL_EINVAL, "a model without layers: wants at least one, such as sl_dense(.units = 10)");
        return NULL;
    }
    sl_model *model = sl_alloc(ctx, sizeof *model);
    if (!model)
        return NULL;
    model->ctx = ctx;
    model->layers = sl_alloc_array(ctx, (size_t)count, sizeof *model->layers);
    sl_text net;
    sl_text_init(&net, ctx);
    for (int i = 0; i < count && !ctx->status; i++) {
        model_add(model, &layers[i]);
        if (!ctx->status)
            sl_text_add(&net, i ? ", %s" : "%s", model->layers[i].text);
    }
    model->net = net.bytes;
    if (!ctx->status && !model_check_names(model))
        return model;
    sl_model_free(model);
    return NULL;
}

/* Back to a model without parameters. */
static void model_drop_params(sl_model *model)
{
    sl_ctx *ctx = model->ctx;
    for (int i = 0; i < model->param_count && model->params && model->param_names; i++) {
        sl_tensor_free(model->params[i]);
        sl_free(ctx, model->param_names[i]);
    }
    for (int i = 0; i < model->count; i++)
        memset(model->layers[i].param, 0, sizeof model->layers[i].param);
    sl_free(ctx, model->params);
    sl_free(ctx, model->param_names);
    sl_free(ctx, model->values);
    sl_free(ctx, model->gradients);
    model->params = NULL;
    model->param_names = NULL;
    model->values = model->gradients = NULL;
    model->param_count = 0;
    model->parameters = 0;
}

void sl_model_free(sl_model *model)
{
    if (!model)
        return;
    sl_ctx *ctx = model->ctx;
    for (int i = 0; i < model->count; i++) {
        sl_built *layer = &model->layers[i];
        sl_free(ctx, (void *)(uintptr_t)layer->name);
        sl_free(ctx, (void *)(uintptr_t)layer->text);
        sl_free(ctx, (void *)(uintptr_t)layer->spec.activation);
        sl_free(ctx, (void *)(uintptr_t)layer->spec.init);
    }
    model_drop_params(model);
    for (int c = 0; c < model->classes && model->class_names; c++)
        sl_free(ctx, model->class_names[c]);
    sl_free(ctx, model->class_names);
    sl_free(ctx, model->layers);
    sl_free(ctx, model->net);
    sl_free(ctx, model->preprocessing);
    sl_free(ctx, model->version);
    sl_free(ctx, model->schedule);
    sl_free(ctx, (void *)(uintptr_t)model->init);
    sl_free(ctx, model);
}

/* Shapes layer by layer; counts parameters. */
sl_status sl_model_shapes(sl_model *model, sl_shape input)
{
    sl_shape shape = input;
    model->param_count = 0;
    model->parameters = 0;
    model->padded = 0;
    for (int i = 0; i < model->count; i++) {
        sl_built *layer = &model->layers[i];
        layer->in = shape;
        if (layer->kind->shape(model->ctx, layer))
            return model->ctx->status;
        shape = layer->out;
        for (int w = 0; w < layer->wants; w++) {
            size_t count;
            if (sl_shape_check(model->ctx, layer->wanted[w].shape, &count))
                return model->ctx->status;
            model->padded += (count + MODEL_ALIGN - 1) / MODEL_ALIGN * MODEL_ALIGN;
            model->parameters += count;
            model->param_count++;
        }
    }
    return SL_OK;
}

const char *sl_model_init_of(const sl_model *model, const sl_built *layer)
{
    return model->init && !layer->spec.init ? model->init : layer->wanted[0].init;
}

static sl_status model_draw(sl_model *model, const sl_built *layer, const sl_wanted *wanted, sl_tensor *t,
                            int index)
{
    sl_init_job job = { .fan_in = wanted->fan_in,
                        .fan_out = wanted->fan_out,
                        .seed = model->ctx->options.seed,
                        .parameter = (uint32_t)index,
                        .kind = SL_INIT_MODEL };
    const sl_init *init = sl_init_find(model->ctx, sl_model_init_of(model, layer), &job);
    if (!init)
        return model->ctx->status;
    if (!wanted->bias || init->for_biases)
        sl_init_run(init, &job, t->v, t->count);
    return SL_OK;
}

sl_status sl_model_build(sl_model *model, sl_shape input)
{
    sl_ctx *ctx = model->ctx;
    if (model->built || ctx->status)
        return ctx->status;
    if (sl_model_shapes(model, input))
        return ctx->status;
    model->input = input;
    model->params = sl_alloc_array(ctx, (size_t)model->param_count, sizeof *model->params);
    model->param_names = sl_alloc_array(ctx, (size_t)model->param_count, sizeof *model->param_names);
    model->values = sl_alloc_numbers(ctx, model->padded, sizeof *model->values);
    model->gradients = sl_alloc_numbers(ctx, model->padded, sizeof *model->gradients);
    size_t at = 0;
    int index = 0;
    for (int i = 0; i < model->count && !ctx->status; i++) {
        sl_built *layer = &model->layers[i];
        for (int w = 0; w < layer->wants && !ctx->status; w++, index++) {
            const sl_wanted *wanted = &layer->wanted[w];
            sl_tensor *t = sl_tensor_over(ctx, wanted->shape, model->values + at, model->gradients + at);
            sl_text name;
            sl_text_init(&name, ctx);
            sl_text_add(&name, "%s.%s", layer->name, wanted->name);
            if (!t || name.failed) {
                sl_tensor_free(t);
                sl_text_free(&name);
                break;
            }
            t->name = model->param_names[index] = name.bytes;
            layer->param[w] = model->params[index] = t;
            at += (t->count + MODEL_ALIGN - 1) / MODEL_ALIGN * MODEL_ALIGN;
            if (!model->blank)
                model_draw(model, layer, wanted, t, index);
        }
    }
    model->built = !ctx->status;
    if (!model->built)
        model_drop_params(model);
    return ctx->status;
}

int sl_model_outputs(const sl_model *model)
{
    size_t count;
    return model->built && sl_shape_count(model->layers[model->count - 1].out, &count) ? (int)count : 0;
}

sl_tensor *sl_model_forward(sl_tape *tape, const sl_model *model, sl_tensor *x)
{
    if (x && x->shape.rank != 2)
        x = sl_flatten_of(tape, x);
    for (int i = 0; i < model->count && x; i++) {
        tape->place = model->layers[i].name;
        x = model->layers[i].kind->forward(tape, &model->layers[i], x);
    }
    tape->place = NULL;
    return x;
}

sl_tensor *sl_forward(sl_tape *tape, sl_model *model, sl_tensor *x)
{
    if (!tape || !model || !x || tape->ctx->status)
        return NULL;
    if (!model->built) {
        sl_shape row = { x->shape.rank - 1, { 0 } };
        for (int i = 0; i < row.rank; i++)
            row.dim[i] = x->shape.dim[i + 1];
        if (x->shape.rank < 1 || sl_model_build(model, row))
            return NULL;
    }
    return sl_model_forward(tape, model, x);
}

sl_status sl_model_set_preprocessing(sl_model *model, sl_real divisor, const char *sentence)
{
    sl_free(model->ctx, model->preprocessing);
    model->divisor = divisor;
    model->preprocessing = sl_strdup(model->ctx, sentence);
    return model->ctx->status;
}

sl_status sl_model_set_classes(sl_model *model, int classes, const char *const *names)
{
    sl_ctx *ctx = model->ctx;
    for (int c = 0; c < model->classes && model->class_names; c++)
        sl_free(ctx, model->class_names[c]);
    sl_free(ctx, model->class_names);
    model->classes = 0;
    model->class_names = sl_alloc_array(ctx, (size_t)classes, sizeof *model->class_names);
    if (!model->class_names)
        return SL_ENOMEM;
    model->classes = classes;
    for (int c = 0; c < classes; c++) {
        char number[16];
        snprintf(number, sizeof number, "%d", c);
        model->class_names[c] = sl_strdup(ctx, names ? names[c] : number);
    }
    return ctx->status;
}

uint64_t sl_model_digest(const sl_model *model)
{
    uint64_t digest = SL_DIGEST_START;
    for (int i = 0; i < sl_model_params(model); i++)
        digest = sl_digest_reals(digest, model->params[i]->v, model->params[i]->count);
    return digest;
}
