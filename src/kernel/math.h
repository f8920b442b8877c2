/* math.h - elementary functions in + - * / and integer operations alone (the arithmetic law): no libm, no
 * fused multiply-add, so gcc, clang, every vector width and every level of optimisation give the same bits.
 * (A NaN is a NaN everywhere; its sign and payload are not promised.)
 *
 * sl_*_d  double in both builds, scalar: math_double.c, math_trig.c.
 *
 * sl_*_r  sl_real, inline. In the float build without a branch: both sides are computed and one is picked by
 * a bit mask, so that a plain loop becomes vector code. In the double build they are the sl_*_d.
 *
 * sl_*_n  arrays of sl_real, n elements, for each instruction set; y may be x, but must not overlap it
 * otherwise.
 *
 * Largest error in ulp of the result, denormal results included. Float: all 2^32 arguments against glibc's
 * double (pow: 10^8 pairs). Double: 3 * 10^6 arguments each against libquadmath.
 *
 *              exp   expm1 log   log1p tanh  sigmoid erf   sin   cos   pow   log1p_exp
 *     float    0.78  -     0.85  1.38  1.40  1.17    0.54  0.51  0.51  0.51  1.72
 *     double   0.74  0.62  0.51  0.51  0.54  0.75    1.41  0.78  0.76  0.75  1.38
 *
 * Coefficients: minimax polynomials by our own Remez exchange in 260-bit arithmetic (Python's mpmath), for
 * the function and interval named at each; leading terms (1, 1/2) are exact and not fitted. Constants such as
 * ln 2 are cut to so few bits that their product with the integer n is exact. */
#ifndef SL_KERNEL_MATH_H
#define SL_KERNEL_MATH_H

#include "kernel/clones.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

double sl_exp_d(double x);
double sl_expm1_d(double x); /* e^x - 1, accurate near 0 */
double sl_log_d(double x);   /* natural; 0 gives -inf, below 0 NaN */
double sl_log1p_d(double x); /* log(1 + x), accurate near 0 */
double sl_tanh_d(double x);
double sl_sigmoid_d(double x); /* 1 / (1 + e^-x) */
double sl_erf_d(double x);
double sl_pow_d(double x, double y); /* special cases as C's pow */
double sl_sin_d(double x);           /* radians, any size */
double sl_cos_d(double x);

void sl_exp_n(sl_isa isa, sl_real *y, const sl_real *x, size_t n);
void sl_log_n(sl_isa isa, sl_real *y, const sl_real *x, size_t n);
void sl_log1p_n(sl_isa isa, sl_real *y, const sl_real *x, size_t n);
void sl_tanh_n(sl_isa isa, sl_real *y, const sl_real *x, size_t n);
void sl_sigmoid_n(sl_isa isa, sl_real *y, const sl_real *x, size_t n);
void sl_erf_n(sl_isa isa, sl_real *y, const sl_real *x, size_t n);
void sl_sin_n(sl_isa isa, sl_real *y, const sl_real *x, size_t n);
void sl_cos_n(sl_isa isa, sl_real *y, const sl_real *x, size_t n);
void sl_log1p_exp_n(sl_isa isa, sl_real *y, const sl_real *x, size_t n); /* log(1 + e^x), never overflows */
void sl_pow_n(sl_isa isa, sl_real *y, const sl_real *x, sl_real p, size_t n); /* y = x^p */

