/* quantile: a number as the way through bins that hold equally many training rows: 1 for each bin that lies
 * below it, 0 for each above it, and for its own bin how far through it is. A net can so bend at every knot.
 * Outside of the training rows nothing goes on: the first bin stays at 0, the last at 1. (In the paper these
 * two go on in a line, which is steep where they are narrow.) */
#include "data/encoding/encoding.h"

#include <string.h>

enum { QUANTILE_BINS, QUANTILE_KEEP };
enum { QUANTILE_MEAN, QUANTILE_DEVIATION, QUANTILE_KNOTS, QUANTILE_ROWS_A_BIN = 4 };

static const sl_option encoding_quantile_options[] = {
    { .name = "bins",
      .summary = "bins at most; a bin wants 4 training rows, and one of no width is left out",
      .normal = 32,
      .low = 1,
      .high = 4096,
      .whole = true },
    { .name = "keep", .summary = "is the standardised number there as well", .choices = "no|yes", .high = 1 },
    { 0 },
};

/* Knot t of `bins`: the quantile t / bins, linear between two values (type 7 of Hyndman and Fan 1996, which
 * is numpy's). */
static double encoding_quantile_at(const double *sorted, size_t count, size_t t, size_t bins)
{
    const size_t whole = t * (count - 1) / bins, part = t * (count - 1) % bins;
    const double at = sorted[whole];
    return part ? at + (sorted[whole + 1] - at) * ((double)part / (double)bins) : at;
}

static sl_status encoding_quantile_fit(sl_ctx *ctx, const sl_columns *columns, sl_encoded *e,
                                       const double *const *values, size_t rows)
{
    (void)columns;
    const sl_spread scale = sl_spread_of(values[0], rows);
    size_t bins = (size_t)e->options[QUANTILE_BINS], knots = 0;
    double *numbers = sl_encoding_numbers(ctx, e, QUANTILE_KNOTS + bins + 1);
    double *sorted = sl_alloc_array(ctx, rows, sizeof *sorted);
    if (!numbers || !sorted) {
        sl_free(ctx, sorted);
        return ctx->status;
    }
    const size_t count = sl_encoding_sorted(sorted, values[0], rows);
    numbers[QUANTILE_MEAN] = scale.mean;
    numbers[QUANTILE_DEVIATION] = scale.deviation;
    if (bins > count / QUANTILE_ROWS_A_BIN)
        bins = count / QUANTILE_ROWS_A_BIN > 1 ? count / QUANTILE_ROWS_A_BIN : 1;
    for (size_t t = 0; count && t <= bins; t++) {
        const double knot = encoding_quantile_at(sorted, count, t, bins);
        if (!knots || knot > numbers[QUANTILE_KNOTS + knots - 1])
            numbers[QUANTILE_KNOTS + knots++] = knot;
    }
    sl_free(ctx, sorted);
    e->number_count = QUANTILE_KNOTS + knots;
    e->width = (knots > 1 ? knots - 1 : 1) + (e->options[QUANTILE_KEEP] > 0);
    return SL_OK;
}

/* x = `ones` ones, then zeros, `count` in all: a piece of many of both, as copying is faster than counting.
 */
static void encoding_quantile_step(sl_real *x, size_t count, size_t ones)
{
    enum { STEP = 64 };
#define QUANTILE_EIGHT 1, 1, 1, 1, 1, 1, 1, 1
    static const sl_real step[2 * STEP] = { QUANTILE_EIGHT, QUANTILE_EIGHT, QUANTILE_EIGHT, QUANTILE_EIGHT,
                                            QUANTILE_EIGHT, QUANTILE_EIGHT, QUANTILE_EIGHT, QUANTILE_EIGHT };
#undef QUANTILE_EIGHT
    for (size_t i = 0; i < count; i += STEP) {
        const size_t left = ones < i ? 0 : ones - i;
        memcpy(x + i, step + STEP - (left < STEP ? left : STEP),
               (count - i < STEP ? count - i : STEP) * sizeof *x);
    }
}

static void encoding_quantile_encode(const sl_encoded *e, const double *values, sl_real *x)
{
    const double *knot = e->numbers + QUANTILE_KNOTS, v = values[0];
    const size_t knots = e->number_count - QUANTILE_KNOTS, bins = knots > 1 ? knots - 1 : 1;
    size_t at = 0; /* its bin: the last that begins at or below v; a search without a branch */
    for (size_t left = bins; left > 1; left -= left / 2)
        at += knot[at + left / 2] <= v ? left / 2 : 0;
    encoding_quantile_step(x, bins, at);
    if (knots > 1) {
        const double t = (v - knot[at]) / (knot[at + 1] - knot[at]);
        x[at] = (sl_real)(t > 0 ? t < 1 ? t : 1 : 0);
    }
    if (e->options[QUANTILE_KEEP] > 0)
        x[bins] = (sl_real)sl_scaled(v, e->numbers[QUANTILE_MEAN], e->numbers[QUANTILE_DEVIATION]);
}

