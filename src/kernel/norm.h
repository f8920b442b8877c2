/* norm.h - the loops of batch_norm, layer_norm and noise. The same bits with every instruction set. */
#ifndef SL_KERNEL_NORM_H
#define SL_KERNEL_NORM_H

#include "kernel/clones.h"

/* x is [rows, columns]; a sum down a column is one chain in row order that goes on from what is in out. */

/* mean[j] = sum_i x[i, j] / rows, variance[j] = sum_i (x[i, j] - mean[j])^2 / rows, both from +0; rows > 0 */
void sl_columns_moments(sl_isa isa, sl_real *mean, sl_real *variance, const sl_real *x, size_t rows,
                        size_t columns);
/* out[j] += sum_i dy[i, j] ((x[i, j] - mean[j]) inverse[j]) */
void sl_columns_dot(sl_isa isa, sl_real *out, const sl_real *dy, const sl_real *x, const sl_real *mean,
                    const sl_real *inverse, size_t rows, size_t columns);
/* y[i, j] = (x[i, j] - mean[j]) factor[j] + shift[j] */
void sl_columns_scale(sl_isa isa, sl_real *y, const sl_real *x, const sl_real *mean, const sl_real *factor,
                      const sl_real *shift, size_t rows, size_t columns);
/* dx[i, j] += factor[j] ((dy[i, j] - level[j]) - (x[i, j] - mean[j]) tilt[j]) */
void sl_columns_derive(sl_isa isa, sl_real *dx, const sl_real *dy, const sl_real *x, const sl_real *mean,
                       const sl_real *factor, const sl_real *level, const sl_real *tilt, size_t rows,
                       size_t columns);

/* inverse[j] = 1 / sqrt(variance[j] + epsilon); may be the same array */
void sl_inverse_root_n(sl_isa isa, sl_real *inverse, const sl_real *variance, sl_real epsilon, size_t n);

/* A row: y = x - mean */
void sl_row_centre(sl_isa isa, sl_real *y, const sl_real *x, sl_real mean, size_t n);
/* y = y factor scale + shift; scale, shift NULL: none */
void sl_row_scale(sl_isa isa, sl_real *y, sl_real factor, const sl_real *scale, const sl_real *shift,
                  size_t n);
/* dx += factor ((d - level) - unit tilt) */
void sl_row_derive(sl_isa isa, sl_real *dx, const sl_real *d, const sl_real *unit, sl_real factor,
                   sl_real level, sl_real tilt, size_t n);
/* y = a b; y += a b */
void sl_multiply_n(sl_isa isa, sl_real *y, const sl_real *a, const sl_real *b, size_t n);
void sl_multiply_add_n(sl_isa isa, sl_real *y, const sl_real *a, const sl_real *b, size_t n);

#endif
