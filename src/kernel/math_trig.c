/* Sine and cosine of double: reduction to |r| <= pi/4 as a pair of doubles, then two polynomials. Where the
 * coefficients come from: math.h. 2/pi and the pieces of pi/2 were computed with 3000 bits. */
#include "kernel/math_pair.h"

static uint32_t math_32_bits(const uint32_t *words, int at) /* from bit `at` of a little-endian number */
{
    const uint64_t two = (uint64_t)words[at / 32 + 1] << 32 | words[at / 32];
    return (uint32_t)(two >> (at % 32));
}

/* Payne and Hanek: x = M 2^e with a whole M. Of 2/pi, the bits whose product with x is a multiple of 8 do not
 * matter, and 256 bits from there on leave an error below 2^-160. M times these is a whole number of 10
 * words, in which the binary point of x 2/pi stands at bit 256 - (e - 32 skipped words). */
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
    static const double c[] = { -0x1.5555555555555p-3, 0x1.111111111110bp-7,   -0x1.a01a01a018ae4p-13,
                                0x1.71de3a533972cp-19, -0x1.ae645298472dap-26, 0x1.612092b55274dp-33,
                                -0x1.aaa5463a8493cp-41 };
    const double z = r.high * r.high;
    return r.high + (r.high * z * math_horner(c, 6, z) + r.low * (1.0 - 0.5 * z));
}

/* 1 - r^2/2 + r^4 p(r^2), error 2^-64 */
static double math_cos_part(math_pair r)
{
    static const double c[] = { 0x1.555555555554cp-5,   -0x1.6c16c16c1517ep-10, 0x1.a01a019cb1c08p-16,
                                -0x1.27e4f809f26e7p-22, 0x1.1ee9ebea50ea9p-29,  -0x1.8fae9d06809d3p-37 };
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
