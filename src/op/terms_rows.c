/* terms_rows.c - the terms of rows, and what flows back through them: see terms.h. */
#include "op/terms.h"
#include "kernel/math.h"

/* At least one row. */
SL_INLINE void terms_rows_take(sl_real *to, const sl_real *from, size_t stride, size_t rows)
{
    size_t i = 0;
    do
        to[i] = from[i * stride];
    while (++i < rows);
}

void sl_term_values(sl_isa isa, const sl_term *term, sl_real *v, const sl_real *x, size_t width, size_t rows)
{
    terms_rows_take(v, x + term->a, width, rows);
    if (term->kind == SL_TERM_SINE)
        sl_sin_n(isa, v, v, rows);
    else if (term->kind == SL_TERM_COSINE)
        sl_cos_n(isa, v, v, rows);
    for (size_t i = 0; i < rows && term->kind == SL_TERM_SQUARE; i++)
        v[i] = v[i] * v[i];
    for (size_t i = 0; i < rows && term->kind == SL_TERM_PRODUCT; i++)
        v[i] = v[i] * x[i * width + (size_t)term->b];
}

void sl_term_flow(sl_isa isa, const sl_term *term, sl_real *dx, const sl_real *x, size_t width,
                  const sl_real *dy, size_t out, size_t rows)
{
    const size_t a = (size_t)term->a, b = (size_t)term->b;
    sl_real v[SL_TERM_ROWS];
    terms_rows_take(v, x + a, width, rows);
    if (term->kind == SL_TERM_SINE)
        sl_cos_n(isa, v, v, rows);
    else if (term->kind == SL_TERM_COSINE)
        sl_sin_n(isa, v, v, rows);
    for (size_t i = 0; i < rows; i++) {
        const sl_real g = dy[i * out];
        sl_real *to = dx + i * width;
        if (term->kind == SL_TERM_PRODUCT) {
            to[a] += g * x[i * width + b];
            to[b] += g * v[i];
        } else {
            to[a] += term->kind == SL_TERM_INPUT    ? g
                     : term->kind == SL_TERM_SQUARE ? g * (2 * v[i])
                     : term->kind == SL_TERM_SINE   ? g * v[i]
                                                    : -(g * v[i]);
        }
    }
}
