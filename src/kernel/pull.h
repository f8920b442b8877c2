/* pull.h - a vector of length 1 that rows pull towards themselves or push away: what document vectors learn
 * by. */
#ifndef SL_KERNEL_PULL_H
#define SL_KERNEL_PULL_H

#include "core/ctx.h"

enum {
    SL_PULL_WIDTH = 16, /* rows are a multiple of so many numbers long, and stand at multiples of 64 bytes */
    SL_PULL_MOST = 32   /* rows a call */
};

/* sum += share_0 s(-alpha x . row_0) row_0 + share_1 .., s the logistic function; where a share is negative
 * it is s(alpha x . row) of that row. n <= SL_PULL_MOST. The rows count one after the other; the dot products
 * are those of sl_pairs_dots. */
void sl_pull(sl_isa isa, sl_real *sum, const sl_real *x, const sl_real *const *row, const sl_real *share,
             size_t n, sl_real alpha, size_t width);
/* x += rate change, then x is made as long as 1; the squares are added in 16 lanes, which a fixed tree adds.
 * What has no length stays. */
void sl_pull_step(sl_isa isa, sl_real *x, const sl_real *change, sl_real rate, size_t width);

#endif
