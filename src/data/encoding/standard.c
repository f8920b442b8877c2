/* standard: a number minus the training rows' mean, in units of their deviation. */
#include "data/encoding/encoding.h"

static const sl_option encoding_standard_options[] = {
    { .name = "clip",
      .summary = "numbers further from the mean than so many deviations count as that far",
      .low = 0,
      .high = SL_ENCODING_LIMIT,
      .normally = "none" },
    { 0 },
};

enum { STANDARD_MEAN, STANDARD_DEVIATION, STANDARD_NUMBERS };

static sl_status encoding_standard_fit(sl_ctx *ctx, const sl_columns *columns, sl_encoded *e,
                                       const double *const *values, size_t rows)
{
    (void)columns;
    const sl_spread scale = sl_spread_of(values[0], rows);
    double *numbers = sl_encoding_numbers(ctx, e, STANDARD_NUMBERS);
    if (!numbers)
        return ctx->status;
    numbers[STANDARD_MEAN] = scale.mean;
    numbers[STANDARD_DEVIATION] = scale.deviation;
    e->width = 1;
    return SL_OK;
}

static void encoding_standard_encode(const sl_encoded *e, const double *values, sl_real *x)
{
    const double z = sl_scaled(values[0], e->numbers[STANDARD_MEAN], e->numbers[STANDARD_DEVIATION]);
    x[0] = (sl_real)(e->options[0] > 0 ? sl_encoding_limited(z, e->options[0]) : z);
}

static sl_encoding_told encoding_standard_tell(const sl_encoded *e, const double *values, size_t at)
{
    (void)at;
    return sl_scaled_told(values[0], e->numbers[STANDARD_MEAN], e->numbers[STANDARD_DEVIATION],
                          e->options[0]);
}

static void encoding_standard_written(const sl_encoded *e, size_t element, sl_text *formula)
{
    (void)element;
    sl_scaled_written("x", e->numbers[STANDARD_MEAN], e->numbers[STANDARD_DEVIATION], e->options[0], formula);
}

static void encoding_standard_describe(const sl_columns *columns, const sl_encoded *e, sl_text *text)
{
    (void)columns;
    sl_text_put(text, "standardised: ");
    sl_spread_describe(e->numbers[STANDARD_MEAN], e->numbers[STANDARD_DEVIATION], text);
    if (e->options[0] > 0) {
        sl_text_put(text, ", at most ");
        sl_encoding_number(text, e->options[0]);
        sl_text_put(text, " deviations from it");
    }
}

static bool encoding_standard_check(const sl_columns *columns, const sl_encoded *e)
{
    (void)columns;
    return e->width == 1 && e->number_count == STANDARD_NUMBERS && e->numbers[STANDARD_DEVIATION] >= 0;
}

const sl_encoding sl_encoding_standard = {
    .name = "standard",
    .summary = "minus the mean, divided by the standard deviation",
    .formula = "y = (x - mean) / deviation, both of the training rows, deviation by n; 0 where all are alike",
    .source = "LeCun, Bottou, Orr, Mueller, Efficient BackProp, 1998",
    .options = encoding_standard_options,
    .takes = SL_TAKES_FILLED,
    .fit = encoding_standard_fit,
    .encode = encoding_standard_encode,
    .tell = encoding_standard_tell,
    .written = encoding_standard_written,
    .describe = encoding_standard_describe,
    .check = encoding_standard_check,
};
