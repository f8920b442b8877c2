/* simd.h - one vector type under one set of names. The including file defines SL_SIMD_AVX2,
 * SL_SIMD_AVX512, SL_SIMD_NEON or SL_SIMD_SOFT (no fused multiply-add: SSE2, WebAssembly) first, and puts
 * SL_SIMD_TARGET before every function that uses them. All operations are exact images of the scalar ones,
 * element by element.
 *
 *   simd_load(p) simd_store(p, x) simd_all(scalar) simd_fma(a, b, c) simd_add(a, b)
 *   simd_relu(x)                      x > 0 ? x : 0
 *   simd_load_n(p, n) simd_store_n(p, x, n)    only the first n numbers; the others are 0, or not written
 *   simd_turn(to, to_row, from, from_row)      a block of SIMD_WIDTH rows and columns, transposed
 *
 * SL_UNROLL(most) stands before a loop of constant length that must be unrolled, so that arrays of vectors
 * become registers. clang's reading of GCC's pragma comes too late for that: a product at a fifth of the
 * speed. */
#if defined(__clang__)
#    define SL_UNROLL(most) _Pragma("clang loop unroll(full)")
#else
#    define SL_UNROLL(most) SL_UNROLL_TEXT(GCC unroll most)
#    define SL_UNROLL_TEXT(text) _Pragma(#    text)
#endif
#if defined(SL_SIMD_AVX512)
#    include <immintrin.h>
#    define SL_SIMD_TARGET __attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx2,fma")))
#    ifdef SL_REAL_DOUBLE
typedef __m512d simd_t;
enum { SIMD_WIDTH = 8 };
#        define simd_load(p) _mm512_loadu_pd(p)
#        define simd_store(p, x) _mm512_storeu_pd(p, x)
#        define simd_all(s) _mm512_set1_pd(s)
#        define simd_fma(a, b, c) _mm512_fmadd_pd(a, b, c)
#        define simd_add(a, b) _mm512_add_pd(a, b)
#        define simd_relu(x) _mm512_maskz_mov_pd(_mm512_cmp_pd_mask(x, _mm512_setzero_pd(), _CMP_GT_OQ), x)
#        define simd_load_n(p, n) _mm512_maskz_loadu_pd((__mmask8)((1u << (n)) - 1), p)
#        define simd_store_n(p, x, n) _mm512_mask_storeu_pd(p, (__mmask8)((1u << (n)) - 1), x)
#    else
typedef __m512 simd_t;
enum { SIMD_WIDTH = 16 };
#        define simd_load(p) _mm512_loadu_ps(p)
#        define simd_store(p, x) _mm512_storeu_ps(p, x)
#        define simd_all(s) _mm512_set1_ps(s)
#        define simd_fma(a, b, c) _mm512_fmadd_ps(a, b, c)
#        define simd_add(a, b) _mm512_add_ps(a, b)
#        define simd_relu(x) _mm512_maskz_mov_ps(_mm512_cmp_ps_mask(x, _mm512_setzero_ps(), _CMP_GT_OQ), x)
#        define simd_load_n(p, n) _mm512_maskz_loadu_ps((__mmask16)((1u << (n)) - 1), p)
#        define simd_store_n(p, x, n) _mm512_mask_storeu_ps(p, (__mmask16)((1u << (n)) - 1), x)
#        define SIMD_HAS_TURN
/* Four pieces of four numbers from four rows make a vector whose 4 x 4 blocks are transposed in place: the
 * pieces are put together while loading, which leaves half the shuffles of the textbook's way. */
