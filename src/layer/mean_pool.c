/* mean_pool: the vectors of a text's features become their mean; an empty text is zeros. */
#include "layer/texts.h"

static sl_tensor *mean_pool_read(sl_tape *tape, const sl_built *layer, sl_tensor *x, const sl_ragged *texts)
{
    sl_bags left;
    const sl_built *embedding = sl_layer_embedding_of(layer);
    const sl_bags *lists = sl_layer_lists(tape, embedding, texts, &left);
    return lists ? sl_layer_beside(tape, x, sl_embedding_bag(tape, embedding->param[0], lists, "mean"))
                 : NULL;
}

const sl_layer_kind sl_layer_mean_pool = {
    .name = "mean_pool",
    .summary = "the mean of the vectors that an embedding gives",
    .formula = "y = (e_1 + .. + e_n) / n",
    .source = "Joulin, Grave, Bojanowski, Mikolov, EACL 2017",
    .example = "embedding 3 rows=7, mean_pool",
    .pools = true,
    .shape = sl_layer_pool_shape,
    .read = mean_pool_read,
};
