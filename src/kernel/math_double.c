/* Elementary functions of double, scalar. Two cores carry all but erf, sin and cos, both in pairs of doubles
 * (high + low, about 2^-60 relative), so that the one rounding that counts is the last:
 *
 *   e^r - 1        for |r| <= ln 2 / 2           exp, expm1, tanh, sigmoid, pow
 *   log(1 + f)     for 1 + f around 1            log, log1p, pow
 *
 * Where the coefficients come from: math.h. The error bound named at a polynomial is that of its fit. */
#include "kernel/math.h"

typedef struct {
    double high, low;
} math_pair;

static const double math_ln2_high = 0x1.62e42fefa3800p-1; /* 42 bits each: n times it is exact */
static const double math_ln2_low = 0x1.ef35793c76000p-45;

static double math_inf(void)
{
    return math_double((uint64_t)0x7ff << 52);
}

static double math_nan(void)
{
    return math_double((uint64_t)0x7ff8 << 48);
}

static double math_abs_d(double x)
{
    return math_double(math_bits_d(x) & ~((uint64_t)1 << 63));
}

static double math_negate_if(int negate, double x)
{
    return negate ? -x : x;
}

static int math_is_negative(double x) /* -0 is */
{
    return (int)(math_bits_d(x) >> 63);
}

static double math_power_of_2(int n) /* -1022 <= n <= 1023 */
{
    return math_double((uint64_t)(n + 1023) << 52);
}

static double math_scale(double x, int n) /* |n| <= 2000; rounds once, x being near 1 */
{
    return x * math_power_of_2(n / 2) * math_power_of_2(n - n / 2);
}

static double math_round(double x) /* |x| < 2^51 */
{
    return (x + 0x1.8p+52) - 0x1.8p+52;
}

static double math_horner(const double *c, int degree, double x)
{
    double y = c[degree];
    for (int i = degree - 1; i >= 0; i--) {
        y = c[i] + x * y;
    }
    return y;
}

static math_pair math_sum_ordered(double a, double b) /* exact; |a| >= |b| or a = 0 */
{
    const double sum = a + b;
    return (math_pair){ sum, b - (sum - a) };
}

static math_pair math_sum(double a, double b) /* exact */
{
    const double sum = a + b;
    const double part = sum - a;
    return (math_pair){ sum, (a - (sum - part)) + (b - part) };
}

static math_pair math_product(double a, double b) /* exact: factors are cut into halves of 26 bits */
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

static math_pair math_pair_product(math_pair a, math_pair b)
{
    const math_pair p = math_product(a.high, b.high);
    return math_sum_ordered(p.high, p.low + (a.high * b.low + a.low * b.high));
}

static math_pair math_pair_quotient(math_pair a, math_pair b)
{
    const double q = a.high / b.high;
    const math_pair p = math_product(q, b.high);
    return math_sum_ordered(q, (((a.high - p.high) - p.low) + a.low - q * b.low) / b.high);
}

/* ---- exponentials --------------------------------------------------------------------------------------- */

