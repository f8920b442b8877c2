/* softmax.c - rows of scores to probabilities, losses and gradients. 16 rows at a time: where they are
 * narrow, turned so that a vector holds one class of all 16, else one after the other; the sums of both
 * follow sl_reduce_sum, and the logarithms of 16 rows are taken at once. */
#include "kernel/kernel.h"
#include "kernel/lanes.h"
#include "kernel/math.h"

enum { SOFTMAX_BLOCK = 4096, SOFTMAX_FEW = 4 }; /* so few narrow rows are quicker one by one */

/* p = softmax(x); gives the maximum, returns the sum of e^(x - max). The sign of a maximum 0 does not matter.
 */
SL_INLINE sl_real softmax_row(sl_real *p, const sl_real *x, size_t width, sl_real *max)
{
    sl_real lane[SL_LANES], e[SL_LANES], sum = 0;
    size_t i = 0;
    SL_EACH_LANE(j) lane[j] = x[0];
    for (; i + SL_LANES <= width; i += SL_LANES)
        SL_EACH_LANE(j) lane[j] = x[i + j] > lane[j] ? x[i + j] : lane[j];
    if (i < width) {
        lanes_load_part(e, x + i, width - i, x[0]);
        SL_EACH_LANE(j) lane[j] = e[j] > lane[j] ? e[j] : lane[j];
    }
    SL_FOLD_LANES(SL_FOLD_MAX, lane);
    const sl_real most = lane[0];
    *max = most;
    for (i = 0; i < width;) {
        const size_t end = width - i < SOFTMAX_BLOCK ? width : i + SOFTMAX_BLOCK;
        SL_EACH_LANE(j) lane[j] = 0;
        for (; i + SL_LANES <= end; i += SL_LANES) {
            SL_EACH_LANE(j) e[j] = sl_exp_r(x[i + j] - most);
            SL_EACH_LANE(j) lane[j] += e[j];
            lanes_store(p + i, e);
        }
        if (i < end) {
            const uint32_t part = (uint32_t)(end - i);
            lanes_load_part(e, x + i, part, most);
            SL_EACH_LANE(j) e[j] = sl_exp_r(e[j] - most);
            SL_EACH_LANE(j) lane[j] += j < part ? e[j] : 0;
            lanes_store_part(p + i, e, part);
            i = end;
        }
        SL_FOLD_LANES(SL_FOLD_SUM, lane);
        sum += lane[0];
    }
    for (i = 0; i + SL_LANES <= width; i += SL_LANES) {
        SL_EACH_LANE(j) e[j] = p[i + j] / sum;
        lanes_store(p + i, e);
    }
    if (i < width) {
        lanes_load_part(e, p + i, width - i, 0);
        SL_EACH_LANE(j) e[j] = e[j] / sum;
        lanes_store_part(p + i, e, width - i);
    }
    return sum;
}

/* The same for `rows` <= 16 rows of at most 16. */
SL_INLINE void softmax_narrow(sl_real *p, const sl_real *x, size_t rows, size_t width, sl_real *max,
                              sl_real *sum)
{
    sl_real e[SL_LANES * SL_LANES], tree[SL_LANES * SL_LANES];
    if (rows < SL_LANES)
        for (size_t k = 0; k < width * SL_LANES; k++)
            e[k] = 0;
    for (size_t r = 0; r < rows; r++)
        for (size_t k = 0; k < width; k++)
            e[k * SL_LANES + r] = x[r * width + k];
    lanes_load(max, e);
    for (size_t k = 1; k < width; k++) {
        const sl_real *next = e + k * SL_LANES;
        SL_EACH_LANE(j) max[j] = next[j] > max[j] ? next[j] : max[j];
    }
    for (size_t k = 0; k < width; k++) {
        sl_real lane[SL_LANES];
        SL_EACH_LANE(j) lane[j] = sl_exp_r(e[k * SL_LANES + j] - max[j]);
        lanes_store(e + k * SL_LANES, lane);
        lanes_store(tree + k * SL_LANES, lane);
    }
    size_t count = width; /* of the lanes of sl_reduce_sum; those behind are 0 */
    for (size_t half = SL_LANES / 2; half; half /= 2)
        if (count > half) {
            for (size_t k = 0; k + half < count; k++)
                SL_EACH_LANE(j) tree[k * SL_LANES + j] += tree[(k + half) * SL_LANES + j];
            count = half;
        }
    lanes_load(sum, tree);
    for (size_t k = 0; k < width; k++)
        SL_EACH_LANE(j) e[k * SL_LANES + j] /= sum[j];
    for (size_t r = 0; r < rows; r++)
        for (size_t k = 0; k < width; k++)
            p[r * width + k] = e[k * SL_LANES + r];
}