SL_SIMD_TARGET static inline __attribute__((always_inline)) void simd_turn(float *to, size_t to_row,
                                                                           const float *from, size_t from_row)
{
    SL_UNROLL(4)
    for (size_t piece = 0; piece < 4; piece++) { /* columns 4 piece .. 4 piece + 3 of `from` */
        const float *p = from + 4 * piece;
        __m512 row[4];
        SL_UNROLL(4)
        for (size_t i = 0; i < 4; i++) {
            __m512 x = _mm512_castps128_ps512(_mm_loadu_ps(p + i * from_row));
            x = _mm512_insertf32x4(x, _mm_loadu_ps(p + (i + 4) * from_row), 1);
            x = _mm512_insertf32x4(x, _mm_loadu_ps(p + (i + 8) * from_row), 2);
            row[i] = _mm512_insertf32x4(x, _mm_loadu_ps(p + (i + 12) * from_row), 3);
        }
        const __m512d a = _mm512_castps_pd(_mm512_unpacklo_ps(row[0], row[1]));
        const __m512d b = _mm512_castps_pd(_mm512_unpackhi_ps(row[0], row[1]));
        const __m512d c = _mm512_castps_pd(_mm512_unpacklo_ps(row[2], row[3]));
        const __m512d d = _mm512_castps_pd(_mm512_unpackhi_ps(row[2], row[3]));
        float *out = to + 4 * piece * to_row;
        _mm512_storeu_ps(out, _mm512_castpd_ps(_mm512_unpacklo_pd(a, c)));
        _mm512_storeu_ps(out + to_row, _mm512_castpd_ps(_mm512_unpackhi_pd(a, c)));
        _mm512_storeu_ps(out + 2 * to_row, _mm512_castpd_ps(_mm512_unpacklo_pd(b, d)));
        _mm512_storeu_ps(out + 3 * to_row, _mm512_castpd_ps(_mm512_unpackhi_pd(b, d)));
    }
}
#    endif
#    define SIMD_HAS_PARTS
#elif defined(SL_SIMD_AVX2)
#    include <immintrin.h>
#    define SL_SIMD_TARGET __attribute__((target("avx2,fma")))
#    ifdef SL_REAL_DOUBLE
typedef __m256d simd_t;
enum { SIMD_WIDTH = 4 };
#        define simd_load(p) _mm256_loadu_pd(p)
#        define simd_store(p, x) _mm256_storeu_pd(p, x)
#        define simd_all(s) _mm256_set1_pd(s)
#        define simd_fma(a, b, c) _mm256_fmadd_pd(a, b, c)
#        define simd_add(a, b) _mm256_add_pd(a, b)
#        define simd_relu(x) _mm256_and_pd(x, _mm256_cmp_pd(x, _mm256_setzero_pd(), _CMP_GT_OQ))
#    else
typedef __m256 simd_t;
enum { SIMD_WIDTH = 8 };
#        define simd_load(p) _mm256_loadu_ps(p)
#        define simd_store(p, x) _mm256_storeu_ps(p, x)
#        define simd_all(s) _mm256_set1_ps(s)
#        define simd_fma(a, b, c) _mm256_fmadd_ps(a, b, c)
#        define simd_add(a, b) _mm256_add_ps(a, b)
#        define simd_relu(x) _mm256_and_ps(x, _mm256_cmp_ps(x, _mm256_setzero_ps(), _CMP_GT_OQ))
#        define SIMD_HAS_TURN
SL_SIMD_TARGET static inline __attribute__((always_inline)) void simd_turn(float *to, size_t to_row,
                                                                           const float *from, size_t from_row)
{
    SL_UNROLL(2)
    for (size_t piece = 0; piece < 2; piece++) {
        const float *p = from + 4 * piece;
        __m256 row[4];
        SL_UNROLL(4)
        for (size_t i = 0; i < 4; i++)
            row[i] = _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(p + i * from_row)),
                                          _mm_loadu_ps(p + (i + 4) * from_row), 1);
        const __m256d a = _mm256_castps_pd(_mm256_unpacklo_ps(row[0], row[1]));
        const __m256d b = _mm256_castps_pd(_mm256_unpackhi_ps(row[0], row[1]));
        const __m256d c = _mm256_castps_pd(_mm256_unpacklo_ps(row[2], row[3]));
        const __m256d d = _mm256_castps_pd(_mm256_unpackhi_ps(row[2], row[3]));
        float *out = to + 4 * piece * to_row;
        _mm256_storeu_ps(out, _mm256_castpd_ps(_mm256_unpacklo_pd(a, c)));
        _mm256_storeu_ps(out + to_row, _mm256_castpd_ps(_mm256_unpackhi_pd(a, c)));
        _mm256_storeu_ps(out + 2 * to_row, _mm256_castpd_ps(_mm256_unpacklo_pd(b, d)));
        _mm256_storeu_ps(out + 3 * to_row, _mm256_castpd_ps(_mm256_unpackhi_pd(b, d)));
    }
}
#    endif
#elif defined(SL_SIMD_NEON)
#    include <arm_neon.h>
#    define SL_SIMD_TARGET
#    ifdef SL_REAL_DOUBLE
typedef float64x2_t simd_t;
enum { SIMD_WIDTH = 2 };
#        define simd_load(p) vld1q_f64(p)
#        define simd_store(p, x) vst1q_f64(p, x)
#        define simd_all(s) vdupq_n_f64(s)
#        define simd_fma(a, b, c) vfmaq_f64(c, a, b)
#        define simd_add(a, b) vaddq_f64(a, b)
#        define simd_relu(x) vbslq_f64(vcgtzq_f64(x), x, vdupq_n_f64(0))
#    else
typedef float32x4_t simd_t;
enum { SIMD_WIDTH = 4 };
#        define simd_load(p) vld1q_f32(p)
#        define simd_store(p, x) vst1q_f32(p, x)
#        define simd_all(s) vdupq_n_f32(s)
#        define simd_fma(a, b, c) vfmaq_f32(c, a, b)
#        define simd_add(a, b) vaddq_f32(a, b)
#        define simd_relu(x) vbslq_f32(vcgtzq_f32(x), x, vdupq_n_f32(0))
#    endif
#elif defined(SL_SIMD_SOFT) && defined(SL_LAW_FREE)
#    include "kernel/simd_free.h"
#elif defined(SL_SIMD_SOFT)
#    include "kernel/simd_soft.h"
#else
#    error "define SL_SIMD_AVX2, SL_SIMD_AVX512, SL_SIMD_NEON or SL_SIMD_SOFT before including simd.h"
#endif

#ifndef SIMD_HAS_PARTS
SL_SIMD_TARGET static inline simd_t simd_load_n(const sl_real *p, size_t n)
{
    if (n == SIMD_WIDTH)
        return simd_load(p);
    sl_real x[SIMD_WIDTH] = { 0 };
    for (size_t i = 0; i < n; i++)
        x[i] = p[i];
    return simd_load(x);
}

SL_SIMD_TARGET static inline void simd_store_n(sl_real *p, simd_t value, size_t n)
{
    if (n == SIMD_WIDTH) {
        simd_store(p, value);
        return;
    }
    sl_real x[SIMD_WIDTH];
    simd_store(x, value);
    for (size_t i = 0; i < n; i++)
        p[i] = x[i];
}
#endif

#ifndef SIMD_HAS_TURN
SL_SIMD_TARGET static inline void simd_turn(sl_real *to, size_t to_row, const sl_real *from, size_t from_row)
{
    for (size_t i = 0; i < SIMD_WIDTH; i++)
        for (size_t j = 0; j < SIMD_WIDTH; j++)
            to[j * to_row + i] = from[i * from_row + j];
}
#endif
