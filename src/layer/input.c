/* input: says how many numbers a row has, where no data is there to say it. */
#include "layer/layer.h"

static sl_status input_check(sl_ctx *ctx, sl_built *layer)
{
    if (layer->spec.units < 1)
        return sl_fail(ctx, SL_EINVAL, "%s: %d units: wants how many numbers a row has", layer->name,
                       layer->spec.units);
    return SL_OK;
}

static sl_status input_shape(sl_ctx *ctx, sl_built *layer)
{
    size_t in;
    char text[96];
    layer->out = (sl_shape){ 1, { layer->spec.units } };
    if (sl_shape_check(ctx, layer->in, &in))
        return ctx->status;
    if (in != (size_t)layer->spec.units)
        return sl_fail(ctx, SL_ESHAPE, "%s: wants %d inputs, given rows of shape %s", layer->name,
                       layer->spec.units, sl_shape_text(text, layer->in));
    return SL_OK;
}

static sl_tensor *input_forward(sl_tape *tape, const sl_built *layer, sl_tensor *x)
{
    (void)tape, (void)layer;
    return x;
}

static void input_describe(const sl_built *layer, sl_text *text)
{
    sl_text_add(text, "input %d", layer->spec.units);
}

const sl_layer_kind sl_layer_input = {
    .name = "input",
    .summary = "says how many numbers a row has",
    .formula = "y = x",
    .source = "-",
    .words = SL_WORD_UNITS,
    .check = input_check,
    .shape = input_shape,
    .forward = input_forward,
    .describe = input_describe,
};