/* e^(high + low) = 2^n (1 + y): returns y and n. y = r + r^2/2 + r^3 q(r), |r| <= ln 2 / 2, error 2^-67. */
static math_pair math_exp_pair(math_pair x, int *n)
{
    static const double c[] = { 0x1.5555555555555p-3,  0x1.5555555555557p-5,  0x1.1111111111113p-7,
                                0x1.6c16c16c156bdp-10, 0x1.a01a01a018331p-13, 0x1.a01a01ab50e75p-16,
                                0x1.71de3a602a668p-19, 0x1.27e4d0c1c6c7bp-22, 0x1.ae6416635fb30p-26,
                                0x1.1f84a8b20b6e3p-29, 0x1.61e03ed144454p-33 };
    const double k = math_round(x.high * 0x1.71547652b82fep+0);
    const math_pair r = math_sum(x.high - k * math_ln2_high, -k * math_ln2_low);
    const double low = r.low + x.low;
    const math_pair square = math_product(r.high, r.high);
    const double cube = r.high * square.high * math_horner(c, 10, r.high);
    const math_pair sum = math_sum_ordered(r.high, 0.5 * square.high);
    *n = (int)k;
    return math_sum_ordered(sum.high, sum.low + (0.5 * square.low + (cube + (low + low * r.high))));
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

/* ---- logarithms ----------------------------------------------------------------------------------------- */

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

/* ---- power ---------------------------------------------------------------------------------------------- */

/* e^(y log|x|). Where |y| >= 2^65 the result is 0, 1 or infinity, as |log|x|| is 0 or at least 2^-54. */
static double math_pow_positive(double x, double y)
{
    math_pair t;
    if (x == 1.0 || math_abs_d(y) < 0x1p-65) {
        return 1.0;
    }
    if (x == 0.0 || x == math_inf() || math_abs_d(y) >= 0x1p+65) {
        return (x > 1.0) == (y > 0.0) ? math_inf() : 0.0;
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

/* ---- error function ------------------------------------------------------------------------------------- */

/* |x| <= 1: x + x p(x^2), error 2^-62. Up to 6: 1 - e^(-x^2) g(t), t = (x - 2) / (x + 2), where g is erfc(x)
 * e^(x^2), fitted with weight e^(-x^2), error 2^-60. Then 1. */
double sl_erf_d(double x)
{
    static const double small[] = { 0x1.06eba8214db69p-3,  -0x1.812746b0379e6p-2,  0x1.ce2f21a042b34p-4,
                                    -0x1.b82ce31284f38p-6, 0x1.565bcd0dbd91fp-8,   -0x1.c02db3db498f7p-11,
                                    0x1.f9a321e4be231p-14, -0x1.f4d1e4355ca07p-17, 0x1.b9df3066d0329p-20,
                                    -0x1.5f1f415fff9dcp-23, 0x1.f7b9a24659a0dp-27, -0x1.38ac32c8d8dbcp-30,
                                    0x1.062788e2632e5p-34 };
    static const double large[] = { 0x1.058671b52c776p-2,  -0x1.b57034efd3f56p-2,  0x1.eeea7dc8a790bp-3,
                                    -0x1.437f0b68ccc3fp-4, 0x1.e947158adbd8ap-9,   0x1.ca95ed863ddb6p-8,
                                    -0x1.bc258dc50c7e8p-11, -0x1.016b5372ff7a2p-10, 0x1.6d353243b786fp-15,
                                    0x1.6d8268b89d84ap-13, 0x1.cf708973a31eep-16,  -0x1.be77cbaa594fbp-16,
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

/* ---- sine and cosine ------------------------------------------------------------------------------------ */

static uint32_t math_32_bits(const uint32_t *words, int at) /* from bit `at` of a little-endian number */
{
    const uint64_t two = (uint64_t)words[at / 32 + 1] << 32 | words[at / 32];
    return (uint32_t)(two >> (at % 32));
}

/* Payne and Hanek: x = M 2^e with a whole M. Of 2/pi, the bits whose product with x is a multiple of 8 do not
 * matter, and 256 bits from there on leave an error below 2^-160. M times these is a whole number of 10 words,
 * in which the binary point of x 2/pi stands at bit 256 - (e - 32 skipped words). */
static math_pair math_reduce_large(double x, int *quadrant)
{
    static const uint32_t two_over_pi[] = {
        0xa2f9836e, 0x4e441529, 0xfc2757d1, 0xf534ddc0, 0xdb629599, 0x3c439041, 0xfe5163ab, 0xdebbc561,
        0xb7246e3a, 0x424dd2e0, 0x06492eea, 0x09d1921c, 0xfe1deb1c, 0xb129a73e, 0xe88235f5, 0x2ebb4484,
        0xe99c7026, 0xb45f7e41, 0x3991d639, 0x835339f4, 0x9c845f8b, 0xbdf9283b, 0x1ff897ff, 0xde05980f,
        0xef2f118b, 0x5a0a6d1f, 0x6d367ecf, 0x27cb09b7, 0x4f463f66, 0x9e5fea2d, 0x7527bac7, 0xebe5f17b,
        0x3d0739f7, 0x8a5292ea, 0x6bfb5fb1, 0x1f8d5d08, 0x56033046, 0xfc7b6bab, 0xf0cfbc20, 0x9af4361d,
    };
    const uint64_t bits = math_bits_d(x);
    const uint64_t whole = (bits & (((uint64_t)1 << 52) - 1)) | (uint64_t)1 << 52;
    const uint64_t factor[2] = { whole & 0xffffffffu, whole >> 32 };
    const int e = (int)(bits >> 52) - 1075;
    const int skip = e < 3 ? 0 : (e - 3) / 32;
    const int point = 256 - (e - 32 * skip);
    uint32_t product[12] = { 0 };
    math_pair sum = { 0.0, 0.0 };
    uint32_t flip;
    double unit = 0x1p-32;
    for (int i = 0; i < 8; i++) {
        uint64_t carry = 0;
        for (int j = 0; j < 2; j++) {
            carry += two_over_pi[skip + 7 - i] * factor[j] + product[i + j];
            product[i + j] = (uint32_t)carry;
            carry >>= 32;
        }
        product[i + 2] = (uint32_t)carry;
    }
    /* A fraction of 1/2 and more becomes fraction - 1 (less 2^-192, which does not matter). */
    flip = 0u - (math_32_bits(product, point - 32) >> 31);
    *quadrant = (int)((math_32_bits(product, point) - flip) & 3u);
    for (int i = 1; i <= 6; i++) {
        const math_pair next = math_sum(sum.high, unit * (math_32_bits(product, point - 32 * i) ^ flip));
        sum = math_sum_ordered(next.high, sum.low + next.low);
        unit *= 0x1p-32;
    }
    sum = math_pair_product(sum, (math_pair){ 0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54 });
    return flip != 0 ? (math_pair){ -sum.high, -sum.low } : sum;
}

/* x = n pi/2 + r, |r| <= pi/4; quadrant is n mod 4. pi/2 in pieces of 33 bits is exact enough unless x lies
 * next to a multiple of pi/2. x >= 0, finite. */
static math_pair math_reduce(double x, int *quadrant)
{
    if (x < 0x1.921fb54442d18p-1) {
        *quadrant = 0;
        return (math_pair){ x, 0.0 };
    }
    if (x < 0x1p+20) {
        const double n = math_round(x * 0x1.45f306dc9c883p-1);
        const math_pair r = math_sum(x - n * 0x1.921fb544p+0, -n * 0x1.0b4611a6p-34);
        if (math_abs_d(r.high) > 0x1p-30) {
            *quadrant = (int)n & 3;
            return math_sum_ordered(r.high, r.low - n * 0x1.3198a2e037073p-69);
        }
    }
    return math_reduce_large(x, quadrant);
}

/* r + r^3 p(r^2), error 2^-68 */
static double math_sin_part(math_pair r)
{
    static const double c[] = { -0x1.5555555555555p-3,  0x1.111111111110bp-7,   -0x1.a01a01a018ae4p-13,
                                0x1.71de3a533972cp-19,  -0x1.ae645298472dap-26, 0x1.612092b55274dp-33,
                                -0x1.aaa5463a8493cp-41 };
    const double z = r.high * r.high;
    return r.high + (r.high * z * math_horner(c, 6, z) + r.low * (1.0 - 0.5 * z));
}

/* 1 - r^2/2 + r^4 p(r^2), error 2^-64 */
static double math_cos_part(math_pair r)
{
    static const double c[] = { 0x1.555555555554cp-5,  -0x1.6c16c16c1517ep-10, 0x1.a01a019cb1c08p-16,
                                -0x1.27e4f809f26e7p-22, 0x1.1ee9ebea50ea9p-29, -0x1.8fae9d06809d3p-37 };
    const double z = r.high * r.high;
    const math_pair sum = math_sum_ordered(1.0, -0.5 * z);
    return sum.high + (sum.low + (z * z * math_horner(c, 5, z) - r.high * r.low));
}

static double math_trig(double x, int quadrants) /* sin(x + quadrants pi/2), x >= 0 */
{
    int n;
    math_pair r;
    if (!(x < math_inf())) {
        return math_nan();
    }
    r = math_reduce(x, &n);
    n += quadrants;
    return math_negate_if((n & 2) != 0, (n & 1) != 0 ? math_cos_part(r) : math_sin_part(r));
}

double sl_sin_d(double x)
{
    if (math_abs_d(x) < 0x1p-27) {
        return x;
    }
    return math_negate_if(math_is_negative(x), math_trig(math_abs_d(x), 0));
}

double sl_cos_d(double x)
{
    return math_trig(math_abs_d(x), 1);
}
