/* model.c - see model.h and slope.h */
#include "model/model.h"
#include "core/digest.h"
#include "core/text.h"

#include <stdio.h>
#include <string.h>

enum { MODEL_ALIGN = 64 / sizeof(sl_real) };

static void model_drop_tensors(sl_ctx *ctx, sl_tensor **tensors, char **names, int count)
{
    for (int i = 0; i < count && tensors && names; i++) {
        sl_tensor_free(tensors[i]);
        sl_free(ctx, names[i]);
    }
    sl_free(ctx, tensors);
    sl_free(ctx, names);
}

void sl_model_drop_params(sl_model *model)
{
    sl_ctx *ctx = model->ctx;
    model_drop_tensors(ctx, model->params, model->param_names, model->param_count);
    model_drop_tensors(ctx, model->running, model->running_names, model->running_count);
    for (int i = 0; i < model->count; i++)
        memset(model->layers[i].param, 0, sizeof model->layers[i].param);
    sl_free(ctx, model->values);
    sl_free(ctx, model->gradients);
    model->params = model->running = NULL;
    model->param_names = model->running_names = NULL;
    model->values = model->gradients = NULL;
    model->param_count = model->running_count = 0;
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
        sl_free(ctx, layer->terms);
        for (size_t w = 0; sl_layer_word_at(w); w++)
            if (sl_layer_word_at(w)->kind == SL_WORD_TEXT)
                sl_free(ctx, (void *)(uintptr_t)*sl_layer_text(&layer->spec, sl_layer_word_at(w)));
    }
    sl_model_drop_params(model);
    for (int c = 0; c < model->classes && model->class_names; c++)
        sl_free(ctx, model->class_names[c]);
    sl_free(ctx, model->class_names);
    sl_free(ctx, model->layers);
    sl_free(ctx, model->net);
    sl_free(ctx, model->preprocessing);
    sl_columns_free(model->columns);
    sl_views_free(model->views);
    sl_free(ctx, model->version);
    sl_free(ctx, model->schedule);
    sl_free(ctx, (void *)(uintptr_t)model->init);
    sl_free(ctx, model->start_weights);
    sl_free(ctx, model->start_biases);
    sl_free(ctx, model);
}

/* A layer of texts that begins at 0 learns only through weights that differ: it is the last, or a dense layer
 * takes what it gives. A relu in between would give 0 and take no gradient, for ever; a norm would divide by
 * 0.
 */
static void model_start_of_texts(const sl_model *model, sl_built *layer)
{
    const sl_built *after = layer + 1, *end = model->layers + model->count;
    while (after < end && (after->kind->read || after->kind->idle))
        after++;
    if (layer->kind->read && !layer->spec.init && layer->wanted[0].init && after < end &&
        strcmp(after->kind->name, "dense") != 0 && !strcmp(layer->wanted[0].init, "zeros"))
        layer->wanted[0].init = "normal:0.1";
}

/* Layers first .. last - 1, all of one depth or inside of these. */
static sl_status model_span_shapes(sl_model *model, int first, int last, sl_shape *shape)
{
    sl_ctx *ctx = model->ctx;
    for (int i = first; i < last; i = model->layers[i].end) {
        sl_built *layer = &model->layers[i];
        layer->in = *shape;
        if (!layer->kind->join_shape) {
            if (layer->kind->shape(ctx, layer))
                return ctx->status;
            model_start_of_texts(model, layer);
        } else if (model_span_shapes(model, i + 1, layer->end, shape) ||
                   layer->kind->join_shape(ctx, layer, *shape)) {
            return ctx->status;
        }
        *shape = layer->out;
    }
    return SL_OK;
}

static sl_status model_check_share(const sl_model *model, const sl_built *layer)
{
    const sl_built *from = &model->layers[layer->shares];
    char is[96], wants[96];
    if (from->wants != layer->wants)
        return sl_fail(model->ctx, SL_ESHAPE,
                       "%s: it shares the weights of %s, and only one of the two has a bias", layer->name,
                       from->name);
    for (int w = 0; w < layer->wants + layer->runs; w++)
        if (!sl_shape_equal(from->wanted[w].shape, layer->wanted[w].shape))
            return sl_fail(
                model->ctx, SL_ESHAPE,
                "%s: it shares the weights of %s, whose %s is %s, and wants %s: both must have as many "
                "inputs and outputs",
                layer->name, from->name, layer->wanted[w].name, sl_shape_text(is, from->wanted[w].shape),
                sl_shape_text(wants, layer->wanted[w].shape));
    return SL_OK;
}

