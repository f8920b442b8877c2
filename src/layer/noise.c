/* noise: the operator of that name as a layer; does nothing outside of training. */
#include "layer/layer.h"

static sl_status noise_layer_shape(sl_ctx *ctx, sl_built *layer)
{
    (void)ctx;
    layer->out = layer->in;
    return SL_OK;
}

static sl_tensor *noise_layer_forward(sl_tape *tape, const sl_built *layer, sl_tensor *x)
{
    return sl_noise_of(tape, x, layer->spec.deviation);
}

static const sl_option noise_words[] = {
    { .name = "deviation", .summary = "standard deviation of what is added", .high = 1e6 },
    { 0 },
};

const sl_layer_kind sl_layer_noise = {
    .name = "noise",
    .summary = "adds normal numbers while training",
    .formula = "y = x + deviation n, n normal with mean 0 and variance 1",
    .source = "Bishop, Neural Computation 7, 1995",
    .example = "noise 0.2",
    .options = noise_words,
    .bare = "deviation",
    .idle = true,
    .shape = noise_layer_shape,
    .forward = noise_layer_forward,
};
