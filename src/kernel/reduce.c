/* reduce.c - sums, maxima and norms in a fixed order, for each instruction set. Lanes begin at +0 and so are
 * never -0: adding +0 for what a partial block lacks changes nothing. */
#include "kernel/kernel.h"
#include "kernel/lanes.h"

#include <math.h>

enum { REDUCE_BLOCK = 4096, REDUCE_AT_ONCE = 4 };

/* REDUCE(storage, name, number, parameters, arguments, term): the sum of term(i) over i in 0..n; blocks do
 * not depend on each other, so several run side by side instead of waiting for one chain of additions. */
#define REDUCE_ADD(lane, i, term)                                                                            \
    SL_EACH_LANE(j)                                                                                          \
    {                                                                                                        \
        lane[j] += term((i) + j);                                                                            \
    }
#if SL_QUADS
#    define REDUCE_PART(lane, i, part, term)                                                                 \
        for (uint32_t j = 0; j < part; j++)                                                                  \
            lane[j] += term((i) + j);
#else
#    define REDUCE_PART(lane, i, part, term)                                                                 \
        SL_EACH_LANE(j)                                                                                      \
        {                                                                                                    \
            lane[j] += j < part ? term((i) + j) : 0;                                                         \
        }
#endif
#define REDUCE(storage, name, number, parameters, arguments, term)                                           \
    REDUCE_OF(storage, name, number, parameters, arguments, term)
#define REDUCE_OF(storage, name, number, parameters, arguments, term)                                        \
    SL_INLINE number name##_body parameters                                                                  \
    {                                                                                                        \
        number sum = 0;                                                                                      \
        size_t i = 0;                                                                                        \
        for (; n - i >= REDUCE_AT_ONCE * REDUCE_BLOCK; i += REDUCE_AT_ONCE * REDUCE_BLOCK) {                 \
            number a[SL_LANES] = { 0 }, b[SL_LANES] = { 0 }, c[SL_LANES] = { 0 }, d[SL_LANES] = { 0 };       \
            for (size_t k = i; k < i + REDUCE_BLOCK; k += SL_LANES) {                                        \
                REDUCE_ADD(a, k, term)                                                                       \
                REDUCE_ADD(b, k + REDUCE_BLOCK, term)                                                        \
                REDUCE_ADD(c, k + 2 * REDUCE_BLOCK, term)                                                    \
                REDUCE_ADD(d, k + 3 * REDUCE_BLOCK, term)                                                    \
            }                                                                                                \
            SL_FOLD_LANES(SL_FOLD_SUM, a);                                                                   \
            SL_FOLD_LANES(SL_FOLD_SUM, b);                                                                   \
            SL_FOLD_LANES(SL_FOLD_SUM, c);                                                                   \
            SL_FOLD_LANES(SL_FOLD_SUM, d);                                                                   \
            sum += a[0];                                                                                     \
            sum += b[0];                                                                                     \
            sum += c[0];                                                                                     \
            sum += d[0];                                                                                     \
        }                                                                                                    \
        while (i < n) {                                                                                      \
            const size_t end = n - i < REDUCE_BLOCK ? n : i + REDUCE_BLOCK;                                  \
            number lane[SL_LANES] = { 0 };                                                                   \
            for (; i + SL_LANES <= end; i += SL_LANES)                                                       \
                REDUCE_ADD(lane, i, term)                                                                    \
            if (i < end) {                                                                                   \
                const uint32_t part = (uint32_t)(end - i);                                                   \
                REDUCE_PART(lane, i, part, term)                                                             \
                i = end;                                                                                     \
            }                                                                                                \
            SL_FOLD_LANES(SL_FOLD_SUM, lane);                                                                \
            sum += lane[0];                                                                                  \
        }                                                                                                    \
        return sum;                                                                                          \
    }                                                                                                        \
    SL_CLONES_VALUE(storage, number, name, parameters, arguments)

#define REDUCE_X(i) x[i]
#define REDUCE_XY(i) (x[i] * y[i])
#define REDUCE_SQUARE(i) ((double)x[i] * (double)x[i])
#define REDUCE_NONE(i) (x[i] - x[i]) /* 0; not a number where x is infinite or not a number */

REDUCE(, sl_reduce_sum, sl_real, (const sl_real *x, size_t n), (x, n), REDUCE_X)
REDUCE(, sl_reduce_dot, sl_real, (const sl_real *x, const sl_real *y, size_t n), (x, y, n), REDUCE_XY)
REDUCE(static, reduce_squares, double, (const sl_real *x, size_t n), (x, n), REDUCE_SQUARE)
REDUCE(static, reduce_none, sl_real, (const sl_real *x, size_t n), (x, n), REDUCE_NONE)

double sl_norm(sl_isa isa, const sl_real *x, size_t n)
{
    return sqrt(reduce_squares(isa, x, n));
}

