/* structure.c - layers, and layers inside them, in one row: their names, words and shares. */
#include "core/sort.h"
#include "model/model.h"

#include <stdio.h>
#include <string.h>

/* "dense_2": the second of its type. */
static char *structure_name(sl_ctx *ctx, const char *type, int ordinal)
{
    char name[64];
    snprintf(name, sizeof name, "%s_%d", type, ordinal);
    return sl_strdup(ctx, name);
}

/* Finds the activation, and writes its word in one way: "leaky_relu:0.1" as "leaky_relu slope=0.1". */
static sl_status structure_activation(sl_ctx *ctx, sl_built *layer)
{
    const char *given = layer->spec.activation;
    if (sl_activation_find(ctx, given, &layer->activation, &layer->slope)) {
        sl_fail_at(ctx, layer->name);
        return ctx->status;
    }
    const sl_op *f = layer->activation;
    double values[SL_MOST_OPTIONS];
    sl_text text;
    sl_text_init(&text, ctx);
    if (f && !sl_options_read(ctx, f->name, f->options, given + sl_option_name_length(given), values, NULL))
        sl_options_describe(&text, f->name, f->options, values);
    sl_free(ctx, (void *)(uintptr_t)given);
    layer->spec.activation = text.bytes;
    return ctx->status;
}

static sl_status structure_add(sl_model *model, const sl_flat *flat, int depth)
{
    sl_ctx *ctx = model->ctx;
    const sl_layer *spec = &flat->spec;
    const sl_layer_kind *kind = sl_layer_kind_find(ctx, spec->type);
    if (!kind)
        return ctx->status;
    sl_built *layer = &model->layers[model->count];
    *layer = (sl_built){
        .spec = *spec, .depth = depth, .end = model->count + 1 + flat->inner, .shares = -1, .view = -1
    };
    int last = model->count - 1;
    while (last >= 0 && model->layers[last].kind != kind)
        last--;
    layer->ordinal = last >= 0 ? model->layers[last].ordinal + 1 : 1;
    layer->name = spec->name ? sl_strdup(ctx, spec->name) : structure_name(ctx, kind->name, layer->ordinal);
    layer->kind = kind;
    layer->spec.type = kind->name;
    layer->spec.layers = NULL;
    layer->spec.name = NULL;
    const sl_layer_word *word;
    for (size_t w = 0; (word = sl_layer_word_at(w)); w++)
        if (word->kind == SL_WORD_TEXT) {
            const char **text = sl_layer_text(&layer->spec, word);
            *text = sl_strdup(ctx, *text);
        }
    model->count++;
    if (ctx->status || sl_layer_check_words(ctx, layer) || structure_activation(ctx, layer) ||
        (kind->check && kind->check(ctx, layer)))
        return ctx->status;
    if (flat->inner && !kind->join)
        return sl_fail(ctx, SL_EINVAL, "%s: a %s layer has no layers inside it: residual has", layer->name,
                       kind->name);
    if (!flat->inner && kind->join)
        return sl_fail(ctx, SL_EINVAL,
                       "%s: no layers are inside it: wants at least one, as in 'residual [64 relu, 64]'",
                       layer->name);
    return SL_OK;
}

/* Texts are read beside the numbers that flow through the net, so not inside of a group; and what an
 * embedding gives only a pool can take. */
static sl_status structure_check_texts(const sl_model *model, int index)
{
    const sl_built *layer = &model->layers[index];
    const bool pooled = index + 1 < model->count && model->layers[index + 1].kind->pools;
    if (layer->kind->read && layer->depth)
        return sl_fail(model->ctx, SL_EINVAL,
                       "%s: a %s layer reads the texts themselves: it cannot stand inside another layer",
                       layer->name, layer->kind->name);
    if (layer->kind == &sl_layer_embedding && !pooled)
        return sl_fail(model->ctx, SL_EINVAL,
                       "%s: a text has any number of vectors: wants mean_pool, max_pool or attention_pool "
                       "right behind it, as in 'embedding 100, mean_pool, 64 relu'",
                       layer->name);
    if (layer->kind->pools && !(index && model->layers[index - 1].kind == &sl_layer_embedding))
        return sl_fail(model->ctx, SL_EINVAL,
                       "%s: it makes one vector of an embedding's: wants one right before it, as in "
                       "'embedding 100, %s'",
                       layer->name, layer->kind->name);
    return SL_OK;
}

static int structure_compare(const void *a, const void *b)
{
    const sl_built *const *x = a, *const *y = b;
    return strcmp((*x)->name, (*y)->name);
}

