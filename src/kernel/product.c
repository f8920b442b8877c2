/* product.c - the matrix product: the plain loop, and how a product is turned and cut into blocks that
 * threads take. Both follow from its shape alone, and neither changes a bit of the result.              */
#include "kernel/product.h"
#ifdef SL_LAW_FREE
#    include "kernel/product_free.h"
#endif

sl_product sl_product_of(size_t rows, size_t columns, size_t depth, const sl_real *a, size_t a_row,
                         size_t a_col, const sl_real *b, size_t b_row, size_t b_col, sl_real *c, bool add)
{
    sl_product p = { .rows = rows, .columns = columns, .depth = depth, .c = c, .c_row = columns, .add = add };
    p.a = a;
    p.a_row = a_row;
    p.a_col = a_col;
    p.b = b;
    p.b_row = b_row;
    p.b_col = b_col;
    return p;
}

static void product_finish(sl_isa isa, const sl_product *p, size_t i0, size_t i1, size_t j0, size_t j1)
{
    if (!p->finish)
        return;
    if (j0 == 0 && j1 == p->columns && p->c_row == p->columns) {
        p->finish(p->argument, isa, i0 * p->columns, (i1 - i0) * p->columns);
        return;
    }
    for (size_t i = i0; i < i1; i++)
        p->finish(p->argument, isa, i * p->c_row + j0, j1 - j0);
}

/* Rows i0..i1, columns j0..j1, without the finish. */
static void product_plain_block(const sl_product *p, size_t i0, size_t i1, size_t j0, size_t j1)
{
    for (size_t i = i0; i < i1; i++)
        for (size_t j = j0; j < j1; j++) {
            sl_real sum = p->add ? p->c[i * p->c_row + j] : 0;
            for (size_t k = 0; k < p->depth; k++)
                sum = sl_fused(p->a[i * p->a_row + k * p->a_col], p->b[k * p->b_row + j * p->b_col], sum);
            if (p->bias)
                sum += p->bias[j];
            p->c[i * p->c_row + j] = p->relu && !(sum > 0) ? 0 : sum;
        }
}

void sl_product_plain(const sl_product *p)
{
    product_plain_block(p, 0, p->rows, 0, p->columns);
    product_finish(SL_ISA_PLAIN, p, 0, p->rows, 0, p->columns);
}

static const sl_product_kernel *product_kernel_of(sl_isa isa)
{
#if defined(__x86_64__) && defined(__GNUC__)
    if (isa == SL_ISA_AVX512)
        return &sl_product_avx512;
    if (isa == SL_ISA_AVX2)
        return &sl_product_avx2;
#    if !defined(__FMA__) && !defined(SL_REAL_DOUBLE)
    if (isa == SL_ISA_PLAIN)
        return &sl_product_sse2;
#    endif
#elif defined(__aarch64__) && defined(__GNUC__)
    if (isa == SL_ISA_NEON)
        return &sl_product_neon;
#elif defined(__wasm_simd128__) && !defined(SL_REAL_DOUBLE)
    if (isa == SL_ISA_SIMD128)
        return &sl_product_simd128;
#endif
    (void)isa;
    return NULL;
}

/* --- which way round ------------------------------------------------------------------------------------ */

static sl_turned product_as_given(const sl_product *p)
{
    return (sl_turned){ p->rows, p->columns, p->depth, p->a,   p->a_row, p->a_col, p->b,  p->b_row, p->b_col,
                        p->c,    p->c_row,   1,        p->add, p->relu,  p->bias,  false, p->packed };
}

static sl_turned product_transposed(const sl_product *p)
{
    return (sl_turned){ p->columns, p->rows, p->depth, p->b,   p->b_col, p->b_row, p->a, p->a_col, p->a_row,
                        p->c,       1,       p->c_row, p->add, p->relu,  p->bias,  true, NULL };
}

/* Half vector operations for vectors along `columns`, a rough count: the tiles, of which fewer than eight
 * rows are slow for lack of chains; turning the columns where they lie along k, and turning the result back.
 */
