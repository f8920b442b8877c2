/* fused.c - a * b + c rounded once, also where there is no such instruction. */
#include "kernel/kernel.h"

#include <math.h>
#include <string.h>

#if defined(SL_LAW_FREE)
sl_real sl_fused(sl_real a, sl_real b, sl_real c)
{
    return a * b + c;
}
#elif defined(SL_REAL_DOUBLE)
sl_real sl_fused(sl_real a, sl_real b, sl_real c)
{
    return fma(a, b, c); /* C's fma is correctly rounded everywhere */
}
#else
/* The product of two floats is exact in double. Its sum with c is rounded to odd there (Boldo, Melquiond:
 * "Emulation of FMA and correctly rounded sums", IEEE ToC 2008): the error term, by Knuth's two-sum, tells
 * whether bits were lost, and then the last bit is made 1 on the side of the truth. Rounding that to float
 * is correct, because 53 >= 24 + 2.                                                                  */
sl_real sl_fused(sl_real a, sl_real b, sl_real c)
{
    const double product = (double)a * (double)b, addend = (double)c;
    double sum = product + addend;
    const double part = sum - product;
    const double error = (product - (sum - part)) + (addend - part);
    uint64_t bits;
    memcpy(&bits, &sum, sizeof bits);
    /* error is NaN when the sum is not finite: then nothing is to be done. */
    if ((error > 0 || error < 0) && !(bits & 1)) {
        bits += (error > 0) == (sum > 0) ? 1 : UINT64_MAX;
        memcpy(&sum, &bits, sizeof sum);
    }
    return (sl_real)sum;
}
#endif
