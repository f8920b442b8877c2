/* adagrad: sum <- sum + g^2, w <- w - lr g / (sqrt(sum) + epsilon): the step of a weight falls as its
 * gradients add up, with a constant one as 1 / sqrt(t). */
#include "optim/optim.h"

SL_INLINE void adagrad_loop_body(const sl_update *u, sl_real *restrict w, sl_real *restrict g,
                                 sl_real *restrict sum, size_t n)
{
    const sl_real lr = u->lr, epsilon = u->epsilon, decay = u->decay;
    for (size_t i = 0; i < n; i++) {
        const sl_real slope = sl_slope(g[i], w[i], decay);
        const sl_real total = sl_settle(sum[i] + slope * slope);
        sum[i] = total;
        w[i] -= lr * slope / (sl_root(total) + epsilon);
        g[i] = 0;
    }
}
SL_CLONES(static, adagrad_loop, (const sl_update *u, sl_real *w, sl_real *g, sl_real *sum, size_t n),
          (u, w, g, sum, n))

static void adagrad_update(sl_isa isa, const sl_update *u, sl_real *w, sl_real *g, sl_real *const *state,
                           size_t n)
{
    adagrad_loop(isa, u, w, g, state[0], n);
}

static const sl_option adagrad_options[] = { SL_OPTION_LR(0.01), SL_OPTION_EPSILON(1e-10), { 0 } };

const sl_rule sl_rule_adagrad = {
    .name = "adagrad",
    .summary = "steps that fall as the squares of a weight's gradients add up",
    .formula = "sum <- sum + g^2, w <- w - lr g / (sqrt(sum) + epsilon)",
    .source = "Duchi, Hazan, Singer, JMLR 2011",
    .written = "sum = sum + g^2; w = w - lr*g/(sqrt(sum) + epsilon)",
    .options = adagrad_options,
    .states = 1,
    .state_names = { "sum" },
    .update = adagrad_update,
};
