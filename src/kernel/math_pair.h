/* What math_double.c and math_trig.c share: small parts, and arithmetic on pairs of doubles. A pair is the
 * unevaluated sum high + low with |low| at most half an ulp of high, good for about 106 bits. Sums and
 * products of two doubles are exact as pairs (Knuth, Dekker, Veltkamp), as long as nothing over- or
 * underflows. */
#ifndef SL_KERNEL_MATH_PAIR_H
#define SL_KERNEL_MATH_PAIR_H

#include "kernel/math.h"

typedef struct {
    double high, low;
} math_pair;

static inline double math_inf(void)
{
    return math_double((uint64_t)0x7ff << 52);
}

static inline double math_nan(void)
{
    return math_double((uint64_t)0x7ff8 << 48);
}

static inline double math_abs_d(double x)
{
    return math_double(math_bits_d(x) & ~((uint64_t)1 << 63));
}

static inline double math_negate_if(int negate, double x)
{
    return negate ? -x : x;
}

static inline int math_is_negative(double x) /* -0 is */
{
    return (int)(math_bits_d(x) >> 63);
}

static inline double math_power_of_2(int n) /* -1022 <= n <= 1023 */
{
    return math_double((uint64_t)(n + 1023) << 52);
}

static inline double math_scale(double x, int n) /* |n| <= 2000; rounds once, x being near 1 */
{
    return x * math_power_of_2(n / 2) * math_power_of_2(n - n / 2);
}

static inline double math_round(double x) /* |x| < 2^51 */
{
    return (SL_WHOLE(x) + 0x1.8p+52) - 0x1.8p+52;
}

static inline double math_horner(const double *c, int degree, double x)
{
    double y = c[degree];
    for (int i = degree - 1; i >= 0; i--) {
        y = c[i] + x * y;
    }
    return y;
}

static inline math_pair math_sum_ordered(double a, double b) /* exact; |a| >= |b| or a = 0 */
{
    const double sum = a + b;
    return (math_pair){ sum, b - (sum - a) };
}

static inline math_pair math_sum(double a, double b) /* exact */
{
    const double sum = a + b;
    const double part = sum - a;
    return (math_pair){ sum, (a - (sum - part)) + (b - part) };
}

static inline math_pair math_product(double a, double b) /* exact: factors are cut into halves of 26 bits */
{
    const double as = a * 0x1.0000002p+27;
    const double bs = b * 0x1.0000002p+27;
    const double ah = as - (as - a);
    const double bh = bs - (bs - b);
    const double al = a - ah;
    const double bl = b - bh;
    const double product = a * b;
    return (math_pair){ product, ((ah * bh - product) + ah * bl + al * bh) + al * bl };
}

static inline math_pair math_pair_product(math_pair a, math_pair b)
{
    const math_pair p = math_product(a.high, b.high);
    return math_sum_ordered(p.high, p.low + (a.high * b.low + a.low * b.high));
}

static inline math_pair math_pair_quotient(math_pair a, math_pair b)
{
    const double q = a.high / b.high;
    const math_pair p = math_product(q, b.high);
    return math_sum_ordered(q, (((a.high - p.high) - p.low) + a.low - q * b.low) / b.high);
}

#endif
