/* hinge: a margin of 1 between the right class and the others; two classes have one output. */
#include "loss/loss.h"

const sl_loss sl_loss_hinge = {
    .name = "hinge",
    .summary = "a margin between classes, as in support vector machines",
    .formula =
        "L = 1/n sum_i max(0, 1 - s_i x_i), s = 1 or -1; K outputs: 1/K sum_j max(0, 1 - x_label + x_j)",
    .source = "Cortes, Vapnik 1995; Crammer, Singer 2001",
    .op = &sl_op_hinge,
    .options = sl_loss_options,
    .target = SL_TARGET_CLASS,
    .predict = sl_loss_scores,
    .from_logits = true,
    .note = "p is sigmoid or softmax of the scores: it orders answers, but is no probability",
    .least_outputs = 1,
    .two_by_one = true,
};
