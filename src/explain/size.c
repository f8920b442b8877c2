/* size.c - will it be too long? Known before the first line is made, from the numbers of weights. */
#include "explain/step.h"

#include <string.h>

#define SIZE_TERMS 4e6 /* products in all lines together: about 100 MB of text */

/* Weights of dense layers: each has a line on the way back, and one in the update. */
static double size_weights(const sl_model *model, bool learned)
{
    double weights = 0;
    for (int i = 0; i < model->count; i++) {
        const sl_built *layer = &model->layers[i];
        for (int p = 0; p < layer->wants && !strcmp(layer->kind->name, "dense"); p++)
            if (layer->param[p] && (!learned || (layer->param[p]->learns && layer->shares < 0)))
                weights += (double)layer->param[p]->count;
    }
    return weights;
}

sl_status sl_explain_size(const sl_model *model, size_t rows, const sl_explain_options *o, bool learns)
{
    const bool all = !(o->forward || o->backward || o->update);
    const bool forward = all || o->forward, backward = learns && (all || o->backward),
               update = learns && (all || o->update);
    const double steps = o->steps > 1 && learns ? o->steps : 1,
                 products = (double)rows * size_weights(model, false);
    char lines_text[32], most[32];
    if (model->ctx->status || o->depth < 3)
        return model->ctx->status;
    double lines = size_weights(model, true) * (backward + update);
    if (o->depth > 3)
        lines += products * (forward + backward);
    if (lines * steps > SL_EXPLAIN_MOST)
        return sl_fail(
            model->ctx, SL_EINVAL,
            "explain: depth %d would be %s lines and more, and %s is the most: take --depth 2, which "
            "leaves out what is alike and says how much",
            o->depth, sl_count_text(lines_text, (size_t)(lines * steps)),
            sl_count_text(most, SL_EXPLAIN_MOST));
    if (products * (forward + backward) * steps > SIZE_TERMS)
        return sl_fail(model->ctx, SL_EINVAL,
                       "explain: depth %d would be sums of %s products, all printed: take --depth 2, which "
                       "leaves out what is alike and says how much",
                       o->depth,
                       sl_count_text(lines_text, (size_t)(products * (forward + backward) * steps)));
    return SL_OK;
}
