/* bags.c - see bags.h. Forward and backward are the same loop: rows of one matrix, named by a list, are added
 * up in registers, a block of columns at a time; no row of the result is touched twice. */
#include "kernel/bags.h"
#include "core/bits.h"
#include "core/threads.h"
#include "kernel/clones.h"
#include "kernel/prefetch.h"

#include <string.h>

enum {
    BAGS_TASK = 1 << 15, /* numbers to be added, about, that are worth a task */
    BAGS_VECTORS = 8,    /* of sums, in registers */
    BAGS_AHEAD = 8,      /* rows that memory is asked for beforehand */
    BAGS_NARROW = 16,    /* rows of fewer numbers are added to at once, ... */
    BAGS_SPARSE = 32     /* ... and where the table has so many rows an id */
};

/* So many columns at once, a constant after inlining: their chains do not wait for each other. */
SL_INLINE void bags_few(const int columns, sl_real *out, const sl_real *x, size_t width, const int *rows,
                        const sl_real *values, size_t n, bool add)
{
    sl_real sum[4];
    for (int j = 0; j < columns; j++)
        sum[j] = add ? out[j] : 0;
    if (values)
        for (size_t i = 0; i < n; i++)
            for (int j = 0; j < columns; j++)
                sum[j] += values[i] * x[(size_t)rows[i] * width + (size_t)j];
    else
        for (size_t i = 0; i < n; i++)
            for (int j = 0; j < columns; j++)
                sum[j] += x[(size_t)rows[i] * width + (size_t)j];
    for (int j = 0; j < columns; j++)
        out[j] = sum[j];
}

#define BAGS_BYTES 16
#include "kernel/bags_block.h"
#undef BAGS_BYTES

#if defined(__x86_64__) && defined(__GNUC__)
#    define BAGS_BYTES 32
#    include "kernel/bags_block.h"
#    undef BAGS_BYTES
#    define BAGS_BYTES 64
#    include "kernel/bags_block.h"
#    undef BAGS_BYTES

SL_TARGET_AVX512 static void bags_chain_avx512(sl_real *out, const sl_real *x, size_t width, const int *rows,
                                               const sl_real *values, size_t n, bool add)
{
    bags_chain_64(out, x, width, rows, values, n, add);
}
SL_TARGET_AVX2 static void bags_chain_avx2(sl_real *out, const sl_real *x, size_t width, const int *rows,
                                           const sl_real *values, size_t n, bool add)
{
    bags_chain_32(out, x, width, rows, values, n, add);
}
#endif

/* out[j] = (out[j] if `add`, else 0) + values[0] x[rows[0], j] + values[1] x[rows[1], j] + ...; values NULL:
 * 1 */
static void bags_chain(sl_isa isa, sl_real *out, const sl_real *x, size_t width, const int *rows,
                       const sl_real *values, size_t n, bool add)
{
#if defined(__x86_64__) && defined(__GNUC__)
    if (isa == SL_ISA_AVX512) {
        bags_chain_avx512(out, x, width, rows, values, n, add);
        return;
    }
    if (isa == SL_ISA_AVX2) {
        bags_chain_avx2(out, x, width, rows, values, n, add);
        return;
    }
#endif
    (void)isa;
    bags_chain_16(out, x, width, rows, values, n, add);
}

/* --- forward --- */

static size_t bags_size(const sl_bags *bags, size_t bag)
{
    return bags->offsets[bag + 1] - bags->offsets[bag];
}

static size_t bags_total(const sl_bags *bags)
{
    return bags->count ? bags->offsets[bags->count] - bags->offsets[0] : 0;
}

/* The way back: which bags each row is in, as often as it is in them, in the order of (bag, place). */
typedef struct {
    size_t count; /* of different rows */
    int *row;     /* [count], ascending */
    int *start;   /* [count + 1]: the bags of row[k] are bag[start[k]] .. bag[start[k + 1] - 1] */
    int *bag;
    sl_real *value; /* beside each bag; NULL: 1 each */
    uint64_t *mark; /* a bit a row of the table */
} bags_rows;

typedef struct {
    sl_isa isa;
    sl_real *out;
    const sl_real *x;
    const sl_bags *bags;
    const bags_rows *rows;
    size_t width, count, piece; /* pieces of so many of `count` lists */
    bool mean;
} bags_job;

static void bags_sum_task(void *argument, size_t task, int worker)
{
    (void)worker;
    const bags_job *job = argument;
    const size_t first = task * job->piece,
                 end = job->count - first < job->piece ? job->count : first + job->piece;
    for (size_t bag = first; bag < end; bag++) {
        const size_t n = bags_size(job->bags, bag);
        sl_real *y = job->out + bag * job->width;
        const size_t at = job->bags->offsets[bag];
        bags_chain(job->isa, y, job->x, job->width, job->bags->ids + at,
                   job->bags->values ? job->bags->values + at : NULL, n, false);
        for (size_t j = 0; j < job->width && job->mean && n; j++)
            y[j] /= (sl_real)n;
    }
}

