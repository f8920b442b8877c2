/* pairs.c - see pairs.h. A window of a text is a handful of rows on either side: they stay in the nearest
 * cache, so what counts is that every number that was loaded is used for six products. */
#include "kernel/pairs.h"
#include "kernel/lanes.h"

#include <string.h>

#if defined(__clang__)
#    define PAIRS_UNROLL _Pragma("clang loop unroll(full)")
#elif defined(__GNUC__)
#    define PAIRS_UNROLL _Pragma("GCC unroll 16")
#else
#    define PAIRS_UNROLL
#endif

#if defined(__GNUC__)
#    define PAIRS_BYTES 16
#    include "kernel/pairs_block.h"
#    undef PAIRS_BYTES
#    define PAIRS_PLAIN(name) pairs_##name##_16
#elif defined(SL_REAL_DOUBLE)
#    define PAIRS_BYTES 8
#    include "kernel/pairs_block.h"
#    undef PAIRS_BYTES
#    define PAIRS_PLAIN(name) pairs_##name##_8
#else
#    define PAIRS_BYTES 4
#    include "kernel/pairs_block.h"
#    undef PAIRS_BYTES
#    define PAIRS_PLAIN(name) pairs_##name##_4
#endif

#if defined(__x86_64__) && defined(__GNUC__)
#    define PAIRS_BYTES 32
#    include "kernel/pairs_block.h"
#    undef PAIRS_BYTES
#    define PAIRS_BYTES 64
#    include "kernel/pairs_block.h"
#    undef PAIRS_BYTES
#    define PAIRS_CHOOSE(name, parameters, arguments)                                                        \
        SL_TARGET_AVX512 static void pairs_##name##_avx512 parameters                                        \
        {                                                                                                    \
            pairs_##name##_64 arguments;                                                                     \
        }                                                                                                    \
        SL_TARGET_AVX2 static void pairs_##name##_avx2 parameters                                            \
        {                                                                                                    \
            pairs_##name##_32 arguments;                                                                     \
        }                                                                                                    \
        void sl_pairs_##name(sl_isa isa, SL_UNPACK parameters)                                               \
        {                                                                                                    \
            if (isa == SL_ISA_AVX512)                                                                        \
                pairs_##name##_avx512 arguments;                                                             \
            else if (isa == SL_ISA_AVX2)                                                                     \
                pairs_##name##_avx2 arguments;                                                               \
            else                                                                                             \
                PAIRS_PLAIN(name) arguments;                                                                 \
        }
#else
#    define PAIRS_CHOOSE(name, parameters, arguments)                                                        \
        void sl_pairs_##name(sl_isa isa, SL_UNPACK parameters)                                               \
        {                                                                                                    \
            (void)isa;                                                                                       \
            PAIRS_PLAIN(name) arguments;                                                                     \
        }
#endif

PAIRS_CHOOSE(dots,
             (sl_real * dot, const sl_real *const *a, size_t n, const sl_real *const *b, size_t m,
              size_t width),
             (dot, a, n, b, m, width))
PAIRS_CHOOSE(step,
             (const sl_real *g, const sl_real *const *a, sl_real *const *to, size_t n, sl_real *const *b,
              size_t m, size_t width),
             (g, a, to, n, b, m, width))

SL_INLINE void sl_pairs_add_body(sl_real *y, const sl_real *x, size_t width)
{
    SL_EACH(i, width) y[i] += x[i];
}
SL_CLONES(, sl_pairs_add, (sl_real * y, const sl_real *x, size_t width), (y, x, width))

SL_INLINE void sl_pairs_add_share_body(sl_real *y, const sl_real *x, sl_real share, size_t width)
{
    SL_EACH(i, width) y[i] += share * x[i];
}
SL_CLONES(, sl_pairs_add_share, (sl_real * y, const sl_real *x, sl_real share, size_t width),
          (y, x, share, width))

SL_INLINE void sl_pairs_subtract_body(sl_real *y, const sl_real *x, size_t width)
{
    SL_EACH(i, width) y[i] -= x[i];
}
SL_CLONES(, sl_pairs_subtract, (sl_real * y, const sl_real *x, size_t width), (y, x, width))
