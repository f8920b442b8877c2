/* registry.c - the layers of this folder by name, and their words checked. */
#include "layer/layer.h"

#include <string.h>

#define SL_INDEX(name) extern const sl_layer_kind sl_layer_##name;
#include "layer/index.inc"
#undef SL_INDEX

#define SL_INDEX(name) &sl_layer_##name,
static const sl_layer_kind *const layer_registry[] = {
#include "layer/index.inc"
    NULL
};
#undef SL_INDEX
enum { LAYER_COUNT = sizeof layer_registry / sizeof *layer_registry - 1 };

const sl_layer_kind *sl_layer_kind_at(size_t index)
{
    return index < LAYER_COUNT ? layer_registry[index] : NULL;
}

const sl_layer_kind *sl_layer_kind_find(sl_ctx *ctx, const char *name)
{
    const char *names[LAYER_COUNT];
    for (size_t i = 0; i < LAYER_COUNT; i++) {
        names[i] = layer_registry[i]->name;
        if (!strcmp(names[i], name))
            return layer_registry[i];
    }
    sl_fail_word(ctx, "layer", name, names, LAYER_COUNT);
    return NULL;
}

sl_status sl_layer_check_words(sl_ctx *ctx, const sl_built *layer)
{
    const struct {
        unsigned word;
        bool given;
        const char *name;
    } words[] = {
        { SL_WORD_UNITS, layer->spec.units != 0, "units" },
        { SL_WORD_ACTIVATION, layer->spec.activation != NULL, "an activation" },
        { SL_WORD_INIT, layer->spec.init != NULL, "init" },
        { SL_WORD_RATE, layer->spec.rate != 0, "rate" },
        { SL_WORD_BIAS, layer->spec.no_bias, "no_bias" },
    };
    sl_text known;
    sl_text_init(&known, ctx);
    const char *unknown = NULL;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (layer->kind->words & words[i].word)
            sl_text_add(&known, known.length ? ", %s" : "%s", words[i].name);
        else if (words[i].given)
            unknown = words[i].name;
    }
    if (unknown)
        sl_fail(ctx, SL_EINVAL, "%s: a %s layer does not know %s: it knows %s", layer->name,
                layer->kind->name, unknown, sl_text_string(&known));
    sl_text_free(&known);
    return ctx->status;
}
