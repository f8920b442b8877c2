/* residual: a group of layers, and what goes in added to what comes out. */
#include "layer/layer.h"

/* The widths must be the same: what would be added otherwise, and with which weights, is for the user to say.
 */
static sl_status residual_shape(sl_ctx *ctx, sl_built *layer, sl_shape inside)
{
    size_t in, out;
    char from[96], to[96];
    if (sl_shape_check(ctx, layer->in, &in) || sl_shape_check(ctx, inside, &out))
        return ctx->status;
    layer->out = inside;
    if (layer->in.rank == inside.rank ? sl_shape_equal(layer->in, inside) : in == out) {
        if (layer->in.rank != inside.rank)
            layer->out = (sl_shape){ 1, { (int)out } };
        return SL_OK;
    }
    return sl_fail(ctx, SL_ESHAPE,
                   "%s: %s goes in and %s comes out, and the two are added: end the group in a layer of %zu "
                   "units, or put a dense layer of %zu units before it",
                   layer->name, sl_shape_text(from, layer->in), sl_shape_text(to, inside), in, out);
}

static sl_tensor *residual_join(sl_tape *tape, const sl_built *layer, sl_tensor *x, sl_tensor *y)
{
    (void)layer;
    if (x && y && x->shape.rank != y->shape.rank) {
        x = sl_flatten_of(tape, x);
        y = sl_flatten_of(tape, y);
    }
    return sl_add(tape, y, x);
}

static const sl_option residual_words[] = { SL_WORD_FREEZE, { 0 } };

const sl_layer_kind sl_layer_residual = {
    .name = "residual",
    .summary = "adds what goes in to what its layers give",
    .formula = "y = x + f(x), f the layers in its brackets",
    .source = "He, Zhang, Ren, Sun, CVPR 2016",
    .example = "residual [5 tanh, 5]",
    .options = residual_words,
    .join_shape = residual_shape,
    .join = residual_join,
};
