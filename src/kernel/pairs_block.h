/* pairs_block.h - the loops of pairs.c with vectors of PAIRS_BYTES, included once for each size. Products are
 * rounded before they are added, so every size gives the same bits. */
#define PAIRS_PASTE(name, bytes) pairs_##name##_##bytes
#define PAIRS_EXPAND(name, bytes) PAIRS_PASTE(name, bytes)
#define PAIRS_NAME(name) PAIRS_EXPAND(name, PAIRS_BYTES)
enum {
    PAIRS_NAME(lanes) = PAIRS_BYTES / sizeof(sl_real),
    PAIRS_NAME(parts) = SL_PAIRS_WIDTH / PAIRS_NAME(lanes)
};
#if defined(__GNUC__)
typedef sl_real PAIRS_NAME(vector) __attribute__((vector_size(PAIRS_BYTES), may_alias));
#else /* PAIRS_BYTES is that of one number */
typedef sl_real PAIRS_NAME(vector);
#endif

/* `count` is a constant after inlining. */
SL_INLINE void PAIRS_NAME(dots_of)(const int count, sl_real *dot, const sl_real *a, const sl_real *const *b,
                                   size_t width)
{
    enum { PARTS = PAIRS_NAME(parts), LANES = PAIRS_NAME(lanes) };
    PAIRS_NAME(vector) sum[SL_PAIRS_GROUP][PARTS];
    PAIRS_UNROLL for (int j = 0; j < count; j++) PAIRS_UNROLL for (int p = 0; p < PARTS; p++) sum[j][p] =
        *(const PAIRS_NAME(vector) *)(a + p * LANES) * *(const PAIRS_NAME(vector) *)(b[j] + p * LANES);
    for (size_t k = SL_PAIRS_WIDTH; k < width; k += SL_PAIRS_WIDTH)
        PAIRS_UNROLL for (int p = 0; p < PARTS; p++)
        {
            const PAIRS_NAME(vector) x = *(const PAIRS_NAME(vector) *)(a + k + p * LANES);
            PAIRS_UNROLL for (int j = 0; j < count; j++) sum[j][p] +=
                x * *(const PAIRS_NAME(vector) *)(b[j] + k + p * LANES);
        }
    sl_real lane[SL_PAIRS_GROUP][SL_PAIRS_WIDTH];
    PAIRS_UNROLL for (int j = 0; j < count; j++) PAIRS_UNROLL for (int p = 0; p < PARTS; p++)
        memcpy(lane[j] + p * LANES, &sum[j][p], sizeof sum[j][p]);
    PAIRS_UNROLL for (int row = 0; row < count; row++)
    {
        sl_real *const sums = lane[row];
        SL_FOLD_LANES(SL_FOLD_SUM, sums);
        dot[row] = sums[0];
    }
}

SL_INLINE void PAIRS_NAME(step_of)(const int count, const sl_real *g, size_t m, const sl_real *const *a,
                                   sl_real *const *to, size_t n, sl_real *const *b, size_t width)
{
    enum { LANES = PAIRS_NAME(lanes) };
    for (size_t k = 0; k < width; k += LANES) {
        PAIRS_NAME(vector) y[SL_PAIRS_GROUP], change[SL_PAIRS_GROUP];
        PAIRS_UNROLL for (int j = 0; j < count; j++)
        {
            y[j] = *(const PAIRS_NAME(vector) *)(b[j] + k);
            change[j] = (PAIRS_NAME(vector)){ 0 };
        }
        for (size_t i = 0; i < n; i++) {
            const sl_real *const share = g + i * m;
            const PAIRS_NAME(vector) x = *(const PAIRS_NAME(vector) *)(a[i] + k);
            PAIRS_NAME(vector) sum = (PAIRS_NAME(vector)){ 0 };
            PAIRS_UNROLL for (int j = 0; j < count; j++)
            {
                sum += share[j] * y[j];
                change[j] += share[j] * x;
            }
            *(PAIRS_NAME(vector) *)(to[i] + k) += sum;
        }
        PAIRS_UNROLL for (int j = 0; j < count; j++) * (PAIRS_NAME(vector) *)(b[j] + k) += change[j];
    }
}

#define PAIRS_GROUPS(call)                                                                                   \
    switch (m - at < SL_PAIRS_GROUP ? m - at : SL_PAIRS_GROUP) {                                             \
    case 1:                                                                                                  \
        call(1);                                                                                             \
        break;                                                                                               \
    case 2:                                                                                                  \
        call(2);                                                                                             \
        break;                                                                                               \
    case 3:                                                                                                  \
        call(3);                                                                                             \
        break;                                                                                               \
    case 4:                                                                                                  \
        call(4);                                                                                             \
        break;                                                                                               \
    case 5:                                                                                                  \
        call(5);                                                                                             \
        break;                                                                                               \
    default:                                                                                                 \
        call(6);                                                                                             \
    }

SL_INLINE void PAIRS_NAME(dots)(sl_real *dot, const sl_real *const *a, size_t n, const sl_real *const *b,
                                size_t m, size_t width)
{
#define PAIRS_DOTS(count)                                                                                    \
    for (size_t i = 0; i < n; i++)                                                                           \
    PAIRS_NAME(dots_of)(count, dot + i * m + at, a[i], b + at, width)
    for (size_t at = 0; at < m; at += SL_PAIRS_GROUP)
        PAIRS_GROUPS(PAIRS_DOTS)
#undef PAIRS_DOTS
}

SL_INLINE void PAIRS_NAME(step)(const sl_real *g, const sl_real *const *a, sl_real *const *to, size_t n,
                                sl_real *const *b, size_t m, size_t width)
{
#define PAIRS_STEP(count) PAIRS_NAME(step_of)(count, g + at, m, a, to, n, b + at, width)
    for (size_t at = 0; at < m; at += SL_PAIRS_GROUP)
        PAIRS_GROUPS(PAIRS_STEP)
#undef PAIRS_STEP
}
#undef PAIRS_GROUPS
#undef PAIRS_NAME
#undef PAIRS_EXPAND
#undef PAIRS_PASTE
