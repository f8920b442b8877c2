/* bags.h - sums of rows, by lists of row numbers: what embedding_bag is made of. */
#ifndef SL_KERNEL_BAGS_H
#define SL_KERNEL_BAGS_H

#include "core/ctx.h"
#include "tensor/tensor.h"

/* y[bag, j] = 0 + v0 table[id 0 of the bag, j] + v1 table[id 1, j] + ..., v the values of the bags, or 1
 * each: one chain in the order of the ids, products rounded before they are added. mean: then divided by the
 * number of ids, where there are any.                                                                 */
void sl_bags_sum(sl_ctx *ctx, sl_real *y, const sl_real *table, const sl_bags *bags, size_t width, bool mean);

/* g[row, j] = g[row, j] + v dy[bag, j] + ... for every row that is in a bag: one chain in the order of (bag,
 * place). g has `rows`; those that are added to are noted in `touched`, unless it is NULL. memory: as many
 * bytes as sl_bags_add_bytes says, a multiple of 64, which may be 0. */
size_t sl_bags_add_bytes(const sl_bags *bags, size_t rows, size_t width);
void sl_bags_add(sl_ctx *ctx, sl_real *g, const sl_real *dy, const sl_bags *bags, size_t rows, size_t width,
                 void *memory, sl_rows *touched);
/* share[bag, j] = dy[bag, j] / the number of its ids */
void sl_bags_share(sl_real *share, const sl_real *dy, const sl_bags *bags, size_t width);

/* y[bag, j] = the largest of table[id, j] over the ids of the bag, NaN before all, and row[bag, j] the first
 * id that has it; of an empty bag 0 and -1. (bags_pool.c, as what follows; the bags' values are not looked at
 * but where it says so.) */
void sl_bags_max(sl_ctx *ctx, sl_real *y, int *row, const sl_real *table, const sl_bags *bags, size_t width);
/* a[place] = softmax over the places of each bag of query . table[id]; the dot products are
 * sl_reduce_dot's. */
void sl_bags_attend(sl_ctx *ctx, sl_real *a, const sl_real *query, const sl_real *table, const sl_bags *bags,
                    size_t width);
/* ds[place] = a (d - sum over the bag of a d), d = dy[bag] . table[id] and a the bags' values */
void sl_bags_attend_slopes(sl_ctx *ctx, sl_real *ds, const sl_real *dy, const sl_real *table,
                           const sl_bags *bags, size_t width);
/* Each bag twice, so that both of its sums are done before the next bag's: both->ids, offsets, values and
 * rows [2 bags, width] are filled in: bag 2i with the bags' values and dy[i], bag 2i + 1 with ds and query.
 */
void sl_bags_pair(sl_real *rows, const sl_bags *both, const sl_real *dy, const sl_real *query,
                  const sl_bags *bags, const sl_real *ds, size_t width);

#endif
