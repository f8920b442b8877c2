/* registry.c - the losses of this folder by name. */
#include "loss/loss.h"

#include <string.h>

#define SL_INDEX(name) extern const sl_loss sl_loss_##name;
#include "loss/index.inc"
#undef SL_INDEX

#define SL_INDEX(name) &sl_loss_##name,
static const sl_loss *const loss_registry[] = {
#include "loss/index.inc"
    NULL
};
#undef SL_INDEX
enum { LOSS_COUNT = sizeof loss_registry / sizeof *loss_registry - 1 };

const sl_loss *sl_loss_at(size_t index)
{
    return index < LOSS_COUNT ? loss_registry[index] : NULL;
}

const sl_loss *sl_loss_find(sl_ctx *ctx, const char *name)
{
    const char *names[LOSS_COUNT];
    for (size_t i = 0; i < LOSS_COUNT; i++) {
        names[i] = loss_registry[i]->name;
        if (!strcmp(names[i], name) || (loss_registry[i]->alias && !strcmp(loss_registry[i]->alias, name)))
            return loss_registry[i];
    }
    if (!strcmp(name, "accuracy")) {
        sl_fail(ctx, SL_EINVAL,
                "accuracy cannot be trained on: it is flat almost everywhere, so its gradient is 0: "
                "take cross_entropy or binary_cross_entropy, and watch the accuracy");
        return NULL;
    }
    const char *aliases[LOSS_COUNT]; /* "msee" is near mse, and mse is as good as its long name */
    size_t count = 0;
    for (size_t i = 0; i < LOSS_COUNT; i++)
        if (loss_registry[i]->alias)
            aliases[count++] = loss_registry[i]->alias;
    if (!sl_nearest_word(name, names, LOSS_COUNT) && sl_nearest_word(name, aliases, count))
        sl_fail_word(ctx, "loss", name, aliases, count);
    else
        sl_fail_word(ctx, "loss", name, names, LOSS_COUNT);
    return NULL;
}
