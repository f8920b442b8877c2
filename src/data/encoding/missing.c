/* missing: 1 where a row has no value, which the column's own encoding shows as the median. */
#include "data/encoding/encoding.h"

static sl_status encoding_missing_fit(sl_ctx *ctx, const sl_columns *columns, sl_encoded *e,
                                      const double *const *values, size_t rows)
{
    (void)columns, (void)values, (void)rows;
    e->width = 1;
    sl_encoding_numbers(ctx, e, 0);
    return ctx->status;
}

static void encoding_missing_encode(const sl_encoded *e, const double *values, sl_real *x)
{
    (void)e;
    x[0] = (sl_real)(values[0] != values[0]);
}

static void encoding_missing_written(const sl_encoded *e, size_t element, sl_text *formula)
{
    (void)e, (void)element;
    sl_text_put(formula, "missing");
}

static void encoding_missing_describe(const sl_columns *columns, const sl_encoded *e, sl_text *text)
{
    sl_text_add(text, "1 where it is missing, as in %zu training row%s",
                columns->column[e->columns[0]].fit_missing,
                columns->column[e->columns[0]].fit_missing == 1 ? "" : "s");
}

static bool encoding_missing_check(const sl_columns *columns, const sl_encoded *e)
{
    (void)columns;
    return e->width == 1 && e->number_count == 0;
}

const sl_encoding sl_encoding_missing = {
    .name = "missing",
    .summary = "1 where a value is missing, else 0",
    .formula = "y = 1 if x is missing, else 0",
    .source = "-",
    .takes = SL_TAKES_FILLED | SL_TAKES(SL_COLUMN_BOOLEAN),
    .hidden = true,
    .fit = encoding_missing_fit,
    .encode = encoding_missing_encode,
    .written = encoding_missing_written,
    .describe = encoding_missing_describe,
    .check = encoding_missing_check,
};
