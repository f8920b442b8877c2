/* pairs.h - every row of one list against every row of another: what word vectors learn by. */
#ifndef SL_KERNEL_PAIRS_H
#define SL_KERNEL_PAIRS_H

#include "core/ctx.h"

enum {
    SL_PAIRS_GROUP = 6, /* rows of b that are taken at once */
    SL_PAIRS_WIDTH = 16 /* rows are a multiple of so many numbers long, and stand at multiples of 64 bytes */
};

/* dot[i * m + j] = a_i . b_j: number k goes to lane k mod 16, a fixed tree adds the lanes (as in
 * sl_reduce_dot). */
void sl_pairs_dots(sl_isa isa, sl_real *dot, const sl_real *const *a, size_t n, const sl_real *const *b,
                   size_t m, size_t width);
/* to_i += g[i, 0] b_0 + g[i, 1] b_1 + .., then b_j += g[0, j] a_0 + g[1, j] a_1 + .., number by number. The
 * rows of b are taken in groups of six: in a group i goes up, and to_i may be a_i, also a row that comes
 * again. b's rows may come again too, none is among a or `to`. */
void sl_pairs_step(sl_isa isa, const sl_real *g, const sl_real *const *a, sl_real *const *to, size_t n,
                   sl_real *const *b, size_t m, size_t width);
/* y += x, y += share x, y -= x, width numbers */
void sl_pairs_add(sl_isa isa, sl_real *y, const sl_real *x, size_t width);
void sl_pairs_add_share(sl_isa isa, sl_real *y, const sl_real *x, sl_real share, size_t width);
void sl_pairs_subtract(sl_isa isa, sl_real *y, const sl_real *x, size_t width);

#endif
