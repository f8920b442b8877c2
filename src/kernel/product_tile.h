/* product_tile.h - the product for one vector type (simd.h), included once for each instruction set, which
 * defines TILE_NAME(name), TILE_ROWS (of a tile two vectors wide), TILE_ROWS_4 and TILE_ROWS_8 (four, eight).
 *   A tile is a few rows by a few vectors of C, held in registers over all of k: each element is the plain
 * loop's chain. Few rows take more vectors, so that enough chains are under way at once.               */
enum { TILE_LOG_WIDTH = SIMD_WIDTH == 16 ? 4 : SIMD_WIDTH == 8 ? 3 : SIMD_WIDTH == 4 ? 2 : 1 };
enum { TILE_PANEL = 2 * SIMD_WIDTH, TILE_DEPTH = 4096, TILE_ADJACENT = 16 /* at least TILE_ROWS */ };

typedef struct {
    const sl_real *a;
    size_t a_row, a_col;
    const sl_real *b; /* vector v of k: b + v / 2 * b_panel + v % 2 * SIMD_WIDTH + k * b_row */
    size_t b_row, b_panel;
    size_t depth;
    sl_real *c;
    size_t c_row;
    size_t last; /* numbers in the last vector */
    bool add, relu;
    const sl_real *bias; /* of the tile's columns, or of its rows when bias_rows; NULL: none */
    bool bias_rows;
} TILE_NAME(job);

#ifdef SIMD_HAS_PARTS /* the last columns of B can be read where they are */
#    define TILE_LOAD_LAST(p, n) simd_load_n(p, n)
#else /* they are packed, and filled up */
#    define TILE_LOAD_LAST(p, n) simd_load(p)
#endif

/* `rows`, `vectors` and `adjacent` (a_row is 1) are constants after inlining. */
SL_SIMD_TARGET static inline __attribute__((always_inline)) void
TILE_NAME(tile)(const int rows, const int vectors, const bool adjacent, const TILE_NAME(job) * job)
{
    simd_t sum[TILE_ROWS][TILE_VECTORS];
    sl_real *c = job->c;
    const size_t c_row = job->c_row, last = job->last, a_row = adjacent ? 1 : job->a_row, a_col = job->a_col;
    if (job->add) {
        SL_UNROLL(16)
        for (int i = 0; i < rows; i++) {
            SL_UNROLL(8)
            for (int v = 0; v < vectors; v++)
                sum[i][v] = v == vectors - 1 ? simd_load_n(c + (size_t)i * c_row + v * SIMD_WIDTH, last)
                                             : simd_load(c + (size_t)i * c_row + v * SIMD_WIDTH);
        }
    } else {
        SL_UNROLL(16)
        for (int i = 0; i < rows; i++) {
            SL_UNROLL(8)
            for (int v = 0; v < vectors; v++)
                sum[i][v] = simd_all(0);
        }
    }
    /* Three rows from each base: a register, and the same with a_row or 2 a_row added by the addressing. */
    const sl_real *base[(TILE_ROWS + 2) / 3];
    SL_UNROLL(8)
    for (int i = 0; i < rows; i += 3)
        base[i / 3] = job->a + (size_t)i * a_row;
    const sl_real *b[(TILE_VECTORS + 1) / 2];
    SL_UNROLL(4)
    for (int v = 0; v < vectors; v += 2)
        b[v / 2] = job->b + (size_t)(v / 2) * job->b_panel;
    const size_t b_row = job->b_row;
    for (size_t k = job->depth; k; k--) {
        if (vectors <= 2) {
            const simd_t b0 = vectors > 1 ? simd_load(b[0]) : TILE_LOAD_LAST(b[0], last);
            const simd_t b1 = vectors > 1 ? TILE_LOAD_LAST(b[0] + SIMD_WIDTH, last) : b0;
            SL_UNROLL(16)
            for (int i = 0; i < rows; i++) {
                const simd_t x = simd_all(base[i / 3][(size_t)(i % 3) * a_row]);
                sum[i][0] = simd_fma(x, b0, sum[i][0]);
                if (vectors > 1)
                    sum[i][1] = simd_fma(x, b1, sum[i][1]);
            }
        } else {
            simd_t x[TILE_ROWS];
            SL_UNROLL(8)
            for (int i = 0; i < rows; i++)
                x[i] = simd_all(base[i / 3][(size_t)(i % 3) * a_row]);
            SL_UNROLL(8)
            for (int v = 0; v < vectors; v++) {
                const sl_real *at = b[v / 2] + v % 2 * SIMD_WIDTH;
                const simd_t y = v == vectors - 1 ? TILE_LOAD_LAST(at, last) : simd_load(at);
                SL_UNROLL(8)
                for (int i = 0; i < rows; i++)
                    sum[i][v] = simd_fma(x[i], y, sum[i][v]);
            }
        }
        SL_UNROLL(8)
        for (int i = 0; i < rows; i += 3)
            base[i / 3] += a_col;
        SL_UNROLL(4)
        for (int v = 0; v < vectors; v += 2)
            b[v / 2] += b_row;
    }
    if (job->bias && job->bias_rows) {
        SL_UNROLL(16)
        for (int i = 0; i < rows; i++) {
            const simd_t x = simd_all(job->bias[i]);
            SL_UNROLL(8)
            for (int v = 0; v < vectors; v++)
                sum[i][v] = simd_add(sum[i][v], x);
        }
    } else if (job->bias) {
        SL_UNROLL(8)
        for (int v = 0; v < vectors; v++) {
            const simd_t x = v == vectors - 1 ? simd_load_n(job->bias + v * SIMD_WIDTH, last)
                                              : simd_load(job->bias + v * SIMD_WIDTH);
            SL_UNROLL(16)
            for (int i = 0; i < rows; i++)
                sum[i][v] = simd_add(sum[i][v], x);
        }
    }
    if (job->relu) {
        SL_UNROLL(16)
        for (int i = 0; i < rows; i++) {
            SL_UNROLL(8)
            for (int v = 0; v < vectors; v++)
                sum[i][v] = simd_relu(sum[i][v]);
        }
    }
    SL_UNROLL(16)
    for (int i = 0; i < rows; i++) {
        SL_UNROLL(8)
        for (int v = 0; v < vectors; v++)
            if (v == vectors - 1)
                simd_store_n(c + (size_t)i * c_row + v * SIMD_WIDTH, sum[i][v], last);
            else
                simd_store(c + (size_t)i * c_row + v * SIMD_WIDTH, sum[i][v]);
    }
}

