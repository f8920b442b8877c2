/* adam.h - the update that adam and adamw share. */
#ifndef SL_OPTIM_ADAM_H
#define SL_OPTIM_ADAM_H

#include "optim/optim.h"

/* keep: the factor on the weight before the step (adamw's decay). */
static inline void sl_adam_update(const sl_update *u, sl_real keep, sl_real *restrict w,
                                  const sl_real *restrict g, sl_real *restrict m, sl_real *restrict v,
                                  size_t n)
{
    const double root = sqrt(1 - u->beta2_power);
    const sl_real step = (sl_real)((double)u->lr * root / (1 - u->beta1_power));
    const sl_real epsilon = (sl_real)((double)u->epsilon * root);
    const sl_real beta1 = u->beta1, beta2 = u->beta2, rest1 = 1 - beta1, rest2 = 1 - beta2;
    for (size_t i = 0; i < n; i++) {
        const sl_real mean = sl_settle(beta1 * m[i] + rest1 * g[i]);
        const sl_real square = sl_settle(beta2 * v[i] + rest2 * (g[i] * g[i]));
        m[i] = mean;
        v[i] = square;
#ifdef SL_REAL_DOUBLE
        const sl_real size = sqrt(square) + epsilon;
#else
        const sl_real size = sqrtf(square) + epsilon;
#endif
        w[i] = w[i] * keep - step * mean / size;
    }
}

#endif
