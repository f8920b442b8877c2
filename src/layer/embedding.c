/* embedding: a learned vector for each feature of a text. The layer behind it makes one vector of them. */
#include "layer/texts.h"

static sl_status embedding_layer_check(sl_ctx *ctx, sl_built *layer)
{
    return layer->spec.units ? SL_OK
                             : sl_option_check(ctx, layer->name, sl_layer_option(layer->kind, "units"), 0);
}

static sl_status embedding_layer_shape(sl_ctx *ctx, sl_built *layer)
{
    return sl_layer_table(ctx, layer, "normal:0.1");
}

/* The pool reads the table; here nothing happens. */
static sl_tensor *embedding_layer_read(sl_tape *tape, const sl_built *layer, sl_tensor *x,
                                       const sl_ragged *texts)
{
    (void)tape, (void)layer, (void)texts;
    return x;
}

static const sl_option embedding_layer_words[] = {
    SL_WORD_UNITS("how many numbers a vector has"),
    SL_WORD_ROWS,
    SL_WORD_VIEW,
    SL_WORD_DROP,
    SL_WORD_INIT,
    SL_WORD_SHARE,
    SL_WORD_FREEZE,
    SL_WORD_LR_SCALE,
    SL_WORD_DECAY,
    { 0 },
};

const sl_layer_kind sl_layer_embedding = {
    .name = "embedding",
    .summary = "a learned vector for each feature of a text; a pool follows",
    .formula = "e_t = T[id_t], T [rows, units]",
    .source = "Bengio, Ducharme, Vincent, Jauvin, JMLR 3, 2003",
    .example = "embedding 3 rows=7, mean_pool",
    .options = embedding_layer_words,
    .bare = "units",
    .check = embedding_layer_check,
    .shape = embedding_layer_shape,
    .read = embedding_layer_read,
};
