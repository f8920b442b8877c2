/* real.h - the number type of all computation: float, or double in the second build. */
#ifndef SL_CORE_REAL_H
#define SL_CORE_REAL_H

#include "slope.h"

#ifdef SL_REAL_DOUBLE
#    define SL_R(literal) literal
#else
#    define SL_R(literal) literal##f
#endif

/* In a header: part of whatever loop calls it, whatever instruction set that is compiled for. */
#if defined(__GNUC__)
#    define SL_INLINE static inline __attribute__((always_inline))
#else
#    define SL_INLINE static inline
#endif

/* -Dlaw=false, for measuring what the law costs: everything is left to the compiler. It would also cancel the
 * 1.5 * 2^23 that is added and taken off again to round to a whole number, so there it is told what is meant.
 */
#if defined(SL_LAW_FREE)
#    define SL_LAW_NOTE "-free" /* behind the version */
#    define SL_WHOLE(x) ((__typeof__(x))__builtin_rint(x))
#else
#    define SL_LAW_NOTE ""
#    define SL_WHOLE(x) (x)
#endif

#if defined(__FAST_MATH__) && !defined(SL_LAW_FREE)
#    error "slope cannot be built with -ffast-math: one seed, one answer needs IEEE arithmetic"
#endif
/* 16 is fine: only _Float16, which is not used, is evaluated wider. */
#if defined(__FLT_EVAL_METHOD__) && __FLT_EVAL_METHOD__ != 0 && __FLT_EVAL_METHOD__ != 16
#    error "slope needs float and double arithmetic without excess precision (no x87: use SSE2)"
#endif
#if defined(__arm__) && !defined(__aarch64__) && defined(__ARM_NEON)
#    error "32-bit NEON flushes denormals: build for AArch64, or without NEON"
#endif

#endif
