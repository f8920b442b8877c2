/* product_pack.h - the operands of a product in the order in which its tiles read them, for one vector type:
 * a part of product_tile.h. Columns of B that lie along k are turned; rows of A that lie side by side are
 * gathered for several tiles at once; a result that was computed turned is turned back.               */
/* to[k * to_row + n] = from[n * from_row + k]: columns that lie along k, turned. */
SL_SIMD_TARGET static void TILE_NAME(turn)(sl_real *to, size_t to_row, const sl_real *from, size_t from_row,
                                           size_t count, size_t depth)
{
    if (depth * count <= 2 * SIMD_WIDTH) {
        for (size_t k = 0; k < depth; k++)
            simd_store(to + k * to_row, simd_all(0));
        for (size_t n = 0; n < count; n++)
            for (size_t k = 0; k < depth; k++)
                to[k * to_row + n] = from[n * from_row + k];
        return;
    }
    sl_real whole[SIMD_WIDTH * SIMD_WIDTH]; /* rows that are not there are 0 */
    for (size_t n = count; n < SIMD_WIDTH; n++)
        simd_store(whole + n * SIMD_WIDTH, simd_all(0));
    if (depth < SIMD_WIDTH) {
        sl_real turned[SIMD_WIDTH * SIMD_WIDTH];
        for (size_t n = 0; n < count; n++)
            simd_store(whole + n * SIMD_WIDTH, simd_load_n(from + n * from_row, depth));
        simd_turn(turned, SIMD_WIDTH, whole, SIMD_WIDTH);
        for (size_t k = 0; k < depth; k++)
            simd_store(to + k * to_row, simd_load(turned + k * SIMD_WIDTH));
        return;
    }
    size_t k = 0;
    for (;;) {
        if (count == SIMD_WIDTH) {
            simd_turn(to + k * to_row, to_row, from + k, from_row);
        } else {
            for (size_t n = 0; n < count; n++)
                simd_store(whole + n * SIMD_WIDTH, simd_load(from + n * from_row + k));
            simd_turn(to + k * to_row, to_row, whole, SIMD_WIDTH);
        }
        if (k + SIMD_WIDTH == depth)
            return;
        k += SIMD_WIDTH;
        if (k + SIMD_WIDTH > depth)
            k = depth - SIMD_WIDTH; /* the last block overlaps the one before */
    }
}

SL_SIMD_TARGET static void TILE_NAME(pack)(const sl_turned *t, size_t k0, size_t k1, size_t j0, size_t j1,
                                           sl_real *to)
{
    const size_t depth = k1 - k0;
    if (t->b_col == 1) { /* along the rows of B, where the memory is */
        for (size_t k = 0; k < depth; k++) {
            const sl_real *from = t->b + (k0 + k) * t->b_row;
            size_t j = j0;
            for (; j + TILE_PANEL <= j1; j += TILE_PANEL) {
                sl_real *panel = to + (j - j0) * depth + k * TILE_PANEL;
                simd_store(panel, simd_load(from + j));
                simd_store(panel + SIMD_WIDTH, simd_load(from + j + SIMD_WIDTH));
            }
            for (; j < j1; j += SIMD_WIDTH)
                simd_store(to + (j - j0) / TILE_PANEL * TILE_PANEL * depth + k * TILE_PANEL +
                               (j - j0) % TILE_PANEL,
                           simd_load_n(from + j, j1 - j < SIMD_WIDTH ? j1 - j : SIMD_WIDTH));
        }
        return;
    }
    for (size_t j = j0; j < j1; j += TILE_PANEL) {
        const size_t columns = j1 - j < TILE_PANEL ? j1 - j : TILE_PANEL;
        const sl_real *from = t->b + k0 * t->b_row + j * t->b_col;
        for (size_t n = 0; n < columns; n += SIMD_WIDTH) {
            const size_t count = columns - n < SIMD_WIDTH ? columns - n : SIMD_WIDTH;
            if (t->b_row == 1) {
                TILE_NAME(turn)(to + n, TILE_PANEL, from + n * t->b_col, t->b_col, count, depth);
            } else {
                for (size_t k = 0; k < depth; k++)
                    for (size_t m = 0; m < SIMD_WIDTH; m++)
                        to[k * TILE_PANEL + n + m] = m < count ? from[k * t->b_row + (n + m) * t->b_col] : 0;
            }
        }
        to += TILE_PANEL * depth;
    }
}

