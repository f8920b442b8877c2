/* product_avx512.c - the tiled product in AVX-512: 12 rows by 32 columns (float). */
#include "kernel/kernel.h"

#if defined(__x86_64__) && defined(__GNUC__)
#    define SL_SIMD_AVX512
#    include "kernel/simd.h"
#    define TILE_NAME(name) product_avx512_##name
#    define TILE_PANEL sl_product_panel_avx512
#    define TILE_ROWS 12
#    define TILE_CASES                                                                                       \
        TILE_CASE(1)                                                                                         \
        TILE_CASE(2)                                                                                         \
        TILE_CASE(3)                                                                                         \
        TILE_CASE(4)                                                                                         \
        TILE_CASE(5)                                                                                         \
        TILE_CASE(6) TILE_CASE(7) TILE_CASE(8) TILE_CASE(9) TILE_CASE(10) TILE_CASE(11) TILE_CASE(12)
#    define TILE_PEAK sl_peak_avx512
#    include "kernel/product_tile.h"
#    include "kernel/peak_loop.h"
#else
typedef int product_avx512_unused; /* ISO C wants a declaration */
#endif
