/* momentum_ema: v <- momentum v + (1 - momentum) g, w <- w - lr v: the velocity is an average of gradients.
 */
#include "optim/optim.h"

static void momentum_ema_update(const sl_update *u, sl_real *w, const sl_real *g, sl_real *const *state,
                                size_t n)
{
    sl_real *v = state[0];
    const sl_real rest = 1 - u->momentum;
    for (size_t i = 0; i < n; i++) {
        v[i] = sl_settle(u->momentum * v[i] + rest * g[i]);
        w[i] -= u->lr * v[i];
    }
}

const sl_rule sl_rule_momentum_ema = {
    .name = "momentum_ema",
    .summary = "gradient descent with an averaged gradient",
    .formula = "v <- momentum v + (1 - momentum) g, w <- w - lr v",
    .source = "the averaging form of Polyak 1964",
    .states = 1,
    .state_names = { "v" },
    .defaults = { .momentum = SL_R(0.9) },
    .update = momentum_ema_update,
};
