/* nesterov: momentum whose step already looks ahead: v <- momentum v + g, w <- w - lr (g + momentum v).
 * The gradient is taken at the weights themselves, which stand where the velocity will have led: the form of
 * Sutskever et al., as PyTorch has it. */
#include "optim/optim.h"

SL_INLINE void nesterov_loop_body(const sl_update *u, sl_real *restrict w, sl_real *restrict g,
                                  sl_real *restrict v, size_t n)
{
    const sl_real lr = u->lr, momentum = u->momentum, decay = u->decay;
    for (size_t i = 0; i < n; i++) {
        const sl_real slope = sl_slope(g[i], w[i], decay);
        const sl_real speed = sl_settle(momentum * v[i] + slope);
        v[i] = speed;
        w[i] -= lr * (slope + momentum * speed);
        g[i] = 0;
    }
}
SL_CLONES(static, nesterov_loop, (const sl_update *u, sl_real *w, sl_real *g, sl_real *v, size_t n),
          (u, w, g, v, n))

static void nesterov_update(sl_isa isa, const sl_update *u, sl_real *w, sl_real *g, sl_real *const *state,
                            size_t n)
{
    nesterov_loop(isa, u, w, g, state[0], n);
}

static const sl_option nesterov_options[] = { SL_OPTION_MOMENTUM, { 0 } };

const sl_rule sl_rule_nesterov = {
    .name = "nesterov",
    .summary = "momentum that looks one step ahead",
    .formula = "v <- momentum v + g, w <- w - lr (g + momentum v)",
    .source = "Nesterov 1983; Sutskever, Martens, Dahl, Hinton, ICML 2013; as in PyTorch's SGD",
    .written = "v = momentum*v + g; w = w - lr*(g + momentum*v)",
    .options = nesterov_options,
    .states = 1,
    .state_names = { "v" },
    .update = nesterov_update,
};