/* Its own bin, and the standardised number behind them; the bins below and above are 1 and 0. */
static sl_encoding_told encoding_quantile_tell(const sl_encoded *e, const double *values, size_t at)
{
    const double *knot = e->numbers + QUANTILE_KNOTS, v = values[0];
    const size_t knots = e->number_count - QUANTILE_KNOTS, bins = knots > 1 ? knots - 1 : 1;
    if (at == bins)
        return sl_scaled_told(v, e->numbers[QUANTILE_MEAN], e->numbers[QUANTILE_DEVIATION], 0);
    const bool inside = knots > 1 && v >= knot[at] && v < knot[at + 1];
    return (sl_encoding_told){
        .formula = inside ? "(v - low)/(high - low)" : NULL,
        .named = { { "v", v }, { "low", knot[at] }, { "high", knots > 1 ? knot[at + 1] : v } },
        .count = 3
    };
}

static void encoding_quantile_written(const sl_encoded *e, size_t element, sl_text *formula)
{
    const double *knot = e->numbers + QUANTILE_KNOTS;
    const size_t knots = e->number_count - QUANTILE_KNOTS, bins = knots > 1 ? knots - 1 : 1;
    if (element == bins) {
        sl_scaled_written("x", e->numbers[QUANTILE_MEAN], e->numbers[QUANTILE_DEVIATION], 0, formula);
    } else if (knots < 2) {
        sl_text_put(formula, "0");
    } else {
        sl_text_put(formula, "max(0, min(1, ");
        sl_scaled_written("x", knot[element], knot[element + 1] - knot[element], 0, formula);
        sl_text_put(formula, "))");
    }
}

static void encoding_quantile_describe(const sl_columns *columns, const sl_encoded *e, sl_text *text)
{
    (void)columns;
    const size_t knots = e->number_count - QUANTILE_KNOTS;
    if (knots < 2) {
        sl_text_put(text, "piecewise linear: ");
        sl_spread_describe(e->numbers[QUANTILE_MEAN], 0, text);
        return;
    }
    sl_text_add(text, "piecewise linear in %zu bin%s of equally many rows, ", knots - 1,
                knots == 2 ? "" : "s");
    sl_encoding_number(text, e->numbers[QUANTILE_KNOTS]);
    sl_text_put(text, " to ");
    sl_encoding_number(text, e->numbers[e->number_count - 1]);
    if (e->options[QUANTILE_KEEP] > 0) {
        sl_text_put(text, "; standardised as well: ");
        sl_spread_describe(e->numbers[QUANTILE_MEAN], e->numbers[QUANTILE_DEVIATION], text);
    }
}

static bool encoding_quantile_check(const sl_columns *columns, const sl_encoded *e)
{
    (void)columns;
    if (e->number_count < QUANTILE_KNOTS || e->numbers[QUANTILE_DEVIATION] < 0)
        return false;
    const size_t knots = e->number_count - QUANTILE_KNOTS;
    for (size_t i = QUANTILE_KNOTS + 1; i < e->number_count; i++) {
        const double width = e->numbers[i] - e->numbers[i - 1];
        if (!(width > 0 && width <= 4 * SL_CELL_MOST))
            return false;
    }
    return e->width == (knots > 1 ? knots - 1 : 1) + (e->options[QUANTILE_KEEP] > 0);
}

const sl_encoding sl_encoding_quantile = {
    .name = "quantile",
    .summary = "how far through each of many bins a number is: piecewise linear",
    .formula = "y_t = 0, (x - b_(t-1)) / (b_t - b_(t-1)), or 1 below, in, above bin t; b the quantiles",
    .source = "Gorishniy, Rubachev, Babenko, NeurIPS 2022",
    .options = encoding_quantile_options,
    .takes = SL_TAKES_FILLED,
    .fit = encoding_quantile_fit,
    .encode = encoding_quantile_encode,
    .tell = encoding_quantile_tell,
    .written = encoding_quantile_written,
    .describe = encoding_quantile_describe,
    .check = encoding_quantile_check,
};
