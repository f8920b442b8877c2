/* dropout: the operator of that name as a layer; does nothing outside of training. */
#include "layer/layer.h"

static sl_status dropout_layer_check(sl_ctx *ctx, sl_built *layer)
{
    const double rate = (double)layer->spec.rate;
    char text[32];
    if (rate >= 0 && rate < 1)
        return SL_OK;
    return sl_fail(ctx, SL_EINVAL,
                   "%s: the rate is %s: wants 0 or more, and less than 1 (0.1 to 0.5 is usual)", layer->name,
                   sl_real_text(text, layer->spec.rate));
}

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

static void dropout_layer_describe(const sl_built *layer, sl_text *text)
{
    sl_text_put(text, "dropout ");
    sl_text_real(text, layer->spec.rate);
}

const sl_layer_kind sl_layer_dropout = {
    .name = "dropout",
    .summary = "switches units off at random while training",
    .formula = "y = x m / (1 - rate), m = 0 with probability rate, else 1",
    .source = "Srivastava et al., JMLR 15, 2014",
    .words = SL_WORD_RATE,
    .value_is_rate = true,
    .check = dropout_layer_check,
    .shape = dropout_layer_shape,
    .forward = dropout_layer_forward,
    .describe = dropout_layer_describe,
};