/* Pieces follow from shape and ids alone. */
static void bags_run(sl_ctx *ctx, bags_job *job, size_t numbers, sl_task *task)
{
    if (!job->count)
        return;
    const size_t each = numbers / job->count + 1;
    job->piece = each < BAGS_TASK ? BAGS_TASK / each : 1;
    job->isa = ctx->isa;
    sl_pool_run(ctx->pool, (job->count + job->piece - 1) / job->piece, task, job);
}

void sl_bags_sum(sl_ctx *ctx, sl_real *y, const sl_real *table, const sl_bags *bags, size_t width, bool mean)
{
    bags_job job = {
        .out = y, .x = table, .bags = bags, .width = width, .count = (size_t)bags->count, .mean = mean
    };
    bags_run(ctx, &job, bags_total(bags) * width, bags_sum_task);
}

/* --- backward --- */

void sl_bags_share(sl_real *share, const sl_real *dy, const sl_bags *bags, size_t width)
{
    for (size_t bag = 0; bag < (size_t)bags->count; bag++) {
        const sl_real n = (sl_real)bags_size(bags, bag);
        for (size_t j = 0; j < width && n > 0; j++)
            share[bag * width + j] = dy[bag * width + j] / n;
    }
}

static size_t bags_words(size_t rows)
{
    return (rows + 63) / 64;
}

static size_t bags_sort_bytes(const sl_bags *bags, size_t rows)
{
    const size_t ids = bags_total(bags), most = ids < rows ? ids : rows;
    const size_t bytes = bags_words(rows) * sizeof(uint64_t) + (bags->values ? ids * sizeof(sl_real) : 0) +
                         (rows + ids + 2 * most + 1) * sizeof(int);
    return (bytes + 63) / 64 * 64;
}

/* A counting sort: mark the rows, number the marked ones, count, place. */
static bags_rows bags_sort(const sl_bags *bags, size_t rows, void *memory)
{
    const size_t ids = bags_total(bags), most = ids < rows ? ids : rows;
    bags_rows sorted = { .mark = memory };
    sorted.value = (sl_real *)(void *)(sorted.mark + bags_words(rows));
    int *number = (int *)(void *)(sorted.value + (bags->values ? ids : 0)); /* [rows], only of marked ones */
    sorted.bag = number + rows;
    sorted.row = sorted.bag + ids;
    sorted.start = sorted.row + most;
    if (!ids) {
        memset(sorted.mark, 0, bags_words(rows) * sizeof *sorted.mark);
        sorted.start[0] = 0;
        return sorted;
    }
    const int *id = bags->ids + bags->offsets[0];
    memset(sorted.mark, 0, bags_words(rows) * sizeof *sorted.mark);
    for (size_t i = 0; i < ids; i++)
        sorted.mark[(size_t)id[i] / 64] |= UINT64_C(1) << (id[i] & 63);
    for (size_t word = 0; word < bags_words(rows); word++) {
        for (uint64_t rest = sorted.mark[word]; rest; rest &= rest - 1) {
            const int row = (int)(word * 64) + sl_bits_first(rest);
            number[row] = (int)sorted.count;
            sorted.row[sorted.count++] = row;
        }
    }
    int *next =
        sorted.start + 1; /* counts, then where the next bag goes; in the end where the row's list ends */
    memset(sorted.start, 0, (sorted.count + 1) * sizeof *sorted.start);
    for (size_t i = 0; i < ids; i++)
        next[number[id[i]]]++;
    int sum = 0;
    for (size_t k = 0; k < sorted.count; k++) {
        const int count = next[k];
        next[k] = sum;
        sum += count;
    }
    for (int bag = 0; bag < bags->count; bag++)
        for (size_t i = bags->offsets[bag]; i < bags->offsets[bag + 1]; i++) {
            const int at = next[number[bags->ids[i]]]++;
            sorted.bag[at] = bag;
            if (bags->values)
                sorted.value[at] = bags->values[i];
        }
    if (!bags->values)
        sorted.value = NULL;
    return sorted;
}

static void bags_add_task(void *argument, size_t task, int worker)
{
    (void)worker;
    const bags_job *job = argument;
    const bags_rows *rows = job->rows;
    const size_t first = task * job->piece,
                 end = job->count - first < job->piece ? job->count : first + job->piece;
    for (size_t k = first; k < end; k++) {
        if (k + BAGS_AHEAD < end)
            sl_prefetch(job->out + (size_t)rows->row[k + BAGS_AHEAD] * job->width, job->width);
        bags_chain(job->isa, job->out + (size_t)rows->row[k] * job->width, job->x, job->width,
                   rows->bag + rows->start[k], rows->value ? rows->value + rows->start[k] : NULL,
                   (size_t)(rows->start[k + 1] - rows->start[k]), true);
    }
}

