/* adadelta: v <- rho v + (1 - rho) g^2, d = g sqrt(delta + epsilon) / sqrt(v + epsilon),
 * delta <- rho delta + (1 - rho) d^2, w <- w - lr d: steps in the unit of the weights. */
#include "optim/optim.h"

SL_INLINE void adadelta_loop_body(const sl_update *u, sl_real *restrict w, sl_real *restrict g,
                                  sl_real *restrict v, sl_real *restrict delta, size_t n)
{
    const sl_real lr = u->lr, epsilon = u->epsilon, rho = u->rho, rest = 1 - rho, decay = u->decay;
    for (size_t i = 0; i < n; i++) {
        const sl_real slope = sl_slope(g[i], w[i], decay);
        const sl_real square = sl_settle(rho * v[i] + rest * (slope * slope));
        const sl_real way = sl_root(delta[i] + epsilon) / sl_root(square + epsilon) * slope;
        v[i] = square;
        delta[i] = sl_settle(rho * delta[i] + rest * (way * way));
        w[i] -= lr * way;
        g[i] = 0;
    }
}
SL_CLONES(static, adadelta_loop,
          (const sl_update *u, sl_real *w, sl_real *g, sl_real *v, sl_real *delta, size_t n),
          (u, w, g, v, delta, n))

static void adadelta_update(sl_isa isa, const sl_update *u, sl_real *w, sl_real *g, sl_real *const *state,
                            size_t n)
{
    adadelta_loop(isa, u, w, g, state[0], state[1], n);
}

static const sl_option adadelta_options[] = {
    SL_OPTION_LR(1), SL_OPTION_SHARE("rho", "memory for squares", 0.9), SL_OPTION_EPSILON(1e-6), { 0 }
};

const sl_rule sl_rule_adadelta = {
    .name = "adadelta",
    .summary = "steps by the size of the steps before; needs no step size",
    .formula = "v <- rho v + (1 - rho) g^2, d = g sqrt(delta + epsilon) / sqrt(v + epsilon), "
               "delta <- rho delta + (1 - rho) d^2, w <- w - lr d",
    .source = "Zeiler 2012, arXiv:1212.5701",
    .written = "v = rho*v + (1 - rho)*g^2; d = g*sqrt(delta + epsilon)/sqrt(v + epsilon); delta = rho*delta "
               "+ (1 - rho)*d^2; w = w - lr*d",
    .options = adadelta_options,
    .states = 2,
    .state_names = { "v", "delta" },
    .update = adadelta_update,
};
