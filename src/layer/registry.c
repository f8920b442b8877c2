/* registry.c - the layers of this folder by name. */
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
