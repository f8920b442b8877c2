/* texts.h - what the layers share that read a batch's texts: lists of features beside its numbers. What they
 * learn from them is put behind the numbers, so several such layers in a row take one view after another. */
#ifndef SL_LAYER_TEXTS_H
#define SL_LAYER_TEXTS_H

#include "layer/layer.h"

/* The table that the layer has a row in for each feature; out is in and `units` more. */
sl_status sl_layer_table(sl_ctx *ctx, sl_built *layer, const char *init);
/* [x, y]: the numbers so far, and what was read. NULL flows through. */
sl_tensor *sl_layer_beside(sl_tape *tape, sl_tensor *x, sl_tensor *y);
/* The lists that the layer reads, less what it drops in training; in `left` where that is something. NULL and
 * the context's error: there are none. */
const sl_bags *sl_layer_lists(sl_tape *tape, const sl_built *layer, const sl_ragged *texts, sl_bags *left);
/* Of a pool, whose embedding stands before it. */
sl_status sl_layer_pool_shape(sl_ctx *ctx, sl_built *layer);
const sl_built *sl_layer_embedding_of(const sl_built *pool);

#define SL_WORD_ROWS                                                                                         \
    {                                                                                                        \
        .name = "rows", .summary = "features that it tells apart", .low = 1, .high = INT32_MAX,              \
        .whole = true, .normally = "those of its view"                                                       \
    }
#define SL_WORD_VIEW SL_WORD_OF("view", "which view of the texts it reads; see views", "NAME")
#define SL_WORD_DROP                                                                                         \
    {                                                                                                        \
        .name = "drop", .summary = "share of a text's features that each step leaves out", .high = 1,        \
        .below_high = true                                                                                   \
    }

#endif
