/* peak.h - loops that find the limits of the machine: arithmetic in registers, bytes through the caches. */
#ifndef SL_KERNEL_PEAK_H
#define SL_KERNEL_PEAK_H

#include "kernel/kernel.h"

/* What one instruction set can do; its file includes kernel/peak_loop.h. */
typedef struct {
    /* Fused multiply-adds in registers, `rounds` times; how many single operations that were (a
     * multiply-add: 2). *kept: what was computed, so that no compiler leaves it out.                */
    double (*arithmetic)(size_t rounds, sl_real *kept);
    /* All of x[0..n), n a multiple of SL_PEAK_UNIT. */
    sl_real (*read)(const sl_real *x, size_t n);
    void (*triad)(sl_real *x, const sl_real *y, const sl_real *z, size_t n); /* x = y + z / 2 */
} sl_peak;
enum { SL_PEAK_UNIT = 128 };

extern const sl_peak sl_peak_avx2, sl_peak_avx512, sl_peak_neon, sl_peak_simd128, sl_peak_sse2;

#endif