SL_INLINE uint64_t math_bits_d(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

SL_INLINE double math_double(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

#ifdef SL_REAL_DOUBLE

SL_INLINE sl_real sl_exp_r(sl_real x)
{
    return sl_exp_d(x);
}

SL_INLINE sl_real sl_log_r(sl_real x)
{
    return sl_log_d(x);
}

SL_INLINE sl_real sl_log1p_r(sl_real x)
{
    return sl_log1p_d(x);
}

SL_INLINE sl_real sl_tanh_r(sl_real x)
{
    return sl_tanh_d(x);
}

SL_INLINE sl_real sl_sigmoid_r(sl_real x)
{
    return sl_sigmoid_d(x);
}

SL_INLINE sl_real sl_erf_r(sl_real x)
{
    return sl_erf_d(x);
}

SL_INLINE sl_real sl_sin_r(sl_real x)
{
    return sl_sin_d(x);
}

SL_INLINE sl_real sl_cos_r(sl_real x)
{
    return sl_cos_d(x);
}

SL_INLINE sl_real sl_pow_r(sl_real x, sl_real y)
{
    return sl_pow_d(x, y);
}

SL_INLINE sl_real sl_log1p_exp_r(sl_real x)
{
    return x > 0 ? x + sl_log1p_d(sl_exp_d(-x)) : sl_log1p_d(sl_exp_d(x));
}

#else

SL_INLINE uint32_t math_bits(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

SL_INLINE float math_float(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* condition ? yes : no. Masks, because compilers may turn ?: into a branch around the work for `yes`. */
SL_INLINE float math_pick(int condition, float yes, float no)
{
    const uint32_t mask = 0u - (uint32_t)condition;
    return math_float((math_bits(yes) & mask) | (math_bits(no) & ~mask));
}

/* test < 0 ? yes : no, by the sign bit: comparisons of double would keep gcc from vectors in plain SSE2. */
SL_INLINE double math_pick_d(double test, double yes, double no)
{
    const uint64_t mask = (uint64_t)0 - (math_bits_d(test) >> 63);
    return math_double((math_bits_d(yes) & mask) | (math_bits_d(no) & ~mask));
}

SL_INLINE float math_abs(float x)
{
    return math_float(math_bits(x) & 0x7fffffffu);
}

SL_INLINE float math_copysign(float x, float sign) /* x >= 0 */
{
    return math_float(math_bits(x) | (math_bits(sign) & 0x80000000u));
}

/* e^x = 2^n e^r with n = x / ln 2 rounded and |r| <= ln 2 / 2: returns e^r, its rounding error in *rest, and
 * n as two's complement in *n. Adding 1.5 * 2^23 rounds to an integer and leaves it in the low bits. The sum
 * 1 + r + r^2 q(r) is taken so that what 1 + r loses is given back. */
SL_INLINE float math_exp_part(float x, float *rest, uint32_t *n)
{
    const float shifted = SL_WHOLE(x * 0x1.715476p+0f) + 0x1.8p+23f;
    const float k = shifted - 0x1.8p+23f;
    const float high = x - k * 0x1.62e4p-1f; /* exact */
    const float low = k * 0x1.7f7d1cp-20f;
    const float r = high - low;
    const float q = 0x1.fffffcp-2f +
                    r * (0x1.555492p-3f + r * (0x1.5558f2p-5f + r * (0x1.1239e2p-7f + r * 0x1.6a244ap-10f)));
    const float sum = 1.0f + high;
    const float tail = (high - (sum - 1.0f)) + (r * r * q - low);
    const float y = sum + tail;
    *n = math_bits(shifted) - 0x4b400000u;
    *rest = tail - (y - sum);
    return y;
}

/* Beyond -104 and 89 e^x is 0 and infinity anyway. */
SL_INLINE float math_exp_clamp(float x)
{
    const float above = math_pick(x > 89.0f, 89.0f, x);
    return math_pick(above < -104.0f, -104.0f, above);
}

/* x 2^n in two factors, so that a denormal result is rounded once; -200 < n < 200, x near 1 */
SL_INLINE float math_scale_r(float x, uint32_t n)
{
    const uint32_t half = ((n + 256u) >> 1) - 128u;
    return x * math_float((half + 127u) << 23) * math_float((n - half + 127u) << 23);
}

SL_INLINE float sl_exp_r(float x)
{
    float rest;
    uint32_t n;
    const float y = math_exp_part(math_exp_clamp(x), &rest, &n);
    return math_scale_r(y, n);
}

/* k ln 2 + log(1 + f) for sqrt(1/2) <= 1 + f <= sqrt 2, as f - f^2/2 + f^3 p(f); the sum k ln 2 + f is split
 * into its rounded value and the rest. */
SL_INLINE float math_log_part(float k, float f)
{
    const float square = f * f;
    const float p =
        0x1.555548p-2f +
        f * (-0x1.000006p-2f +
             f * (0x1.99a4b8p-3f +
                  f * (-0x1.555c5p-3f +
                       f * (0x1.23373ep-3f +
                            f * (-0x1.fc219p-4f +
                                 f * (0x1.e6f296p-4f + f * (-0x1.de401p-4f + f * 0x1.145774p-4f)))))));
    const float whole = k * 0x1.62e4p-1f; /* exact */
    const float sum = whole + f;
    const float rest = f - (sum - whole); /* exact: whole is 0 or the larger one */
    return sum + (rest - (0.5f * square - (f * square * p + k * 0x1.7f7d1cp-20f)));
}

/* log x = k ln 2 + log m, x = 2^k m, m in [sqrt(1/2), sqrt 2); denormals are scaled up by 2^23 first. */
SL_INLINE float sl_log_r(float x)
{
    const float scaled = math_pick(x < 0x1p-126f, x * 0x1p+23f, x);
    const float lift = math_pick(x < 0x1p-126f, 23.0f, 0.0f);
    const uint32_t bits = math_bits(scaled);
    const uint32_t e = ((bits + 0x4afb0du) >> 23) - 127u; /* 0x4afb0d = bits of 1 - bits of sqrt(1/2) */
    const float m = math_float(bits - (e << 23));
    const float y = math_log_part((float)(int32_t)e - lift, m - 1.0f);
    const float positive = math_pick(x == math_float(0x7f800000u), x, y);
    const float other = math_pick(x == 0.0f, math_float(0xff800000u), math_float(0x7fc00000u));
    return math_pick(x > 0.0f, positive, other);
}

/* log(1 + x) for -1 < x < infinity: k from the rounded 1 + x, then f = 2^-k (1 + x) - 1 with one rounding
 * (none where k = 0 or x < 0) as 2^-k x + (2^-k - 1). */
SL_INLINE float math_log1p_part(float x)
{
    const uint32_t e = ((math_bits(1.0f + x) + 0x4afb0du) >> 23) - 127u;
    const float less = 0.5f * math_float((128u - e) << 23) - 1.0f;
    const float y = math_log_part((float)(int32_t)e, math_float(math_bits(x) - (e << 23)) + less);
    return math_pick(x == 0.0f, x, y); /* keeps -0 */
}

SL_INLINE float sl_log1p_r(float x)
{
    const float inside = math_pick(x == math_float(0x7f800000u), x, math_log1p_part(x));
    const float other = math_pick(x == -1.0f, math_float(0xff800000u), math_float(0x7fc00000u));
    return math_pick(x > -1.0f, inside, other);
}

/* log(1 + e^x) = max(x, 0) + log(1 + e^-|x|) */
SL_INLINE float sl_log1p_exp_r(float x)
{
    const float y = math_pick(x > 0.0f, x, 0.0f) + math_log1p_part(sl_exp_r(-math_abs(x)));
    return math_pick(x == x, y, x);
}

/* 1 / (1 + e) to the right and e / (1 + e) to the left, e = e^-|x|; on the left the factor 2^n of e comes
 * last. What e and 1 + e lose by rounding is put back by a step of first order, for which 1 / (1 + e) is at
 * hand: the quotient itself, or 1 - quotient. */
SL_INLINE float sl_sigmoid_r(float x)
{
    float rest;
    uint32_t n;
    const float p = math_exp_part(math_exp_clamp(-math_abs(x)), &rest, &n);
    const float e = math_scale_r(p, n);
    const float sum = 1.0f + e;
    const float lost = (e - (sum - 1.0f)) + math_scale_r(rest, n);
    const float quotient = math_pick(x < 0.0f, p, 1.0f) / sum;
    const float inverse = math_pick(x < 0.0f, 1.0f - math_scale_r(quotient, n), quotient);
    const float y = quotient + (math_pick(x < 0.0f, rest, 0.0f) - quotient * lost) * inverse;
    return math_pick(x < 0.0f, math_scale_r(y, n), y);
}

/* tanh x = x + x^3 p(x^2) below 0.65, else 1 - 2 E / (1 + E) with E = e^-2|x|; it is 1 from 9.01 on. */
SL_INLINE float sl_tanh_r(float x)
{
    const float a = math_pick(math_abs(x) > 10.0f, 10.0f, math_abs(x));
    const float z = a * a;
    const float p =
        -0x1.555552p-2f +
        z * (0x1.11101ep-3f +
             z * (-0x1.b9e042p-5f + z * (0x1.62eee2p-6f + z * (-0x1.08f318p-7f + z * 0x1.0df3e8p-9f))));
    float rest;
    uint32_t n;
    const float part = math_exp_part(-2.0f * a, &rest, &n);
    const float e = part * math_float((n + 127u) << 23);
    const float large = 1.0f - 2.0f * e / (1.0f + e);
    return math_copysign(math_pick(a < 0.65f, a + a * z * p, large), x);
}

/* erf x = x P(x^2) / Q(x^2) in double up to 4, where it has become 1. Weighted rational least squares on 200
 * Chebyshev points of x^2 in [0, 16], reweighted until the error (2^-28.8, relative) is level. */
SL_INLINE float sl_erf_r(float x)
{
    const float below = math_pick(x > 4.0f, 4.0f, x);
    const double t = (double)math_pick(below < -4.0f, -4.0f, below);
    const double z = t * t;
    const double p = 0x1.20dd750dd3728p+0 +
                     z * (0x1.7b51ddbcd79b7p-3 +
                          z * (0x1.bcf8f0aeea78bp-5 +
                               z * (0x1.f8a15557aeacfp-9 +
                                    z * (0x1.8e08d7866cdbep-12 +
                                         z * (0x1.3a584066f1216p-18 + z * -0x1.c5873d0b5c8a4p-27)))));
    const double q =
        1.0 + z * (0x1.fd6a45527c5b4p-2 +
                   z * (0x1.d2ca92bcd18dap-4 + z * (0x1.faafdae2b90d7p-7 + z * (0x1.56ca048b4a05bp-10 +
                                                                                z * 0x1.08add514dc3e5p-14))));
    return (float)(t * p / q);
}

#    define SL_TRIG_FAST 0x1p+22f /* below this the reduction by pi/2 in two pieces of double is enough */

/* sin(x + quadrants pi/2) for |x| < SL_TRIG_FAST, in double: x = n pi/2 + r, |r| <= pi/4; both polynomials
 * (for (sin r / r - 1) / r^2 and (cos r - 1 + r^2/2) / r^4), then the one that n asks for. */
SL_INLINE float math_trig_fast(float x, uint64_t quadrants)
{
    const double t = (double)x;
    const double shifted = SL_WHOLE(t * 0x1.45f306dc9c883p-1) + 0x1.8p+52;
    const double n = shifted - 0x1.8p+52;
    const double r = (t - n * 0x1.921fb544p+0) - n * 0x1.0b4611a626331p-34;
    const double z = r * r;
    const double s =
        r *
        (1.0 + z * (-0x1.5555554cb8ffep-3 +
                    z * (0x1.111108959e3d1p-7 + z * (-0x1.a00f9d198996bp-13 + z * 0x1.6cd8368b70e05p-19))));
    const double c =
        1.0 -
        z * (0.5 - z * (0x1.55554ab26dd71p-5 + z * (-0x1.6c0c8ab378630p-10 + z * 0x1.9a020b5b18ffap-16)));
    const uint64_t q = math_bits_d(shifted) + quadrants;
    const uint64_t odd = (uint64_t)0 - (q & 1u);
    const uint64_t bits = (math_bits_d(c) & odd) | (math_bits_d(s) & ~odd);
    return (float)math_double(bits ^ ((q & 2u) << 62));
}

/* The only branch here: a loop over sl_sin_r stays scalar, sl_sin_n does not. */
SL_INLINE float sl_sin_r(float x)
{
    return math_abs(x) < SL_TRIG_FAST ? math_trig_fast(x, 0) : (float)sl_sin_d((double)x);
}

SL_INLINE float sl_cos_r(float x)
{
    return math_abs(x) < SL_TRIG_FAST ? math_trig_fast(x, 1) : (float)sl_cos_d((double)x);
}

/* x^y = 2^(y log2 |x|) in double, where every float is normal and log2 |x| is as good (2^-50) as y needs.
 * log2 m = s p(s^2), s = (m - 1) / (m + 1); 2^r for |r| <= 1/2. Special cases, which are C's, at the end. */
SL_INLINE float sl_pow_r(float x, float y)
{
    const float infinity = math_float(0x7f800000u), invalid = math_float(0x7fc00000u);
    const float xa = math_abs(x), ya = math_abs(y);
    const uint64_t bits = math_bits_d((double)xa);
    const uint64_t e = (bits + 0x95f619980c433u) >> 52; /* bits of 1 - bits of sqrt(1/2); biased exponent */
    const double k = math_double(e | ((uint64_t)0x433 << 52)) - (0x1p+52 + 1023.0);
    const double m = math_double(bits - (e << 52) + ((uint64_t)1023 << 52));
    const double s = (m - 1.0) / (m + 1.0);
    const double z = s * s;
    const double p =
        0x1.71547652b82ffp+1 +
        z * (0x1.ec709dc39c9d4p-1 +
             z * (0x1.2776c516ab40cp-1 +
                  z * (0x1.a617567490232p-2 +
                       z * (0x1.484facdc43612p-2 + z * (0x1.0bb7a567969bfp-2 + z * 0x1.f187244bee43dp-3)))));
    const double product = (double)y * (k + s * p);
    const double above = math_pick_d(130.0 - product, 130.0, product);
    const double t = math_pick_d(above + 160.0, -160.0, above);
    const double shifted = SL_WHOLE(t) + 0x1.8p+52;
    const double r = t - (shifted - 0x1.8p+52);
    const double w = 0x1.ffffffffab9e6p-1 +
                     r * (0x1.62e42ff116b86p-1 +
                          r * (0x1.ebfbe0a4f4286p-3 +
                               r * (0x1.c6b08aae5d095p-5 +
                                    r * (0x1.3b29dc1293cfcp-7 +
                                         r * (0x1.5d8a70fedf27ap-10 +
                                              r * (0x1.446a4554f32e1p-13 + r * 0x1.fe17667de46fap-17))))));
    const double power = math_double(math_bits_d(w) + (math_bits_d(shifted) << 52));
    /* Is y whole, is it odd? Beyond 2^24 every float is even. */
    const float units = math_pick(ya < 0x1p+23f, ya + 0x1p+23f, ya); /* the last bit counts ones */
    const uint32_t whole = (uint32_t)(ya >= 0x1p+23f) | (uint32_t)(units - 0x1p+23f == ya);
    const uint32_t odd = math_bits(units) & whole & (uint32_t)(ya < 0x1p+24f);
    const uint32_t negative = math_bits(x) >> 31;
    const float end = math_pick((xa == infinity) == (y > 0.0f), infinity, 0.0f);
    const float y0 =
        math_pick((xa == 0.0f) | (xa == infinity), end, math_pick(xa == 1.0f, 1.0f, (float)power));
    const float y1 = math_float(math_bits(y0) | ((odd & negative) << 31));
    const float y2 = math_pick((x < 0.0f) & (xa < infinity) & (whole == 0), invalid, y1);
    const float y3 = math_pick((x == x) & (y == y), y2, invalid);
    return math_pick((x == 1.0f) | (y == 0.0f), 1.0f, y3);
}

#endif

#endif
