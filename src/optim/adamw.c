/* adamw: adam, with the decay taken off the weight itself, so that it is not scaled by the adaptive rate:
 * w <- w (1 - lr decay), then adam's step.                                                            */
#include "optim/adam.h"

static void adamw_update(sl_isa isa, const sl_update *u, sl_real *w, sl_real *g, sl_real *const *state,
                         size_t n)
{
    sl_adam_update(isa, u, 1 - u->lr * u->decay, 0, w, g, state[0], state[1], n);
}

static const sl_option adamw_options[] = {
    SL_OPTION_BETAS("its square"), SL_OPTION_EPSILON(1e-8), SL_OPTION_DECAY(0.01), { 0 }
};

const sl_rule sl_rule_adamw = {
    .name = "adamw",
    .summary = "adam with decoupled weight decay",
    .formula = "w <- w (1 - lr decay), then adam",
    .source = "Loshchilov, Hutter, ICLR 2019",
    .written = "m = beta1*m + (1 - beta1)*g; v = beta2*v + (1 - beta2)*g^2; m_hat = m/(1 - beta1^t); v_hat = "
               "v/(1 - beta2^t); w = w*(1 - lr*decay) - lr*m_hat/(sqrt(v_hat) + epsilon)",
    .options = adamw_options,
    .states = 2,
    .state_names = { "m", "v" },
    .decoupled = true,
    .prepare = sl_adam_prepare,
    .update = adamw_update,
};
