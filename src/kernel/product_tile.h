/* product_tile.h - the product for one vector type (simd.h), included once for each instruction set, which
 * defines TILE_NAME(name), TILE_ROWS (of a tile two vectors wide), TILE_ROWS_4 and TILE_ROWS_8 (four, eight).
 *   A tile is a few rows by a few vectors of C, held in registers over all of k: each element is the plain
 * loop's chain. Few rows take more vectors, so that enough chains are under way at once.               */
enum { TILE_LOG_WIDTH = SIMD_WIDTH == 16 ? 4 : SIMD_WIDTH == 8 ? 3 : SIMD_WIDTH == 4 ? 2 : 1 };
enum {
    TILE_PANEL = 2 * SIMD_WIDTH,
    TILE_DEPTH = 4096,
    TILE_ADJACENT = 16 /* at least TILE_ROWS */,
    TILE_TOGETHER = 4,
    TILE_AHEAD = 12
};

typedef struct {
    const sl_real *a;
    size_t a_row, a_col;
    const sl_real *b; /* vector v of k: b + v / 2 * b_panel + v % 2 * SIMD_WIDTH + k * b_row */
    size_t b_row, b_panel;
    size_t depth;
    sl_real *c;
    size_t c_row;
    size_t count; /* of tiles side by side */
    size_t last;  /* numbers in the last vector of the last of them */
    bool add, relu;
    const sl_real *bias; /* of the tile's columns, or of its rows when bias_rows; NULL: none */
    bool bias_rows;
} TILE_NAME(job);

#ifdef SIMD_HAS_PARTS /* the last columns of B can be read where they are */
#    define TILE_LOAD_LAST(p, n) simd_load_n(p, n)
#else /* they are packed, and filled up */
#    define TILE_LOAD_LAST(p, n) simd_load(p)
#endif

