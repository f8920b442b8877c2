/* kernel.h - loops on raw pointers that cannot fail. DESIGN's arithmetic law lives here: what a result is
 * follows from the plain loop; how it is computed (tiles, vectors, threads) is free.                   */
#ifndef SL_KERNEL_KERNEL_H
#define SL_KERNEL_KERNEL_H

#include "core/ctx.h"
#include "core/threads.h"
#include "kernel/fused.h"

/* C[i, j] = c + A[i, 0] B[0, j] + A[i, 1] B[1, j] + ...: one chain of fused multiply-adds, k ascending,
 * c being C[i, j] itself when `add`, else +0. Element A[i, k] stands at a[i * a_row + k * a_col], B[k, j] at
 * b[k * b_row + j * b_col], C[i, j] at c[i * c_row + j]. C overlaps neither.                           */
typedef struct {
    size_t rows, columns, depth; /* i, j, k */
    const sl_real *a;
    size_t a_row, a_col;
    const sl_real *b;
    size_t b_row, b_col;
    sl_real *c;
    size_t c_row;
    bool add;
} sl_product;
void sl_product_run(sl_ctx *ctx, const sl_product *product); /* ctx: instruction set, threads */
void sl_product_plain(const sl_product *product);            /* the specification */

/* One rectangle of C per instruction set: rows i0..i1, columns j0..j1 with j1 - j0 <= SL_PANEL. */
enum { SL_PANEL = 32 };
typedef void sl_product_panel(const sl_product *product, size_t i0, size_t i1, size_t j0, size_t j1);
sl_product_panel sl_product_panel_plain, sl_product_panel_avx2, sl_product_panel_avx512;
sl_product_panel sl_product_panel_neon, sl_product_panel_simd128, sl_product_panel_sse2;

/* Sum of x[0..n): element i goes to lane i mod 16 of its block of 4,096; a fixed tree adds the lanes; the
 * blocks' sums are added in order.                                                                   */
sl_real sl_reduce_sum(const sl_real *x, size_t n);
/* Sum of x[i] y[i] in the same order; products are rounded before they are added. */
sl_real sl_reduce_dot(const sl_real *x, const sl_real *y, size_t n);
/* The first maximum by `>`; n > 0. NaN never replaces a number. */
sl_real sl_reduce_max(const sl_real *x, size_t n);
/* p = softmax of x[0..n), n > 0; p may be x. */
void sl_softmax_row(sl_real *p, const sl_real *x, size_t n);
/* The same, and returns -log p[label] from the logits. */
sl_real sl_cross_entropy_row(sl_real *p, const sl_real *x, size_t n, size_t label);
/* t log(1 + e^-x) + (1 - t) log(1 + e^x) */
sl_real sl_binary_cross_entropy_of(sl_real x, sl_real t);

/* out[j] += x[0, j] + x[1, j] + ...: one chain in row order for each column. */
void sl_add_rows(sl_real *out, const sl_real *x, size_t rows, size_t columns);
/* x[i, j] += b[j] */
void sl_add_bias(sl_real *x, const sl_real *b, size_t rows, size_t columns);
void sl_fill(sl_real *x, sl_real value, size_t n);
/* The square root of the sum of squares, in double, in the order of sl_reduce_sum: gradient norms. */
double sl_norm(const sl_real *x, size_t n);
bool sl_all_finite(const sl_real *x, size_t n, size_t *first_bad);

#endif
