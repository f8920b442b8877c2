/* adam: m <- beta1 m + (1 - beta1) g, v <- beta2 v + (1 - beta2) g^2,
 * w <- w - lr (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon).                                  */
#include "optim/adam.h"

#include "kernel/prefetch.h"

/* Four arrays read and written are more than the processor follows by itself: where the numbers come from
 * memory, asking for them this far ahead makes the loop 1.1 times as fast (1.9 million numbers; 1.2 in small
 * pages), and from a cache it changes nothing. */
enum { ADAM_PIECE = 256 / sizeof(sl_real), ADAM_AHEAD = 2048 / sizeof(sl_real) };

void sl_adam_prepare(sl_update *u)
{
    const double root = sqrt(1 - u->beta2_power);
    u->step = (sl_real)((double)u->lr * root / (1 - u->beta1_power));
    u->floor = (sl_real)((double)u->epsilon * root);
}

/* Bound by its root and its division: together 11 cycles for 8 numbers, measured 0.34 ns a number at 3.9 GHz,
 * where loads and stores alone take 0.25 in the second-level cache. The quotient by Newton's steps from an
 * estimate and an exact correction (Markstein) has the same bits, and took 0.28 to 0.30 with AVX-512,
 * software pipelined, and 0.40 with AVX2: not worth its proof. */
SL_INLINE void adam_piece(const sl_update *u, sl_real keep, sl_real decay, sl_real *restrict w,
                          sl_real *restrict g, sl_real *restrict m, sl_real *restrict v, size_t n)
{
    const sl_real beta1 = u->beta1, beta2 = u->beta2, rest1 = 1 - beta1, rest2 = 1 - beta2;
    const sl_real step = u->step, floor = u->floor;
    for (size_t i = 0; i < n; i++) {
        const sl_real slope = sl_slope(g[i], w[i], decay);
        const sl_real mean = sl_settle(beta1 * m[i] + rest1 * slope);
        const sl_real square = sl_settle(beta2 * v[i] + rest2 * (slope * slope));
        m[i] = mean;
        v[i] = square;
        w[i] = w[i] * keep - step * mean / (sl_root(square) + floor);
        g[i] = 0;
    }
}

SL_INLINE void adam_loop_body(const sl_update *u, sl_real keep, sl_real decay, sl_real *w, sl_real *g,
                              sl_real *m, sl_real *v, size_t n)
{
    size_t at = 0;
    for (; n - at >= ADAM_AHEAD + ADAM_PIECE; at += ADAM_PIECE) {
        const size_t ahead = at + ADAM_AHEAD;
        sl_prefetch(w + ahead, ADAM_PIECE);
        sl_prefetch(g + ahead, ADAM_PIECE);
        sl_prefetch(m + ahead, ADAM_PIECE);
        sl_prefetch(v + ahead, ADAM_PIECE);
        adam_piece(u, keep, decay, w + at, g + at, m + at, v + at, ADAM_PIECE);
    }
    adam_piece(u, keep, decay, w + at, g + at, m + at, v + at, n - at);
}
SL_CLONES(static, adam_loop,
          (const sl_update *u, sl_real keep, sl_real decay, sl_real *w, sl_real *g, sl_real *m, sl_real *v,
           size_t n),
          (u, keep, decay, w, g, m, v, n))

void sl_adam_update(sl_isa isa, const sl_update *u, sl_real keep, sl_real decay, sl_real *w, sl_real *g,
                    sl_real *m, sl_real *v, size_t n)
{
    adam_loop(isa, u, keep, decay, w, g, m, v, n);
}

static void adam_update(sl_isa isa, const sl_update *u, sl_real *w, sl_real *g, sl_real *const *state,
                        size_t n)
{
    sl_adam_update(isa, u, 1, u->decay, w, g, state[0], state[1], n);
}

const sl_option sl_adam_options[] = { SL_OPTION_BETAS("its square"), SL_OPTION_EPSILON(1e-8), { 0 } };

const sl_rule sl_rule_adam = {
    .name = "adam",
    .summary = "a step for each weight by the mean and size of its gradients",
    .formula = "m <- beta1 m + (1 - beta1) g, v <- beta2 v + (1 - beta2) g^2, "
               "w <- w - lr (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)",
    .source = "Kingma, Ba, ICLR 2015",
    .written = "m = beta1*m + (1 - beta1)*g; v = beta2*v + (1 - beta2)*g^2; m_hat = m/(1 - beta1^t); v_hat = "
               "v/(1 - beta2^t); w = w - lr*m_hat/(sqrt(v_hat) + epsilon)",
    .options = sl_adam_options,
    .states = 2,
    .state_names = { "m", "v" },
    .prepare = sl_adam_prepare,
    .update = adam_update,
};
