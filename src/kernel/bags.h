/* bags.h - sums of rows, by lists of row numbers: what embedding_bag is made of. */
#ifndef SL_KERNEL_BAGS_H
#define SL_KERNEL_BAGS_H

#include "core/ctx.h"

/* y[bag, j] = 0 + table[id 0 of the bag, j] + table[id 1, j] + ...: one chain in the order of the ids. mean:
 * then divided by their number, where there are any.                                                    */
void sl_bags_sum(sl_ctx *ctx, sl_real *y, const sl_real *table, const sl_bags *bags, size_t width, bool mean);

/* The way back: which bags each row is in, as often as it is in them, in the order of (bag, place). */
typedef struct {
    size_t count; /* of different rows */
    int *row;     /* [count], ascending */
    int *start;   /* [count + 1]: the bags of row[k] are bag[start[k]] .. bag[start[k + 1] - 1] */
    int *bag;
    uint64_t *mark; /* a bit a row of the table */
} sl_bags_rows;
/* Bytes of memory that sl_bags_sort wants, for a table of `rows`; a multiple of 64. */
size_t sl_bags_sort_bytes(const sl_bags *bags, size_t rows);
sl_bags_rows sl_bags_sort(const sl_bags *bags, size_t rows, void *memory);
/* g[row, j] = g[row, j] + dy[bag, j] + ... for every row that is in a bag: one chain in the order of (bag,
 * place). */
void sl_bags_add(sl_ctx *ctx, sl_real *g, const sl_real *dy, const sl_bags_rows *rows, size_t width);
/* share[bag, j] = dy[bag, j] / the number of its ids */
void sl_bags_share(sl_real *share, const sl_real *dy, const sl_bags *bags, size_t width);

#endif
