/* registry.c - the augmentations of this folder by name, and how moves follow one another. */
#include "core/text.h"
#include "data/augment/augmentation.h"

#include <string.h>

#define SL_INDEX(name) extern const sl_augmentation sl_augmentation_##name;
#include "data/augment/index.inc"
#undef SL_INDEX

#define SL_INDEX(name) &sl_augmentation_##name,
static const sl_augmentation *const augmentation_registry[] = {
#include "data/augment/index.inc"
    NULL
};
#undef SL_INDEX
enum { AUGMENTATION_COUNT = sizeof augmentation_registry / sizeof *augmentation_registry - 1 };

const sl_augmentation *sl_augmentation_at(size_t index)
{
    return index < AUGMENTATION_COUNT ? augmentation_registry[index] : NULL;
}

const sl_augmentation *sl_augmentation_find(sl_ctx *ctx, const char *word, size_t length)
{
    const char *names[AUGMENTATION_COUNT];
    for (size_t i = 0; i < AUGMENTATION_COUNT; i++) {
        names[i] = augmentation_registry[i]->name;
        if (strlen(names[i]) == length && !memcmp(names[i], word, length))
            return augmentation_registry[i];
    }
    char *copy = sl_strndup(ctx, word, length < 64 ? length : 64);
    if (copy) {
        sl_fail_word(ctx, "augmentation", copy, names, AUGMENTATION_COUNT);
        sl_free(ctx, copy);
    }
    return NULL;
}

void sl_warp_then(sl_warp *warp, sl_warp back)
{
    const sl_warp w = *warp;
    warp->xx = w.xx * back.xx + w.xy * back.yx;
    warp->xy = w.xx * back.xy + w.xy * back.yy;
    warp->x0 = w.xx * back.x0 + w.xy * back.y0 + w.x0;
    warp->yx = w.yx * back.xx + w.yy * back.yx;
    warp->yy = w.yx * back.xy + w.yy * back.yy;
    warp->y0 = w.yx * back.x0 + w.yy * back.y0 + w.y0;
}
