/* momentum, the classic form: v <- momentum v + g, w <- w - lr v. Against the averaging form (momentum_ema)
 * its step is 1 / (1 - momentum) times as long.                                                           */
#include "optim/optim.h"

static void momentum_update(const sl_update *u, sl_real *w, const sl_real *g, sl_real *const *state, size_t n)
{
    sl_real *v = state[0];
    for (size_t i = 0; i < n; i++) {
        v[i] = sl_settle(u->momentum * v[i] + g[i]);
        w[i] -= u->lr * v[i];
    }
}

const sl_rule sl_rule_momentum = {
    .name = "momentum",
    .summary = "gradient descent with a velocity (classic form)",
    .formula = "v <- momentum v + g, w <- w - lr v",
    .source = "Polyak 1964; as in PyTorch's SGD",
    .states = 1,
    .state_names = { "v" },
    .defaults = { .momentum = SL_R(0.9) },
    .update = momentum_update,
};
