/* pull.c - see pull.h */
#include "kernel/pull.h"
#include "kernel/lanes.h"
#include "kernel/math.h"
#include "kernel/pairs.h"

#include <math.h>

SL_INLINE void pull_shares_body(sl_real *dot, const sl_real *share, size_t n, sl_real alpha)
{
    SL_EACH(i, n)
    {
        const sl_real turned = share[i] > 0 ? -alpha : alpha;
        dot[i] = share[i] * sl_sigmoid_r(turned * dot[i]);
    }
}
SL_CLONES(static, pull_shares, (sl_real * dot, const sl_real *share, size_t n, sl_real alpha),
          (dot, share, n, alpha))

/* `blocks` of 16 columns, a constant after inlining. */
SL_INLINE void pull_add_of(const uint32_t blocks, sl_real *sum, const sl_real *const *row,
                           const sl_real *share, size_t n, size_t at)
{
    sl_real lane[4][SL_LANES];
    for (uint32_t b = 0; b < blocks; b++)
        lanes_load(lane[b], sum + at + b * SL_LANES);
    for (size_t i = 0; i < n; i++) {
        const sl_real *const x = row[i] + at, by = share[i];
        for (uint32_t b = 0; b < blocks; b++)
            SL_EACH_LANE(j) lane[b][j] += by * x[b * SL_LANES + j];
    }
    for (uint32_t b = 0; b < blocks; b++)
        lanes_store(sum + at + b * SL_LANES, lane[b]);
}

SL_INLINE void pull_add_body(sl_real *sum, const sl_real *const *row, const sl_real *share, size_t n,
                             size_t width)
{
    size_t at = 0;
    for (; at + 4 * SL_LANES <= width; at += 4 * SL_LANES)
        pull_add_of(4, sum, row, share, n, at);
    for (; at + 2 * SL_LANES <= width; at += 2 * SL_LANES)
        pull_add_of(2, sum, row, share, n, at);
    for (; at < width; at += SL_LANES)
        pull_add_of(1, sum, row, share, n, at);
}
SL_CLONES(static, pull_add,
          (sl_real * sum, const sl_real *const *row, const sl_real *share, size_t n, size_t width),
          (sum, row, share, n, width))

void sl_pull(sl_isa isa, sl_real *sum, const sl_real *x, const sl_real *const *row, const sl_real *share,
             size_t n, sl_real alpha, size_t width)
{
    sl_real dot[SL_PULL_MOST];
    sl_pairs_dots(isa, dot, &x, 1, row, n, width);
    pull_shares(isa, dot, share, n, alpha);
    pull_add(isa, sum, row, dot, n, width);
}

SL_INLINE void sl_pull_step_body(sl_real *x, const sl_real *change, sl_real rate, size_t width)
{
    sl_real lane[SL_LANES];
    SL_EACH_LANE(j) lane[j] = 0;
    for (size_t k = 0; k < width; k += SL_LANES)
        SL_EACH_LANE(j)
        {
            const sl_real moved = x[k + j] + rate * change[k + j];
            x[k + j] = moved;
            lane[j] += moved * moved;
        }
    SL_FOLD_LANES(SL_FOLD_SUM, lane);
    if (!(lane[0] > 0))
        return;
    const sl_real by = (sl_real)(1 / sqrt((double)lane[0]));
    SL_EACH(i, width) x[i] *= by;
}
SL_CLONES(, sl_pull_step, (sl_real * x, const sl_real *change, sl_real rate, size_t width),
          (x, change, rate, width))
