/* bags_pool.c - the largest of rows, and how well rows fit a query: see bags.h. */
#include "core/threads.h"
#include "kernel/bags.h"
#include "kernel/clones.h"
#include "kernel/kernel.h"

#include <string.h>

enum { POOL_TASK = 1 << 14 }; /* numbers to look at, about, that are worth a task */

typedef struct {
    sl_isa isa;
    sl_real *out;
    int *row;
    const sl_real *x, *table; /* x: the query [width], or a row a bag */
    const sl_bags *bags;
    size_t width, piece;
} pool_job;

/* Pieces of bags; what a bag gives depends on nothing but itself. */
static void pool_run(sl_ctx *ctx, pool_job *job, sl_task *task)
{
    const size_t count = (size_t)job->bags->count;
    if (!count)
        return;
    const size_t ids = job->bags->offsets[count] - job->bags->offsets[0], each = ids * job->width / count + 1;
    job->piece = each < POOL_TASK ? POOL_TASK / each : 1;
    job->isa = ctx->isa;
    sl_pool_run(ctx->pool, (count + job->piece - 1) / job->piece, task, job);
}

static size_t pool_end(const pool_job *job, size_t task)
{
    const size_t count = (size_t)job->bags->count;
    return count - task * job->piece < job->piece ? count : (task + 1) * job->piece;
}

/* NaN is larger than all. */
SL_INLINE void pool_larger_body(sl_real *restrict y, int *restrict row, const sl_real *restrict x, int id,
                                size_t width)
{
    for (size_t j = 0; j < width; j++) {
        const bool larger = (x[j] > y[j]) | (x[j] != x[j]);
        y[j] = larger ? x[j] : y[j];
        row[j] = larger ? id : row[j];
    }
}

SL_INLINE void pool_max_body(sl_real *y, int *row, const sl_real *table, const int *ids, size_t n,
                             size_t width)
{
    for (size_t j = 0; j < width; j++) {
        y[j] = n ? table[(size_t)ids[0] * width + j] : 0;
        row[j] = n ? ids[0] : -1;
    }
    for (size_t t = 1; t < n; t++)
        pool_larger_body(y, row, table + (size_t)ids[t] * width, ids[t], width);
}
SL_CLONES(static, pool_max,
          (sl_real * y, int *row, const sl_real *table, const int *ids, size_t n, size_t width),
          (y, row, table, ids, n, width))

static void pool_max_task(void *argument, size_t task, int worker)
{
    (void)worker;
    const pool_job *job = argument;
    for (size_t bag = task * job->piece; bag < pool_end(job, task); bag++) {
        const size_t at = job->bags->offsets[bag];
        pool_max(job->isa, job->out + bag * job->width, job->row + bag * job->width, job->table,
                 job->bags->ids + at, job->bags->offsets[bag + 1] - at, job->width);
    }
}

void sl_bags_max(sl_ctx *ctx, sl_real *y, int *row, const sl_real *table, const sl_bags *bags, size_t width)
{
    pool_job job = { .out = y, .row = row, .table = table, .bags = bags, .width = width };
    pool_run(ctx, &job, pool_max_task);
}

static void pool_dots(const pool_job *job, size_t bag, const sl_real *x)
{
    for (size_t at = job->bags->offsets[bag]; at < job->bags->offsets[bag + 1]; at++)
        job->out[at] =
            sl_reduce_dot(job->isa, x, job->table + (size_t)job->bags->ids[at] * job->width, job->width);
}

static void pool_attend_task(void *argument, size_t task, int worker)
{
    (void)worker;
    const pool_job *job = argument;
    for (size_t bag = task * job->piece; bag < pool_end(job, task); bag++) {
        const size_t at = job->bags->offsets[bag], n = job->bags->offsets[bag + 1] - at;
        pool_dots(job, bag, job->x);
        if (n)
            sl_softmax_rows(job->isa, job->out + at, job->out + at, 1, n);
    }
}

void sl_bags_attend(sl_ctx *ctx, sl_real *a, const sl_real *query, const sl_real *table, const sl_bags *bags,
                    size_t width)
{
    pool_job job = { .out = a, .x = query, .table = table, .bags = bags, .width = width };
    pool_run(ctx, &job, pool_attend_task);
}

static void pool_slopes_task(void *argument, size_t task, int worker)
{
    (void)worker;
    const pool_job *job = argument;
    for (size_t bag = task * job->piece; bag < pool_end(job, task); bag++) {
        const size_t begin = job->bags->offsets[bag], end = job->bags->offsets[bag + 1];
        const sl_real *a = job->bags->values;
        pool_dots(job, bag, job->x + bag * job->width);
        const sl_real mean = sl_reduce_dot(job->isa, a + begin, job->out + begin, end - begin);
        for (size_t at = begin; at < end; at++)
            job->out[at] = a[at] * (job->out[at] - mean);
    }
}

void sl_bags_attend_slopes(sl_ctx *ctx, sl_real *ds, const sl_real *dy, const sl_real *table,
                           const sl_bags *bags, size_t width)
{
    pool_job job = { .out = ds, .x = dy, .table = table, .bags = bags, .width = width };
    pool_run(ctx, &job, pool_slopes_task);
}

void sl_bags_pair(sl_real *rows, const sl_bags *both, const sl_real *dy, const sl_real *query,
                  const sl_bags *bags, const sl_real *ds, size_t width)
{
    size_t *offsets = (size_t *)(uintptr_t)both->offsets, at = 0;
    for (size_t i = 0; i < (size_t)both->count; i++) {
        const size_t begin = bags->offsets[i / 2], ids = bags->offsets[i / 2 + 1] - begin;
        memcpy(rows + i * width, i % 2 ? query : dy + i / 2 * width, width * sizeof *rows);
        offsets[i] = at;
        if (ids) {
            memcpy((int *)(uintptr_t)both->ids + at, bags->ids + begin, ids * sizeof *bags->ids);
            memcpy((sl_real *)(uintptr_t)both->values + at, (i % 2 ? ds : bags->values) + begin,
                   ids * sizeof *ds);
        }
        at += ids;
    }
    offsets[both->count] = at;
}
