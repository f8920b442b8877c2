/* momentum_ema: v <- momentum v + (1 - momentum) g, w <- w - lr v: the velocity is an average of gradients.
 */
#include "optim/optim.h"

SL_INLINE void momentum_ema_loop_body(const sl_update *u, sl_real *restrict w, sl_real *restrict g,
                                      sl_real *restrict v, size_t n)
{
    const sl_real lr = u->lr, momentum = u->momentum, rest = 1 - momentum, decay = u->decay;
    for (size_t i = 0; i < n; i++) {
        const sl_real speed = sl_settle(momentum * v[i] + rest * sl_slope(g[i], w[i], decay));
        v[i] = speed;
        w[i] -= lr * speed;
        g[i] = 0;
    }
}
SL_CLONES(static, momentum_ema_loop, (const sl_update *u, sl_real *w, sl_real *g, sl_real *v, size_t n),
          (u, w, g, v, n))

static void momentum_ema_update(sl_isa isa, const sl_update *u, sl_real *w, sl_real *g, sl_real *const *state,
                                size_t n)
{
    momentum_ema_loop(isa, u, w, g, state[0], n);
}

static const sl_option momentum_ema_options[] = { SL_OPTION_MOMENTUM, { 0 } };

const sl_rule sl_rule_momentum_ema = {
    .name = "momentum_ema",
    .summary = "gradient descent with an averaged gradient",
    .formula = "v <- momentum v + (1 - momentum) g, w <- w - lr v",
    .source = "the averaging form of Polyak 1964",
    .written = "v = momentum*v + (1 - momentum)*g; w = w - lr*v",
    .options = momentum_ema_options,
    .states = 1,
    .state_names = { "v" },
    .update = momentum_ema_update,
};
