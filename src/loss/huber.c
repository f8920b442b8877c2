/* huber: numbers; large errors count by their size, so outliers pull less. */
#include "loss/loss.h"

const sl_loss sl_loss_huber = {
    .name = "huber",
    .summary = "numbers: small errors squared, large ones by their size",
    .formula = "L = 1/n sum_i e_i^2 / 2 where |e_i| <= delta, else delta (|e_i| - delta / 2); e = p - t",
    .source = "Huber, Annals of Mathematical Statistics 1964",
    .op = &sl_op_huber,
    .options = sl_huber_options,
    .target = SL_TARGET_NUMBER,
    .scaled = "deviations, as is delta",
    .least_outputs = 1,
};