/* Shapes layer by layer; counts parameters. */
sl_status sl_model_shapes(sl_model *model, sl_shape input)
{
    sl_shape shape = input;
    model->param_count = model->running_count = 0;
    model->parameters = model->padded = model->learned = 0;
    if (model_span_shapes(model, 0, model->count, &shape))
        return model->ctx->status;
    for (int i = 0; i < model->count; i++) {
        const sl_built *layer = &model->layers[i];
        if (layer->shares >= 0) {
            if (model_check_share(model, layer))
                return model->ctx->status;
            continue;
        }
        for (int w = 0; w < layer->wants + layer->runs; w++) {
            const bool learned = w < layer->wants;
            size_t count;
            if (sl_shape_check(model->ctx, layer->wanted[w].shape, &count))
                return model->ctx->status;
            const size_t padded = (count + MODEL_ALIGN - 1) / MODEL_ALIGN * MODEL_ALIGN;
            model->padded += padded;
            model->learned += learned ? padded : 0;
            model->parameters += learned ? count : 0;
            model->param_count += learned;
            model->running_count += !learned;
        }
    }
    return SL_OK;
}

const char *sl_model_init_of(const sl_model *model, const sl_built *layer)
{
    if (!layer->wanted[0].init)
        return "ones";
    const bool given = layer->spec.init || layer->wanted[0].own_init;
    return model->init && !given ? model->init : layer->wanted[0].init;
}

