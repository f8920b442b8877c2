/* bootstrap.c - how far a figure would be another on other rows of the same kind: rows are drawn with
 * replacement, as many as there are, again and again (Efron, Annals of Statistics 7, 1979). */
#include "baseline/baseline.h"
#include "core/random.h"
#include "core/threads.h"
#include "metric/metric.h"

#include <math.h>

enum { BOOTSTRAP_MOST = 1000, BOOTSTRAP_LEAST = 200 };
#define BOOTSTRAP_WORK 2e7 /* rows drawn, in all */

size_t sl_bootstrap_resamples(size_t rows)
{
    const double most = rows ? BOOTSTRAP_WORK / (double)rows : 0;
    return most > BOOTSTRAP_MOST ? BOOTSTRAP_MOST : most < BOOTSTRAP_LEAST ? BOOTSTRAP_LEAST : (size_t)most;
}

typedef struct {
    uint64_t seed;
    const double *v;
    size_t rows, columns;
    double *means;
} bootstrap_job;

/* Draw k of resample b: word k mod 4 of block k / 4, times rows / 2^32. */
static void bootstrap_task(void *argument, size_t b, int worker)
{
    (void)worker;
    const bootstrap_job *job = argument;
    const size_t columns = job->columns;
    double *mean = job->means + b * columns;
    sl_random4 block = { { 0 } };
    for (size_t k = 0; k < job->rows; k++) {
        if (k % 4 == 0)
            block = sl_random_block(job->seed, SL_FOR_BOOTSTRAP, 0, (uint32_t)b, k / 4);
        const uint64_t row = (uint64_t)block.word[k % 4] * job->rows >> 32;
        const double *v = job->v + (size_t)row * columns;
        for (size_t c = 0; c < columns; c++)
            mean[c] += v[c];
    }
    for (size_t c = 0; c < columns; c++)
        mean[c] /= (double)job->rows;
}

sl_status sl_bootstrap(sl_ctx *ctx, uint64_t seed, const double *v, size_t rows, size_t columns,
                       size_t resamples, double *means)
{
    if (rows < 1 || rows > UINT32_MAX)
        return sl_fail(ctx, SL_EINVAL, "the bootstrap wants 1 to %lu rows, given %zu",
                       (unsigned long)UINT32_MAX, rows);
    for (size_t i = 0; i < resamples * columns; i++)
        means[i] = 0;
    bootstrap_job job = { seed, v, rows, columns, means };
    sl_pool_run(ctx->pool, resamples, bootstrap_task, &job);
    return SL_OK;
}

static double bootstrap_quantile(const double *sorted, size_t count, double share)
{
    const double place = share * (double)(count - 1);
    const size_t below = (size_t)place;
    const size_t above = below + 1 < count ? below + 1 : below;
    return sorted[below] + (place - (double)below) * (sorted[above] - sorted[below]);
}

void sl_bootstrap_interval(double *values, size_t count, double *low, double *high)
{
    *low = *high = NAN;
    for (size_t i = 0; i < count; i++)
        if (values[i] != values[i])
            return;
    if (!count)
        return;
    sl_scored_sort(values, count);
    *low = bootstrap_quantile(values, count, 0.025);
    *high = bootstrap_quantile(values, count, 0.975);
}
