/* product_sse2.c - the tiled product on any x86-64 ("plain"): 2 rows by 8 columns, fused in software. */
#include "kernel/kernel.h"

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__FMA__) && !defined(SL_REAL_DOUBLE)
#    define SL_SIMD_SOFT
#    include "kernel/simd.h"
#    define TILE_NAME(name) product_sse2_##name
#    define TILE_PANEL sl_product_panel_sse2
#    define TILE_ROWS 4
#    define TILE_CASES TILE_CASE(1) TILE_CASE(2) TILE_CASE(3) TILE_CASE(4)
#    include "kernel/product_tile.h"
#else
typedef int product_sse2_unused; /* ISO C wants a declaration */
#endif
