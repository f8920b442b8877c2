/* product_neon.c - the tiled product in AArch64's NEON: 8 rows by 8 columns (float). */
#include "kernel/kernel.h"

#if defined(__aarch64__) && defined(__GNUC__)
#    define SL_SIMD_NEON
#    include "kernel/simd.h"
#    define TILE_NAME(name) product_neon_##name
#    define TILE_PANEL sl_product_panel_neon
#    define TILE_ROWS 8
#    define TILE_CASES                                                                                       \
        TILE_CASE(1)                                                                                         \
        TILE_CASE(2) TILE_CASE(3) TILE_CASE(4) TILE_CASE(5) TILE_CASE(6) TILE_CASE(7) TILE_CASE(8)
#    include "kernel/product_tile.h"
#else
typedef int product_neon_unused; /* ISO C wants a declaration */
#endif
