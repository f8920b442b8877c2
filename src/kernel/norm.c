/* norm.c - see norm.h */
#include "kernel/norm.h"
#include "kernel/kernel.h"
#include "kernel/lanes.h"

#include <math.h>

SL_INLINE sl_real norm_root(sl_real x)
{
#ifdef SL_REAL_DOUBLE
    return sqrt(x);
#else
    return sqrtf(x);
#endif
}

/* NORM_COLUMNS(storage, name, parameters, arguments, term): out[j] += the sum of term(at, j) over all rows,
 * where at = i columns + j: the chains of 64 columns stay in registers over all rows, as in sl_add_rows. */
#define NORM_CHAIN(lane, term, skip)                                                                         \
    SL_EACH_LANE(j)                                                                                          \
    {                                                                                                        \
        lane[j] += term(at + (skip) + j, first + (skip) + j);                                                \
    }
#define NORM_COLUMNS(storage, name, parameters, arguments, term)                                             \
    NORM_COLUMNS_OF(storage, name, parameters, arguments, term)
#define NORM_COLUMNS_OF(storage, name, parameters, arguments, term)                                          \
    SL_INLINE void name##_body parameters                                                                    \
    {                                                                                                        \
        size_t first = 0;                                                                                    \
        for (; first + 4 * SL_LANES <= columns; first += 4 * SL_LANES) {                                     \
            sl_real a[SL_LANES], b[SL_LANES], c[SL_LANES], d[SL_LANES];                                      \
            lanes_load(a, out + first);                                                                      \
            lanes_load(b, out + first + SL_LANES);                                                           \
            lanes_load(c, out + first + 2 * SL_LANES);                                                       \
            lanes_load(d, out + first + 3 * SL_LANES);                                                       \
            for (size_t i = 0; i < rows; i++) {                                                              \
                const size_t at = i * columns + first;                                                       \
                NORM_CHAIN(a, term, 0)                                                                       \
                NORM_CHAIN(b, term, SL_LANES)                                                                \
                NORM_CHAIN(c, term, 2 * SL_LANES)                                                            \
                NORM_CHAIN(d, term, 3 * SL_LANES)                                                            \
            }                                                                                                \
            lanes_store(out + first, a);                                                                     \
            lanes_store(out + first + SL_LANES, b);                                                          \
            lanes_store(out + first + 2 * SL_LANES, c);                                                      \
            lanes_store(out + first + 3 * SL_LANES, d);                                                      \
        }                                                                                                    \
        for (; first + SL_LANES <= columns; first += SL_LANES) {                                             \
            sl_real a[SL_LANES];                                                                             \
            lanes_load(a, out + first);                                                                      \
            for (size_t i = 0; i < rows; i++) {                                                              \
                const size_t at = i * columns + first;                                                       \
                NORM_CHAIN(a, term, 0)                                                                       \
            }                                                                                                \
            lanes_store(out + first, a);                                                                     \
        }                                                                                                    \
        if (first < columns) {                                                                               \
            const uint32_t part = (uint32_t)(columns - first);                                               \
            sl_real a[SL_LANES];                                                                             \
            lanes_load_part(a, out + first, part, 0);                                                        \
            for (size_t i = 0; i < rows; i++) {                                                              \
                const size_t at = i * columns + first;                                                       \
                SL_EACH_LANE(j) a[j] += j < part ? term(at + j, first + j) : 0;                              \
            }                                                                                                \
            lanes_store_part(out + first, a, part);                                                          \
        }                                                                                                    \
    }                                                                                                        \
    SL_CLONES(storage, name, parameters, arguments)

SL_INLINE sl_real norm_square(sl_real x, sl_real mean)
{
    const sl_real centred = x - mean;
    return centred * centred;
}

#define NORM_SQUARE(at, j) norm_square(x[at], mean[j])
NORM_COLUMNS(static, norm_squares,
             (sl_real * out, const sl_real *x, const sl_real *mean, size_t rows, size_t columns),
             (out, x, mean, rows, columns), NORM_SQUARE)

void sl_columns_moments(sl_isa isa, sl_real *mean, sl_real *variance, const sl_real *x, size_t rows,
                        size_t columns)
{
    const sl_real count = (sl_real)rows;
    sl_fill(isa, mean, 0, columns);
    sl_fill(isa, variance, 0, columns);
    sl_add_rows(isa, mean, x, rows, columns);
    for (size_t j = 0; j < columns; j++)
        mean[j] /= count;
    norm_squares(isa, variance, x, mean, rows, columns);
    for (size_t j = 0; j < columns; j++)
        variance[j] /= count;
}

#define NORM_DOT(at, j) (dy[at] * ((x[at] - mean[j]) * inverse[j]))
NORM_COLUMNS(, sl_columns_dot,
             (sl_real * out, const sl_real *dy, const sl_real *x, const sl_real *mean, const sl_real *inverse,
              size_t rows, size_t columns),
             (out, dy, x, mean, inverse, rows, columns), NORM_DOT)

