/* product_avx2.c - the product in AVX2 with FMA: tiles of 6 rows by 16 columns (float), all in registers. */
#include "kernel/product.h"

#if defined(__x86_64__) && defined(__GNUC__)
#    define SL_SIMD_AVX2
#    include "kernel/simd.h"
#    define TILE_NAME(name) product_avx2_##name
#    define TILE_KERNEL sl_product_avx2
enum { TILE_ROWS = 6, TILE_ROWS_4 = 3, TILE_ROWS_8 = 1, TILE_VECTORS = 8, TILE_BUFFER = 8 * SIMD_WIDTH };
#    define TILE_CASES_8(v, adjacent) TILE_CASE(1, v, adjacent)
#    define TILE_CASES_4(v, adjacent)                                                                        \
        TILE_CASES_8(v, adjacent)                                                                            \
        TILE_CASE(2, v, adjacent) TILE_CASE(3, v, adjacent)
#    define TILE_CASES(v, adjacent)                                                                          \
        TILE_CASES_4(v, adjacent)                                                                            \
        TILE_CASE(4, v, adjacent) TILE_CASE(5, v, adjacent) TILE_CASE(6, v, adjacent)
#    define TILE_PEAK sl_peak_avx2
#    include "kernel/product_tile.h"
#    include "kernel/peak_loop.h"
#else
typedef int product_avx2_unused; /* ISO C wants a declaration */
#endif
