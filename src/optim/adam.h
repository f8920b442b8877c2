/* adam.h - the update that adam and adamw share. */
#ifndef SL_OPTIM_ADAM_H
#define SL_OPTIM_ADAM_H

#include "optim/optim.h"

#include <math.h>

/* keep: the factor on the weight before the step (adamw's decay). */
static inline void sl_adam_update(const sl_update *u, sl_real keep, sl_real *w, const sl_real *g, sl_real *m,
                                  sl_real *v, size_t n)
{
    const double root = sqrt(1 - u->beta2_power);
    const sl_real step = (sl_real)((double)u->lr * root / (1 - u->beta1_power));
    const sl_real epsilon = (sl_real)((double)u->epsilon * root);
    const sl_real beta1 = u->beta1, beta2 = u->beta2, rest1 = 1 - beta1, rest2 = 1 - beta2;
    for (size_t i = 0; i < n; i++) {
        m[i] = sl_settle(beta1 * m[i] + rest1 * g[i]);
        v[i] = sl_settle(beta2 * v[i] + rest2 * (g[i] * g[i]));
#ifdef SL_REAL_DOUBLE
        const sl_real size = sqrt(v[i]) + epsilon;
#else
        const sl_real size = sqrtf(v[i]) + epsilon;
#endif
        w[i] = w[i] * keep - step * m[i] / size;
    }
}

#endif
