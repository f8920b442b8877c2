/* prefetch.h - asks for memory that will be needed soon. Changes speed, never a result. */
#ifndef SL_KERNEL_PREFETCH_H
#define SL_KERNEL_PREFETCH_H

#include "kernel/clones.h"

/* Every cache line of x[0..n). */
SL_INLINE void sl_prefetch(const sl_real *x, size_t n)
{
#if defined(__GNUC__)
    for (size_t i = 0; i < n; i += 64 / sizeof *x)
        __builtin_prefetch(x + i);
    if (n)
        __builtin_prefetch(x + n - 1);
#else
    (void)x, (void)n;
#endif
}

#endif
