/* bag: a text's features, weighted, straight into units: a dense layer whose inputs are mostly 0, y = f(sum
 * of v_j T[id_j] + b). With as many units as the output wants it is logistic regression. */
#include "layer/texts.h"

static sl_status bag_check(sl_ctx *ctx, sl_built *layer)
{
    return layer->spec.units ? SL_OK
                             : sl_option_check(ctx, layer->name, sl_layer_option(layer->kind, "units"), 0);
}

/* Without an activation from zeros: what no training text had says nothing. Where no dense layer takes it,
 * the model begins it at random after all. */
static sl_status bag_shape(sl_ctx *ctx, sl_built *layer)
{
    if (sl_layer_table(ctx, layer, layer->activation ? "normal:0.1" : "zeros"))
        return ctx->status;
    layer->wanted[1] = (sl_wanted){
        .name = "bias", .shape = { 1, { layer->spec.units } }, .init = "zeros", .bias = true, .own_init = true
    };
    layer->wants = layer->spec.no_bias ? 1 : 2;
    layer->flops = 2 * (size_t)layer->spec.units;
    return SL_OK;
}

static sl_tensor *bag_read(sl_tape *tape, const sl_built *layer, sl_tensor *x, const sl_ragged *texts)
{
    sl_bags left;
    const sl_bags *lists = sl_layer_lists(tape, layer, texts, &left);
    if (!lists)
        return NULL;
    sl_tensor *y = sl_embedding_bag(tape, layer->param[0], lists, "sum");
    if (layer->wants > 1)
        y = sl_add(tape, y, layer->param[1]);
    if (layer->activation)
        y = sl_apply(tape, layer->activation, &y, &(sl_op_options){ .number = layer->slope });
    return sl_layer_beside(tape, x, y);
}

static const sl_option bag_words[] = {
    SL_WORD_UNITS("how many outputs"),
    SL_WORD_ACTIVATION,
    SL_WORD_ROWS,
    SL_WORD_VIEW,
    SL_WORD_DROP,
    SL_WORD_INIT,
    SL_WORD_BIAS,
    SL_WORD_SHARE,
    SL_WORD_FREEZE,
    SL_WORD_LR_SCALE,
    SL_WORD_DECAY,
    { 0 },
};

const sl_layer_kind sl_layer_bag = {
    .name = "bag",
    .summary = "a dense layer on a text's weighted features",
    .formula = "y = f(sum of v_j T[id_j] + b), T [rows, units]",
    .source = "Wang, Manning, ACL 2012",
    .example = "bag 3 rows=7",
    .options = bag_words,
    .bare = "units",
    .gives_outputs = true,
    .check = bag_check,
    .shape = bag_shape,
    .read = bag_read,
};