static size_t product_cost(const sl_product *p, size_t rows, size_t columns, bool turn_in, bool turn_out,
                           int log_width)
{
    const size_t vectors = (columns + ((size_t)1 << log_width) - 1) >> log_width,
                 rows_up = rows < 8 ? (rows + 3) / 4 * 4 : rows;
    return vectors * rows_up * p->depth + (turn_in ? columns * p->depth * 8 >> log_width : 0) +
           (turn_out ? columns * rows * 8 >> log_width : 0);
}

static sl_turned product_turn(const sl_product *p, const sl_product_kernel *kernel)
{
    const bool turn_given = p->b_col != 1, turn_other = p->a_row != 1;
    if (p->packed || (!turn_given && turn_other))
        return product_as_given(p);
    const size_t given = product_cost(p, p->rows, p->columns, turn_given, false, kernel->log_width),
                 other = product_cost(p, p->columns, p->rows, turn_other, true, kernel->log_width);
    return other < given ? product_transposed(p) : product_as_given(p);
}

/* --- blocks --------------------------------------------------------------------------------------------- */

enum { PRODUCT_TASK = 1 << 18 }; /* multiply-adds that are worth a task: two or three microseconds */

typedef struct {
    const sl_product *product;
    const sl_product_kernel *kernel;
    sl_turned turned;
    sl_ctx *ctx;
    size_t block_rows, block_columns, row_blocks;
    sl_workspace *work; /* [workers] */
} product_job;

static void product_task(void *argument, size_t task, int worker)
{
    const product_job *job = argument;
    const sl_turned *t = &job->turned;
    const size_t i0 = task % job->row_blocks * job->block_rows,
                 j0 = task / job->row_blocks * job->block_columns;
    const size_t i1 = t->rows - i0 < job->block_rows ? t->rows : i0 + job->block_rows;
    const size_t j1 = t->columns - j0 < job->block_columns ? t->columns : j0 + job->block_columns;
    job->kernel->block(t, i0, i1, j0, j1, &job->work[worker]);
    if (t->c_col == 1)
        product_finish(job->ctx->isa, job->product, i0, i1, j0, j1);
    else
        product_finish(job->ctx->isa, job->product, j0, j1, i0, i1);
}

/* Columns as many as fit packed into a workspace; rows of one tile, or of several where one is too little
 * work for a task, or where rows of A lie side by side in far lines and are best read several tiles at a
 * time. */
static void product_cut(product_job *job)
{
    const sl_turned *t = &job->turned;
    const size_t panel = job->kernel->panel, depth = t->depth < 1 ? 1 : t->depth < 4096 ? t->depth : 4096;
    const size_t most = SL_WORKSPACE_B / (depth * panel), all = (t->columns + panel - 1) / panel;
    const size_t column_blocks = (all + most - 1) / most;
    job->block_columns = (all + column_blocks - 1) / column_blocks * panel;
    const size_t columns = t->columns < job->block_columns ? t->columns : job->block_columns;
    const size_t tile = job->kernel->tile_rows, tiles = (t->rows + tile - 1) / tile;
    size_t together = PRODUCT_TASK / (tile * columns * depth + 1) + 1;
    if (t->a_row == 1 && t->a_col * sizeof(sl_real) >= 2048 && together < 4)
        together = 4;
    const size_t tasks = (tiles + together - 1) / together;
    job->block_rows = (t->rows + tasks - 1) / tasks;
    job->row_blocks = (t->rows + job->block_rows - 1) / job->block_rows;
}

static void product_plain_task(void *argument, size_t task, int worker)
{
    (void)worker;
    const product_job *job = argument;
    const sl_product *p = job->product;
    const size_t i0 = task * job->block_rows,
                 i1 = p->rows - i0 < job->block_rows ? p->rows : i0 + job->block_rows;
    product_plain_block(p, i0, i1, 0, p->columns);
    product_finish(SL_ISA_PLAIN, p, i0, i1, 0, p->columns);
}

