/* sgd: w <- w - lr g */
#include "optim/optim.h"

static void sgd_update(const sl_update *u, sl_real *w, const sl_real *g, sl_real *const *state, size_t n)
{
    (void)state;
    for (size_t i = 0; i < n; i++)
        w[i] -= u->lr * g[i];
}

const sl_rule sl_rule_sgd = {
    .name = "sgd",
    .summary = "gradient descent: a step against the gradient",
    .formula = "w <- w - lr g",
    .source = "Cauchy 1847; Robbins, Monro 1951",
    .update = sgd_update,
};
