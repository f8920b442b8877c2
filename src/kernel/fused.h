/* fused.h - a * b + c rounded once, also where there is no such instruction. */
#ifndef SL_KERNEL_FUSED_H
#define SL_KERNEL_FUSED_H

#include "core/real.h"

#include <math.h>
#include <string.h>

/* The product of two floats is exact in double; its sum with c, rounded to double and then to float, is wrong
 * only where the first rounding ends on the middle of two floats that the true sum misses. Those middles have
 * the last 29 bits below; denormal floats have others, so they are all taken for one. */
static inline bool sl_fused_halfway(double sum)
{
    uint64_t bits;
    memcpy(&bits, &sum, sizeof bits);
    const uint64_t size = bits & INT64_MAX;
    return (bits & 0x1fffffff) == 0x10000000 ||
           size - 1 < UINT64_C(0x380fffffffffffff); /* 0 < size < 2^-126 */
}

/* product + addend rounded to odd: the error of the sum, by Knuth's two-sum, tells whether bits were lost;
 * then the last bit is made 1 on the side of the truth. Rounding that to float is correct, because 53 >= 24 +
 * 2 (Boldo, Melquiond: "Emulation of FMA and correctly rounded sums", IEEE ToC 2008).                     */
static inline double sl_fused_odd(double product, double addend)
{
    const double sum = product + addend, part = sum - product;
    const double error = (product - (sum - part)) + (addend - part);
    uint64_t bits;
    memcpy(&bits, &sum, sizeof bits);
    double odd = sum;
    /* error is NaN when the sum is not finite: then nothing is to be done. */
    if ((error > 0 || error < 0) && !(bits & 1)) {
        bits += (error > 0) == (sum > 0) ? 1 : UINT64_MAX;
        memcpy(&odd, &bits, sizeof odd);
    }
    return odd;
}

#if defined(SL_REAL_DOUBLE) && defined(_WIN32)
/* Windows' fma computes in the 64 bits of x87 and rounds again. In 113 bits the product is exact; the sum is
 * rounded to odd, so that the second rounding is the only one. */
__extension__ typedef __float128 sl_fused_wide;

static inline double sl_fused_double(double a, double b, double c)
{
    const sl_fused_wide product = (sl_fused_wide)a * (sl_fused_wide)b, addend = (sl_fused_wide)c;
    sl_fused_wide sum = product + addend;
    const sl_fused_wide back = sum - product, rest = (product - (sum - back)) + (addend - back);
    uint64_t bits[2];
    memcpy(bits, &sum, sizeof bits);
    if ((rest > 0 || rest < 0) && !(bits[0] & 1)) { /* NaN of an infinite sum is neither */
        if ((rest > 0) != (sum > 0))
            bits[1] -= !bits[0]--;
        else
            bits[0] |= 1;
        memcpy(&sum, bits, sizeof bits);
    }
    return (double)sum;
}
#endif

/* a * b + c, rounded once. */
static inline sl_real sl_fused(sl_real a, sl_real b, sl_real c)
{
#if defined(SL_LAW_FREE) /* for measuring only */
    return a * b + c;
#elif defined(SL_REAL_DOUBLE) && defined(_WIN32)
    return sl_fused_double(a, b, c);
#elif defined(SL_REAL_DOUBLE)
    return fma(a, b, c); /* C's fma is correctly rounded everywhere else */
#elif defined(__FP_FAST_FMAF) || defined(__ARM_FEATURE_FMA)
    return fmaf(a, b, c); /* an instruction */
#else
    const double product = (double)a * (double)b, addend = (double)c;
    const double sum = product + addend;
    return (sl_real)(sl_fused_halfway(sum) ? sl_fused_odd(product, addend) : sum);
#endif
}

#endif
