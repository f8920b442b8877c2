/* max_pool: of the vectors of a text's features the largest number in each place; an empty text is zeros. */
#include "layer/texts.h"

static sl_tensor *max_pool_read(sl_tape *tape, const sl_built *layer, sl_tensor *x, const sl_ragged *texts)
{
    sl_bags left;
    const sl_built *embedding = sl_layer_embedding_of(layer);
    const sl_bags *lists = sl_layer_lists(tape, embedding, texts, &left);
    return lists ? sl_layer_beside(tape, x, sl_embedding_max(tape, embedding->param[0], lists)) : NULL;
}

const sl_layer_kind sl_layer_max_pool = {
    .name = "max_pool",
    .summary = "the largest number in each place of an embedding's vectors",
    .formula = "y_d = max over t of e_t[d]",
    .source = "Collobert, Weston, ICML 2008",
    .example = "embedding 3 rows=7, max_pool",
    .pools = true,
    .shape = sl_layer_pool_shape,
    .read = max_pool_read,
};
