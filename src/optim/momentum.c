/* momentum, the classic form: v <- momentum v + g, w <- w - lr v. Against the averaging form (momentum_ema)
 * its step is 1 / (1 - momentum) times as long.                                                           */
#include "optim/optim.h"

SL_INLINE void momentum_loop_body(const sl_update *u, sl_real *restrict w, sl_real *restrict g,
                                  sl_real *restrict v, size_t n)
{
    const sl_real lr = u->lr, momentum = u->momentum, decay = u->decay;
    for (size_t i = 0; i < n; i++) {
        const sl_real speed = sl_settle(momentum * v[i] + sl_slope(g[i], w[i], decay));
        v[i] = speed;
        w[i] -= lr * speed;
        g[i] = 0;
    }
}
SL_CLONES(static, momentum_loop, (const sl_update *u, sl_real *w, sl_real *g, sl_real *v, size_t n),
          (u, w, g, v, n))

static void momentum_update(sl_isa isa, const sl_update *u, sl_real *w, sl_real *g, sl_real *const *state,
                            size_t n)
{
    momentum_loop(isa, u, w, g, state[0], n);
}

static const sl_option momentum_options[] = { SL_OPTION_MOMENTUM, { 0 } };

const sl_rule sl_rule_momentum = {
    .name = "momentum",
    .summary = "gradient descent with a velocity (classic form)",
    .formula = "v <- momentum v + g, w <- w - lr v",
    .source = "Polyak 1964; as in PyTorch's SGD",
    .written = "v = momentum*v + g; w = w - lr*v",
    .options = momentum_options,
    .states = 1,
    .state_names = { "v" },
    .update = momentum_update,
};