#define TILE_SOME(suffix, vectors, adjacent, cases)                                                          \
    SL_SIMD_TARGET static void TILE_NAME(tile_##suffix)(int rows, const TILE_NAME(job) * job)                \
    {                                                                                                        \
        switch (rows) {                                                                                      \
            cases(vectors, adjacent)                                                                         \
        }                                                                                                    \
    }
#define TILE_CASE(rows, vectors, adjacent)                                                                   \
    case rows:                                                                                               \
        TILE_NAME(tile)(rows, vectors, adjacent, job);                                                       \
        break;
TILE_SOME(1, 1, false, TILE_CASES)
TILE_SOME(2, 2, false, TILE_CASES)
TILE_SOME(2_adjacent, 2, true, TILE_CASES)
TILE_SOME(4, 4, false, TILE_CASES_4)
TILE_SOME(8, 8, false, TILE_CASES_8)

/* --- operands in the order in which tiles read them ---------------------------------------------------- */

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

/* --- a block of C -------------------------------------------------------------------------------------- */

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

static int TILE_NAME(vectors_for)(size_t rows, size_t vectors)
{
    if (vectors >= 8 && rows <= TILE_ROWS_8)
        return 8;
    if (vectors >= 4 && rows <= TILE_ROWS_4)
        return 4;
    return vectors >= 2 ? 2 : 1;
}

SL_SIMD_TARGET static void TILE_NAME(run)(int rows, int vectors, const TILE_NAME(job) * job)
{
    if (vectors == 2 && job->a_row == 1)
        TILE_NAME(tile_2_adjacent)(rows, job);
    else if (vectors == 2)
        TILE_NAME(tile_2)(rows, job);
    else if (vectors == 1)
        TILE_NAME(tile_1)(rows, job);
    else if (vectors == 4)
        TILE_NAME(tile_4)(rows, job);
    else
        TILE_NAME(tile_8)(rows, job);
}

/* All columns j0..j1 of rows i..i + rows, k0..k1. b: packed columns from j0 on, or NULL. */
SL_SIMD_TARGET static void TILE_NAME(row)(const sl_turned *t, size_t i, size_t rows, size_t j0, size_t j1,
                                          size_t k0, size_t k1, const sl_real *a, size_t a_row, size_t a_col,
                                          const sl_real *packed)
{
    sl_real buffer[(TILE_ROWS + SIMD_WIDTH) * TILE_BUFFER]; /* simd_turn reads whole blocks */
    const bool turned = t->c_col != 1;
    TILE_NAME(job)
    job = {
        .a = a, .a_row = a_row, .a_col = a_col, .depth = k1 - k0, .c_row = turned ? TILE_BUFFER : t->c_row
    };
    job.add = t->add || k0 > 0;
    job.relu = t->relu && k1 == t->depth;
    job.bias_rows = t->bias_rows;
    job.b_row = packed ? TILE_PANEL : t->b_row;
    job.b_panel = packed ? TILE_PANEL * job.depth : TILE_PANEL;
    for (size_t j = j0; j < j1;) {
        const size_t left = (j1 - j + SIMD_WIDTH - 1) / SIMD_WIDTH;
        const int vectors = TILE_NAME(vectors_for)(rows, left);
        const size_t most = (size_t)vectors * SIMD_WIDTH, columns = j1 - j < most ? j1 - j : most;
        job.last = columns - (most - SIMD_WIDTH);
        job.b = packed ? packed + (j - j0) * job.depth : t->b + k0 * t->b_row + j;
        job.bias = t->bias && k1 == t->depth ? t->bias + (t->bias_rows ? i : j) : NULL;
        sl_real *c = t->c + i * t->c_row + j * t->c_col;
        job.c = turned ? buffer : c;
        if (turned && job.add)
            TILE_NAME(turn_in)(buffer, c, t->c_col, rows, columns);
        TILE_NAME(run)((int)rows, vectors, &job);
        if (turned)
            TILE_NAME(turn_out)(c, t->c_col, buffer, rows, columns);
        j += columns;
    }
}

/* Columns of B as the tiles want them: made beforehand, packed in the workspace, or (NULL) as they are. */
SL_SIMD_TARGET static const sl_real *TILE_NAME(columns)(const sl_turned *t, size_t j0, size_t j1, size_t k0,
                                                        size_t k1, sl_workspace *work)
{
    if (t->packed)
        return t->packed + j0 * t->depth;
    const size_t tiles = (t->rows + TILE_ROWS - 1) / TILE_ROWS; /* each reads B once */
#ifdef SIMD_HAS_PARTS
    const bool odd = false;
#else
    const bool odd = (j1 - j0) % SIMD_WIDTH != 0;
#endif
    if (t->b_col == 1 && (tiles == 1 || (tiles < TILE_FEW && !TILE_NAME(crowds)(t->b_row))) && !odd)
        return NULL;
    if (work->column != j0 || work->k != k0)
        TILE_NAME(pack)(t, k0, k1, j0, j1, work->memory);
    work->column = j0;
    work->k = k0;
    return work->memory;
}

/* Rows of A that lie side by side for each k, tile after tile: to[k * TILE_ADJACENT + row]. */
SL_SIMD_TARGET static void TILE_NAME(pack_rows)(const sl_turned *t, size_t i0, size_t i1, size_t tile,
                                                size_t stop, size_t tiles, size_t k0, size_t k1, sl_real *to)
{
    for (size_t k = k0; k < k1; k++) {
        const sl_real *from = t->a + k * t->a_col;
        sl_real *at = to + (k - k0) * TILE_ADJACENT;
        size_t i = i0;
        for (size_t n = tile; n < stop; n++) {
            const size_t rows = (i1 - i) / (tiles - n);
            for (size_t r = 0; r < rows; r += SIMD_WIDTH)
                simd_store(at + r, simd_load_n(from + i + r, rows - r < SIMD_WIDTH ? rows - r : SIMD_WIDTH));
            at += TILE_ADJACENT * (k1 - k0);
            i += rows;
        }
    }
}

SL_SIMD_TARGET static void TILE_NAME(block)(const sl_turned *t, size_t i0, size_t i1, size_t j0, size_t j1,
                                            sl_workspace *work)
{
    const size_t tiles = (i1 - i0 + TILE_ROWS - 1) / TILE_ROWS;
    size_t k0 = 0;
    do { /* once even for depth 0: C must be written */
        const size_t k1 = t->depth - k0 <= TILE_DEPTH || t->packed ? t->depth : k0 + TILE_DEPTH;
        const sl_real *packed = TILE_NAME(columns)(t, j0, j1, k0, k1, work);
        const bool gather = t->a_row == 1 && work->rows && j1 - j0 >= 4 * TILE_PANEL && i1 - i0 >= 8;
        const size_t together = gather ? SL_WORKSPACE_A / (TILE_ADJACENT * (k1 - k0 + 1)) : tiles;
        for (size_t tile = 0, i = i0; tile < tiles;) {
            const size_t stop = tiles - tile < together ? tiles : tile + together;
            if (gather)
                TILE_NAME(pack_rows)(t, i, i1, tile, stop, tiles, k0, k1, work->rows);
            for (size_t first = tile; tile < stop; tile++) {
                /* as equal as can be */
                const size_t rows =
                    tiles - tile == 1 ? i1 - i : (size_t)((uint32_t)(i1 - i) / (uint32_t)(tiles - tile));
                const sl_real *a = t->a + i * t->a_row + k0 * t->a_col;
                if (gather)
                    TILE_NAME(row)
                (t, i, rows, j0, j1, k0, k1, work->rows + (tile - first) * TILE_ADJACENT * (k1 - k0), 1,
                 TILE_ADJACENT, packed);
                else TILE_NAME(row)(t, i, rows, j0, j1, k0, k1, a, t->a_row, t->a_col, packed);
                i += rows;
            }
        }
        k0 = k1;
    } while (k0 < t->depth);
}

const sl_product_kernel TILE_KERNEL = { TILE_LOG_WIDTH, TILE_PANEL, TILE_ROWS, TILE_NAME(block),
                                        TILE_NAME(pack) };
