/* product_simd128.c - the tiled product in WebAssembly SIMD: 2 rows by 8 columns, fused in software. (In double,
 * the plain loop calls C's fma.) */
#include "kernel/kernel.h"

#if defined(__wasm_simd128__) && !defined(SL_REAL_DOUBLE)
#    define SL_SIMD_SOFT
#    include "kernel/simd.h"
#    define TILE_NAME(name) product_simd128_##name
#    define TILE_PANEL sl_product_panel_simd128
#    define TILE_ROWS 4
#    define TILE_CASES TILE_CASE(1) TILE_CASE(2) TILE_CASE(3) TILE_CASE(4)
#    include "kernel/product_tile.h"
#else
typedef int product_simd128_unused; /* ISO C wants a declaration */
#endif