/* Rows that share few sets of the cache, such as 1,024 numbers apart, drive each other out. */
static bool TILE_NAME(crowds)(size_t stride)
{
    const size_t page = 4096 / sizeof(sl_real), line = 64 / sizeof(sl_real);
    return (stride + line) % page <= 2 * line || (stride + line) % (page / 2) <= 2 * line;
}

/* B is read where it is: few tiles read it, and its rows stay in the cache. (Measured: packing 784 columns
 * for 128 rows takes a tenth of the product at depth 128, and pays at depth 1,024.) */
static bool TILE_NAME(direct)(const sl_turned *t)
{
#ifndef SIMD_HAS_PARTS
    if (t->columns % SIMD_WIDTH)
        return false;
#endif
    if (t->b_col != 1 || t->rows <= TILE_ROWS)
        return t->b_col == 1;
    return t->rows <= (t->depth <= 512 ? 280 : 84) && !TILE_NAME(crowds)(t->b_row);
}

/* Rows of A that lie side by side for each k, tile after tile: to[k * TILE_ADJACENT + row]. */
SL_SIMD_TARGET static void TILE_NAME(pack_rows)(const sl_turned *t, size_t i, const size_t *rows,
                                                size_t tiles, size_t k0, size_t k1, sl_real *to)
{
    size_t all = 0;
    for (size_t n = 0; n < tiles; n++)
        all += rows[n];
    for (size_t k = k0; k < k1; k++) {
        const sl_real *from = t->a + k * t->a_col + i;
        sl_real *at = to + (k - k0) * TILE_ADJACENT;
        if (k1 - k > TILE_AHEAD) /* each k may be on another page */
            sl_prefetch(from + TILE_AHEAD * t->a_col, all);
        for (size_t n = 0; n < tiles; n++) {
            for (size_t r = 0; r < rows[n]; r += SIMD_WIDTH)
                simd_store(at + r,
                           simd_load_n(from + r, rows[n] - r < SIMD_WIDTH ? rows[n] - r : SIMD_WIDTH));
            at += TILE_ADJACENT * (k1 - k0);
            from += rows[n];
        }
    }
}

/* rows x columns of a tile that lies as it was computed, to where C^T is wanted, or back. */
SL_SIMD_TARGET static void TILE_NAME(turn_out)(sl_real *c, size_t c_col, const sl_real *tile, size_t rows,
                                               size_t columns)
{
    sl_real block[SIMD_WIDTH * SIMD_WIDTH];
    for (size_t j = 0; j < columns; j += SIMD_WIDTH) {
        const size_t count = columns - j < SIMD_WIDTH ? columns - j : SIMD_WIDTH;
        for (size_t i = 0; i < rows; i += SIMD_WIDTH) {
            const size_t some = rows - i < SIMD_WIDTH ? rows - i : SIMD_WIDTH;
            simd_turn(block, SIMD_WIDTH, tile + i * TILE_BUFFER + j, TILE_BUFFER);
            for (size_t n = 0; n < count; n++)
                simd_store_n(c + (j + n) * c_col + i, simd_load(block + n * SIMD_WIDTH), some);
        }
    }
}

static void TILE_NAME(turn_in)(sl_real *tile, const sl_real *c, size_t c_col, size_t rows, size_t columns)
{
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++)
            tile[i * TILE_BUFFER + j] = c[j * c_col + i];
}
