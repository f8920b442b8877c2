/* bags_block.h - chains of rows with vectors of BAGS_BYTES, included by bags.c once for each size: a block of
 * columns is summed in registers over all rows, each times its value where there are any. The plain loop is
 * the one at the end.                      */
#define BAGS_PASTE(name, bytes) bags_##name##_##bytes
#define BAGS_EXPAND(name, bytes) BAGS_PASTE(name, bytes)
#define BAGS_NAME(name) BAGS_EXPAND(name, BAGS_BYTES)
#if defined(__GNUC__)
enum { BAGS_NAME(lanes) = BAGS_BYTES / sizeof(sl_real) };
typedef sl_real BAGS_NAME(vector)
    __attribute__((vector_size(BAGS_BYTES), aligned(sizeof(sl_real)), may_alias));

/* `vectors` is a constant after inlining. The last vector ends where the columns do, so it may overlap the
 * one before: the same sums twice. */
SL_INLINE void BAGS_NAME(block)(const int vectors, sl_real *out, const sl_real *x, size_t width,
                                size_t columns, const int *rows, const sl_real *values, size_t n, bool add)
{
    BAGS_NAME(vector) sum[BAGS_VECTORS];
    size_t at[BAGS_VECTORS];
#    pragma GCC unroll 8
    for (int v = 0; v < vectors; v++) {
        at[v] = v < vectors - 1 ? (size_t)(v * BAGS_NAME(lanes)) : columns - BAGS_NAME(lanes);
        sum[v] = add ? *(const BAGS_NAME(vector) *)(out + at[v]) : (BAGS_NAME(vector)){ 0 };
    }
    for (size_t i = 0; i < n && !values; i++) {
        const sl_real *row = x + (size_t)rows[i] * width;
        if (!add && i + BAGS_AHEAD < n) /* a large table; on the way back x is small */
            sl_prefetch(x + (size_t)rows[i + BAGS_AHEAD] * width, columns);
#    pragma GCC unroll 8
        for (int v = 0; v < vectors; v++)
            sum[v] += *(const BAGS_NAME(vector) *)(row + at[v]);
    }
    for (size_t i = 0; i < n && values; i++) {
        const sl_real *row = x + (size_t)rows[i] * width;
        if (!add && i + BAGS_AHEAD < n)
            sl_prefetch(x + (size_t)rows[i + BAGS_AHEAD] * width, columns);
#    pragma GCC unroll 8
        for (int v = 0; v < vectors; v++)
            sum[v] += values[i] * *(const BAGS_NAME(vector) *)(row + at[v]);
    }
#    pragma GCC unroll 8
    for (int v = 0; v < vectors; v++)
        *(BAGS_NAME(vector) *)(out + at[v]) = sum[v];
}
#endif

SL_INLINE void BAGS_NAME(chain)(sl_real *out, const sl_real *x, size_t width, const int *rows,
                                const sl_real *values, size_t n, bool add)
{
    size_t done = 0;
#if defined(__GNUC__)
    /* A block leaves either nothing or a vector at least. */
    enum { LANES = BAGS_NAME(lanes), MOST = BAGS_VECTORS * LANES };
    while (width - done >= LANES) {
        size_t columns = width - done;
        if (columns > MOST)
            columns = columns < MOST + LANES ? MOST - LANES : MOST;
        switch ((columns + LANES - 1) / LANES) {
#    define BAGS_CASE(vectors)                                                                               \
    case vectors:                                                                                            \
        BAGS_NAME(block)(vectors, out + done, x + done, width, columns, rows, values, n, add);               \
        break;
            BAGS_CASE(1)
            BAGS_CASE(2) BAGS_CASE(3) BAGS_CASE(4) BAGS_CASE(5) BAGS_CASE(6) BAGS_CASE(7) BAGS_CASE(8)
#    undef BAGS_CASE
        }
        done += columns;
    }
#endif
    for (; width - done >= 4; done += 4)
        bags_few(4, out + done, x + done, width, rows, values, n, add);
    if (width - done >= 2) {
        bags_few(2, out + done, x + done, width, rows, values, n, add);
        done += 2;
    }
    if (width > done)
        bags_few(1, out + done, x + done, width, rows, values, n, add);
}
#undef BAGS_NAME
#undef BAGS_EXPAND
#undef BAGS_PASTE
