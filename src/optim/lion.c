/* lion: w <- w (1 - lr decay) - lr sign(beta1 m + (1 - beta1) g), then m <- beta2 m + (1 - beta2) g. Every
 * weight moves by the same lr. */
#include "optim/optim.h"

SL_INLINE void lion_loop_body(const sl_update *u, sl_real *restrict w, sl_real *restrict g,
                              sl_real *restrict m, size_t n)
{
    const sl_real lr = u->lr, keep = 1 - u->lr * u->decay;
    const sl_real beta1 = u->beta1, beta2 = u->beta2, rest1 = 1 - beta1, rest2 = 1 - beta2;
    for (size_t i = 0; i < n; i++) {
        const sl_real slope = g[i], way = beta1 * m[i] + rest1 * slope;
        m[i] = sl_settle(beta2 * m[i] + rest2 * slope);
        w[i] = w[i] * keep - lr * sl_sign(way);
        g[i] = 0;
    }
}
SL_CLONES(static, lion_loop, (const sl_update *u, sl_real *w, sl_real *g, sl_real *m, size_t n),
          (u, w, g, m, n))

static void lion_update(sl_isa isa, const sl_update *u, sl_real *w, sl_real *g, sl_real *const *state,
                        size_t n)
{
    lion_loop(isa, u, w, g, state[0], n);
}

static const sl_option lion_options[] = { SL_OPTION_LR(1e-4),
                                          SL_OPTION_SHARE("beta1", "share of the memory in the step", 0.9),
                                          SL_OPTION_SHARE("beta2", "memory for the gradient", 0.99),
                                          { 0 } };

const sl_rule sl_rule_lion = {
    .name = "lion",
    .summary = "steps by the sign of a mean gradient, with decoupled decay",
    .formula = "w <- w (1 - lr decay) - lr sign(beta1 m + (1 - beta1) g), m <- beta2 m + (1 - beta2) g",
    .source = "Chen et al., NeurIPS 2023, Symbolic Discovery of Optimization Algorithms",
    .written = "c = beta1*m + (1 - beta1)*g; w = w*(1 - lr*decay) - lr*sign(c); m = beta2*m + (1 - beta2)*g",
    .options = lion_options,
    .states = 1,
    .state_names = { "m" },
    .decoupled = true,
    .update = lion_update,
};
