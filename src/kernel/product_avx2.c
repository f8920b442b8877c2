/* product_avx2.c - the tiled product in AVX2 with FMA: 6 rows by 16 columns (float). */
#include "kernel/kernel.h"

#if defined(__x86_64__) && defined(__GNUC__)
#    define SL_SIMD_AVX2
#    include "kernel/simd.h"
#    define TILE_NAME(name) product_avx2_##name
#    define TILE_PANEL sl_product_panel_avx2
#    define TILE_ROWS 6
#    define TILE_CASES TILE_CASE(1) TILE_CASE(2) TILE_CASE(3) TILE_CASE(4) TILE_CASE(5) TILE_CASE(6)
#    define TILE_PEAK sl_peak_avx2
#    include "kernel/product_tile.h"
#    include "kernel/peak_loop.h"
#else
typedef int product_avx2_unused; /* ISO C wants a declaration */
#endif
