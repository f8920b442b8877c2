/* date: a time as a number that goes on, and as places on the circles of the year, the week and the day. */
#include "data/encoding/encoding.h"
#include "kernel/math.h"

#include <math.h>

enum { DATE_TREND, DATE_SEASON, DATE_WEEKDAY, DATE_HOUR, DATE_PARTS };
enum { DATE_NO, DATE_YES, DATE_FOUND };
/* numbers: mean, deviation, is the hour there. */
enum { DATE_MEAN, DATE_DEVIATION, DATE_HAS_HOUR, DATE_NUMBERS };
#define DATE_DAY 86400.0
#define DATE_MOST 1e13 /* seconds, 300,000 years: beyond it a time has no seconds */

static const sl_option encoding_date_options[] = {
    { .name = "trend", .summary = "the time itself, standardised", .choices = "no|yes", .normal = DATE_YES },
    { .name = "season", .summary = "the place in the year", .choices = "no|yes", .normal = DATE_YES },
    { .name = "weekday", .summary = "the place in the week", .choices = "no|yes", .normal = DATE_YES },
    { .name = "hour",
      .summary = "the place in the day; found: where a training row has a time of day",
      .choices = "no|yes|found",
      .normal = DATE_FOUND },
    { 0 },
};

static double encoding_date_inside(double seconds)
{
    return sl_encoding_limited(seconds, DATE_MOST);
}

static size_t encoding_date_width(const sl_encoded *e)
{
    return (e->options[DATE_TREND] > 0) + 2 * (size_t)(e->options[DATE_SEASON] > 0) +
           2 * (size_t)(e->options[DATE_WEEKDAY] > 0) + 2 * (size_t)(e->numbers[DATE_HAS_HOUR] > 0);
}

static sl_status encoding_date_fit(sl_ctx *ctx, const sl_columns *columns, sl_encoded *e,
                                   const double *const *values, size_t rows)
{
    const sl_spread scale = sl_spread_of(values[0], rows);
    double *numbers = sl_encoding_numbers(ctx, e, DATE_NUMBERS);
    if (!numbers)
        return ctx->status;
    numbers[DATE_MEAN] = scale.mean;
    numbers[DATE_DEVIATION] = scale.deviation;
    numbers[DATE_HAS_HOUR] = e->options[DATE_HOUR] == DATE_YES;
    for (size_t i = 0; e->options[DATE_HOUR] == DATE_FOUND && i < rows; i++) {
        const double days = encoding_date_inside(values[0][i]) / DATE_DAY;
        if (values[0][i] == values[0][i] && days != floor(days))
            numbers[DATE_HAS_HOUR] = 1;
    }
    e->width = encoding_date_width(e);
    if (!e->width)
        sl_fail(ctx, SL_EINVAL,
                "column '%s': of date none of trend, season, weekday, hour is left: say yes to one, or leave "
                "the column out with ignore",
                columns->column[e->columns[0]].name);
    return ctx->status;
}

/* Two numbers for the way through a circle that begins anew every `period` seconds. */
static void encoding_date_circle(double seconds, double period, sl_real *x)
{
    const double turns = seconds / period, angle = 6.283185307179586 * (turns - floor(turns));
    x[0] = (sl_real)sl_sin_d(angle);
    x[1] = (sl_real)sl_cos_d(angle);
}

static void encoding_date_encode(const sl_encoded *e, const double *values, sl_real *x)
{
    const double seconds = encoding_date_inside(values[0]), day = floor(seconds / DATE_DAY) * DATE_DAY;
    if (e->options[DATE_TREND] > 0)
        *x++ = (sl_real)sl_scaled(values[0], e->numbers[DATE_MEAN], e->numbers[DATE_DEVIATION]);
    /* A year of 365.2425 days, the calendar's mean: 1 January comes at most 2 days beside angle 0. */
    if (e->options[DATE_SEASON] > 0) {
        encoding_date_circle(seconds, 365.2425 * DATE_DAY, x);
        x += 2;
    }
    if (e->options[DATE_WEEKDAY] > 0) { /* the whole day; 1 January 1970 was a Thursday */
        encoding_date_circle(day + 3 * DATE_DAY, 7 * DATE_DAY, x);
        x += 2;
    }
    if (e->numbers[DATE_HAS_HOUR] > 0)
        encoding_date_circle(seconds - day, DATE_DAY, x);
}

