/* texts.c - see texts.h */
#include "layer/texts.h"

sl_status sl_layer_table(sl_ctx *ctx, sl_built *layer, const char *init)
{
    size_t in;
    char text[96];
    const int rows = layer->spec.rows, units = layer->spec.units;
    if (!rows)
        return sl_fail(ctx, SL_EINVAL,
                       "%s: it is not known how many features a text can have: rows=N says so, or data with "
                       "texts that the model is trained on",
                       layer->name);
    if (sl_shape_check(ctx, layer->in, &in))
        return ctx->status;
    if (in > (size_t)(SL_LAYER_LARGEST - units))
        return sl_fail(ctx, SL_ESHAPE, "%s: its input has shape %s: wants at most %d numbers a row",
                       layer->name, sl_shape_text(text, layer->in), SL_LAYER_LARGEST - units);
    layer->out = (sl_shape){ 1, { (int)in + units } };
    layer->wanted[0] = (sl_wanted){ .name = "table",
                                    .shape = { 2, { rows, units } },
                                    .init = layer->spec.init ? layer->spec.init : init,
                                    .own_init = true,
                                    .fan_in = rows,
                                    .fan_out = units,
                                    .by_rows = true };
    layer->wants = 1;
    return SL_OK;
}

sl_tensor *sl_layer_beside(sl_tape *tape, sl_tensor *x, sl_tensor *y)
{
    return x && x->shape.rank == 2 && x->shape.dim[1] == 0 ? y : sl_concat(tape, x, y);
}

const sl_bags *sl_layer_lists(sl_tape *tape, const sl_built *layer, const sl_ragged *texts, sl_bags *left)
{
    sl_ctx *ctx = sl_tape_ctx(tape);
    if (!ctx || ctx->status)
        return NULL;
    if (!texts || !texts->views || layer->view >= texts->views) {
        sl_fail(ctx, SL_EINVAL, "%s: it reads texts, and the input has none: sl_set_bags gives it some",
                layer->name);
        return NULL;
    }
    const sl_bags *lists = layer->view < 0 ? &texts->all : &texts->view[layer->view];
    if (!(layer->spec.drop > 0))
        return lists;
    return sl_bags_drop(tape, lists, layer->spec.drop, left) ? NULL : left;
}

const sl_built *sl_layer_embedding_of(const sl_built *pool)
{
    return pool - 1; /* the structure of a model sees to it */
}

sl_status sl_layer_pool_shape(sl_ctx *ctx, sl_built *layer)
{
    (void)ctx;
    layer->out = layer->in;
    layer->wants = 0;
    layer->flops = (size_t)sl_layer_embedding_of(layer)->spec.units;
    return SL_OK;
}
