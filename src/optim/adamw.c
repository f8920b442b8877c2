/* adamw: adam, with the decay taken off the weight itself, so that it is not scaled by the adaptive rate:
 * w <- w (1 - lr decay), then adam's step.                                                            */
#include "optim/adam.h"

static void adamw_update(sl_isa isa, const sl_update *u, sl_real *w, sl_real *g, sl_real *const *state,
                         size_t n)
{
    sl_adam_update(isa, u, 1 - u->lr * u->decay, 0, w, g, state[0], state[1], n);
}

const sl_rule sl_rule_adamw = {
    .name = "adamw",
    .summary = "adam with decoupled weight decay",
    .formula = "w <- w (1 - lr decay), then adam",
    .source = "Loshchilov, Hutter, ICLR 2019",
    .states = 2,
    .state_names = { "m", "v" },
    .defaults = { .beta1 = SL_R(0.9), .beta2 = SL_R(0.999), .epsilon = SL_R(1e-8), .decay = SL_R(0.01) },
    .decoupled = true,
    .prepare = sl_adam_prepare,
    .update = adamw_update,
};