static sl_encoding_told encoding_date_told(bool cosine, double seconds, double period)
{
    return (sl_encoding_told){ .formula =
                                   cosine ? "cos(2*pi*(t/period - turns))" : "sin(2*pi*(t/period - turns))",
                               .named = { { "pi", 3.141592653589793 },
                                          { "t", seconds },
                                          { "period", period },
                                          { "turns", floor(seconds / period) } },
                               .count = 4 };
}

static sl_encoding_told encoding_date_tell(const sl_encoded *e, const double *values, size_t at)
{
    const double seconds = encoding_date_inside(values[0]), day = floor(seconds / DATE_DAY) * DATE_DAY;
    const double times[] = { seconds, day + 3 * DATE_DAY, seconds - day };
    static const double periods[] = { 365.2425 * DATE_DAY, 7 * DATE_DAY, DATE_DAY };
    const bool circles[] = { e->options[DATE_SEASON] > 0, e->options[DATE_WEEKDAY] > 0,
                             e->numbers[DATE_HAS_HOUR] > 0 };
    if (e->options[DATE_TREND] > 0 && at-- == 0)
        return sl_scaled_told(values[0], e->numbers[DATE_MEAN], e->numbers[DATE_DEVIATION], 0);
    for (int i = 0; i < 3; i++) {
        if (circles[i] && at < 2)
            return encoding_date_told(at == 1, times[i], periods[i]);
        at -= circles[i] ? 2 : 0;
    }
    return (sl_encoding_told){ .formula = NULL };
}

/* A sine or cosine knows no whole turns, so these may stand there. */
static void encoding_date_written(const sl_encoded *e, size_t element, sl_text *formula)
{
    static const char *const turns[] = { "(day + time)/365.2425", "(day + 3)/7", "time" };
    const bool has[] = { e->options[DATE_SEASON] > 0, e->options[DATE_WEEKDAY] > 0,
                         e->numbers[DATE_HAS_HOUR] > 0 };
    if (e->options[DATE_TREND] > 0 && element-- == 0) {
        sl_scaled_written("x", e->numbers[DATE_MEAN], e->numbers[DATE_DEVIATION], 0, formula);
        return;
    }
    for (int i = 0; i < 3; i++) {
        if (has[i] && element < 2) {
            sl_text_add(formula, "%s(6.283185307179586*%s)", element ? "cos" : "sin", turns[i]);
            return;
        }
        element -= has[i] ? 2 : 0;
    }
}

static void encoding_date_describe(const sl_columns *columns, const sl_encoded *e, sl_text *text)
{
    (void)columns;
    const bool circles[] = { e->options[DATE_SEASON] > 0, e->options[DATE_WEEKDAY] > 0,
                             e->numbers[DATE_HAS_HOUR] > 0 };
    static const char *const names[] = { "year", "week", "day" };
    const char *between = "";
    if (e->options[DATE_TREND] > 0)
        sl_text_put(text, e->numbers[DATE_DEVIATION] > 0 ? "the time standardised" : "the time, always 0");
    if (e->options[DATE_TREND] > 0 && e->width > 1)
        sl_text_put(text, ", ");
    for (int i = 0; i < 3; i++)
        if (circles[i]) {
            sl_text_add(text, "%s%s", *between ? between : "the place in ", names[i]);
            between = " and ";
        }
    if (*between)
        sl_text_put(text, " as sine and cosine");
}

static bool encoding_date_check(const sl_columns *columns, const sl_encoded *e)
{
    (void)columns;
    return e->number_count == DATE_NUMBERS && e->numbers[DATE_DEVIATION] >= 0 && e->width > 0 &&
           e->width == encoding_date_width(e);
}

const sl_encoding sl_encoding_date = {
    .name = "date",
    .summary = "a time as it goes on, and its places in the year, the week and the day",
    .formula =
        "y = [(t - mean) / deviation, sin a, cos a, ..], a = 2 pi t / year, whole days / week, t / day",
    .source = "-",
    .options = encoding_date_options,
    .takes = SL_TAKES(SL_COLUMN_DATE),
    .fit = encoding_date_fit,
    .encode = encoding_date_encode,
    .tell = encoding_date_tell,
    .written = encoding_date_written,
    .describe = encoding_date_describe,
    .check = encoding_date_check,
};
