/* slice.h - new models from the layers of others. */
#ifndef SL_MODEL_SLICE_H
#define SL_MODEL_SLICE_H

#include "model/model.h"

/* These layers with the weights of `from` (NULL: zeros), one for each, for inputs of this shape. views: those
 * that layers may name; the result has none itself. */
sl_model *sl_model_of_copies(sl_ctx *ctx, const sl_flat *flat, const sl_built *const *from, int count,
                             sl_shape input, const sl_views *views);
/* spec of that layer, which shared weights, for a layer with its own: trained as the shared ones were. */
void sl_model_own(const sl_model *model, int layer, sl_layer *spec);
/* Preparation of inputs as `first` has it, loss and class names as `last`; NULL: none. Returns `to`, or NULL
 * and the context's error. */
sl_model *sl_model_finish_copy(sl_model *to, const sl_model *first, const sl_model *last);

#endif