SL_INLINE void softmax_tile(sl_real *p, const sl_real *x, size_t rows, size_t width, sl_real *max,
                            sl_real *sum)
{
    if (width <= SL_LANES && rows >= SOFTMAX_FEW)
        softmax_narrow(p, x, rows, width, max, sum);
    else
        for (size_t r = 0; r < rows; r++)
            sum[r] = softmax_row(p + r * width, x + r * width, width, max + r);
}

SL_INLINE void sl_softmax_rows_body(sl_real *p, const sl_real *x, size_t rows, size_t width)
{
    for (size_t i = 0; i < rows; i += SL_LANES) {
        sl_real max[SL_LANES], sum[SL_LANES];
        softmax_tile(p + i * width, x + i * width, rows - i < SL_LANES ? rows - i : SL_LANES, width, max,
                     sum);
    }
}
SL_CLONES(, sl_softmax_rows, (sl_real * p, const sl_real *x, size_t rows, size_t width), (p, x, rows, width))

SL_INLINE void sl_cross_entropy_rows_body(sl_real *d, sl_real *loss, const sl_real *x, const sl_real *label,
                                          size_t rows, size_t width)
{
    for (size_t i = 0; i < rows; i += SL_LANES) {
        const size_t count = rows - i < SL_LANES ? rows - i : SL_LANES;
        sl_real max[SL_LANES] = { 0 }, sum[SL_LANES] = { 0 }, chosen[SL_LANES] = { 0 };
        for (size_t r = 0; r < count; r++) /* d may be x */
            chosen[r] = x[(i + r) * width + (uint32_t)(int32_t)label[i + r]];
        softmax_tile(d + i * width, x + i * width, count, width, max, sum);
        for (size_t r = 0; r < count; r++)
            d[(i + r) * width + (uint32_t)(int32_t)label[i + r]] -= 1;
        SL_EACH_LANE(j) sum[j] = sl_log_r(sum[j]) - (chosen[j] - max[j]);
        if (count == SL_LANES)
            lanes_store(loss + i, sum);
        else
            lanes_store_part(loss + i, sum, count);
    }
}
SL_CLONES(, sl_cross_entropy_rows,
          (sl_real * d, sl_real *loss, const sl_real *x, const sl_real *label, size_t rows, size_t width),
          (d, loss, x, label, rows, width))

/* t log(1 + e^-x) + (1 - t) log(1 + e^x), as sl_log1p_exp_r has them: what is beside max(x, 0) is the same.
 */
SL_INLINE sl_real softmax_two(sl_real x, sl_real t)
{
#ifdef SL_REAL_DOUBLE
    const sl_real rest = sl_log1p_d(sl_exp_d(x > 0 ? -x : x));
    const sl_real left = x < 0 ? rest - x : rest, right = x > 0 ? x + rest : rest;
#else
    const sl_real rest = math_log1p_part(sl_exp_r(-math_abs(x)));
    const sl_real left = math_pick(x == x, math_pick(x < 0.0f, -x, 0.0f) + rest, x);
    const sl_real right = math_pick(x == x, math_pick(x > 0.0f, x, 0.0f) + rest, x);
#endif
    return t * left + (1 - t) * right;
}

SL_INLINE void sl_binary_cross_entropy_n_body(sl_real *loss, const sl_real *x, const sl_real *t, size_t n)
{
    sl_real lane[SL_LANES], target[SL_LANES];
    size_t i = 0;
#if SL_QUADS
    for (; i + SL_QUAD <= n; i += SL_QUAD)
        SL_EACH_QUAD(j, SL_QUAD) loss[i + j] = softmax_two(x[i + j], t[i + j]);
    for (size_t j = 0; j < SL_QUAD; j++) {
        lane[j] = i + j < n ? x[i + j] : 0;
        target[j] = i + j < n ? t[i + j] : 0;
    }
    SL_EACH_QUAD(j, SL_QUAD) lane[j] = softmax_two(lane[j], target[j]);
    for (size_t j = 0; i + j < n; j++)
        loss[i + j] = lane[j];
#else
    for (; i + SL_LANES <= n; i += SL_LANES) {
        SL_EACH_LANE(j) lane[j] = softmax_two(x[i + j], t[i + j]);
        lanes_store(loss + i, lane);
    }
    if (i < n) {
        lanes_load_part(lane, x + i, n - i, 0);
        lanes_load_part(target, t + i, n - i, 0);
        SL_EACH_LANE(j) lane[j] = softmax_two(lane[j], target[j]);
        lanes_store_part(loss + i, lane, n - i);
    }
#endif
}
SL_CLONES(, sl_binary_cross_entropy_n, (sl_real * loss, const sl_real *x, const sl_real *t, size_t n),
          (loss, x, t, n))