static sl_status model_draw(sl_model *model, const sl_built *layer, const sl_wanted *wanted, sl_tensor *t,
                            int index)
{
    for (size_t i = 0; i < t->count && !wanted->init && !model->ctx->dry; i++)
        t->v[i] = (sl_real)wanted->start;
    if (!wanted->init)
        return SL_OK;
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

/* Tensor w of the layer, over the numbers from v and g on. */
static sl_tensor *model_tensor(sl_model *model, sl_built *layer, int w, sl_real *v, sl_real *g, char **kept)
{
    const sl_wanted *wanted = &layer->wanted[w];
    sl_tensor *t = sl_tensor_over(model->ctx, wanted->shape, v, g);
    sl_text name;
    sl_text_init(&name, model->ctx);
    sl_text_add(&name, "%s.%s", layer->name, wanted->name);
    if (!t || name.failed) {
        sl_tensor_free(t);
        sl_text_free(&name);
        return NULL;
    }
    t->name = *kept = name.bytes;
    t->learns = g && !layer->spec.frozen;
    if (wanted->by_rows && sl_tensor_watch_rows(t)) {
        t->name = *kept = NULL;
        sl_tensor_free(t);
        sl_text_free(&name);
        return NULL;
    }
    return layer->param[w] = t;
}

sl_status sl_model_build(sl_model *model, sl_shape input)
{
    sl_ctx *ctx = model->ctx;
    if (model->built || ctx->status)
        return ctx->status;
    if (sl_model_fill_rows(model) || sl_model_shapes(model, input))
        return ctx->status;
    model->input = input;
    model->params = sl_alloc_array(ctx, (size_t)model->param_count, sizeof *model->params);
    model->param_names = sl_alloc_array(ctx, (size_t)model->param_count, sizeof *model->param_names);
    if (model->running_count) {
        model->running = sl_alloc_array(ctx, (size_t)model->running_count, sizeof *model->running);
        model->running_names =
            sl_alloc_array(ctx, (size_t)model->running_count, sizeof *model->running_names);
    }
    model->values = sl_alloc_numbers(ctx, model->padded, sizeof *model->values);
    model->gradients = sl_alloc_numbers(ctx, model->learned, sizeof *model->gradients);
    if (ctx->status == SL_ENOMEM) {
        char place[120], count[32];
        snprintf(place, sizeof place, "the net has %s numbers (fewer units, inputs or classes need less)",
                 sl_count_text(count, model->padded));
        sl_fail_at(ctx, place);
    }
    size_t at = 0, behind = model->learned;
    int index = 0, running = 0;
    for (int i = 0; i < model->count && !ctx->status; i++) {
        sl_built *layer = &model->layers[i];
        if (layer->shares >= 0) {
            memcpy(layer->param, model->layers[layer->shares].param, sizeof layer->param);
            continue;
        }
        for (int w = 0; w < layer->wants + layer->runs && !ctx->status; w++) {
            const bool learned = w < layer->wants;
            size_t *place = learned ? &at : &behind;
            sl_tensor *t = model_tensor(
                model, layer, w, model->values + *place, learned ? model->gradients + *place : NULL,
                learned ? &model->param_names[index] : &model->running_names[running]);
            if (!t)
                break;
            *place += (t->count + MODEL_ALIGN - 1) / MODEL_ALIGN * MODEL_ALIGN;
            if (learned)
                model->params[index] = t;
            else
                model->running[running] = t;
            if (!model->blank)
                model_draw(model, layer, &layer->wanted[w], t, index);
            index += learned;
            running += !learned;
        }
    }
    if (!model->blank && !ctx->status)
        sl_model_start(model);
    model->built = !ctx->status;
    if (!model->built)
        sl_model_drop_params(model);
    if (!model->blank && !model->start_weights)
        sl_model_tell(model);
    return ctx->status;
}

const sl_built *sl_model_last(const sl_model *model)
{
    int last = 0;
    while (model->layers[last].end < model->count)
        last = model->layers[last].end;
    return &model->layers[last];
}

int sl_model_outputs(const sl_model *model)
{
    size_t count;
    return model->built && sl_shape_count(sl_model_last(model)->out, &count) ? (int)count : 0;
}

static sl_tensor *model_layer(sl_tape *tape, const sl_built *layer, sl_tensor *x, const sl_ragged *texts)
{
    return layer->kind->read ? layer->kind->read(tape, layer, x, texts)
                             : layer->kind->forward(tape, layer, x);
}

/* The layer without its activation, and this behind it. What a layer that reads texts was given beside them
 * stands before its own units, and is not activated. */
static sl_tensor *model_watched(sl_tape *tape, const sl_model *model, int index, sl_tensor *x,
                                const sl_ragged *texts, const sl_watch *watch)
{
    const sl_built *layer = &model->layers[index];
    sl_built bare = *layer;
    bare.activation = NULL;
    sl_tensor *z = model_layer(tape, &bare, x, texts);
    const int beside = z && layer->kind->read && x->shape.rank == 2 ? x->shape.dim[1] : 0;
    if (beside)
        z = sl_columns_of(tape, z, beside, z->shape.dim[1] - beside);
    sl_tensor *y = sl_apply(tape, layer->activation, &z, &(sl_op_options){ .number = layer->slope });
    if (y)
        watch->see(watch->user, index, z, y);
    return beside ? sl_concat(tape, x, y) : y;
}

static sl_tensor *model_span(sl_tape *tape, const sl_model *model, int first, int last, sl_tensor *x,
                             const sl_ragged *texts, const sl_watch *watch)
{
    for (int i = first; i < last && x; i = model->layers[i].end) {
        const sl_built *layer = &model->layers[i];
        if (!layer->kind->join) {
            tape->place = layer->name;
            x = watch && watch->see && layer->activation ? model_watched(tape, model, i, x, texts, watch)
                                                         : model_layer(tape, layer, x, texts);
        } else {
            sl_tensor *inside = model_span(tape, model, i + 1, layer->end, x, NULL, watch);
            tape->place = layer->name;
            x = inside ? layer->kind->join(tape, layer, x, inside) : NULL;
        }
        if (x && watch && watch->passed)
            watch->passed(watch->user, i, x);
    }
    return x;
}

static sl_tensor *model_pass(sl_tape *tape, const sl_model *model, int end, sl_tensor *x,
                             const sl_watch *watch)
{
    const sl_ragged *texts = x ? x->ragged : NULL;
    if (x && x->shape.rank != 2)
        x = sl_flatten_of(tape, x);
    x = model_span(tape, model, 0, end, x, texts, watch);
    tape->place = NULL;
    return x;
}

sl_tensor *sl_model_forward_to(sl_tape *tape, const sl_model *model, int end, sl_tensor *x)
{
    return model_pass(tape, model, end, x, NULL);
}

sl_tensor *sl_model_forward_watched(sl_tape *tape, const sl_model *model, sl_tensor *x, const sl_watch *watch)
{
    return model_pass(tape, model, model->count, x, watch);
}

sl_tensor *sl_model_forward(sl_tape *tape, const sl_model *model, sl_tensor *x)
{
    return sl_model_forward_to(tape, model, model->count, x);
}

sl_tensor *sl_forward(sl_tape *tape, sl_model *model, sl_tensor *x)
{
    if (!tape || tape->ctx->status)
        return NULL;
    if (!model || !x || x->shape.rank < 1) {
        sl_fail(tape->ctx, SL_EINVAL, "sl_forward: wants a model, and x [rows, ...]");
        return NULL;
    }
    sl_shape row = { x->shape.rank - 1, { 0 } };
    for (int i = 0; i < row.rank; i++)
        row.dim[i] = x->shape.dim[i + 1];
    if (!model->built && sl_model_build(model, row))
        return NULL;
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
    for (int i = 0; model && model->built && i < model->running_count; i++)
        digest = sl_digest_reals(digest, model->running[i]->v, model->running[i]->count);
    return digest;
}
