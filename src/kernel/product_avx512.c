/* product_avx512.c - the product in AVX-512: tiles of 14 rows by 32 columns (float), all in registers. */
#include "kernel/product.h"

#if defined(__x86_64__) && defined(__GNUC__)
#    define SL_SIMD_AVX512
#    include "kernel/simd.h"
#    define TILE_NAME(name) product_avx512_##name
#    define TILE_KERNEL sl_product_avx512
enum { TILE_ROWS = 14, TILE_ROWS_4 = 6, TILE_ROWS_8 = 3, TILE_VECTORS = 8, TILE_BUFFER = 8 * SIMD_WIDTH };
#    define TILE_CASES_8(v, adjacent)                                                                        \
        TILE_CASE(1, v, adjacent) TILE_CASE(2, v, adjacent) TILE_CASE(3, v, adjacent)
#    define TILE_CASES_4(v, adjacent)                                                                        \
        TILE_CASES_8(v, adjacent)                                                                            \
        TILE_CASE(4, v, adjacent) TILE_CASE(5, v, adjacent) TILE_CASE(6, v, adjacent)
#    define TILE_CASES(v, adjacent)                                                                          \
        TILE_CASES_4(v, adjacent)                                                                            \
        TILE_CASE(7, v, adjacent)                                                                            \
        TILE_CASE(8, v, adjacent)                                                                            \
        TILE_CASE(9, v, adjacent)                                                                            \
        TILE_CASE(10, v, adjacent)                                                                           \
        TILE_CASE(11, v, adjacent)                                                                           \
        TILE_CASE(12, v, adjacent) TILE_CASE(13, v, adjacent) TILE_CASE(14, v, adjacent)
#    define TILE_PEAK sl_peak_avx512
#    include "kernel/product_tile.h"
#    include "kernel/peak_loop.h"
#else
typedef int product_avx512_unused; /* ISO C wants a declaration */
#endif
