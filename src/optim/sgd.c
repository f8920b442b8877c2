/* sgd: w <- w - lr g */
#include "optim/optim.h"

SL_INLINE void sgd_loop_body(const sl_update *u, sl_real *restrict w, sl_real *restrict g, size_t n)
{
    const sl_real lr = u->lr, decay = u->decay;
    for (size_t i = 0; i < n; i++) {
        w[i] -= lr * sl_slope(g[i], w[i], decay);
        g[i] = 0;
    }
}
SL_CLONES(static, sgd_loop, (const sl_update *u, sl_real *w, sl_real *g, size_t n), (u, w, g, n))

static void sgd_update(sl_isa isa, const sl_update *u, sl_real *w, sl_real *g, sl_real *const *state,
                       size_t n)
{
    (void)state;
    sgd_loop(isa, u, w, g, n);
}

const sl_rule sl_rule_sgd = {
    .name = "sgd",
    .summary = "gradient descent: a step against the gradient",
    .formula = "w <- w - lr g",
    .source = "Cauchy 1847; Robbins, Monro 1951",
    .written = "w = w - lr*g",
    .update = sgd_update,
};
