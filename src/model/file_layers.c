/* file_layers.c - the layers of a model as JSON and back. They stand in one row; "inside" says how many of
 * those that follow are inside a layer. */
#include "model/model.h"

#include <string.h>

void sl_model_put_layers(const sl_model *model, sl_text *json)
{
    sl_text_put(json, "[");
    for (int i = 0; i < model->count; i++) {
        const sl_built *layer = &model->layers[i];
        bool first = true;
        sl_text_put(json, i ? ", {" : "{");
        sl_json_key(json, &first, "type");
        sl_json_put_string(json, layer->kind->name);
        sl_json_key(json, &first, "name");
        sl_json_put_string(json, layer->name);
        sl_layer_put(json, &first, &layer->spec);
        if (layer->end > i + 1) {
            sl_json_key(json, &first, "inside");
            sl_text_add(json, "%d", layer->end - i - 1);
        }
        sl_text_put(json, "}");
    }
    sl_text_put(json, "]");
}

/* `left`: how many layers may be inside at most. */
static sl_status file_layer(sl_ctx *ctx, const char *name, const sl_json *json, size_t left, sl_flat *flat)
{
    const uint64_t inside = sl_json_uint64(json, "inside", 0);
    *flat = (sl_flat){ .spec = { .type = sl_json_string(json, "type", NULL),
                                 .name = sl_json_string(json, "name", NULL) } };
    sl_layer_take(&flat->spec, json);
    if (!flat->spec.type || !flat->spec.name)
        return sl_fail(ctx, SL_EFORMAT, "%s: a layer of the description has no type or no name", name);
    if (inside > left)
        return sl_fail(ctx, SL_EFORMAT,
                       "%s: %llu layers are said to be inside of %s, which is followed by %zu", name,
                       (unsigned long long)inside, flat->spec.name, left);
    flat->inner = (int)inside;
    return SL_OK;
}

sl_model *sl_model_take_layers(sl_ctx *ctx, const char *name, const sl_json *list)
{
    if (!list || list->kind != SL_JSON_ARRAY || !list->count) {
        sl_fail(ctx, SL_EFORMAT, "%s: the description has no layers", name);
        return NULL;
    }
    if (list->count > SL_MOST_LAYERS) {
        sl_fail(ctx, SL_EFORMAT, "%s: the description has %zu layers: at most %d are read", name, list->count,
                SL_MOST_LAYERS);
        return NULL;
    }
    sl_flat *layers = sl_alloc_array(ctx, list->count, sizeof *layers);
    size_t count = 0, ends[SL_MOST_DEPTH + 1] = { list->count }; /* of the groups that are open */
    int depth = 0;
    for (const sl_json *e = list->first; e && layers && !ctx->status; e = e->next) {
        while (depth && ends[depth] == count)
            depth--;
        if (file_layer(ctx, name, e, ends[depth] - count - 1, &layers[count]))
            break;
        count++;
        if (layers[count - 1].inner && depth == SL_MOST_DEPTH)
            sl_fail(ctx, SL_EFORMAT, "%s: layers lie in each other more than %d deep", name, SL_MOST_DEPTH);
        else if (layers[count - 1].inner)
            ends[++depth] = count + (size_t)layers[count - 1].inner;
    }
    sl_model *model = layers && !ctx->status ? sl_model_make_flat(ctx, layers, (int)count) : NULL;
    sl_free(ctx, layers);
    return model;
}
