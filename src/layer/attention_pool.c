/* attention_pool: a mean of the vectors of a text's features in which those count more that point where a
 * learned vector points. */
#include "layer/texts.h"

static sl_status attention_pool_shape(sl_ctx *ctx, sl_built *layer)
{
    const int units = sl_layer_embedding_of(layer)->spec.units;
    if (sl_layer_pool_shape(ctx, layer))
        return ctx->status;
    layer->wanted[0] = (sl_wanted){ .name = "query", .shape = { 1, { units } } }; /* 0: the mean */
    layer->wants = 1;
    return SL_OK;
}

static sl_tensor *attention_pool_read(sl_tape *tape, const sl_built *layer, sl_tensor *x,
                                      const sl_ragged *texts)
{
    sl_bags left;
    const sl_built *embedding = sl_layer_embedding_of(layer);
    const sl_bags *lists = sl_layer_lists(tape, embedding, texts, &left);
    return lists ? sl_layer_beside(tape, x,
                                   sl_embedding_attention(tape, embedding->param[0], layer->param[0], lists))
                 : NULL;
}

static const sl_option attention_pool_words[] = { SL_WORD_FREEZE, SL_WORD_LR_SCALE, { 0 } };

const sl_layer_kind sl_layer_attention_pool = {
    .name = "attention_pool",
    .summary = "a mean of an embedding's vectors, weighted by a learned query",
    .formula = "y = sum a_t e_t, a = softmax(q . e_t)",
    .source = "Yang, Yang, Dyer, He, Smola, Hovy, NAACL 2016",
    .example = "embedding 3 rows=7, attention_pool",
    .pools = true,
    .options = attention_pool_words,
    .shape = attention_pool_shape,
    .read = attention_pool_read,
};
