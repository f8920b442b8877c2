/* input: says how many numbers a row has, where no data is there to say it. */
#include "layer/layer.h"

static sl_status input_check(sl_ctx *ctx, sl_built *layer)
{
    return layer->spec.units ? SL_OK
                             : sl_option_check(ctx, layer->name, sl_layer_option(layer->kind, "units"), 0);
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

static const sl_option input_words[] = { SL_WORD_UNITS("how many numbers a row has"), { 0 } };

const sl_layer_kind sl_layer_input = {
    .name = "input",
    .summary = "says how many numbers a row has",
    .formula = "y = x",
    .source = "-",
    .example = "input 5",
    .options = input_words,
    .bare = "units",
    .idle = true,
    .check = input_check,
    .shape = input_shape,
    .forward = input_forward,
};
