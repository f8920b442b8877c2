/* raw: a number as it is, for columns that stand in good units already. */
#include "data/encoding/encoding.h"

#define RAW_MOST 1e30 /* beyond it a float's square is far from finite, and 1e39 is none */

static sl_status encoding_raw_fit(sl_ctx *ctx, const sl_columns *columns, sl_encoded *e,
                                  const double *const *values, size_t rows)
{
    (void)columns, (void)values, (void)rows;
    e->width = 1;
    sl_encoding_numbers(ctx, e, 0);
    return ctx->status;
}

static void encoding_raw_encode(const sl_encoded *e, const double *values, sl_real *x)
{
    (void)e;
    x[0] = (sl_real)sl_encoding_limited(values[0], RAW_MOST);
}

static sl_encoding_told encoding_raw_tell(const sl_encoded *e, const double *values, size_t at)
{
    (void)e, (void)at;
    const bool kept = values[0] >= -RAW_MOST && values[0] <= RAW_MOST;
    return (sl_encoding_told){ .formula = kept ? "v" : NULL, .named = { { "v", values[0] } }, .count = 1 };
}

static void encoding_raw_written(const sl_encoded *e, size_t element, sl_text *formula)
{
    (void)e, (void)element;
    sl_text_put(formula, "x");
}

static void encoding_raw_describe(const sl_columns *columns, const sl_encoded *e, sl_text *text)
{
    (void)columns, (void)e;
    sl_text_put(text, "as it is");
}

static bool encoding_raw_check(const sl_columns *columns, const sl_encoded *e)
{
    (void)columns;
    return e->width == 1 && e->number_count == 0;
}

const sl_encoding sl_encoding_raw = {
    .name = "raw",
    .summary = "the number as it is",
    .formula = "y = x",
    .source = "-",
    .takes = SL_TAKES_NUMBERS,
    .fit = encoding_raw_fit,
    .encode = encoding_raw_encode,
    .tell = encoding_raw_tell,
    .written = encoding_raw_written,
    .describe = encoding_raw_describe,
    .check = encoding_raw_check,
};
