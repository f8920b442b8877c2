/* fourier: numbers that come first in a row become sines and cosines of learned frequencies, put behind the
 * others: so a net can follow what changes fast or repeats itself in them, such as places and times. */
#include "layer/layer.h"

#include <stdio.h>

static sl_status fourier_check(sl_ctx *ctx, sl_built *layer)
{
    if (!layer->spec.units)
        return sl_option_check(ctx, layer->name, sl_layer_option(layer->kind, "units"), 0);
    return SL_OK;
}

static int fourier_columns(const sl_built *layer, int in)
{
    return layer->spec.columns ? layer->spec.columns : in;
}

static sl_status fourier_shape(sl_ctx *ctx, sl_built *layer)
{
    size_t in;
    char text[96], std[32];
    const int units = layer->spec.units;
    if (sl_shape_check(ctx, layer->in, &in))
        return ctx->status;
    const size_t behind = in + 2 * (size_t)units;
    if (in < 1 || behind > SL_LAYER_LARGEST)
        return sl_fail(ctx, SL_ESHAPE,
                       "%s: its input has shape %s, and %d sines and cosines come to that: wants at "
                       "least 1 number, and at most %d in all",
                       layer->name, sl_shape_text(text, layer->in), units, SL_LAYER_LARGEST);
    if (layer->spec.columns > (int)in)
        return sl_fail(ctx, SL_ESHAPE,
                       "%s: columns is %d, and its input has shape %s: wants 1 to %zu, or 0 for all",
                       layer->name, layer->spec.columns, sl_shape_text(text, layer->in), in);
    const int columns = fourier_columns(layer, (int)in);
    snprintf(layer->start, sizeof layer->start, "normal:%s",
             sl_real_text(std, layer->spec.std != 0 ? layer->spec.std : 1));
    layer->out = (sl_shape){ 1, { (int)behind - (layer->spec.no_keep ? columns : 0) } };
    layer->wanted[0] = (sl_wanted){
        .name = "frequency", .shape = { 2, { units, columns } }, .init = layer->start, .own_init = true
    };
    layer->wants = 1;
    layer->flops = (size_t)units * (2 * (size_t)columns + 3);
    return SL_OK;
}

static sl_tensor *fourier_forward(sl_tape *tape, const sl_built *layer, sl_tensor *x)
{
    x = sl_layer_flat(tape, x);
    if (!x)
        return NULL;
    const int in = x->shape.dim[1], columns = fourier_columns(layer, in);
    sl_tensor *front = columns < in ? sl_columns_of(tape, x, 0, columns) : x;
    sl_tensor *turns = sl_linear(tape, front, layer->param[0], NULL, NULL);
    sl_tensor *angle = sl_scale(tape, turns, SL_R(6.283185307179586));
    sl_tensor *waves = sl_concat(tape, sl_sin(tape, angle), sl_cos(tape, angle));
    sl_tensor *rest = columns < in ? sl_columns_of(tape, x, columns, in - columns) : NULL;
    if (!layer->spec.no_keep)
        rest = columns < in ? sl_concat(tape, rest, front) : x;
    else if (columns == in)
        return waves;
    return sl_concat(tape, rest, waves);
}

static const sl_option fourier_words[] = {
    SL_WORD_UNITS("how many frequencies: each gives a sine and a cosine"),
    { .name = "columns",
      .summary = "how many numbers, a row's first, are turned into waves together; 0: all",
      .high = SL_LAYER_LARGEST,
      .whole = true,
      .normally = "all" },
    { .name = "std",
      .summary = "standard deviation of the frequencies to begin with",
      .normal = 1,
      .high = 1e6,
      .above_low = true },
    { .name = "keep",
      .summary = "the numbers themselves stay too",
      .normal = 1,
      .high = 1,
      .choices = "no|yes" },
    SL_WORD_SHARE,
    SL_WORD_FREEZE,
    SL_WORD_LR_SCALE,
    SL_WORD_DECAY,
    { 0 },
};

const sl_layer_kind sl_layer_fourier = {
    .name = "fourier",
    .summary = "sines and cosines of learned frequencies, of a row's first numbers",
    .formula = "y = [x_(k + 1) .. x_n, x, sin(2 pi W x), cos(2 pi W x)], x = x_1 .. x_k, W [units, k]",
    .source = "Tancik et al., NeurIPS 2020; learned: Gorishniy, Rubachev, Babenko, NeurIPS 2022",
    .example = "fourier 3 columns=2",
    .options = fourier_words,
    .bare = "units",
    .check = fourier_check,
    .shape = fourier_shape,
    .forward = fourier_forward,
};
