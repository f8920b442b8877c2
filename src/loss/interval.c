/* interval: numbers, each with a lower and an upper bound between which a share of the targets lies. */
#include "loss/loss.h"

const sl_loss sl_loss_interval = {
    .name = "interval",
    .summary = "numbers with bounds: the mean, and two quantiles around it",
    .formula = "L = 1/n sum_i (p_i - t_i)^2 + Q((1 - c) / 2, low_i) + Q((1 + c) / 2, high_i); Q(q, x) = "
               "max(q e, (q - 1) e), e = t_i - x; c = coverage / 100",
    .source = "Koenker, Bassett, Econometrica 1978; corrected as by Romano, Patterson, Candes, NeurIPS 2019",
    .op = &sl_op_interval,
    .options = sl_interval_options,
    .target = SL_TARGET_NUMBER,
    .note = "squares and distances are added: targets far from 1 in size want target scale standard",
    .per_target = 3,
    .scaled = "deviations and their squares",
    .least_outputs = 3,
};