static sl_status structure_check_names(const sl_model *model)
{
    const sl_built **sorted = sl_alloc_array(model->ctx, (size_t)model->count, sizeof *sorted);
    if (!sorted)
        return SL_ENOMEM;
    for (int i = 0; i < model->count; i++)
        sorted[i] = &model->layers[i];
    sl_sort(sorted, (size_t)model->count, sizeof *sorted, structure_compare);
    for (int i = 1; i < model->count; i++)
        if (!strcmp(sorted[i - 1]->name, sorted[i]->name))
            sl_fail(model->ctx, SL_EINVAL, "two layers are called '%s': give each its own name",
                    sorted[i]->name);
    sl_free(model->ctx, sorted);
    return model->ctx->status;
}

static sl_status structure_share(sl_model *model, int index)
{
    sl_ctx *ctx = model->ctx;
    sl_built *layer = &model->layers[index];
    int from = index - 1;
    while (from >= 0 && strcmp(model->layers[from].name, layer->spec.share))
        from--;
    if (from < 0)
        return sl_fail(ctx, SL_EINVAL, "%s: share=%s: no layer before it is called that: give it name=%s",
                       layer->name, layer->spec.share, layer->spec.share);
    if (!*layer->spec.share || strlen(layer->spec.share) > 60 || strpbrk(layer->spec.share, " \t\r\n,=[]:"))
        return sl_fail(ctx, SL_EINVAL,
                       "%s: share='%s': a shared layer's name stands in the words of the net: wants 1 to 60 "
                       "characters, no "
                       "blanks, and none of , = : [ ]",
                       layer->name, layer->spec.share);
    const sl_built *source = &model->layers[from];
    if (source->kind != layer->kind)
        return sl_fail(ctx, SL_EINVAL, "%s: a %s layer cannot share the weights of %s, which is a %s layer",
                       layer->name, layer->kind->name, source->name, source->kind->name);
    static const char *const owned[] = { "init", "freeze", "lr_scale", "decay" };
    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++)
        if (sl_layer_given(&layer->spec, sl_layer_word_find(owned[i], strlen(owned[i]))))
            return sl_fail(ctx, SL_EINVAL, "%s: its weights are those of %s: say %s there", layer->name,
                           source->name, owned[i]);
    layer->shares = source->shares >= 0 ? source->shares : from;
    return SL_OK;
}

/* What is frozen freezes what is inside. */
static void structure_freeze(sl_model *model, int group)
{
    for (int i = group + 1; i < model->layers[group].end; i++)
        if (sl_layer_option(model->layers[i].kind, "freeze") && !model->layers[i].spec.share)
            model->layers[i].spec.frozen = true;
}

/* "residual [64 relu, 64], 10", from the texts of the layers. */
static void structure_text(const sl_model *model, sl_text *net)
{
    int depth = 0;
    for (int i = 0; i < model->count; i++) {
        const sl_built *layer = &model->layers[i];
        for (; depth > layer->depth; depth--)
            sl_text_put(net, "]");
        sl_text_put(net, i == 0 ? "" : layer->depth > depth ? " [" : ", ");
        depth = layer->depth;
        sl_text_put(net, layer->text);
    }
    for (; depth > 0; depth--)
        sl_text_put(net, "]");
}

sl_status sl_model_put_net(sl_model *model)
{
    sl_ctx *ctx = model->ctx;
    sl_text net;
    bool *named = sl_alloc_array(ctx, (size_t)model->count, sizeof *named);
    for (int i = 0; i < model->count && named; i++)
        if (model->layers[i].spec.share)
            for (int from = 0; from < i; from++)
                named[from] = named[from] || !strcmp(model->layers[from].name, model->layers[i].spec.share);
    for (int i = 0; i < model->count && named && !ctx->status; i++) {
        sl_text text;
        sl_text_init(&text, ctx);
        sl_layer_describe(&text, &model->layers[i], named[i]);
        sl_free(ctx, (void *)(uintptr_t)model->layers[i].text);
        model->layers[i].text = text.bytes;
    }
    sl_free(ctx, named);
    sl_text_init(&net, ctx);
    if (!ctx->status)
        structure_text(model, &net);
    sl_free(ctx, model->net);
    model->net = net.bytes;
    return ctx->status;
}

