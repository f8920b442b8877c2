/* layer_norm: the operator of that name as a layer, over all numbers of a row. */
#include "layer/layer.h"

static sl_tensor *layer_norm_layer_forward(sl_tape *tape, const sl_built *layer, sl_tensor *x)
{
    return sl_layer_norm_of(tape, sl_layer_flat(tape, x), layer->param[0], layer->param[1],
                            layer->spec.epsilon != 0 ? layer->spec.epsilon : (sl_real)1e-5);
}

static const sl_option layer_norm_words[] = {
    SL_WORD_EPSILON, SL_WORD_SHARE, SL_WORD_FREEZE, SL_WORD_LR_SCALE, { 0 },
};

const sl_layer_kind sl_layer_layer_norm = {
    .name = "layer_norm",
    .summary = "each row to mean 0 and variance 1, then scaled and shifted",
    .formula = "y = s (x - mean) / sqrt(variance + epsilon) + t",
    .source = "Ba, Kiros, Hinton 2016",
    .example = "layer_norm",
    .options = layer_norm_words,
    .shape = sl_layer_norm_shape,
    .forward = layer_norm_layer_forward,
};
