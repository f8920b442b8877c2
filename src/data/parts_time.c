/* parts_time.c - what came first is learned from, what came last is the test: as it will be when the model is
 * used. */
#include "core/sort.h"
#include "data/parts.h"

#include <string.h>

typedef struct {
    double time;
    size_t row;
} parts_moment;

static int time_compare(const void *a, const void *b)
{
    const parts_moment *x = a, *y = b;
    return x->time != y->time ? (x->time > y->time) - (x->time < y->time)
                              : (x->row > y->row) - (x->row < y->row);
}

static bool time_leap(int64_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* "2024-03-01" from seconds since 1970; years 1 to 9999. */
static void time_date(sl_text *text, double seconds)
{
    static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    if (!(seconds > -6.2e10 && seconds < 2.534e11)) {
        sl_text_number(text, seconds);
        return;
    }
    int64_t day = (int64_t)(seconds / 86400), year = 1970;
    day -= (double)day * 86400 > seconds; /* the floor, also before 1970 */
    while (day < 0)
        day += time_leap(--year) ? 366 : 365;
    while (day >= (time_leap(year) ? 366 : 365))
        day -= time_leap(year++) ? 366 : 365;
    int month = 0;
    for (int days; day >= (days = lengths[month] + (month == 1 && time_leap(year))); month++)
        day -= days;
    sl_text_add(text, "%04d-%02d-%02d", (int)year, month + 1, (int)day + 1);
}

/* Where the part that begins at `border` of count moments begins really: equal times stay together, on the
 * side of the nearer end of them; 0 or count: there is no such place. */
static size_t time_border(const parts_moment *moments, size_t count, size_t border)
{
    if (!border || border >= count || moments[border - 1].time != moments[border].time)
        return border;
    size_t low = border, high = border;
    while (low && moments[low - 1].time == moments[border].time)
        low--;
    while (high < count && moments[high].time == moments[border].time)
        high++;
    return low && (high == count || border - low <= high - border) ? low : high;
}

static void time_say(sl_parts_job *job, const parts_moment *moments, size_t ends[SL_PARTS], size_t moved)
{
    static const char *const words[SL_PARTS] = { "train", "validation", "test" };
    sl_text *how = &job->how;
    const bool date = job->column->type == SL_COLUMN_DATE;
    sl_text_clear(how);
    sl_text_add(how, "in the order of column %s", job->column->name);
    for (int part = 0; part < SL_PARTS; part++)
        if (ends[part] > (part ? ends[part - 1] : 0)) {
            sl_text_add(how, "%s%s to ", part ? ", " : ": ", words[part]);
            if (date)
                time_date(how, moments[ends[part] - 1].time);
            else
                sl_text_number(how, moments[ends[part] - 1].time);
        }
    if (moved)
        sl_text_add(how, "; %zu row%s changed sides so that equal times stay together", moved,
                    moved == 1 ? "" : "s");
}

/* Both borders at once: a second call finds the first one where it was. */
sl_status sl_parts_times(sl_parts_job *job, sl_part part)
{
    sl_ctx *ctx = job->ctx;
    const sl_parts_options *o = &job->options;
    const size_t rows = job->all->rows;
    parts_moment *moments = sl_alloc_array(ctx, rows, sizeof *moments);
    if (!moments)
        return ctx->status;
    for (size_t row = 0; row < rows; row++)
        moments[row] = (parts_moment){ job->values[row], row };
    sl_sort(moments, rows, sizeof *moments, time_compare);
    const size_t wanted = rows - (size_t)(o->test * (double)rows + 0.5);
    const size_t test = time_border(moments, rows, wanted);
    size_t ends[SL_PARTS] = { test, test, rows }, moved = test > wanted ? test - wanted : wanted - test;
    if (part == SL_PART_VALIDATION) {
        const size_t share = (size_t)(o->validation * (double)rows + 0.5),
                     first = test > share ? test - share : 0;
        ends[0] = time_border(moments, test, first);
        moved += ends[0] > first ? ends[0] - first : first - ends[0];
    }
    const bool lacks =
        !ends[0] || (part == SL_PART_VALIDATION && ends[0] == test) || (o->test > 0 && test == rows);
    for (size_t i = 0; i < rows && !lacks; i++)
        job->part[moments[i].row] = (unsigned char)(i < ends[0] ? SL_PART_TRAIN
                                                    : i < test  ? SL_PART_VALIDATION
                                                                : SL_PART_TEST);
    if (lacks)
        sl_fail(
            ctx, SL_EINVAL,
            "%s: --split time: column %s has too many rows of one time, which stay together: no %s part of "
            "the wanted size can be cut off: take other shares, or a finer column",
            job->all->source, job->column->name, part == SL_PART_TEST ? "test" : "validation");
    else
        time_say(job, moments, ends, moved);
    sl_free(ctx, moments);
    return ctx->status;
}
