/* simd_soft.h - simd.h's vector of floats without a fused multiply-add instruction: SSE2 and WebAssembly
 * SIMD. A vector is four floats, each held as a double: products are exact there, and fused.h's argument says
 * which sums have to be looked at again. They are rare, so all are looked at together. */
#include "kernel/fused.h"

typedef double soft_half __attribute__((vector_size(16)));
typedef uint64_t soft_words64 __attribute__((vector_size(16)));
typedef struct {
    soft_half low, high;
} simd_t;
enum { SIMD_WIDTH = 4 };
#define SL_SIMD_TARGET
#define SOFT_INLINE static inline __attribute__((always_inline))

#if defined(__wasm_simd128__)
#    include <wasm_simd128.h>
typedef v128_t soft_bits;
SOFT_INLINE v128_t soft_narrow(soft_half x)
{
    v128_t narrow = wasm_f32x4_demote_f64x2_zero((v128_t)x);
    __asm__("" : "+r"(narrow));
    return narrow;
}
#    define soft_round(x) ((soft_half)wasm_f64x2_promote_low_f32x4(soft_narrow(x)))

SOFT_INLINE simd_t simd_load(const float *p)
{
    return (simd_t){ (soft_half)wasm_f64x2_promote_low_f32x4(wasm_v128_load64_zero(p)),
                     (soft_half)wasm_f64x2_promote_low_f32x4(wasm_v128_load64_zero(p + 2)) };
}

SOFT_INLINE void simd_store(float *p, simd_t x)
{
    wasm_v128_store64_lane(p, soft_narrow(x.low), 0);
    wasm_v128_store64_lane(p + 2, soft_narrow(x.high), 0);
}

SOFT_INLINE soft_half soft_load(const float *p)
{
    return (soft_half)wasm_f64x2_promote_low_f32x4(wasm_v128_load64_zero(p));
}

SOFT_INLINE soft_half soft_pair(const float *p, const float *q)
{
    return (soft_half)wasm_f64x2_promote_low_f32x4(wasm_v128_load32_lane(q, wasm_v128_load32_zero(p), 1));
}

SOFT_INLINE soft_half soft_both(const float *p)
{
    v128_t both = wasm_v128_load32_splat(p);
    __asm__("" : "+r"(both)); /* else clang makes it by a shuffle as well */
    return (soft_half)wasm_f64x2_promote_low_f32x4(both);
}

SOFT_INLINE void soft_store(float *p, soft_half x)
{
    wasm_v128_store64_lane(p, soft_narrow(x), 0);
}

/* Words below their limit, by two's complement: see soft_look. */
#    define soft_least(x, y) wasm_i32x4_min(x, y)
#    define soft_below(x, limit) (wasm_i32x4_bitmask(wasm_i32x4_gt(limit, x)) != 0)
#    define soft_masked(x, mask, shift) wasm_i32x4_sub(wasm_v128_and((v128_t)(x), mask), shift)
#    define soft_any_below(x, y, limit) (wasm_i32x4_bitmask(wasm_i32x4_gt(limit, wasm_i32x4_min(x, y))) != 0)
#    define soft_words(low, high) wasm_i32x4_const(low, high, low, high)
#else
#    include <emmintrin.h>
typedef __m128i soft_bits;
#    define soft_round(x) ((soft_half)_mm_cvtps_pd(_mm_cvtpd_ps((__m128d)(x))))

SOFT_INLINE simd_t simd_load(const float *p)
{
    const __m128 x = _mm_loadu_ps(p);
    return (simd_t){ (soft_half)_mm_cvtps_pd(x), (soft_half)_mm_cvtps_pd(_mm_movehl_ps(x, x)) };
}

SOFT_INLINE void simd_store(float *p, simd_t x)
{
    _mm_storeu_ps(p, _mm_movelh_ps(_mm_cvtpd_ps((__m128d)x.low), _mm_cvtpd_ps((__m128d)x.high)));
}

SOFT_INLINE soft_half soft_load(const float *p)
{
    return (soft_half)_mm_cvtps_pd(_mm_castsi128_ps(_mm_loadl_epi64((const void *)p)));
}

SOFT_INLINE soft_half soft_pair(const float *p, const float *q)
{
    return (soft_half)_mm_cvtps_pd(_mm_unpacklo_ps(_mm_load_ss(p), _mm_load_ss(q)));
}

SOFT_INLINE soft_half soft_both(const float *p)
{
    return (soft_half)_mm_cvtps_pd(_mm_load1_ps(p));
}

SOFT_INLINE void soft_store(float *p, soft_half x)
{
    _mm_storel_epi64((void *)p, _mm_castps_si128(_mm_cvtpd_ps((__m128d)x)));
}