#define NORM_SCALED(j) ((from[j] - mean[j]) * factor[j] + shift[j])
SL_INLINE void sl_columns_scale_body(sl_real *y, const sl_real *x, const sl_real *mean, const sl_real *factor,
                                     const sl_real *shift, size_t rows, size_t columns)
{
    for (size_t row = 0; row < rows; row++) {
        const sl_real *from = x + row * columns;
        SL_MAP_LANES(y + row * columns, columns, NORM_SCALED);
    }
}
SL_CLONES(, sl_columns_scale,
          (sl_real * y, const sl_real *x, const sl_real *mean, const sl_real *factor, const sl_real *shift,
           size_t rows, size_t columns),
          (y, x, mean, factor, shift, rows, columns))

#define NORM_COLUMN_DX(j) (to[j] + factor[j] * ((from[j] - level[j]) - (at[j] - mean[j]) * tilt[j]))
SL_INLINE void sl_columns_derive_body(sl_real *dx, const sl_real *dy, const sl_real *x, const sl_real *mean,
                                      const sl_real *factor, const sl_real *level, const sl_real *tilt,
                                      size_t rows, size_t columns)
{
    for (size_t row = 0; row < rows; row++) {
        sl_real *to = dx + row * columns;
        const sl_real *from = dy + row * columns, *at = x + row * columns;
        SL_MAP_LANES(to, columns, NORM_COLUMN_DX);
    }
}
SL_CLONES(, sl_columns_derive,
          (sl_real * dx, const sl_real *dy, const sl_real *x, const sl_real *mean, const sl_real *factor,
           const sl_real *level, const sl_real *tilt, size_t rows, size_t columns),
          (dx, dy, x, mean, factor, level, tilt, rows, columns))

#define NORM_INVERSE(j) (1 / norm_root(variance[j] + epsilon))
SL_INLINE void sl_inverse_root_n_body(sl_real *inverse, const sl_real *variance, sl_real epsilon, size_t n)
{
    SL_MAP_LANES(inverse, n, NORM_INVERSE);
}
SL_CLONES(, sl_inverse_root_n, (sl_real * inverse, const sl_real *variance, sl_real epsilon, size_t n),
          (inverse, variance, epsilon, n))

#define NORM_CENTRED(j) (x[j] - mean)
SL_INLINE void sl_row_centre_body(sl_real *y, const sl_real *x, sl_real mean, size_t n)
{
    SL_MAP_LANES(y, n, NORM_CENTRED);
}
SL_CLONES(, sl_row_centre, (sl_real * y, const sl_real *x, sl_real mean, size_t n), (y, x, mean, n))

#define NORM_UNIT(j) (y[j] * factor)
#define NORM_TIMES(j) (y[j] * scale[j])
#define NORM_PLUS(j) (y[j] + shift[j])
SL_INLINE void sl_row_scale_body(sl_real *y, sl_real factor, const sl_real *scale, const sl_real *shift,
                                 size_t n)
{
    SL_MAP_LANES(y, n, NORM_UNIT);
    if (scale)
        SL_MAP_LANES(y, n, NORM_TIMES);
    if (shift)
        SL_MAP_LANES(y, n, NORM_PLUS);
}
SL_CLONES(, sl_row_scale, (sl_real * y, sl_real factor, const sl_real *scale, const sl_real *shift, size_t n),
          (y, factor, scale, shift, n))

#define NORM_ROW_DX(j) (dx[j] + factor * ((d[j] - level) - unit[j] * tilt))
SL_INLINE void sl_row_derive_body(sl_real *dx, const sl_real *d, const sl_real *unit, sl_real factor,
                                  sl_real level, sl_real tilt, size_t n)
{
    SL_MAP_LANES(dx, n, NORM_ROW_DX);
}
SL_CLONES(, sl_row_derive,
          (sl_real * dx, const sl_real *d, const sl_real *unit, sl_real factor, sl_real level, sl_real tilt,
           size_t n),
          (dx, d, unit, factor, level, tilt, n))

#define NORM_PRODUCT(j) (a[j] * b[j])
#define NORM_PRODUCT_ADDED(j) (y[j] + a[j] * b[j])
SL_INLINE void sl_multiply_n_body(sl_real *y, const sl_real *a, const sl_real *b, size_t n)
{
    SL_MAP_LANES(y, n, NORM_PRODUCT);
}
SL_CLONES(, sl_multiply_n, (sl_real * y, const sl_real *a, const sl_real *b, size_t n), (y, a, b, n))

SL_INLINE void sl_multiply_add_n_body(sl_real *y, const sl_real *a, const sl_real *b, size_t n)
{
    SL_MAP_LANES(y, n, NORM_PRODUCT_ADDED);
}
SL_CLONES(, sl_multiply_add_n, (sl_real * y, const sl_real *a, const sl_real *b, size_t n), (y, a, b, n))
