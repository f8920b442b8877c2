/* product_neon.c - the product in AArch64's NEON: tiles of 12 rows by 8 columns (float), all in registers. */
#include "kernel/product.h"

#if defined(__aarch64__) && defined(__GNUC__)
#    define SL_SIMD_NEON
#    include "kernel/simd.h"
#    define TILE_NAME(name) product_neon_##name
#    define TILE_KERNEL sl_product_neon
enum { TILE_ROWS = 12, TILE_ROWS_4 = 5, TILE_ROWS_8 = 2, TILE_VECTORS = 8, TILE_BUFFER = 8 * SIMD_WIDTH };
#    define TILE_CASES_8(v, adjacent) TILE_CASE(1, v, adjacent) TILE_CASE(2, v, adjacent)
#    define TILE_CASES_4(v, adjacent)                                                                        \
        TILE_CASES_8(v, adjacent)                                                                            \
        TILE_CASE(3, v, adjacent) TILE_CASE(4, v, adjacent) TILE_CASE(5, v, adjacent)
#    define TILE_CASES(v, adjacent)                                                                          \
        TILE_CASES_4(v, adjacent)                                                                            \
        TILE_CASE(6, v, adjacent)                                                                            \
        TILE_CASE(7, v, adjacent)                                                                            \
        TILE_CASE(8, v, adjacent)                                                                            \
        TILE_CASE(9, v, adjacent)                                                                            \
        TILE_CASE(10, v, adjacent) TILE_CASE(11, v, adjacent) TILE_CASE(12, v, adjacent)
#    define TILE_PEAK sl_peak_neon
#    include "kernel/product_tile.h"
#    include "kernel/peak_loop.h"
#else
typedef int product_neon_unused; /* ISO C wants a declaration */
#endif
