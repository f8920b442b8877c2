/* batch_norm: each number of a row to mean 0 and variance 1 over the batch; in inference, and frozen, by the
 * running mean and variance, so that a row's answer does not depend on the rows beside it. */
#include "layer/layer.h"

static sl_status batch_norm_layer_shape(sl_ctx *ctx, sl_built *layer)
{
    if (sl_layer_norm_shape(ctx, layer))
        return ctx->status;
    layer->wanted[2] = (sl_wanted){ .name = "running_mean", .shape = layer->out };
    layer->wanted[3] = (sl_wanted){ .name = "running_variance", .shape = layer->out, .start = 1 };
    layer->runs = 2;
    return SL_OK;
}

static sl_tensor *batch_norm_layer_forward(sl_tape *tape, const sl_built *layer, sl_tensor *x)
{
    const sl_layer *spec = &layer->spec;
    sl_tensor *const *p = layer->param;
    /* Momentum 0: the running ones stand still, and are what counts. */
    const sl_real own = spec->momentum != 0 ? spec->momentum : (sl_real)0.1;
    const sl_real momentum = !p[0]->learns ? 0 : layer->momentum != 0 ? layer->momentum : own;
    return sl_batch_norm_of(tape, sl_layer_flat(tape, x), p[0], p[1], p[2], p[3], momentum,
                            spec->epsilon != 0 ? spec->epsilon : (sl_real)1e-5);
}

static const sl_option batch_norm_words[] = {
    { .name = "momentum",
      .summary = "how much of a batch's statistics goes into the running ones",
      .normal = 0.1,
      .high = 1,
      .above_low = true },
    SL_WORD_EPSILON,
    SL_WORD_SHARE,
    SL_WORD_FREEZE,
    SL_WORD_LR_SCALE,
    { 0 },
};

const sl_layer_kind sl_layer_batch_norm = {
    .name = "batch_norm",
    .summary = "each unit to mean 0 and variance 1 over the batch, then scaled and shifted",
    .formula = "y = s (x - mean) / sqrt(variance + epsilon) + t",
    .source = "Ioffe, Szegedy, ICML 2015",
    .example = "batch_norm",
    .options = batch_norm_words,
    .shape = batch_norm_layer_shape,
    .forward = batch_norm_layer_forward,
};