bool sl_all_finite(sl_isa isa, const sl_real *x, size_t n, size_t *first_bad)
{
    if (reduce_none(isa, x, n) == 0)
        return true;
    size_t i = 0;
    while (x[i] - x[i] == 0)
        i++;
    *first_bad = i;
    return false;
}

/* All lanes begin with x[0], so that a NaN elsewhere never stays in one. */
SL_INLINE sl_real sl_reduce_max_body(const sl_real *x, size_t n)
{
    sl_real lane[SL_LANES], more[SL_LANES];
    SL_EACH_LANE(j) lane[j] = x[0];
    size_t i = 0;
    for (; i + SL_LANES <= n; i += SL_LANES)
        SL_EACH_LANE(j) lane[j] = x[i + j] > lane[j] ? x[i + j] : lane[j];
    if (i < n) {
        lanes_load_part(more, x + i, n - i, x[0]);
        SL_EACH_LANE(j) lane[j] = more[j] > lane[j] ? more[j] : lane[j];
    }
    SL_FOLD_LANES(SL_FOLD_MAX, lane);
    if (lane[0] == 0) /* of zeros, the sign is that of the first */
        for (i = 0;; i++)
            if (x[i] == 0)
                return x[i];
    return lane[0];
}
SL_CLONES_VALUE(, sl_real, sl_reduce_max, (const sl_real *x, size_t n), (x, n))

/* The chains of 64 columns stay in registers over all rows. */
SL_INLINE void sl_add_rows_body(sl_real *out, const sl_real *x, size_t rows, size_t columns)
{
    size_t j0 = 0;
    for (; j0 + 4 * SL_LANES <= columns; j0 += 4 * SL_LANES) {
        sl_real a[SL_LANES], b[SL_LANES], c[SL_LANES], d[SL_LANES];
        lanes_load(a, out + j0);
        lanes_load(b, out + j0 + SL_LANES);
        lanes_load(c, out + j0 + 2 * SL_LANES);
        lanes_load(d, out + j0 + 3 * SL_LANES);
        for (size_t i = 0; i < rows; i++) {
            const sl_real *row = x + i * columns + j0;
            SL_EACH_LANE(j) a[j] += row[j];
            SL_EACH_LANE(j) b[j] += row[SL_LANES + j];
            SL_EACH_LANE(j) c[j] += row[2 * SL_LANES + j];
            SL_EACH_LANE(j) d[j] += row[3 * SL_LANES + j];
        }
        lanes_store(out + j0, a);
        lanes_store(out + j0 + SL_LANES, b);
        lanes_store(out + j0 + 2 * SL_LANES, c);
        lanes_store(out + j0 + 3 * SL_LANES, d);
    }
    for (; j0 + SL_LANES <= columns; j0 += SL_LANES) {
        sl_real a[SL_LANES];
        lanes_load(a, out + j0);
        for (size_t i = 0; i < rows; i++) {
            const sl_real *row = x + i * columns + j0;
            SL_EACH_LANE(j) a[j] += row[j];
        }
        lanes_store(out + j0, a);
    }
#if SL_QUADS
    for (; j0 + SL_QUAD <= columns; j0 += SL_QUAD) {
        sl_real a[SL_QUAD];
        for (uint32_t j = 0; j < SL_QUAD; j++)
            a[j] = out[j0 + j];
        for (size_t i = 0; i < rows; i++)
            for (uint32_t j = 0; j < SL_QUAD; j++)
                a[j] += x[i * columns + j0 + j];
        for (uint32_t j = 0; j < SL_QUAD; j++)
            out[j0 + j] = a[j];
    }
    for (; j0 < columns; j0++) {
        sl_real sum = out[j0];
        for (size_t i = 0; i < rows; i++)
            sum += x[i * columns + j0];
        out[j0] = sum;
    }
#endif
    if (j0 < columns) {
        const uint32_t part = (uint32_t)(columns - j0);
        sl_real a[SL_LANES];
        lanes_load_part(a, out + j0, part, 0);
        for (size_t i = 0; i < rows; i++) {
            const sl_real *row = x + i * columns + j0;
            SL_EACH_LANE(j) a[j] += j < part ? row[j] : 0;
        }
        lanes_store_part(out + j0, a, part);
    }
}
SL_CLONES(, sl_add_rows, (sl_real * out, const sl_real *x, size_t rows, size_t columns),
          (out, x, rows, columns))

#define REDUCE_ADDED(k) (y[k] + x[k])
SL_INLINE void sl_add_n_body(sl_real *y, const sl_real *x, size_t n)
{
    SL_MAP_LANES(y, n, REDUCE_ADDED);
}
SL_CLONES(, sl_add_n, (sl_real * y, const sl_real *x, size_t n), (y, x, n))

SL_INLINE void sl_fill_body(sl_real *x, sl_real value, size_t n)
{
    for (size_t i = 0; i < n; i++)
        x[i] = value;
}
SL_CLONES(, sl_fill, (sl_real * x, sl_real value, size_t n), (x, value, n))
