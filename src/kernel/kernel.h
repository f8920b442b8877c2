/* kernel.h - loops on raw pointers that cannot fail. The arithmetic law lives here: what a result is
 * follows from the plain loop; how it is computed (tiles, vectors, threads) is free.                   */
#ifndef SL_KERNEL_KERNEL_H
#define SL_KERNEL_KERNEL_H

#include "core/ctx.h"
#include "core/threads.h"
#include "kernel/fused.h"

/* C[i, j] = c + A[i, 0] B[0, j] + A[i, 1] B[1, j] + ...: one chain of fused multiply-adds, k ascending,
 * c being C[i, j] itself when `add`, else +0. Element A[i, k] stands at a[i * a_row + k * a_col], B[k, j] at
 * b[k * b_row + j * b_col], C[i, j] at c[i * c_row + j]. C overlaps neither.
 *   Then, in the same pass: one addition of bias[j], relu, and whatever `finish` does. */
typedef struct {
    size_t rows, columns, depth; /* i, j, k */
    const sl_real *a;
    size_t a_row, a_col;
    const sl_real *b;
    size_t b_row, b_col;
    sl_real *c;
    size_t c_row;
    bool add;
    const sl_real *bias; /* [columns]; NULL: none */
    bool relu;           /* x > 0 ? x : 0 */
    /* Called for numbers of C, `at` to `at + n`, that are done and still in the cache: each number once, rows
     * perhaps in pieces, by any thread. NULL: nothing more is to be done. */
    void (*finish)(const void *argument, sl_isa isa, size_t at, size_t n);
    const void *argument;
    const sl_real *packed; /* B, from sl_product_pack; b is not read then. NULL: none */
} sl_product;
/* One whose C is [rows, columns] without gaps, and nothing beside the product. */
sl_product sl_product_of(size_t rows, size_t columns, size_t depth, const sl_real *a, size_t a_row,
                         size_t a_col, const sl_real *b, size_t b_row, size_t b_col, sl_real *c, bool add);
/* Makes sure that products of these sizes, in any order, have the memory they pack operands in: the context
 * keeps some for each thread, once a product is too large for the stack. */
sl_status sl_product_reserve(sl_ctx *ctx, size_t rows, size_t columns, size_t depth);
void sl_product_run(sl_ctx *ctx, const sl_product *product);
void sl_product_plain(const sl_product *product); /* the specification */

/* B of a product that is used many times, in the order in which the kernels read it: numbers it takes, and
 * the packing. Depends on the instruction set. 0: this one reads B as it is. */
size_t sl_product_packed_size(const sl_ctx *ctx, const sl_product *product);
void sl_product_pack(const sl_ctx *ctx, const sl_product *product, sl_real *packed);

/* What follows gives the same bits with every instruction set. */

/* Sum of x[0..n): element i goes to lane i mod 16 of its block of 4,096; a fixed tree adds the lanes; the
 * blocks' sums are added in order.                                                                   */
sl_real sl_reduce_sum(sl_isa isa, const sl_real *x, size_t n);
/* Sum of x[i] y[i] in the same order; products are rounded before they are added. */
sl_real sl_reduce_dot(sl_isa isa, const sl_real *x, const sl_real *y, size_t n);
/* The first maximum by `>`; n > 0. NaN never replaces a number. */
sl_real sl_reduce_max(sl_isa isa, const sl_real *x, size_t n);

/* Each row of p = softmax of that row of x, [rows, width], width > 0; p may be x. */
void sl_softmax_rows(sl_isa isa, sl_real *p, const sl_real *x, size_t rows, size_t width);
/* loss[i] = -log softmax(x)[i, label[i]], and its gradient d = softmax(x) - one-hot(label); d may be x.
 * Labels are whole numbers from 0 to width - 1. */
void sl_cross_entropy_rows(sl_isa isa, sl_real *d, sl_real *loss, const sl_real *x, const sl_real *label,
                           size_t rows, size_t width);
/* loss[i] = t log(1 + e^-x) + (1 - t) log(1 + e^x); loss may be x. */
void sl_binary_cross_entropy_n(sl_isa isa, sl_real *loss, const sl_real *x, const sl_real *t, size_t n);

/* y[i] += x[i] */
void sl_add_n(sl_isa isa, sl_real *y, const sl_real *x, size_t n);
/* out[j] += x[0, j] + x[1, j] + ...: one chain in row order for each column. */
void sl_add_rows(sl_isa isa, sl_real *out, const sl_real *x, size_t rows, size_t columns);
void sl_fill(sl_isa isa, sl_real *x, sl_real value, size_t n);
/* The square root of the sum of squares, in double, in the order of sl_reduce_sum: gradient norms. */
double sl_norm(sl_isa isa, const sl_real *x, size_t n);
bool sl_all_finite(sl_isa isa, const sl_real *x, size_t n, size_t *first_bad);

#endif
