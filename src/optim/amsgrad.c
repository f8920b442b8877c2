/* amsgrad: adam with the largest v so far: v_max <- max(v_max, v),
 * w <- w - lr (m / (1 - beta1^t)) / (sqrt(v_max / (1 - beta2^t)) + epsilon). */
#include "optim/adam.h"

SL_INLINE void amsgrad_loop_body(const sl_update *u, sl_real *restrict w, sl_real *restrict g,
                                 sl_real *restrict m, sl_real *restrict v, sl_real *restrict v_max, size_t n)
{
    const sl_real beta1 = u->beta1, beta2 = u->beta2, rest1 = 1 - beta1, rest2 = 1 - beta2;
    const sl_real step = u->step, floor = u->floor, decay = u->decay;
    for (size_t i = 0; i < n; i++) {
        const sl_real slope = sl_slope(g[i], w[i], decay);
        const sl_real mean = sl_settle(beta1 * m[i] + rest1 * slope);
        const sl_real square = sl_settle(beta2 * v[i] + rest2 * (slope * slope));
        const sl_real most = square > v_max[i] ? square : v_max[i];
        m[i] = mean;
        v[i] = square;
        v_max[i] = most;
        w[i] -= step * mean / (sl_root(most) + floor);
        g[i] = 0;
    }
}
SL_CLONES(static, amsgrad_loop,
          (const sl_update *u, sl_real *w, sl_real *g, sl_real *m, sl_real *v, sl_real *v_max, size_t n),
          (u, w, g, m, v, v_max, n))

static void amsgrad_update(sl_isa isa, const sl_update *u, sl_real *w, sl_real *g, sl_real *const *state,
                           size_t n)
{
    amsgrad_loop(isa, u, w, g, state[0], state[1], state[2], n);
}

const sl_rule sl_rule_amsgrad = {
    .name = "amsgrad",
    .summary = "adam whose steps never grow again",
    .formula = "m, v as adam, v_max <- max(v_max, v), "
               "w <- w - lr (m / (1 - beta1^t)) / (sqrt(v_max / (1 - beta2^t)) + epsilon)",
    .source = "Reddi, Kale, Kumar, ICLR 2018; the corrections as in PyTorch",
    .written = "m = beta1*m + (1 - beta1)*g; v = beta2*v + (1 - beta2)*g^2; v_max = max(v_max, v); m_hat = "
               "m/(1 - beta1^t); v_hat = v_max/(1 - beta2^t); w = w - lr*m_hat/(sqrt(v_hat) + epsilon)",
    .options = sl_adam_options,
    .states = 3,
    .state_names = { "m", "v", "v_max" },
    .prepare = sl_adam_prepare,
    .update = amsgrad_update,
};
