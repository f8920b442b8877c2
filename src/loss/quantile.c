/* quantile: numbers; the q-quantile of what they may be. */
#include "loss/loss.h"

const sl_loss sl_loss_quantile = {
    .name = "quantile",
    .summary = "numbers: least at the q-quantile, q=0.5 the median",
    .formula = "L = 1/n sum_i max(q e_i, (q - 1) e_i), e = t - p",
    .source = "Koenker, Bassett, Econometrica 1978",
    .op = &sl_op_quantile,
    .options = sl_quantile_options,
    .target = SL_TARGET_NUMBER,
    .note = "its slope jumps at 0, where 0 is taken: let the learning rate fall",
    .least_outputs = 1,
};
