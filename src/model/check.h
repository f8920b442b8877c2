/* check.h - the gradient check of one word: an operator, a layer, a loss. The descriptor may be a copy that
 * was spoiled on purpose, as in tests. */
#ifndef SL_MODEL_CHECK_H
#define SL_MODEL_CHECK_H

#include "model/model.h"

/* Each fills *check and makes what it needs in ctx. */
sl_status sl_check_operator(sl_ctx *ctx, const sl_op *op, sl_word_check *check);
sl_status sl_check_layer(sl_ctx *ctx, const sl_layer_kind *kind, sl_word_check *check);
sl_status sl_check_loss(sl_ctx *ctx, const sl_loss *loss, sl_word_check *check);

#endif
