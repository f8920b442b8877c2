/* fourier: standardised numbers, of which a layer of that name makes sines and cosines of learned
 * frequencies, of several columns together. */
#include "data/encoding/encoding.h"

enum { FOURIER_UNITS, FOURIER_STD };

static const sl_option encoding_fourier_options[] = {
    { .name = "units",
      .summary = "how many frequencies; each makes a sine and a cosine",
      .normal = 32,
      .low = 1,
      .high = 4096,
      .whole = true },
    { .name = "std",
      .summary = "deviation of the frequencies at the start, in waves a standard deviation",
      .normal = 1,
      .low = 0,
      .high = 1000,
      .above_low = true },
    { 0 },
};

static sl_status encoding_fourier_fit(sl_ctx *ctx, const sl_columns *columns, sl_encoded *e,
                                      const double *const *values, size_t rows)
{
    (void)columns;
    double *numbers = sl_encoding_numbers(ctx, e, 2 * (size_t)e->count);
    if (!numbers)
        return ctx->status;
    for (int c = 0; c < e->count; c++) {
        const sl_spread scale = sl_spread_of(values[c], rows);
        numbers[2 * c] = scale.mean;
        numbers[2 * c + 1] = scale.deviation;
    }
    e->width = (size_t)e->count;
    return SL_OK;
}

static void encoding_fourier_encode(const sl_encoded *e, const double *values, sl_real *x)
{
    for (int c = 0; c < e->count; c++)
        x[c] = (sl_real)sl_scaled(values[c], e->numbers[2 * c], e->numbers[2 * c + 1]);
}

static sl_encoding_told encoding_fourier_tell(const sl_encoded *e, const double *values, size_t at)
{
    return sl_scaled_told(values[at], e->numbers[2 * at], e->numbers[2 * at + 1], 0);
}

static void encoding_fourier_written(const sl_encoded *e, size_t element, sl_text *formula)
{
    sl_scaled_written("x", e->numbers[2 * element], e->numbers[2 * element + 1], 0, formula);
}

static void encoding_fourier_describe(const sl_columns *columns, const sl_encoded *e, sl_text *text)
{
    sl_text_add(text, "sines and cosines of %d learned frequencies", (int)e->options[FOURIER_UNITS]);
    if (e->count > 1)
        sl_text_add(text, " of %d columns together", e->count);
    for (int c = 0; c < e->count; c++) {
        sl_text_add(text, "; %s standardised: ", columns->column[e->columns[c]].name);
        sl_spread_describe(e->numbers[2 * c], e->numbers[2 * c + 1], text);
    }
}

static bool encoding_fourier_check(const sl_columns *columns, const sl_encoded *e)
{
    (void)columns;
    for (int c = 0; c < e->count && e->number_count == 2 * (size_t)e->count; c++)
        if (e->numbers[2 * c + 1] < 0)
            return false;
    return e->width == (size_t)e->count && e->number_count == 2 * e->width;
}

static void encoding_fourier_layer(const sl_columns *columns, const sl_encoded *e, sl_text *net)
{
    (void)columns;
    sl_text_add(net, "fourier %d columns=%d", (int)e->options[FOURIER_UNITS], e->count);
    if (e->options[FOURIER_STD] != encoding_fourier_options[FOURIER_STD].normal) {
        sl_text_put(net, " std=");
        sl_text_number(net, e->options[FOURIER_STD]);
    }
}

const sl_encoding sl_encoding_fourier = {
    .name = "fourier",
    .summary = "sines and cosines of learned frequencies, by a layer of the net",
    .formula = "y = [z, sin(2 pi W z), cos(2 pi W z)], z = (x - mean) / deviation of each column",
    .source = "Tancik et al., NeurIPS 2020; learned: Gorishniy, Rubachev, Babenko, NeurIPS 2022",
    .options = encoding_fourier_options,
    .takes = SL_TAKES_FILLED,
    .together = true,
    .apart = true,
    .fit = encoding_fourier_fit,
    .encode = encoding_fourier_encode,
    .tell = encoding_fourier_tell,
    .written = encoding_fourier_written,
    .describe = encoding_fourier_describe,
    .check = encoding_fourier_check,
    .layer = encoding_fourier_layer,
};
