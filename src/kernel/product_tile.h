/* product_tile.h - the tiled product for one vector type (simd.h), included by product_avx2.c and
 * product_avx512.c. Defines TILE_PANEL's function from TILE_ROWS; a tile is TILE_ROWS rows by up to
 * SL_PANEL columns of C, held in registers over a block of k. Going from one block of k to the next through
 * memory is exact, so the chain of each element is the plain loop's.                                   */
enum { TILE_DEPTH = 256, TILE_COLUMNS = 2 * SIMD_WIDTH };

/* C tile += A rows x packed B [depth, TILE_COLUMNS]; `rows` and `vectors` are constants after inlining. */
SL_SIMD_TARGET static inline __attribute__((always_inline)) void
TILE_NAME(tile)(const int rows, const int vectors, const sl_real *a, size_t a_row, size_t a_col,
                const sl_real *packed, size_t depth, sl_real *c, size_t c_row)
{
    simd_t sum[TILE_ROWS][2];
#pragma GCC unroll 16
    for (int i = 0; i < rows; i++)
#pragma GCC unroll 2
        for (int v = 0; v < vectors; v++)
            sum[i][v] = simd_load(c + (size_t)i * c_row + v * SIMD_WIDTH);
    for (size_t k = 0; k < depth; k++) {
        const simd_t b0 = simd_load(packed + k * TILE_COLUMNS);
        const simd_t b1 = vectors > 1 ? simd_load(packed + k * TILE_COLUMNS + SIMD_WIDTH) : b0;
#pragma GCC unroll 16
        for (int i = 0; i < rows; i++) {
            const simd_t x = simd_all(a[(size_t)i * a_row + k * a_col]);
            sum[i][0] = simd_fma(x, b0, sum[i][0]);
            if (vectors > 1)
                sum[i][1] = simd_fma(x, b1, sum[i][1]);
        }
    }
#pragma GCC unroll 16
    for (int i = 0; i < rows; i++)
#pragma GCC unroll 2
        for (int v = 0; v < vectors; v++)
            simd_store(c + (size_t)i * c_row + v * SIMD_WIDTH, sum[i][v]);
}

#define TILE_CASE(n)                                                                                         \
    case n:                                                                                                  \
        if (vectors > 1)                                                                                     \
            TILE_NAME(tile)(n, 2, a, a_row, a_col, packed, depth, c, c_row);                                 \
        else                                                                                                 \
            TILE_NAME(tile)(n, 1, a, a_row, a_col, packed, depth, c, c_row);                                 \
        break;

/* The same for any number of rows up to TILE_ROWS. */
SL_SIMD_TARGET static void TILE_NAME(tile_rows)(int rows, int vectors, const sl_real *a, size_t a_row,
                                                size_t a_col, const sl_real *packed, size_t depth, sl_real *c,
                                                size_t c_row)
{
    switch (rows) {
        TILE_CASES
    }
}

SL_SIMD_TARGET void TILE_PANEL(const sl_product *p, size_t i0, size_t i1, size_t j0, size_t j1)
{
    sl_real packed[TILE_DEPTH * TILE_COLUMNS], edge[TILE_ROWS * TILE_COLUMNS];
    for (size_t j = j0; j < j1; j += TILE_COLUMNS) {
        const size_t columns = j1 - j < TILE_COLUMNS ? j1 - j : TILE_COLUMNS;
        const int vectors = columns > SIMD_WIDTH ? 2 : 1;
        const bool whole = columns == (size_t)vectors * SIMD_WIDTH;
        size_t k0 = 0;
        do { /* once even for depth 0: C must be written */
            const size_t depth = p->depth - k0 < TILE_DEPTH ? p->depth - k0 : TILE_DEPTH;
            for (size_t k = 0; k < depth; k++) {
                const sl_real *b = p->b + (k0 + k) * p->b_row + j * p->b_col;
                for (size_t n = 0; n < columns; n++)
                    packed[k * TILE_COLUMNS + n] = b[n * p->b_col];
                for (size_t n = columns; n < (size_t)vectors * SIMD_WIDTH; n++)
                    packed[k * TILE_COLUMNS + n] = 0;
            }
            const bool from_c = p->add || k0 > 0;
            for (size_t i = i0; i < i1; i += TILE_ROWS) {
                const size_t rows = i1 - i < TILE_ROWS ? i1 - i : TILE_ROWS;
                sl_real *c = p->c + i * p->c_row + j;
                sl_real *target = whole ? c : edge;
                const size_t target_row = whole ? p->c_row : TILE_COLUMNS;
                for (size_t r = 0; r < rows && (!whole || !from_c); r++)
                    for (size_t n = 0; n < (size_t)vectors * SIMD_WIDTH; n++)
                        target[r * target_row + n] = from_c && n < columns ? c[r * p->c_row + n] : 0;
                TILE_NAME(tile_rows)
                ((int)rows, vectors, p->a + i * p->a_row + k0 * p->a_col, p->a_row, p->a_col, packed, depth,
                 target, target_row);
                for (size_t r = 0; r < rows && !whole; r++)
                    for (size_t n = 0; n < columns; n++)
                        c[r * p->c_row + n] = edge[r * TILE_COLUMNS + n];
            }
            k0 += depth;
        } while (k0 < p->depth);
    }
}
