/* adam: m <- beta1 m + (1 - beta1) g, v <- beta2 v + (1 - beta2) g^2,
 * w <- w - lr (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon).
 * The two corrections are moved into the step and epsilon, as the paper's section 2 suggests: one division
 * and one square root a weight.                                                                           */
#include "optim/adam.h"

static void adam_update(const sl_update *u, sl_real *w, const sl_real *g, sl_real *const *state, size_t n)
{
    sl_adam_update(u, 1, w, g, state[0], state[1], n);
}

const sl_rule sl_rule_adam = {
    .name = "adam",
    .summary = "a step for each weight by the mean and size of its gradients",
    .formula = "m <- beta1 m + (1 - beta1) g, v <- beta2 v + (1 - beta2) g^2, "
               "w <- w - lr (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)",
    .source = "Kingma, Ba, ICLR 2015",
    .states = 2,
    .state_names = { "m", "v" },
    .defaults = { .beta1 = SL_R(0.9), .beta2 = SL_R(0.999), .epsilon = SL_R(1e-8) },
    .update = adam_update,
};
