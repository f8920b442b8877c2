/* simd.h - one vector type under one set of names. The including file defines SL_SIMD_AVX2,
 * SL_SIMD_AVX512, SL_SIMD_NEON or SL_SIMD_SOFT first, and puts SL_SIMD_TARGET before every function that uses them. All operations are
 * exact images of the scalar ones, element by element.                                                */
#if defined(SL_SIMD_AVX512)
#    include <immintrin.h>
#    define SL_SIMD_TARGET __attribute__((target("avx512f,avx2,fma")))
#    ifdef SL_REAL_DOUBLE
typedef __m512d simd_t;
enum { SIMD_WIDTH = 8 };
#        define simd_load(p) _mm512_loadu_pd(p)
#        define simd_store(p, x) _mm512_storeu_pd(p, x)
#        define simd_all(s) _mm512_set1_pd(s)
#        define simd_fma(a, b, c) _mm512_fmadd_pd(a, b, c)
#    else
typedef __m512 simd_t;
enum { SIMD_WIDTH = 16 };
#        define simd_load(p) _mm512_loadu_ps(p)
#        define simd_store(p, x) _mm512_storeu_ps(p, x)
#        define simd_all(s) _mm512_set1_ps(s)
#        define simd_fma(a, b, c) _mm512_fmadd_ps(a, b, c)
#    endif
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
#    else
typedef __m256 simd_t;
enum { SIMD_WIDTH = 8 };
#        define simd_load(p) _mm256_loadu_ps(p)
#        define simd_store(p, x) _mm256_storeu_ps(p, x)
#        define simd_all(s) _mm256_set1_ps(s)
#        define simd_fma(a, b, c) _mm256_fmadd_ps(a, b, c)
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
#    else
typedef float32x4_t simd_t;
enum { SIMD_WIDTH = 4 };
#        define simd_load(p) vld1q_f32(p)
#        define simd_store(p, x) vst1q_f32(p, x)
#        define simd_all(s) vdupq_n_f32(s)
#        define simd_fma(a, b, c) vfmaq_f32(c, a, b)
#        define simd_add(a, b) vaddq_f32(a, b)
#    endif
#elif defined(SL_SIMD_SOFT)
#    include "kernel/simd_soft.h"
#else
#    error "define SL_SIMD_AVX2, SL_SIMD_AVX512, SL_SIMD_NEON or SL_SIMD_SOFT before including simd.h"
#endif
