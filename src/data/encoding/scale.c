/* scale.c - means, deviations and other things that several encodings share. */
#include "core/sort.h"
#include "data/encoding/encoding.h"

#include <math.h>

/* What values are divided by so that their squares stay in range: 1 of ordinary ones. */
static double scale_unit(double low, double high)
{
    const double most = -low > high ? -low : high;
    return most > 1e-100 && most < 1e100 ? 1 : most;
}

sl_spread sl_spread_of(const double *values, size_t rows)
{
    double low = INFINITY, high = -INFINITY, sum = 0;
    size_t count = 0;
    for (size_t i = 0; i < rows; i++)
        if (values[i] == values[i]) {
            low = values[i] < low ? values[i] : low;
            high = values[i] > high ? values[i] : high;
            count++;
        }
    if (!count || low == high)
        return (sl_spread){ .mean = count ? low : 0 };
    const double unit = scale_unit(low, high), n = (double)count;
    for (size_t i = 0; i < rows; i++)
        if (values[i] == values[i])
            sum += values[i] / unit;
    const double mean = sum / n;
    double off = 0, squares = 0; /* off: what rounding left of the mean (Chan, Golub, LeVeque 1983) */
    for (size_t i = 0; i < rows; i++)
        if (values[i] == values[i]) {
            const double d = values[i] / unit - mean;
            off += d;
            squares += d * d;
        }
    const double square = (squares - off * off / n) / n;
    return (sl_spread){ .mean = (mean + off / n) * unit, .deviation = square > 0 ? sqrt(square) * unit : 0 };
}

double sl_spread_skew(const double *values, size_t rows, sl_spread scale)
{
    double cubes = 0;
    size_t count = 0;
    for (size_t i = 0; i < rows; i++)
        if (values[i] == values[i]) {
            const double z = sl_scaled(values[i], scale.mean, scale.deviation);
            cubes += z * z * z;
            count++;
        }
    return count ? cubes / (double)count : 0;
}

static int scale_order(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

size_t sl_encoding_sorted(double *to, const double *from, size_t rows)
{
    size_t count = 0;
    for (size_t i = 0; i < rows; i++)
        if (from[i] == from[i])
            to[count++] = from[i];
    sl_sort(to, count, sizeof *to, scale_order);
    return count;
}

double *sl_encoding_numbers(sl_ctx *ctx, sl_encoded *encoded, size_t count)
{
    encoded->numbers = sl_alloc_array(ctx, count, sizeof *encoded->numbers);
    encoded->number_count = encoded->numbers ? count : 0;
    return encoded->numbers;
}

void sl_encoding_number(sl_text *text, double value)
{
    const double size = fabs(value);
    double tens = 1; /* size * tens or size / tens in 1000 .. 9999 */
    if (!(size >= 1e-30 && size < 1e15)) {
        sl_text_number(text, value);
        return;
    }
    if (size < 1000) {
        while (size * tens < 1000)
            tens *= 10;
        sl_text_number(text, floor(value * tens + 0.5) / tens);
    } else {
        while (size / tens >= 10000)
            tens *= 10;
        sl_text_number(text, floor(value / tens + 0.5) * tens);
    }
}

sl_encoding_told sl_scaled_told(double value, double mean, double deviation, double clip)
{
    const double limit = clip > 0 && clip < SL_ENCODING_LIMIT ? clip : SL_ENCODING_LIMIT;
    const bool kept = deviation > 0 && fabs((value - mean) / deviation) <= limit;
    return (sl_encoding_told){
        .formula = !(deviation > 0) ? NULL
                   : kept           ? "(v - mean)/deviation"
                                    : "max(-limit, min(limit, (v - mean)/deviation))",
        .named = { { "v", value }, { "mean", mean }, { "deviation", deviation }, { "limit", limit } },
        .count = 4
    };
}

void sl_spread_describe(double mean, double deviation, sl_text *text)
{
    sl_text_put(text, deviation > 0 ? "mean " : "always 0, as every training row has ");
    sl_encoding_number(text, mean);
    if (deviation > 0) {
        sl_text_put(text, ", deviation ");
        sl_encoding_number(text, deviation);
    }
}

void sl_scaled_written(const char *x, double mean, double deviation, double clip, sl_text *formula)
{
    if (!(deviation > 0)) {
        sl_text_put(formula, "0");
        return;
    }
    if (clip > 0) {
        sl_text_put(formula, "max(-");
        sl_text_number(formula, clip);
        sl_text_put(formula, ", min(");
        sl_text_number(formula, clip);
        sl_text_put(formula, ", ");
    }
    sl_text_add(formula, mean == 0 ? "%s" : mean < 0 ? "(%s + " : "(%s - ", x);
    if (mean != 0) {
        sl_text_number(formula, mean < 0 ? -mean : mean);
        sl_text_put(formula, ")");
    }
    if (deviation != 1) {
        sl_text_put(formula, "/");
        sl_text_number(formula, deviation);
    }
    sl_text_put(formula, clip > 0 ? "))" : "");
}
