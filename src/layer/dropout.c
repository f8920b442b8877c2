/* dropout: the operator of that name as a layer; does nothing outside of training. */
#include "layer/layer.h"

static sl_status dropout_layer_shape(sl_ctx *ctx, sl_built *layer)
{
    (void)ctx;
    layer->out = layer->in;
    return SL_OK;
}

static sl_tensor *dropout_layer_forward(sl_tape *tape, const sl_built *layer, sl_tensor *x)
{
    return sl_dropout_of(tape, x, layer->spec.rate);
}

static const sl_option dropout_words[] = {
    { .name = "rate", .summary = "the share of units that are off", .high = 1, .below_high = true },
    { 0 },
};

const sl_layer_kind sl_layer_dropout = {
    .name = "dropout",
    .summary = "switches units off at random while training",
    .formula = "y = x m / (1 - rate), m = 0 with probability rate, else 1",
    .source = "Srivastava et al., JMLR 15, 2014",
    .example = "dropout 0.3",
    .options = dropout_words,
    .bare = "rate",
    .idle = true,
    .shape = dropout_layer_shape,
    .forward = dropout_layer_forward,
};
