/* activation: one that stands alone, as behind a norm: "64, batch_norm, relu". */
#include "layer/layer.h"

static sl_status activation_shape(sl_ctx *ctx, sl_built *layer)
{
    layer->out = layer->in;
    return sl_shape_check(ctx, layer->in, &layer->flops);
}

static sl_tensor *activation_forward(sl_tape *tape, const sl_built *layer, sl_tensor *x)
{
    if (!layer->activation)
        return x;
    return sl_apply(tape, layer->activation, &x, &(sl_op_options){ .number = layer->slope });
}

static const sl_option activation_words[] = { SL_WORD_ACTIVATION, { 0 } };

const sl_layer_kind sl_layer_activation = {
    .name = "activation",
    .summary = "an activation by itself: its word alone is such a layer",
    .formula = "y = f(x)",
    .source = "-",
    .example = "sigmoid",
    .options = activation_words,
    .bare = "activation",
    .gives_outputs = true,
    .shape = activation_shape,
    .forward = activation_forward,
};