/* The operands fit the stack, and the pool would cost more than it gives: a round of it takes a microsecond
 * or more, some more work than that is done for each of a million multiply-adds. */
static bool product_is_small(size_t rows, size_t columns, size_t depth)
{
    const uint64_t most = UINT64_C(1) << 20;
    return rows < most && columns < most && depth < most && (uint64_t)rows * columns * depth < most;
}

static sl_status product_workspace(sl_ctx *ctx)
{
    if (!ctx->workspace)
        ctx->workspace =
            sl_alloc_array(ctx, (size_t)sl_pool_threads(ctx->pool), SL_WORKSPACE * sizeof(sl_real));
    return ctx->workspace ? SL_OK : SL_ENOMEM;
}

sl_status sl_product_reserve(sl_ctx *ctx, size_t rows, size_t columns, size_t depth)
{
    enum { EDGE = 32 }; /* the widest panel */
    const size_t i = rows + EDGE, j = columns + EDGE, k = depth + EDGE, most = SL_WORKSPACE_SMALL;
    if (product_is_small(rows, columns, depth) && i <= most / j && j <= most / k && k <= most / i)
        return SL_OK;
    return product_workspace(ctx);
}

void sl_product_run(sl_ctx *ctx, const sl_product *p)
{
    if (!p->rows || !p->columns)
        return;
#ifdef SL_LAW_FREE
    if (sl_product_free(p, ctx->isa)) {
        product_finish(ctx->isa, p, 0, p->rows, 0, p->columns);
        return;
    }
#endif
    const sl_product_kernel *kernel = product_kernel_of(ctx->isa);
    if (kernel && kernel->few && kernel->few(p)) {
        product_finish(ctx->isa, p, 0, p->rows, 0, p->columns);
        return;
    }
    product_job job = { .product = p, .kernel = kernel, .ctx = ctx };
    const bool small = product_is_small(p->rows, p->columns, p->depth);
    sl_pool *pool = small ? NULL : ctx->pool;
    if (!job.kernel) {
        job.block_rows = 8;
        sl_pool_run(pool, (p->rows + 7) / 8, product_plain_task, &job);
        return;
    }
    job.turned = product_turn(p, job.kernel);
    const sl_turned *t = &job.turned;
    if (small &&
        (job.kernel->direct(t) || (t->columns + job.kernel->panel) * t->depth <= SL_WORKSPACE_SMALL)) {
        sl_real memory[SL_WORKSPACE_SMALL];
        sl_workspace work = { memory, NULL, SIZE_MAX, 0 };
        job.kernel->block(t, 0, t->rows, 0, t->columns, &work);
        product_finish(ctx->isa, p, 0, p->rows, 0, p->columns);
        return;
    }
    if (product_workspace(ctx)) { /* the context says so; the result is right all the same */
        sl_product_plain(p);
        return;
    }
    enum { WORKERS = 256 };
    sl_workspace work[WORKERS];
    for (int i = 0; i < sl_pool_threads(ctx->pool); i++) {
        sl_real *memory = ctx->workspace + (size_t)i * SL_WORKSPACE;
        work[i] = (sl_workspace){ memory, memory + SL_WORKSPACE_B, SIZE_MAX, 0 };
    }
    job.work = work;
    product_cut(&job);
    sl_pool_run(pool, job.row_blocks * ((t->columns + job.block_columns - 1) / job.block_columns),
                product_task, &job);
}

/* --- B packed beforehand -------------------------------------------------------------------------------- */

size_t sl_product_packed_size(const sl_ctx *ctx, const sl_product *p)
{
    const sl_product_kernel *kernel = product_kernel_of(ctx->isa);
    return kernel ? (p->columns + kernel->panel - 1) / kernel->panel * kernel->panel * p->depth : 0;
}

void sl_product_pack(const sl_ctx *ctx, const sl_product *p, sl_real *packed)
{
    const sl_turned t = product_as_given(p);
    product_kernel_of(ctx->isa)->pack(&t, 0, t.depth, 0, t.columns, packed);
}
