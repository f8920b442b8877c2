/* boolean: yes and no as 1 and -1, so that 0 is left for a value that is missing. */
#include "data/encoding/encoding.h"

static sl_status encoding_boolean_fit(sl_ctx *ctx, const sl_columns *columns, sl_encoded *e,
                                      const double *const *values, size_t rows)
{
    (void)columns, (void)values, (void)rows;
    e->width = 1;
    sl_encoding_numbers(ctx, e, 0);
    return ctx->status;
}

static void encoding_boolean_encode(const sl_encoded *e, const double *values, sl_real *x)
{
    (void)e;
    x[0] = (sl_real)((values[0] == 1) - (values[0] == 0));
}

static void encoding_boolean_written(const sl_encoded *e, size_t element, sl_text *formula)
{
    (void)e, (void)element;
    sl_text_put(formula, "yes - no");
}

static void encoding_boolean_describe(const sl_columns *columns, const sl_encoded *e, sl_text *text)
{
    const sl_dictionary *words = &columns->column[e->columns[0]].words;
    sl_text_add(text, "%s is -1, %s is 1, missing is 0",
                words->count > 0 ? sl_dictionary_word(words, 0) : "0",
                words->count > 1 ? sl_dictionary_word(words, 1)
                : words->count   ? "any other"
                                 : "1");
}

static bool encoding_boolean_check(const sl_columns *columns, const sl_encoded *e)
{
    (void)columns;
    return e->width == 1 && e->number_count == 0;
}

const sl_encoding sl_encoding_boolean = {
    .name = "boolean",
    .summary = "-1 and 1, and 0 where the value is missing",
    .formula = "y = -1 for the first word, 1 for the second, 0 for none and for any other",
    .source = "-",
    .takes = SL_TAKES(SL_COLUMN_BOOLEAN),
    .fit = encoding_boolean_fit,
    .encode = encoding_boolean_encode,
    .written = encoding_boolean_written,
    .describe = encoding_boolean_describe,
    .check = encoding_boolean_check,
};
