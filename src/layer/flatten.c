/* flatten: a row's dimensions in one line. */
#include "layer/layer.h"

static sl_status flatten_layer_shape(sl_ctx *ctx, sl_built *layer)
{
    size_t in;
    char text[96];
    if (sl_shape_check(ctx, layer->in, &in))
        return ctx->status;
    if (in > SL_LAYER_LARGEST)
        return sl_fail(ctx, SL_ESHAPE, "%s: its input has shape %s: wants at most %d numbers a row",
                       layer->name, sl_shape_text(text, layer->in), SL_LAYER_LARGEST);
    layer->out = (sl_shape){ 1, { (int)in } };
    return SL_OK;
}

static sl_tensor *flatten_layer_forward(sl_tape *tape, const sl_built *layer, sl_tensor *x)
{
    (void)layer;
    return sl_layer_flat(tape, x);
}

const sl_layer_kind sl_layer_flatten = {
    .name = "flatten",
    .summary = "a row's dimensions in one line",
    .formula = "[a, b] -> [a b]",
    .source = "-",
    .example = "flatten",
    .shape = flatten_layer_shape,
    .forward = flatten_layer_forward,
};