static sl_status structure_fill(sl_model *model, const sl_flat *layers, int count)
{
    int ends[SL_MOST_DEPTH], depth = 0; /* of the groups that are open */
    for (int i = 0; i < count; i++) {
        while (depth && ends[depth - 1] == i)
            depth--;
        if (structure_add(model, &layers[i], depth))
            return model->ctx->status;
        if (!layers[i].inner)
            continue;
        if (depth == SL_MOST_DEPTH)
            return sl_fail(model->ctx, SL_EINVAL, "%s: layers lie in each other more than %d deep",
                           model->layers[i].name, SL_MOST_DEPTH);
        ends[depth++] = i + 1 + layers[i].inner;
    }
    if (structure_check_names(model))
        return model->ctx->status;
    for (int i = 0; i < count; i++) {
        if (structure_check_texts(model, i) || (model->layers[i].spec.share && structure_share(model, i)))
            return model->ctx->status;
        if (model->layers[i].spec.frozen)
            structure_freeze(model, i);
    }
    return sl_model_put_net(model);
}

static sl_status structure_too_many(sl_ctx *ctx)
{
    return sl_fail(ctx, SL_EINVAL, "a model of more than %d layers: wants fewer", SL_MOST_LAYERS);
}

sl_model *sl_model_make_flat(sl_ctx *ctx, const sl_flat *layers, int count)
{
    if (!ctx || ctx->status)
        return NULL;
    if (!count) {
        sl_fail(ctx, SL_EINVAL, "a model without layers: wants at least one, such as sl_dense(.units = 10)");
        return NULL;
    }
    if (count > SL_MOST_LAYERS) {
        structure_too_many(ctx);
        return NULL;
    }
    sl_model *model = sl_alloc(ctx, sizeof *model);
    if (!model)
        return NULL;
    model->ctx = ctx;
    model->layers = sl_alloc_array(ctx, (size_t)count, sizeof *model->layers);
    if (model->layers && !structure_fill(model, layers, count))
        return model;
    sl_model_free(model);
    return NULL;
}

sl_flat *sl_model_flat(sl_ctx *ctx, const sl_model *model)
{
    sl_flat *flat = sl_alloc_array(ctx, (size_t)model->count, sizeof *flat);
    for (int i = 0; i < model->count && flat; i++) {
        flat[i] = (sl_flat){ model->layers[i].spec, model->layers[i].end - 1 - i };
        flat[i].spec.name = model->layers[i].name;
    }
    return flat;
}

/* How many layers there are, those inside included; flat NULL: only counts. -1 and the context's error. */
static int structure_flatten(sl_ctx *ctx, const sl_layer *layers, int depth, int count, sl_flat *flat)
{
    if (layers && depth > SL_MOST_DEPTH) {
        sl_fail(ctx, SL_EINVAL, "layers lie in each other more than %d deep: wants fewer", SL_MOST_DEPTH);
        return -1;
    }
    for (int i = 0; layers && layers[i].type; i++) {
        const int at = count++;
        if (count > SL_MOST_LAYERS)
            structure_too_many(ctx);
        else
            count = structure_flatten(ctx, layers[i].layers, depth + 1, count, flat);
        if (ctx->status)
            return -1;
        if (flat)
            flat[at] = (sl_flat){ layers[i], count - at - 1 };
    }
    return count;
}

sl_model *sl_model_make(sl_ctx *ctx, const sl_layer *layers)
{
    if (!ctx || ctx->status)
        return NULL;
    const int count = structure_flatten(ctx, layers, 0, 0, NULL);
    sl_flat *flat = count < 0 ? NULL : sl_alloc_array(ctx, (size_t)count, sizeof *flat);
    if (flat)
        structure_flatten(ctx, layers, 0, 0, flat);
    sl_model *model = flat ? sl_model_make_flat(ctx, flat, count) : NULL;
    sl_free(ctx, flat);
    return model;
}

/* Weights at once where the first layer says how many numbers a row has. */
static sl_model *structure_start(sl_model *model)
{
    if (model && model->layers[0].kind == &sl_layer_input &&
        sl_model_build(model, (sl_shape){ 1, { model->layers[0].spec.units } })) {
        sl_model_free(model);
        return NULL;
    }
    return model;
}

sl_model *sl_model_new(sl_ctx *ctx, const sl_layer *layers)
{
    return structure_start(sl_model_make(ctx, layers));
}

sl_model *sl_model_parse(sl_ctx *ctx, const char *net)
{
    if (!ctx || ctx->status)
        return NULL;
    int count;
    char *words;
    sl_flat *layers = sl_net_read(ctx, net ? net : "", &count, &words);
    sl_model *model = layers ? structure_start(sl_model_make_flat(ctx, layers, count)) : NULL;
    sl_free(ctx, layers);
    sl_free(ctx, words);
    return model;
}