SOFT_INLINE soft_bits soft_least(soft_bits x, soft_bits y)
{
    const soft_bits less = _mm_cmpgt_epi32(x, y);
    return _mm_or_si128(_mm_and_si128(less, y), _mm_andnot_si128(less, x));
}
#    define soft_below(x, limit) (_mm_movemask_epi8(_mm_cmpgt_epi32(limit, x)) != 0)
#    define soft_masked(x, mask, shift) _mm_sub_epi32(_mm_and_si128((__m128i)(x), mask), shift)
#    define soft_any_below(x, y, limit)                                                                      \
        (_mm_movemask_epi8(_mm_or_si128(_mm_cmpgt_epi32(limit, x), _mm_cmpgt_epi32(limit, y))) != 0)
#    define soft_words(low, high) _mm_set_epi32(high, low, high, low)
#endif

SOFT_INLINE simd_t simd_all(float s)
{
    const double x = (double)s;
    return (simd_t){ { x, x }, { x, x } };
}

/* sl_fused_halfway of any of four. In the low word the last 29 bits are moved so that 0x10000000 becomes the
 * least number, in the high word the size (without sign) so that it comes after zero: 1 becomes the least.
 * One signed comparison then finds both. */
SOFT_INLINE bool soft_look(simd_t sum)
{
    soft_bits mask = soft_words(0x1fffffff, 0x7fffffff);
    soft_bits shift = soft_words((int)0x90000000u, (int)0x80000001u);
    soft_bits limit = soft_words((int)0x80000001u, (int)(0x80000000u + 0x380fffffu));
#if defined(__wasm_simd128__)
    __asm__("" : "+r"(*(v128_t *)&mask));
    __asm__("" : "+r"(*(v128_t *)&shift));
    __asm__("" : "+r"(*(v128_t *)&limit));
#endif
    return soft_any_below(soft_masked(sum.low, mask, shift), soft_masked(sum.high, mask, shift), limit);
}

/* The same over many sums: the least word of all of them, looked at in the end. */
typedef struct {
    soft_bits least, mask, shift;
} soft_watch;

SOFT_INLINE soft_watch soft_watch_new(void)
{
    soft_watch watch = { soft_words(INT32_MAX, INT32_MAX), soft_words(0x1fffffff, 0x7fffffff),
                         soft_words((int)0x90000000u, (int)0x80000001u) };
#if defined(__wasm_simd128__)
    __asm__("" : "+r"(watch.mask));
    __asm__("" : "+r"(watch.shift));
#endif
    return watch;
}

SOFT_INLINE soft_half soft_watched(soft_watch *watch, soft_half sum)
{
    watch->least = soft_least(watch->least, soft_masked(sum, watch->mask, watch->shift));
    return sum;
}

SOFT_INLINE bool soft_seen(const soft_watch *watch)
{
    return soft_below(watch->least, soft_words((int)0x80000001u, (int)(0x80000000u + 0x380fffffu)));
}

/* product + addend rounded to odd: sl_fused_odd without branches. */
SOFT_INLINE soft_half soft_odd(soft_half product, soft_half addend, soft_half sum)
{
    const soft_half part = sum - product;
    const soft_half error = (product - (sum - part)) + (addend - part);
    const soft_words64 lost = (soft_words64)((error > 0) | (error < 0)), bits = (soft_words64)sum;
    const soft_words64 nearer = (bits ^ (soft_words64)error) >> 63; /* 1: the truth is nearer to 0 */
    return (soft_half)((bits - (nearer & lost)) | (lost >> 63));
}

SOFT_INLINE simd_t simd_fma(simd_t a, simd_t b, simd_t c)
{
    const simd_t product = { a.low * b.low, a.high * b.high };
    simd_t sum = { product.low + c.low, product.high + c.high };
    if (__builtin_expect(soft_look(sum), 0)) {
        sum.low = soft_odd(product.low, c.low, sum.low);
        sum.high = soft_odd(product.high, c.high, sum.high);
    }
    return (simd_t){ soft_round(sum.low), soft_round(sum.high) };
}

/* A sum of two floats, rounded to double first, is the float sum: 53 >= 2 * 24 + 2. */
SOFT_INLINE simd_t simd_add(simd_t a, simd_t b)
{
    return (simd_t){ soft_round(a.low + b.low), soft_round(a.high + b.high) };
}

SOFT_INLINE simd_t simd_relu(simd_t x)
{
    return (simd_t){ (soft_half)((soft_words64)x.low & (soft_words64)(x.low > 0)),
                     (soft_half)((soft_words64)x.high & (soft_words64)(x.high > 0)) };
}
