/* layers.c - see layers.h */
#include "plot/numbers/layers.h"

#include <string.h>

bool sl_layers_shown(const sl_model *model, int layer)
{
    const sl_built *l = &model->layers[layer];
    const bool hands_on = l->kind->idle || l->kind == &sl_layer_input || l->kind == &sl_layer_embedding ||
                          !strcmp(l->kind->name, "flatten") || !strcmp(l->kind->name, "reshape");
    return l->depth == 0 && !hands_on;
}

sl_status sl_layers_find(sl_ctx *ctx, const sl_model *model, const char *figure, const char *name, int *layer)
{
    sl_text names;
    *layer = SL_LAYER_INPUT;
    if (!strcmp(name, "input"))
        return SL_OK;
    sl_text_init(&names, ctx);
    for (int i = 0; i < model->count; i++) {
        if (!strcmp(model->layers[i].name, name) && sl_layers_shown(model, i)) {
            *layer = i;
            sl_text_free(&names);
            return SL_OK;
        }
        if (sl_layers_shown(model, i))
            sl_text_add(&names, ", %s", model->layers[i].name);
    }
    sl_fail(ctx, SL_EINVAL, "figure %s: no layer '%s' gives outputs to look at: there are input%s", figure,
            name, sl_text_string(&names));
    sl_text_free(&names);
    return ctx->status;
}

const char *sl_layers_name(const sl_model *model, int layer)
{
    return layer == SL_LAYER_INPUT ? "input" : model->layers[layer].name;
}

size_t sl_layers_width(const sl_model *model, int layer)
{
    const sl_shape shape = layer == SL_LAYER_INPUT ? model->input : model->layers[layer].out;
    size_t width = 1;
    for (int i = 0; i < shape.rank; i++)
        width *= (size_t)shape.dim[i];
    return width;
}

sl_status sl_layers_outputs(sl_ctx *ctx, const sl_model *model, const sl_data *data, int layer, size_t first,
                            size_t count, sl_real *to)
{
    const size_t width = sl_layers_width(model, layer);
    size_t rows[SL_PIECE];
    if (sl_check_inputs(ctx, model, data, "the data"))
        return ctx->status;
    const sl_preparation how = sl_model_preparation(model);
    sl_tape *tape = sl_tape_new(ctx, SL_INFER);
    sl_tensor *x = sl_model_inputs(ctx, model, SL_PIECE, sl_prepared_features(&how, data));
    for (size_t done = 0; tape && x && done < count && !ctx->status; done += SL_PIECE) {
        const size_t piece = count - done < SL_PIECE ? count - done : SL_PIECE;
        for (size_t i = 0; i < piece; i++)
            rows[i] = first + done + i;
        if (sl_model_gather(ctx, model, data, rows, piece, false, x, NULL))
            break;
        sl_tape_reset(tape);
        const sl_tensor *y =
            layer == SL_LAYER_INPUT ? x : sl_model_forward_to(tape, model, model->layers[layer].end, x);
        if (y)
            memcpy(to + done * width, y->v, piece * width * sizeof *to);
    }
    sl_tensor_free(x);
    sl_tape_free(tape);
    return ctx->status;
}
