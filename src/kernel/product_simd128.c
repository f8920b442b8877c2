/* product_simd128.c - the product in WebAssembly SIMD: tiles of 4 rows by 8 columns, fused in software. (In
 * double the plain loop calls C's fma.) */
#include "kernel/product.h"

#if defined(__wasm_simd128__) && !defined(SL_REAL_DOUBLE)
#    define SL_SIMD_SOFT
#    include "kernel/simd.h"
#    define TILE_NAME(name) product_simd128_##name
#    define TILE_KERNEL sl_product_simd128
#    define TILE_CASES(v, adjacent)                                                                          \
        TILE_CASE(1, v, adjacent)                                                                            \
        TILE_CASE(2, v, adjacent) TILE_CASE(3, v, adjacent) TILE_CASE(4, v, adjacent)
#    ifdef SL_SMALL /* a module that is to be small: half of the shapes */
#        define TILE_WITHOUT_ADJACENT
#        define TILE_CASES_4(v, adjacent)
#        define TILE_CASES_8(v, adjacent)
enum { TILE_ROWS = 4, TILE_ROWS_4 = 0, TILE_ROWS_8 = 0, TILE_VECTORS = 8, TILE_BUFFER = 8 * SIMD_WIDTH };
#    else
#        define TILE_CASES_4(v, adjacent) TILE_CASE(1, v, adjacent) TILE_CASE(2, v, adjacent)
#        define TILE_CASES_8(v, adjacent) TILE_CASE(1, v, adjacent)
enum { TILE_ROWS = 4, TILE_ROWS_4 = 2, TILE_ROWS_8 = 1, TILE_VECTORS = 8, TILE_BUFFER = 8 * SIMD_WIDTH };
#    endif
#    define TILE_PEAK sl_peak_simd128
#    include "kernel/product_few.h"
#    define TILE_FEW TILE_NAME(few)
#    include "kernel/product_tile.h"
#    include "kernel/peak_loop.h"
#else
typedef int product_simd128_unused; /* ISO C wants a declaration */
#endif
