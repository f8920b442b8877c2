/* product.c - the matrix product: the plain loop, and the split into panels that threads take. */
#include "kernel/kernel.h"

void sl_product_panel_plain(const sl_product *p, size_t i0, size_t i1, size_t j0, size_t j1)
{
    for (size_t i = i0; i < i1; i++)
        for (size_t j = j0; j < j1; j++) {
            sl_real sum = p->add ? p->c[i * p->c_row + j] : 0;
            for (size_t k = 0; k < p->depth; k++)
                sum = sl_fused(p->a[i * p->a_row + k * p->a_col], p->b[k * p->b_row + j * p->b_col], sum);
            p->c[i * p->c_row + j] = sum;
        }
}

void sl_product_plain(const sl_product *p)
{
    sl_product_panel_plain(p, 0, p->rows, 0, p->columns);
}

static sl_product_panel *product_panel_of(sl_isa isa)
{
#if defined(__x86_64__) && defined(__GNUC__)
    if (isa == SL_ISA_AVX512)
        return sl_product_panel_avx512;
    if (isa == SL_ISA_AVX2)
        return sl_product_panel_avx2;
#    if !defined(SL_REAL_DOUBLE) && !defined(__FMA__)
    if (isa == SL_ISA_PLAIN)
        return sl_product_panel_sse2;
#    endif
#elif defined(__aarch64__) && defined(__GNUC__)
    if (isa == SL_ISA_NEON)
        return sl_product_panel_neon;
#elif defined(__wasm_simd128__) && !defined(SL_REAL_DOUBLE)
    if (isa == SL_ISA_SIMD128)
        return sl_product_panel_simd128;
#endif
    (void)isa;
    return sl_product_panel_plain;
}

enum { PRODUCT_ROWS = 96 }; /* of C in one task: a multiple of every tile's height */

typedef struct {
    const sl_product *product;
    sl_product_panel *panel;
    size_t row_blocks;
} product_job;

static void product_task(void *argument, size_t task, int worker)
{
    (void)worker;
    const product_job *job = argument;
    const sl_product *p = job->product;
    const size_t i0 = task % job->row_blocks * PRODUCT_ROWS, j0 = task / job->row_blocks * SL_PANEL;
    const size_t i1 = p->rows - i0 < PRODUCT_ROWS ? p->rows : i0 + PRODUCT_ROWS;
    const size_t j1 = p->columns - j0 < SL_PANEL ? p->columns : j0 + SL_PANEL;
    job->panel(p, i0, i1, j0, j1);
}

void sl_product_run(sl_ctx *ctx, const sl_product *p)
{
    if (!p->rows || !p->columns)
        return;
    product_job job = { p, product_panel_of(ctx->isa), (p->rows + PRODUCT_ROWS - 1) / PRODUCT_ROWS };
    const size_t tasks = job.row_blocks * ((p->columns + SL_PANEL - 1) / SL_PANEL);
    /* A round of the pool costs a microsecond or more: below half a million multiply-adds it is not worth it.
     */
    const bool small = p->rows * p->columns < ((size_t)1 << 19) / (p->depth + 1);
    sl_pool_run(small ? NULL : ctx->pool, tasks, product_task, &job);
}
