/* log: the logarithm of a number that is never negative, standardised. */
#include "data/encoding/encoding.h"
#include "kernel/math.h"

#include <math.h>

/* LOG_PLUS: 1 where training rows have 0, which has no logarithm: then log(1 + x). LOG_LOW: what lies below
 * the lowest of the training rows counts as that. */
enum { LOG_PLUS, LOG_LOW, LOG_MEAN, LOG_DEVIATION, LOG_SKEW, LOG_SKEW_AFTER, LOG_NUMBERS };

static double encoding_log_of(const double *numbers, double value)
{
    const double inside = value > numbers[LOG_LOW] ? value : numbers[LOG_LOW];
    return numbers[LOG_PLUS] > 0 ? sl_log1p_d(inside) : sl_log_d(inside);
}

static sl_status encoding_log_low(sl_ctx *ctx, const sl_column *column, double low)
{
    char number[32];
    return sl_fail(ctx, SL_EINVAL,
                   "column '%s': log wants numbers of 0 and more, and the training rows go down to %s: take "
                   "standard or quantile for it",
                   column->name, sl_number_text(number, low));
}

static sl_status encoding_log_fit(sl_ctx *ctx, const sl_columns *columns, sl_encoded *e,
                                  const double *const *values, size_t rows)
{
    double *numbers = sl_encoding_numbers(ctx, e, LOG_NUMBERS);
    double *logs = sl_alloc_array(ctx, rows, sizeof *logs), low = INFINITY;
    if (!numbers || !logs) {
        sl_free(ctx, logs);
        return ctx->status;
    }
    for (size_t i = 0; i < rows; i++)
        low = values[0][i] < low ? values[0][i] : low;
    if (low < 0)
        encoding_log_low(ctx, &columns->column[e->columns[0]], low);
    numbers[LOG_LOW] = low < INFINITY ? low : 0;
    numbers[LOG_PLUS] = low > 0 && low < INFINITY ? 0 : 1;
    for (size_t i = 0; i < rows && !ctx->status; i++)
        logs[i] = values[0][i] == values[0][i] ? encoding_log_of(numbers, values[0][i]) : NAN;
    if (!ctx->status) {
        const sl_spread scale = sl_spread_of(logs, rows);
        numbers[LOG_MEAN] = scale.mean;
        numbers[LOG_DEVIATION] = scale.deviation;
        numbers[LOG_SKEW] = sl_spread_skew(values[0], rows, sl_spread_of(values[0], rows));
        numbers[LOG_SKEW_AFTER] = sl_spread_skew(logs, rows, scale);
        e->width = 1;
    }
    sl_free(ctx, logs);
    return ctx->status;
}

static void encoding_log_encode(const sl_encoded *e, const double *values, sl_real *x)
{
    const double *n = e->numbers;
    x[0] = (sl_real)sl_scaled(encoding_log_of(n, values[0]), n[LOG_MEAN], n[LOG_DEVIATION]);
}

/* Beyond the limit of what is standardised it is no arithmetic of one line. */
static sl_encoding_told encoding_log_tell(const sl_encoded *e, const double *values, size_t at)
{
    static const char *const formulas[2][2] = {
        { "(log(v) - mean)/deviation", "(log(max(v, lowest)) - mean)/deviation" },
        { "(log(1 + v) - mean)/deviation", "(log(1 + max(v, lowest)) - mean)/deviation" }
    };
    const double *n = e->numbers, z = encoding_log_of(n, values[0]) - n[LOG_MEAN];
    const bool plain = n[LOG_DEVIATION] > 0 && fabs(z / n[LOG_DEVIATION]) <= SL_ENCODING_LIMIT;
    (void)at;
    return (sl_encoding_told){ .formula = plain ? formulas[n[LOG_PLUS] > 0][values[0] < n[LOG_LOW]] : NULL,
                               .named = { { "v", values[0] },
                                          { "lowest", n[LOG_LOW] },
                                          { "mean", n[LOG_MEAN] },
                                          { "deviation", n[LOG_DEVIATION] } },
                               .count = 4 };
}

static void encoding_log_written(const sl_encoded *e, size_t element, sl_text *formula)
{
    (void)element;
    sl_text inside;
    sl_text_init(&inside, formula->ctx);
    sl_text_put(&inside, e->numbers[LOG_PLUS] > 0 ? "log(1 + max(" : "log(max(");
    sl_text_number(&inside, e->numbers[LOG_LOW]);
    sl_text_put(&inside, ", x))");
    sl_scaled_written(sl_text_string(&inside), e->numbers[LOG_MEAN], e->numbers[LOG_DEVIATION], 0, formula);
    sl_text_free(&inside);
}

static void encoding_log_describe(const sl_columns *columns, const sl_encoded *e, sl_text *text)
{
    (void)columns;
    sl_text_put(text, "skewed by ");
    sl_encoding_number(text, e->numbers[LOG_SKEW]);
    sl_text_put(text, e->numbers[LOG_PLUS] > 0 ? ": log(1 + x), by " : ": its logarithm, by ");
    sl_encoding_number(text, e->numbers[LOG_SKEW_AFTER]);
    sl_text_put(text, ", is standardised: ");
    sl_spread_describe(e->numbers[LOG_MEAN], e->numbers[LOG_DEVIATION], text);
}

static bool encoding_log_check(const sl_columns *columns, const sl_encoded *e)
{
    (void)columns;
    return e->width == 1 && e->number_count == LOG_NUMBERS && e->numbers[LOG_DEVIATION] >= 0 &&
           (e->numbers[LOG_PLUS] > 0 ? e->numbers[LOG_LOW] >= 0 : e->numbers[LOG_LOW] > 0);
}

const sl_encoding sl_encoding_log = {
    .name = "log",
    .summary = "the logarithm, then minus its mean, divided by its deviation",
    .formula =
        "y = (log x - mean) / deviation; log(1 + x) where a training row has 0; x at least their lowest",
    .source = "Box, Cox, Journal of the Royal Statistical Society B 26, 1964",
    .takes = SL_TAKES_NUMBERS,
    .fit = encoding_log_fit,
    .encode = encoding_log_encode,
    .tell = encoding_log_tell,
    .written = encoding_log_written,
    .describe = encoding_log_describe,
    .check = encoding_log_check,
};
