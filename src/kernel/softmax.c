/* softmax.c - rows of scores to probabilities and losses. */
#include "kernel/kernel.h"
#include "kernel/math.h"

static sl_real softmax_exponentials(sl_real *e, const sl_real *x, size_t n, sl_real max)
{
    for (size_t i = 0; i < n; i++)
        e[i] = sl_exp_r(x[i] - max);
    return sl_reduce_sum(e, n);
}

void sl_softmax_row(sl_real *p, const sl_real *x, size_t n)
{
    const sl_real sum = softmax_exponentials(p, x, n, sl_reduce_max(x, n));
    for (size_t i = 0; i < n; i++)
        p[i] = p[i] / sum;
}

sl_real sl_cross_entropy_row(sl_real *p, const sl_real *x, size_t n, size_t label)
{
    const sl_real max = sl_reduce_max(x, n), chosen = x[label] - max;
    const sl_real sum = softmax_exponentials(p, x, n, max);
    for (size_t i = 0; i < n; i++)
        p[i] = p[i] / sum;
    return sl_log_r(sum) - chosen;
}

sl_real sl_binary_cross_entropy_of(sl_real x, sl_real t)
{
    return t * sl_log1p_exp_r(-x) + (1 - t) * sl_log1p_exp_r(x);
}
