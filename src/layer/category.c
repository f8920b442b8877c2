/* category: a category's number, which comes first in a row, becomes a vector that is learned. It is put
 * behind the other numbers, so several such layers in a row take one column of a table after the other. */
#include "layer/layer.h"

static sl_status category_layer_check(sl_ctx *ctx, sl_built *layer)
{
    const char *missing = !layer->spec.units ? "units" : !layer->spec.rows ? "rows" : NULL;
    return missing ? sl_option_check(ctx, layer->name, sl_layer_option(layer->kind, missing), 0) : SL_OK;
}

static sl_status category_layer_shape(sl_ctx *ctx, sl_built *layer)
{
    size_t in;
    char text[96];
    const int rows = layer->spec.rows, units = layer->spec.units;
    if (sl_shape_check(ctx, layer->in, &in))
        return ctx->status;
    if (in < 1 || in - 1 > (size_t)(SL_LAYER_LARGEST - units))
        return sl_fail(ctx, SL_ESHAPE,
                       "%s: its input has shape %s: wants 1 to %d numbers a row, of which the first is "
                       "a category's",
                       layer->name, sl_shape_text(text, layer->in), SL_LAYER_LARGEST - units + 1);
    layer->out = (sl_shape){ 1, { (int)in - 1 + units } };
    /* Small beside standardised columns, so a category that is never seen says next to nothing; not 0, or
     * all of them would stay alike until the layer behind has learned. */
    layer->wanted[0] = (sl_wanted){ .name = "table",
                                    .shape = { 2, { rows, units } },
                                    .init = "normal:0.1",
                                    .own_init = true,
                                    .by_rows = true };
    layer->wants = 1;
    layer->flops = (size_t)units;
    return SL_OK;
}

static sl_tensor *category_layer_forward(sl_tape *tape, const sl_built *layer, sl_tensor *x)
{
    x = sl_layer_flat(tape, x);
    if (!x)
        return NULL;
    const int in = x->shape.dim[1];
    sl_tensor *vector = sl_embedding_of(tape, layer->param[0], x);
    return in > 1 ? sl_concat(tape, sl_columns_of(tape, x, 1, in - 1), vector) : vector;
}

static const sl_option category_layer_words[] = {
    SL_WORD_UNITS("how many numbers its vector has"),
    { .name = "rows",
      .summary = "how many categories there are",
      .low = 1,
      .high = SL_LAYER_LARGEST,
      .whole = true,
      .normally = "none" },
    SL_WORD_SHARE,
    SL_WORD_FREEZE,
    SL_WORD_LR_SCALE,
    SL_WORD_DECAY,
    { 0 },
};

const sl_layer_kind sl_layer_category = {
    .name = "category",
    .summary = "a learned vector for a category's number, a row's first",
    .formula = "y = [x_2 .. x_n, T[x_1]], T [rows, units]",
    .source = "Guo, Berkhahn, arXiv 1604.06737, 2016",
    .example = "category 3 rows=2",
    .categories = 2,
    .options = category_layer_words,
    .bare = "units",
    .check = category_layer_check,
    .shape = category_layer_shape,
    .forward = category_layer_forward,
};
