/* terms.h - features of a row as a formula: "x1+x2^2+x1*x2+sin(x1)"; + stands between features, as in the
 * model formulas of statistics, and inputs are numbered from 1. */
#ifndef SL_OP_TERMS_H
#define SL_OP_TERMS_H

#include "core/ctx.h"

typedef enum { SL_TERM_INPUT, SL_TERM_SQUARE, SL_TERM_PRODUCT, SL_TERM_SINE, SL_TERM_COSINE } sl_term_kind;

typedef struct {
    sl_term_kind kind;
    int a, b; /* inputs, from 0; b of products alone */
} sl_term;

typedef struct {
    const sl_term *term; /* [count] */
    int count;
} sl_terms;

/* Memory of its own, to be freed as a whole. NULL and the context's error, which begins with `place`. */
sl_terms *sl_terms_read(sl_ctx *ctx, const char *place, const char *text);
/* SL_ESHAPE where a term names an input that a row of `width` numbers does not have. */
sl_status sl_terms_check(sl_ctx *ctx, const char *place, const sl_terms *terms, size_t width);
/* "sin(x1)", as it is read. */
enum { SL_TERM_TEXT = 40 };
const char *sl_term_text(char text[SL_TERM_TEXT], const sl_term *term);

enum { SL_TERM_ROWS = 64 }; /* at most, at once */
/* v[rows]: the term of rows x of `width` numbers. */
void sl_term_values(sl_isa isa, const sl_term *term, sl_real *v, const sl_real *x, size_t width, size_t rows);
/* Adds what comes back through the term, which stands at dy in rows of `out` numbers, to dx. */
void sl_term_flow(sl_isa isa, const sl_term *term, sl_real *dx, const sl_real *x, size_t width,
                  const sl_real *dy, size_t out, size_t rows);

#endif
