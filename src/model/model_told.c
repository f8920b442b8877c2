/* model_told.c - which initialisers the layers of a new model have got, told (core/ctx.h). */
#include "model/model.h"

#include <stdio.h>

void sl_model_tell(const sl_model *model)
{
    sl_ctx *ctx = model->ctx;
    bool zeros = false;
    if (!sl_decides(ctx) || ctx->status)
        return;
    for (int i = 0; i < model->count; i++) {
        const sl_built *layer = &model->layers[i];
        const sl_wanted *wanted = &layer->wanted[0];
        const char *suits = layer->activation ? layer->activation->init : NULL, *name = layer->name;
        char chosen[96];
        if (!layer->wants || layer->shares >= 0)
            continue;
        zeros = zeros || layer->wanted[layer->wants - 1].bias;
        snprintf(chosen, sizeof chosen, "%s: %.60s", name, sl_model_init_of(model, layer));
        if (layer->spec.init || (model->init && !wanted->own_init) || !wanted->init)
            continue;
        if (wanted->own_init)
            sl_decided(ctx, "init", chosen, "layers of its kind, %s, begin so", layer->kind->name);
        else if (suits)
            sl_decided(ctx, "init", chosen, "its activation %s wants it", layer->activation->name);
        else
            sl_decided(ctx, "init", chosen,
                       layer->activation ? "its activation %s wants no other" : "it has no activation",
                       layer->activation ? layer->activation->name : "");
    }
    if (zeros && !model->init)
        sl_decided(ctx, "biases", "0", "the default of all initialisers but pytorch");
}