static void bags_add_sorted(sl_ctx *ctx, sl_real *g, const sl_real *dy, const bags_rows *rows, size_t width)
{
    bags_job job = { .out = g, .x = dy, .rows = rows, .width = width, .count = rows->count };
    bags_run(ctx, &job, rows->count ? (size_t)rows->start[rows->count] * width : 0, bags_add_task);
}

/* --- backward, where most rows are in one place alone: without sorting, one place after the other --- */

typedef struct {
    sl_isa isa;
    sl_real *g;
    const sl_real *dy;
    const sl_bags *bags;
    size_t width, tasks;
} bags_scatter_job;

static void bags_scatter_narrow(const bags_scatter_job *job)
{
    const sl_bags *bags = job->bags;
    const size_t width = job->width;
    for (size_t bag = 0; bag < (size_t)bags->count; bag++) {
        const size_t begin = bags->offsets[bag], end = bags->offsets[bag + 1];
        const sl_real *d = job->dy + bag * width;
        if (width == 1 && !bags->values) {
            for (size_t i = begin; i < end; i++)
                job->g[bags->ids[i]] += d[0];
        } else if (width == 1) {
            for (size_t i = begin; i < end; i++)
                job->g[bags->ids[i]] += bags->values[i] * d[0];
        } else {
            for (size_t i = begin; i < end; i++) {
                sl_real *g = job->g + (size_t)bags->ids[i] * width;
                for (size_t j = 0; j < width; j++)
                    g[j] += bags->values ? bags->values[i] * d[j] : d[j];
            }
        }
    }
}

/* Every task looks at all places and takes those whose rows are its own, so no row has two tasks. */
static size_t bags_own(size_t *place, const sl_bags *bags, size_t first, size_t end, size_t tasks,
                       size_t task)
{
    size_t count = 0;
    for (size_t i = first; i < end; i++) {
        const uint32_t stirred = (uint32_t)bags->ids[i] * 2654435769u; /* 2^32 / golden ratio (Knuth) */
        place[count] = i;
        count += (uint64_t)stirred * tasks >> 32 == task;
    }
    return count;
}

static void bags_scatter_task(void *argument, size_t task, int worker)
{
    (void)worker;
    enum { SOME = 256 };
    const bags_scatter_job *job = argument;
    const sl_bags *bags = job->bags;
    size_t place[SOME];
    for (int bag = 0; bag < bags->count; bag++)
        for (size_t first = bags->offsets[bag]; first < bags->offsets[bag + 1]; first += SOME) {
            const size_t rest = bags->offsets[bag + 1] - first;
            const size_t n =
                bags_own(place, bags, first, first + (rest < SOME ? rest : SOME), job->tasks, task);
            for (size_t k = 0; k < n; k++) {
                if (k + BAGS_AHEAD < n)
                    sl_prefetch(job->g + (size_t)bags->ids[place[k + BAGS_AHEAD]] * job->width, job->width);
                bags_chain(job->isa, job->g + (size_t)bags->ids[place[k]] * job->width, job->dy, job->width,
                           &bag, bags->values ? bags->values + place[k] : NULL, 1, true);
            }
        }
}

/* Sorting looks at the whole table, and pays where rows are in many places. */
static bool bags_sorts(const sl_bags *bags, size_t rows, size_t width)
{
    return width >= BAGS_NARROW && rows / BAGS_SPARSE <= bags_total(bags);
}

size_t sl_bags_add_bytes(const sl_bags *bags, size_t rows, size_t width)
{
    return bags_sorts(bags, rows, width) ? bags_sort_bytes(bags, rows) : 0;
}

void sl_bags_add(sl_ctx *ctx, sl_real *g, const sl_real *dy, const sl_bags *bags, size_t rows, size_t width,
                 void *memory, sl_rows *touched)
{
    if (bags_sorts(bags, rows, width)) {
        const bags_rows sorted = bags_sort(bags, rows, memory);
        bags_add_sorted(ctx, g, dy, &sorted, width);
        if (touched)
            sl_rows_add(touched, sorted.mark, sorted.count);
        return;
    }
    const int threads = sl_pool_threads(ctx->pool);
    bags_scatter_job job = { .isa = ctx->isa, .g = g, .dy = dy, .bags = bags, .width = width };
    job.tasks = bags_total(bags) * width < 2 * BAGS_TASK ? 1 : (size_t)threads;
    if (width < BAGS_NARROW)
        bags_scatter_narrow(&job);
    else
        sl_pool_run(ctx->pool, job.tasks, bags_scatter_task, &job);
    if (touched && bags_total(bags))
        sl_rows_touch_all(touched, bags->ids + bags->offsets[0], bags_total(bags));
}
