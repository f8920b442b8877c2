/* common.c - pieces that several layers share. */
#include "layer/layer.h"

sl_tensor *sl_layer_flat(sl_tape *tape, sl_tensor *x)
{
    return x && x->shape.rank != 2 ? sl_flatten_of(tape, x) : x;
}

sl_status sl_layer_norm_shape(sl_ctx *ctx, sl_built *layer)
{
    size_t in;
    char text[96];
    if (sl_shape_check(ctx, layer->in, &in))
        return ctx->status;
    if (in < 1 || in > SL_LAYER_LARGEST)
        return sl_fail(ctx, SL_ESHAPE, "%s: its input has shape %s: wants 1 to %d numbers a row", layer->name,
                       sl_shape_text(text, layer->in), SL_LAYER_LARGEST);
    layer->out = (sl_shape){ 1, { (int)in } };
    layer->wanted[0] = (sl_wanted){ .name = "scale", .shape = layer->out, .start = 1 };
    layer->wanted[1] = (sl_wanted){ .name = "shift", .shape = layer->out };
    layer->wants = 2;
    layer->flops = 8 * in;
    return SL_OK;
}
