/* bags.c - see bags.h. Forward and backward are the same loop: rows of one matrix, named by a list, are added
 * up in registers, a block of columns at a time; no row of the result is touched twice. */
#include "kernel/bags.h"
#include "core/threads.h"
#include "kernel/clones.h"

#include <string.h>

enum { BAGS_TASK = 1 << 15 }; /* numbers to be added, about, that are worth a task */

#if defined(__GNUC__)
typedef sl_real bags_vector __attribute__((vector_size(64), aligned(sizeof(sl_real)), may_alias));
enum { BAGS_LANES = sizeof(bags_vector) / sizeof(sl_real), BAGS_VECTORS = 8, BAGS_AHEAD = 6 };

/* `vectors` vectors of the columns; the last one ends with the row, and may overlap the one before: the same
 * sum twice. Both are constants after inlining. */
SL_INLINE void bags_block(const int vectors, sl_real *out, const sl_real *x, size_t width, size_t columns,
                          const int *rows, size_t n, bool add, bool ahead)
{
    const size_t last = columns - BAGS_LANES;
    bags_vector sum[BAGS_VECTORS];
#    pragma GCC unroll 8
    for (int v = 0; v < vectors; v++)
        sum[v] = add ? *(const bags_vector *)(out + (v < vectors - 1 ? (size_t)v * BAGS_LANES : last))
                     : (bags_vector){ 0 };
    for (size_t i = 0; i < n; i++) {
        const sl_real *row = x + (size_t)rows[i] * width;
        if (ahead && i + BAGS_AHEAD < n) {
            const sl_real *next = x + (size_t)rows[i + BAGS_AHEAD] * width;
#    pragma GCC unroll 8
            for (int v = 0; v < vectors; v++)
                __builtin_prefetch(next + v * BAGS_LANES);
        }
#    pragma GCC unroll 8
        for (int v = 0; v < vectors; v++)
            sum[v] += *(const bags_vector *)(row + (v < vectors - 1 ? (size_t)v * BAGS_LANES : last));
    }
#    pragma GCC unroll 8
    for (int v = 0; v < vectors; v++)
        *(bags_vector *)(out + (v < vectors - 1 ? (size_t)v * BAGS_LANES : last)) = sum[v];
}

/* Whole vectors' columns; returns how many. A last block has a vector at least. */
SL_INLINE size_t bags_blocks(sl_real *out, const sl_real *x, size_t width, const int *rows, size_t n,
                             bool add, bool ahead)
{
    size_t at = 0;
    while (width - at >= BAGS_LANES) {
        size_t columns = width - at;
        if (columns > BAGS_VECTORS * BAGS_LANES)
            columns = columns < (BAGS_VECTORS + 1) * BAGS_LANES ? (BAGS_VECTORS - 1) * BAGS_LANES
                                                                : BAGS_VECTORS * BAGS_LANES;
        switch ((columns + BAGS_LANES - 1) / BAGS_LANES) {
#    define BAGS_CASE(vectors)                                                                               \
    case vectors:                                                                                            \
        bags_block(vectors, out + at, x + at, width, columns, rows, n, add, ahead);                          \
        break;
            BAGS_CASE(1)
            BAGS_CASE(2) BAGS_CASE(3) BAGS_CASE(4) BAGS_CASE(5) BAGS_CASE(6) BAGS_CASE(7) BAGS_CASE(8)
#    undef BAGS_CASE
        }
        at += columns;
    }
    return at;
}
#else
SL_INLINE size_t bags_blocks(sl_real *out, const sl_real *x, size_t width, const int *rows, size_t n,
                             bool add, bool ahead)
{
    (void)out, (void)x, (void)width, (void)rows, (void)n, (void)add, (void)ahead;
    return 0;
}
#endif

/* out[j] = (out[j] if `add`, else 0) + x[rows[0], j] + x[rows[1], j] + ... */
SL_INLINE void bags_chain_body(sl_real *restrict out, const sl_real *restrict x, size_t width,
                               const int *rows, size_t n, bool add, bool ahead)
{
    const size_t done = bags_blocks(out, x, width, rows, n, add, ahead);
    for (size_t j = done; j < width && !add; j++)
        out[j] = 0;
    for (size_t i = 0; i < n && done < width; i++)
        for (size_t j = done; j < width; j++)
            out[j] += x[(size_t)rows[i] * width + j];
}
SL_CLONES(static, bags_chain,
          (sl_real * out, const sl_real *x, size_t width, const int *rows, size_t n, bool add, bool ahead),
          (out, x, width, rows, n, add, ahead))

/* --- forward --- */

static size_t bags_size(const sl_bags *bags, size_t bag)
{
    return bags->offsets[bag + 1] - bags->offsets[bag];
}

static size_t bags_total(const sl_bags *bags)
{
    return bags->count ? bags->offsets[bags->count] - bags->offsets[0] : 0;
}

typedef struct {
    sl_isa isa;
    sl_real *out;
    const sl_real *x;
    const sl_bags *bags;
    const sl_bags_rows *rows;
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
        bags_chain(job->isa, y, job->x, job->width, job->bags->ids + job->bags->offsets[bag], n, false, true);
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

size_t sl_bags_sort_bytes(const sl_bags *bags, size_t rows)
{
    const size_t ids = bags_total(bags), most = ids < rows ? ids : rows;
    return bags_words(rows) * sizeof(uint64_t) + (rows + ids + 2 * most + 1) * sizeof(int);
}

/* A counting sort: mark the rows, number the marked ones, count, place. */
sl_bags_rows sl_bags_sort(const sl_bags *bags, size_t rows, void *memory)
{
    const size_t ids = bags_total(bags), most = ids < rows ? ids : rows;
    sl_bags_rows sorted = { .mark = memory };
    int *number = (int *)(void *)(sorted.mark + bags_words(rows)); /* [rows], only of marked ones */
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
        size_t row = word * 64;
        for (uint64_t rest = sorted.mark[word]; rest; rest >>= 1, row++)
            if (rest & 1) {
                number[row] = (int)sorted.count;
                sorted.row[sorted.count++] = (int)row;
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
        for (size_t i = bags->offsets[bag]; i < bags->offsets[bag + 1]; i++)
            sorted.bag[next[number[bags->ids[i]]]++] = bag;
    return sorted;
}

static void bags_add_task(void *argument, size_t task, int worker)
{
    (void)worker;
    const bags_job *job = argument;
    const sl_bags_rows *rows = job->rows;
    const size_t first = task * job->piece,
                 end = job->count - first < job->piece ? job->count : first + job->piece;
    for (size_t k = first; k < end; k++)
        bags_chain(job->isa, job->out + (size_t)rows->row[k] * job->width, job->x, job->width,
                   rows->bag + rows->start[k], (size_t)(rows->start[k + 1] - rows->start[k]), true, false);
}

void sl_bags_add(sl_ctx *ctx, sl_real *g, const sl_real *dy, const sl_bags_rows *rows, size_t width)
{
    bags_job job = { .out = g, .x = dy, .rows = rows, .width = width, .count = rows->count };
    bags_run(ctx, &job, rows->count ? (size_t)rows->start[rows->count] * width : 0, bags_add_task);
}
