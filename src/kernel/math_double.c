/* Elementary functions of double, scalar (sine and cosine: math_trig.c). Two cores carry all but erf, both in
 * pairs of doubles with a relative error of 2^-58 or less, so that the one rounding that counts is the last:
 *
 *   e^r - 1        for |r| <= ln 2 / 2           exp, expm1, tanh, sigmoid, pow
 *   log(1 + f)     for 1 + f around 1            log, log1p, pow
 *
 * Where the coefficients come from: math.h. The error bound named at a polynomial is that of its fit. */
#include "kernel/math_pair.h"

static const double math_ln2_high = 0x1.62e42fefa3800p-1; /* 42 bits each: n times it is exact */
static const double math_ln2_low = 0x1.ef35793c76000p-45;

/* ---- exponentials ---- */

/* e^(high + low) = 2^n (1 + y): returns y and n. y = r + r^2/2 + r^3 q(r), |r| <= ln 2 / 2, error 2^-67. */
static math_pair math_exp_pair(math_pair x, int *n)
{
    static const double c[] = { 0x1.5555555555555p-3,  0x1.5555555555557p-5,  0x1.1111111111113p-7,
                                0x1.6c16c16c156bdp-10, 0x1.a01a01a018331p-13, 0x1.a01a01ab50e75p-16,
                                0x1.71de3a602a668p-19, 0x1.27e4d0c1c6c7bp-22, 0x1.ae6416635fb30p-26,
                                0x1.1f84a8b20b6e3p-29, 0x1.61e03ed144454p-33 };
    const double k = math_round(x.high * 0x1.71547652b82fep+0);
    const math_pair first = math_sum(x.high - k * math_ln2_high, -k * math_ln2_low);
    const math_pair r = math_sum(first.high, first.low + x.low); /* x.low is small to x, not to r */
    const math_pair square = math_product(r.high, r.high);
    const double cube = r.high * square.high * math_horner(c, 10, r.high);
    const math_pair sum = math_sum_ordered(r.high, 0.5 * square.high);
    *n = (int)k;
    return math_sum_ordered(sum.high, sum.low + (0.5 * square.low + (cube + (r.low + r.low * r.high))));
}

static double math_exp_of_pair(math_pair x)
{
    int n;
    math_pair y, sum;
    if (x.high > 709.79) {
        return math_inf();
    }
    if (x.high < -745.14) {
        return 0.0;
    }
    y = math_exp_pair(x, &n);
    sum = math_sum_ordered(1.0, y.high);
    return math_scale(sum.high + (sum.low + y.low), n);
}

double sl_exp_d(double x)
{
    return x == x ? math_exp_of_pair((math_pair){ x, 0.0 }) : x;
}

/* e^x - 1 = 2^n y + (2^n - 1) for 2^-54 <= |x| <= 45 */
static math_pair math_expm1_pair(double x)
{
    int n;
    const math_pair y = math_exp_pair((math_pair){ x, 0.0 }, &n);
    const double scale = math_power_of_2(n);
    const math_pair whole = math_sum(scale, -1.0);
    const math_pair sum = math_sum(whole.high, scale * y.high);
    return math_sum_ordered(sum.high, sum.low + (whole.low + scale * y.low));
}

double sl_expm1_d(double x)
{
    math_pair y;
    if (!(math_abs_d(x) >= 0x1p-54)) {
        return x; /* and NaN */
    }
    if (x > 45.0) {
        return sl_exp_d(x);
    }
    if (x < -45.0) {
        return -1.0;
    }
    y = math_expm1_pair(x);
    return y.high + y.low;
}

/* tanh x = -y / (2 + y), y = e^-2|x| - 1 */
double sl_tanh_d(double x)
{
    const double a = math_abs_d(x);
    math_pair y, sum;
    if (!(a >= 0x1p-28)) {
        return x;
    }
    if (a > 22.0) {
        return math_negate_if(x < 0, 1.0);
    }
    y = math_expm1_pair(-2.0 * a);
    sum = math_sum_ordered(2.0, y.high);
    y = math_pair_quotient(y, (math_pair){ sum.high, sum.low + y.low });
    return math_negate_if(x > 0, y.high + y.low);
}

/* 1 / (1 + e^-x) = 1 / (2 + y), y = e^-x - 1; far to the left it is e^x */
double sl_sigmoid_d(double x)
{
    math_pair y, sum;
    if (x != x || x < -40.0) {
        return sl_exp_d(x);
    }
    if (x > 40.0) {
        return 1.0;
    }
    y = math_expm1_pair(-x);
    sum = math_sum(2.0, y.high);
    y = math_pair_quotient((math_pair){ 1.0, 0.0 }, (math_pair){ sum.high, sum.low + y.low });
    return y.high + y.low;
}

/* ---- logarithms ---- */

/* k ln 2 + log(1 + f), sqrt(1/2) <= 1 + f <= sqrt 2: log(1 + f) = 2 atanh s, s = f / (2 + f), and
 * atanh s = s + s z (1/3 + z p(z)), z = s^2, error 2^-73. */
