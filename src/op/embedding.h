/* embedding.h - what the operators share that work on bags: lists of a table's rows (op/embedding_common.c).
 */
#ifndef SL_OP_EMBEDDING_H
#define SL_OP_EMBEDDING_H

#include "kernel/bags.h"
#include "op/op.h"

/* x[0] is [rows, width], and the bags of the options are sound and name rows of it: y is [count, width]. In
 * training the table then keeps a list of touched rows. */
sl_status sl_shape_bags(sl_node *n, sl_shape *y);
/* The same where a bag's values have no meaning: SL_EINVAL for bags that have some. */
sl_status sl_shape_plain_bags(sl_node *n, sl_shape *y);
/* The operator of those bags; NULL is the context's error. */
sl_tensor *sl_apply_bags(sl_tape *tape, const sl_op *op, sl_tensor *const *x, const sl_bags *bags, bool mean);
/* For trials: an empty bag in between and at the end, a row named twice in one bag and in several, the last
 * row of 7 named; the same with values; and three bags of one id each. */
extern const sl_bags sl_trial_ragged, sl_trial_valued, sl_trial_single;

#endif
