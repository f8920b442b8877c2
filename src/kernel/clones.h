/* clones.h - one loop compiled for every instruction set, chosen by the context's `isa`. The body is plain C
 * that the compiler turns into vectors; only the width differs: nothing is contracted or reordered, so all
 * clones give the same bits.
 *
 *     SL_INLINE void sl_scale_body(sl_real *x, sl_real factor, size_t n) { ... }
 *     SL_CLONES(, sl_scale, (sl_real *x, sl_real factor, size_t n), (x, factor, n))
 *
 * defines `void sl_scale(sl_isa isa, sl_real *x, sl_real factor, size_t n)`. The first argument is its
 * storage class, `static` or nothing. SL_CLONES_VALUE is for a function with a result. What the body calls
 * must be SL_INLINE too, or the loop stays scalar. */
#ifndef SL_KERNEL_CLONES_H
#define SL_KERNEL_CLONES_H

#include "core/ctx.h"

#define SL_UNPACK(...) __VA_ARGS__

/* The names are made here, where an argument that is a macro (the double build renames sl_*) still is itself,
 * as it is where the body is written. */
#define SL_CLONES(storage, name, parameters, arguments)                                                      \
    SL_CLONES_OF(storage, void, , name, name##_body, name##_avx2, name##_avx512, parameters, arguments)
#define SL_CLONES_VALUE(storage, type, name, parameters, arguments)                                          \
    SL_CLONES_OF(storage, type, return, name, name##_body, name##_avx2, name##_avx512, parameters, arguments)

#if defined(__x86_64__) && defined(__GNUC__)
#    define SL_TARGET_AVX2 __attribute__((target("avx2,fma")))
#    if defined(__clang__)
#        define SL_TARGET_AVX512                                                                             \
            __attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx2,fma"), min_vector_width(512)))
#    else
#        define SL_TARGET_AVX512                                                                             \
            __attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx2,fma,prefer-vector-width=512")))
#    endif
#endif

#if defined(SL_TARGET_AVX512) && !defined(SL_REAL_DOUBLE) /* the double build is for checks */
#    define SL_CLONES_OF(storage, type, give, name, body, avx2, avx512, parameters, arguments)               \
        SL_TARGET_AVX512 static type avx512 parameters                                                       \
        {                                                                                                    \
            give body arguments;                                                                             \
        }                                                                                                    \
        SL_TARGET_AVX2 static type avx2 parameters                                                           \
        {                                                                                                    \
            give body arguments;                                                                             \
        }                                                                                                    \
        storage type name(sl_isa isa, SL_UNPACK parameters)                                                  \
        {                                                                                                    \
            if (isa == SL_ISA_AVX512)                                                                        \
                give avx512 arguments;                                                                       \
            else if (isa == SL_ISA_AVX2)                                                                     \
                give avx2 arguments;                                                                         \
            else                                                                                             \
                give body arguments;                                                                         \
        }
#else /* one instruction set, whose vectors the compiler uses without being asked */
#    define SL_CLONES_OF(storage, type, give, name, body, avx2, avx512, parameters, arguments)               \
        storage type name(sl_isa isa, SL_UNPACK parameters)                                                  \
        {                                                                                                    \
            (void)isa;                                                                                       \
            give body arguments;                                                                             \
        }
#endif

#endif
