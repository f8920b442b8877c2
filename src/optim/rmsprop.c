/* rmsprop: v <- rho v + (1 - rho) g^2, w <- w - lr g / (sqrt(v) + epsilon). rho is what PyTorch calls alpha;
 * Keras has 0.9. */
#include "optim/optim.h"

SL_INLINE void rmsprop_loop_body(const sl_update *u, sl_real *restrict w, sl_real *restrict g,
                                 sl_real *restrict v, size_t n)
{
    const sl_real lr = u->lr, epsilon = u->epsilon, rho = u->rho, rest = 1 - rho, decay = u->decay;
    for (size_t i = 0; i < n; i++) {
        const sl_real slope = sl_slope(g[i], w[i], decay);
        const sl_real square = sl_settle(rho * v[i] + rest * (slope * slope));
        v[i] = square;
        w[i] -= lr * slope / (sl_root(square) + epsilon);
        g[i] = 0;
    }
}
SL_CLONES(static, rmsprop_loop, (const sl_update *u, sl_real *w, sl_real *g, sl_real *v, size_t n),
          (u, w, g, v, n))

static void rmsprop_update(sl_isa isa, const sl_update *u, sl_real *w, sl_real *g, sl_real *const *state,
                           size_t n)
{
    rmsprop_loop(isa, u, w, g, state[0], n);
}

static const sl_option rmsprop_options[] = {
    SL_OPTION_SHARE("rho", "memory for the square of the gradient; 0.9 in Keras", 0.99),
    SL_OPTION_EPSILON(1e-8),
    { 0 }
};

const sl_rule sl_rule_rmsprop = {
    .name = "rmsprop",
    .summary = "a step for each weight by the recent size of its gradients",
    .formula = "v <- rho v + (1 - rho) g^2, w <- w - lr g / (sqrt(v) + epsilon)",
    .source = "Hinton, Neural Networks for Machine Learning, lecture 6e, 2012",
    .written = "v = rho*v + (1 - rho)*g^2; w = w - lr*g/(sqrt(v) + epsilon)",
    .options = rmsprop_options,
    .states = 1,
    .state_names = { "v" },
    .update = rmsprop_update,
};