static math_pair math_log_pair(double k, math_pair f)
{
    static const double c[] = { 0x1.9999999999996p-3, 0x1.2492492493038p-3, 0x1.c71c71c5800bbp-4,
                                0x1.745d18327f621p-4, 0x1.3b1362aa1f5e7p-4, 0x1.1120b76c6795dp-4,
                                0x1.de3327e606bcbp-5, 0x1.eb137f7b647fdp-5 };
    const math_pair two = math_sum_ordered(2.0, f.high);
    const math_pair s = math_pair_quotient(f, (math_pair){ two.high, two.low + f.low });
    const math_pair z = math_pair_product(s, s);
    math_pair t = math_sum_ordered(0x1.5555555555555p-2, z.high * math_horner(c, 7, z.high));
    math_pair sum;
    t.low += 0x1.5555555555555p-56; /* the rest of 1/3 */
    t = math_pair_product(s, math_pair_product(z, t));
    sum = math_sum_ordered(s.high, t.high);
    sum.low += s.low + t.low;
    t = math_sum(k * math_ln2_high, 2.0 * sum.high);
    return math_sum_ordered(t.high, t.low + (2.0 * sum.low + k * math_ln2_low));
}

/* k with 2^-k x in [sqrt(1/2), sqrt 2); x normal and positive */
static int math_exponent(double x)
{
    return (int)((math_bits_d(x) + 0x95f619980c433u) >> 52) - 1023;
}

static math_pair math_log_of(double x) /* 0 < x < infinity */
{
    const int small = x < 0x1p-1022;
    const double scaled = small ? x * 0x1p+54 : x;
    const int k = math_exponent(scaled);
    const double m = math_double(math_bits_d(scaled) - ((uint64_t)k << 52));
    return math_log_pair(small ? k - 54 : k, (math_pair){ m - 1.0, 0.0 });
}

double sl_log_d(double x)
{
    math_pair y;
    if (!(x > 0.0)) {
        return x == 0.0 ? -math_inf() : math_nan();
    }
    if (x == math_inf()) {
        return x;
    }
    y = math_log_of(x);
    return y.high + y.low;
}

/* 1 + x = u + c exactly; f = 2^-k u - 1 + 2^-k c */
double sl_log1p_d(double x)
{
    math_pair u, y;
    int k;
    if (!(x > -1.0)) {
        return x == -1.0 ? -math_inf() : math_nan();
    }
    if (math_abs_d(x) < 0x1p-54 || x == math_inf()) {
        return x;
    }
    u = math_sum(1.0, x);
    k = math_exponent(u.high);
    y = math_sum(math_double(math_bits_d(u.high) - ((uint64_t)k << 52)) - 1.0, math_scale(u.low, -k));
    y = math_log_pair(k, y);
    return y.high + y.low;
}

/* ---- power ---- */

/* e^(y log|x|). Where |y| >= 2^65 the result is 0, 1 or infinity, as |log|x|| is 0 or at least 2^-54. */
static double math_pow_positive(double x, double y)
{
    math_pair t;
    if (x == 1.0) {
        return 1.0;
    }
    if (x == 0.0 || x == math_inf() || math_abs_d(y) >= 0x1p+65) {
        return (x > 1.0) == (y > 0.0) ? math_inf() : 0.0;
    }
    if (math_abs_d(y) < 0x1p-65) {
        return 1.0;
    }
    t = math_log_of(x);
    return math_exp_of_pair(math_pair_product(t, (math_pair){ y, 0.0 }));
}

double sl_pow_d(double x, double y)
{
    const double size = math_abs_d(y);
    const double units = size < 0x1p+52 ? size + 0x1p+52 : size; /* the last bit counts ones */
    const int whole = size >= 0x1p+52 || units - 0x1p+52 == size;
    const int odd = whole && size < 0x1p+53 && (math_bits_d(units) & 1u) != 0;
    if (x == 1.0 || y == 0.0) {
        return 1.0;
    }
    if (x != x || y != y || (x < 0.0 && !whole && x > -math_inf())) {
        return math_nan();
    }
    return math_negate_if(odd && math_is_negative(x), math_pow_positive(math_abs_d(x), y));
}

/* ---- error function ---- */

/* |x| <= 1: x + x p(x^2), error 2^-62. Up to 6: 1 - e^(-x^2) g(t), t = (x - 2) / (x + 2), where g is erfc(x)
 * e^(x^2), fitted with weight e^(-x^2), error 2^-60. Then 1. */
double sl_erf_d(double x)
{
    static const double small[] = { 0x1.06eba8214db69p-3,   -0x1.812746b0379e6p-2,  0x1.ce2f21a042b34p-4,
                                    -0x1.b82ce31284f38p-6,  0x1.565bcd0dbd91fp-8,   -0x1.c02db3db498f7p-11,
                                    0x1.f9a321e4be231p-14,  -0x1.f4d1e4355ca07p-17, 0x1.b9df3066d0329p-20,
                                    -0x1.5f1f415fff9dcp-23, 0x1.f7b9a24659a0dp-27,  -0x1.38ac32c8d8dbcp-30,
                                    0x1.062788e2632e5p-34 };
    static const double large[] = { 0x1.058671b52c776p-2,   -0x1.b57034efd3f56p-2,  0x1.eeea7dc8a790bp-3,
                                    -0x1.437f0b68ccc3fp-4,  0x1.e947158adbd8ap-9,   0x1.ca95ed863ddb6p-8,
                                    -0x1.bc258dc50c7e8p-11, -0x1.016b5372ff7a2p-10, 0x1.6d353243b786fp-15,
                                    0x1.6d8268b89d84ap-13,  0x1.cf708973a31eep-16,  -0x1.be77cbaa594fbp-16,
                                    -0x1.a8448783e66dep-17 };
    const double a = math_abs_d(x);
    double y = 1.0;
    if (!(a > 1.0)) {
        return x + x * math_horner(small, 12, x * x);
    }
    if (a < 6.0) {
        y = 1.0 - sl_exp_d(-a * a) * math_horner(large, 12, (a - 2.0) / (a + 2.0));
    }
    return math_negate_if(x < 0, y);
}