/* One tile. `rows`, `vectors` and `adjacent` (a_row is 1) are constants after inlining. */
SL_SIMD_TARGET static inline __attribute__((always_inline)) void
TILE_NAME(tile)(const int rows, const int vectors, const bool adjacent, const TILE_NAME(job) * job,
                const sl_real *columns, sl_real *c, const sl_real *bias, size_t last)
{
    simd_t sum[TILE_ROWS][TILE_VECTORS];
    const size_t c_row = job->c_row, a_row = adjacent ? 1 : job->a_row, a_col = job->a_col;
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
        b[v / 2] = columns + (size_t)(v / 2) * job->b_panel;
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
    if (bias && job->bias_rows) {
        SL_UNROLL(16)
        for (int i = 0; i < rows; i++) {
            const simd_t x = simd_all(bias[i]);
            SL_UNROLL(8)
            for (int v = 0; v < vectors; v++)
                sum[i][v] = simd_add(sum[i][v], x);
        }
    } else if (bias) {
        SL_UNROLL(8)
        for (int v = 0; v < vectors; v++) {
            const simd_t x = v == vectors - 1 ? simd_load_n(bias + v * SIMD_WIDTH, last)
                                              : simd_load(bias + v * SIMD_WIDTH);
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

/* Tiles side by side, the last of which may be cut short. */
SL_SIMD_TARGET static inline __attribute__((always_inline)) void
TILE_NAME(tiles)(const int rows, const int vectors, const bool adjacent, const TILE_NAME(job) * job)
{
    const size_t width = (size_t)vectors * SIMD_WIDTH, b_step = (size_t)((vectors + 1) / 2) * job->b_panel;
    const sl_real *b = job->b, *bias = job->bias;
    const size_t bias_step = bias && !job->bias_rows ? width : 0;
    sl_real *c = job->c;
    for (size_t more = job->count; more; more--) {
        TILE_NAME(tile)(rows, vectors, adjacent, job, b, c, bias, more == 1 ? job->last : SIMD_WIDTH);
        b += b_step;
        c += width;
        bias = bias_step ? bias + bias_step : bias;
    }
}

#define TILE_SOME(suffix, vectors, adjacent, cases)                                                          \
    SL_SIMD_TARGET static void TILE_NAME(tile_##suffix)(int rows, const TILE_NAME(job) * job)                \
    {                                                                                                        \
        (void)job;                                                                                           \
        switch (rows) {                                                                                      \
            cases(vectors, adjacent)                                                                         \
        }                                                                                                    \
    }
#define TILE_CASE(rows, vectors, adjacent)                                                                   \
    case rows:                                                                                               \
        TILE_NAME(tiles)(rows, vectors, adjacent, job);                                                      \
        break;
TILE_SOME(1, 1, false, TILE_CASES)
TILE_SOME(2, 2, false, TILE_CASES)
#ifndef TILE_WITHOUT_ADJACENT
TILE_SOME(2_adjacent, 2, true, TILE_CASES)
#endif
TILE_SOME(4, 4, false, TILE_CASES_4)
TILE_SOME(8, 8, false, TILE_CASES_8)

#include "kernel/product_pack.h"

/* --- a block of C -------------------------------------------------------------------------------------- */

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
    if (vectors == 1)
        TILE_NAME(tile_1)(rows, job);
#ifndef TILE_WITHOUT_ADJACENT
    else if (vectors == 2 && job->a_row == 1)
        TILE_NAME(tile_2_adjacent)(rows, job);
#endif
    else if (vectors == 2)
        TILE_NAME(tile_2)(rows, job);
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
        const size_t width = (size_t)vectors * SIMD_WIDTH;
        job.count = turned && left > TILE_VECTORS ? TILE_VECTORS / (size_t)vectors : left / (size_t)vectors;
        const size_t columns = j1 - j < job.count * width ? j1 - j : job.count * width;
        job.last = columns - (job.count * width - SIMD_WIDTH);
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
    if (TILE_NAME(direct)(t))
        return NULL;
    if (work->column != j0 || work->k != k0)
        TILE_NAME(pack)(t, k0, k1, j0, j1, work->memory);
    work->column = j0;
    work->k = k0;
    return work->memory;
}

SL_SIMD_TARGET static void TILE_NAME(block)(const sl_turned *t, size_t i0, size_t i1, size_t j0, size_t j1,
                                            sl_workspace *work)
{
    const size_t tiles = (i1 - i0 + TILE_ROWS - 1) / TILE_ROWS;
    size_t k0 = 0;
    do { /* once even for depth 0: C must be written */
        const size_t most = t->a_row == 1 ? TILE_DEPTH / 4 : TILE_DEPTH; /* four tiles of gathered rows fit */
        const size_t k1 = t->depth - k0 <= most || t->packed ? t->depth : k0 + most;
        const sl_real *packed = TILE_NAME(columns)(t, j0, j1, k0, k1, work);
        const bool fits = work->rows && k1 - k0 <= TILE_DEPTH / 4; /* a packed B comes whole */
        const bool gather = t->a_row == 1 && fits && j1 - j0 >= 4 * TILE_PANEL && i1 - i0 >= 8;
        for (size_t tile = 0, i = i0; tile < tiles;) {
            size_t rows[TILE_TOGETHER], some = 0; /* tiles, as equal as can be */
            for (size_t next = i; tile < tiles && some < TILE_TOGETHER; tile++, some++) {
                const size_t left = tiles - tile;
                rows[some] = left == 1 ? i1 - next : (size_t)((uint32_t)(i1 - next) / (uint32_t)left);
                next += rows[some];
            }
            if (gather)
                TILE_NAME(pack_rows)(t, i, rows, some, k0, k1, work->rows);
            for (size_t n = 0; n < some; n++) {
                const sl_real *a =
                    gather ? work->rows + n * TILE_ADJACENT * (k1 - k0) : t->a + i * t->a_row + k0 * t->a_col;
                TILE_NAME(row)
                (t, i, rows[n], j0, j1, k0, k1, a, gather ? 1 : t->a_row, gather ? TILE_ADJACENT : t->a_col,
                 packed);
                i += rows[n];
            }
        }
        k0 = k1;
    } while (k0 < t->depth);
}

#ifndef TILE_FEW
#    define TILE_FEW NULL
#endif
const sl_product_kernel TILE_KERNEL = { TILE_LOG_WIDTH,  TILE_PANEL,        TILE_ROWS, TILE_NAME(block),
                                        TILE_NAME(pack), TILE_NAME(direct), TILE_FEW };
