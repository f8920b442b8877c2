/* nadam: adam with the momentum of nesterov. mu_t = beta1 (1 - 0.96^(t psi) / 2), psi = momentum_decay,
 * w <- w - lr (mu_t+1 m / (1 - mu_1 .. mu_t+1) + (1 - mu_t) g / (1 - mu_1 .. mu_t)) / (sqrt(v / (1 -
 * beta2^t)) + epsilon). */
#include "optim/optim.h"
#include "kernel/math.h"

enum { NADAM_MU, NADAM_POWER }; /* mu_1 .. mu_t; 0.96^(t psi) */

static double nadam_factor(const sl_update *u)
{
    return sl_pow_d(0.96, (double)u->momentum_decay);
}

static double nadam_mu(const sl_update *u, double power)
{
    return (double)u->beta1 * (1 - 0.5 * power);
}

static void nadam_advance(sl_update *u)
{
    u->product[NADAM_POWER] = sl_settle_product(u->product[NADAM_POWER] * nadam_factor(u));
    u->product[NADAM_MU] = sl_settle_product(u->product[NADAM_MU] * nadam_mu(u, u->product[NADAM_POWER]));
}

/* The correction of v is moved into the steps and epsilon, as in adam. */
static void nadam_prepare(sl_update *u)
{
    const double power = u->product[NADAM_POWER], mu = nadam_mu(u, power),
                 next = nadam_mu(u, power * nadam_factor(u)), product = u->product[NADAM_MU];
    const double root = sqrt(1 - u->beta2_power), lr = (double)u->lr * root;
    u->step = (sl_real)(lr * next / (1 - product * next));
    u->step2 = (sl_real)(lr * (1 - mu) / (1 - product));
    u->floor = (sl_real)((double)u->epsilon * root);
}

SL_INLINE void nadam_loop_body(const sl_update *u, sl_real *restrict w, sl_real *restrict g,
                               sl_real *restrict m, sl_real *restrict v, size_t n)
{
    const sl_real beta1 = u->beta1, beta2 = u->beta2, rest1 = 1 - beta1, rest2 = 1 - beta2;
    const sl_real step = u->step, step2 = u->step2, floor = u->floor, decay = u->decay;
    for (size_t i = 0; i < n; i++) {
        const sl_real slope = sl_slope(g[i], w[i], decay);
        const sl_real mean = sl_settle(beta1 * m[i] + rest1 * slope);
        const sl_real square = sl_settle(beta2 * v[i] + rest2 * (slope * slope));
        m[i] = mean;
        v[i] = square;
        w[i] -= (step * mean + step2 * slope) / (sl_root(square) + floor);
        g[i] = 0;
    }
}
SL_CLONES(static, nadam_loop, (const sl_update *u, sl_real *w, sl_real *g, sl_real *m, sl_real *v, size_t n),
          (u, w, g, m, v, n))

static void nadam_update(sl_isa isa, const sl_update *u, sl_real *w, sl_real *g, sl_real *const *state,
                         size_t n)
{
    nadam_loop(isa, u, w, g, state[0], state[1], n);
}

static const sl_option nadam_options[] = { SL_OPTION_LR(2e-3),
                                           SL_OPTION_BETAS("its square"),
                                           SL_OPTION_EPSILON(1e-8),
                                           SL_OPTION_SHARE("momentum_decay", "how fast mu comes near beta1",
                                                           4e-3),
                                           { 0 } };

const sl_rule sl_rule_nadam = {
    .name = "nadam",
    .summary = "adam with the look ahead of nesterov",
    .formula =
        "m, v as adam, mu_t = beta1 (1 - 0.96^(t momentum_decay) / 2), w <- w - lr (mu_t+1 m / (1 - mu_1 .. "
        "mu_t+1) + (1 - mu_t) g / (1 - mu_1 .. mu_t)) / (sqrt(v / (1 - beta2^t)) + epsilon)",
    .source = "Dozat, ICLR workshop 2016; as in PyTorch",
    .written = "mu = beta1*(1 - 0.96^(t*momentum_decay)/2); mu_next = beta1*(1 - 0.96^((t + "
               "1)*momentum_decay)/2); mu_product = mu_product*mu; m = beta1*m + (1 - beta1)*g; v = beta2*v "
               "+ (1 - beta2)*g^2; m_hat = m/(1 - mu_product*mu_next); g_hat = g/(1 - mu_product); v_hat = "
               "v/(1 - beta2^t); w = w - lr*(mu_next*m_hat + (1 - mu)*g_hat)/(sqrt(v_hat) + epsilon)",
    .options = nadam_options,
    .states = 2,
    .state_names = { "m", "v" },
    .product_names = { "mu_product", "mu_power" },
    .advance = nadam_advance,
    .prepare = nadam_prepare,
    .update = nadam_update,
};
