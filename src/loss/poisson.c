/* poisson: counts; the net gives the logarithm of their rate. */
#include "loss/loss.h"

const sl_loss sl_loss_poisson = {
    .name = "poisson",
    .summary = "counts, from the logarithm of their rate (exp inside)",
    .formula = "L = 1/n sum_i e^x_i - t_i x_i",
    .source = "Poisson 1837; Nelder, Wedderburn 1972",
    .op = &sl_op_poisson,
    .options = sl_loss_options,
    .target = SL_TARGET_NUMBER,
    .from_0 = true,
    .output = "exp",
    .predict = sl_loss_exp,
    .from_logits = true,
    .note = "log t!, which no weight changes, is left out: the loss may be below 0",
    .least_outputs = 1,
};
