/* axis.c - what an axis shows: its range, and the numbers along it. */
#include "core/sort.h"
#include "kernel/math.h"
#include "plot/figure.h"

#include <math.h>
#include <string.h>

enum { AXIS_TICKS = 6, AXIS_FEW = 20 };

typedef struct {
    double *values;
    size_t count;
    double low, high;
} axis_values;

static bool axis_shown(const sl_axis *axis, double value)
{
    /* ranges, and of log axes their quotients, stay finite */
    return axis->log ? value > 1e-150 && value < 1e150 : fabs(value) < 1e300;
}

static void axis_take(const sl_axis *axis, axis_values *all, const double *values, size_t count)
{
    for (size_t i = 0; values && i < count; i++) {
        if (!axis_shown(axis, values[i]))
            continue;
        all->low = values[i] < all->low ? values[i] : all->low;
        all->high = values[i] > all->high ? values[i] : all->high;
        if (all->values)
            all->values[all->count] = values[i];
        all->count++;
    }
}

static bool axis_is_grid(sl_draw how)
{
    return how == SL_DRAW_IMAGE || how == SL_DRAW_CONTOUR || how == SL_DRAW_SURFACE;
}

/* The outermost bars are there as far as halfway to neighbours that they could have. */
static void axis_take_widths(const sl_axis *axis, axis_values *all, const sl_series *s)
{
    double gap = INFINITY;
    for (size_t i = 1; i < s->count; i++) {
        const double apart = fabs(s->x[i] - s->x[i - 1]);
        gap = apart > 0 && apart < gap ? apart : gap;
    }
    for (size_t i = 0; i < s->count && gap < INFINITY && !axis->log; i++) {
        const double low = s->x[i] - gap / 2, high = s->x[i] + gap / 2;
        all->low = low < all->low ? low : all->low;
        all->high = high > all->high ? high : all->high;
    }
}

/* which: 'x', 'y' or 'z' */
static void axis_take_series(const sl_panel *panel, const sl_axis *axis, char which, const sl_series *s,
                             axis_values *all)
{
    if (axis_is_grid(s->how)) {
        axis_take(axis, all,
                  which == 'x'   ? s->x
                  : which == 'y' ? s->low
                                 : s->y,
                  which == 'x'   ? 2
                  : which == 'y' ? 1
                                 : s->count);
        if (which == 'y')
            axis_take(axis, all, s->high, 1);
        return;
    }
    if (s->how == SL_DRAW_ACROSS ? which != 'y' : s->how == SL_DRAW_UP ? which != 'x' : false)
        return;
    if (which == 'x') {
        axis_take(axis, all, s->x, s->count);
        if (s->how == SL_DRAW_BARS)
            axis_take_widths(axis, all, s);
    } else if (which == 'z') {
        axis_take(axis, all, panel->solid ? s->low : NULL, s->count);
    } else {
        axis_take(axis, all, s->how == SL_DRAW_BAND ? NULL : s->y, s->count);
        axis_take(axis, all, s->how == SL_DRAW_PATH ? NULL : s->low, s->count);
        axis_take(axis, all, s->high, s->count);
    }
}

static int axis_compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Where a few values lie five times as far out as nearly all: the range ends before them. */
static size_t axis_cut_outliers(const sl_axis *axis, axis_values *all)
{
    if (all->count < AXIS_FEW)
        return 0;
    sl_sort(all->values, all->count, sizeof *all->values, axis_compare);
    const size_t few = all->count / 50 + 1;
    double low = all->values[few], high = all->values[all->count - 1 - few];
    const double room = axis->log ? 0 : (high - low);
    if (room <= 0)
        return 0;
    low = all->low < low - 5 * room ? low - room / 4 : all->low;
    high = all->high > high + 5 * room ? high + room / 4 : all->high;
    size_t cut = 0;
    for (size_t i = 0; i < all->count; i++)
        cut += all->values[i] < low || all->values[i] > high;
    all->low = low;
    all->high = high;
    return cut;
}

/* The largest of 1, 2, 5 times a power of ten at or below `wanted`; so built that it is rounded correctly. */
static double axis_power(int exponent)
{
    double power = 1;
    for (int i = 0; i < (exponent < 0 ? -exponent : exponent); i++)
        power *= 10;
    return exponent < 0 ? 1 / power : power;
}

static int axis_exponent(double value)
{
    int exponent = 0;
    for (; exponent < 308 && value >= axis_power(exponent + 1); exponent++)
        ;
    for (; exponent > -308 && value < axis_power(exponent); exponent--)
        ;
    return exponent;
}

/* count times step * 10^exponent, rounded once */
static double axis_multiple(double count, int step, int exponent)
{
    return exponent < 0 ? count * step / axis_power(-exponent) : count * step * axis_power(exponent);
}

static const char *axis_text(sl_figure *figure, double value)
{
    const double size = fabs(value);
    if (size != 0 && (size >= 1e7 || size < 1e-4)) { /* 2e-7: shorter than its zeros */
        char number[32];
        sl_number_text(number, value);
        if (strlen(number) <= 8)
            return sl_figure_format(figure, "%s", number);
        const int exponent = axis_exponent(size);
        sl_number_text(number, floor(value / axis_power(exponent) * 1000 + 0.5) / 1000);
        return sl_figure_format(figure, "%se%d", number, exponent);
    }
    return sl_figure_number(figure, value == 0 ? 0 : value);
}

static void axis_tick(sl_figure *figure, sl_axis *axis, double at)
{
    sl_axis_name(figure, axis, at, axis_text(figure, at));
    axis->named = false;
}

static void axis_linear_ticks(sl_figure *figure, sl_axis *axis, int most)
{
    static const int steps[] = { 1, 2, 5 };
    const double range = axis->high - axis->low;
    int exponent = axis_exponent(range / (most > 1 ? most : 1)) - 1, s = 0;
    while (axis_multiple(1, steps[s], exponent) * most < range || (axis->whole && exponent < 0)) {
        if (++s == 3) {
            s = 0;
            exponent++;
        }
    }
    const double step = axis_multiple(1, steps[s], exponent), first = ceil(axis->low / step - 1e-9);
    /* far from 0 a count does not grow by 1: never more ticks than there can be */
    for (int i = 0; i <= most + 1 && first + i <= floor(axis->high / step + 1e-9); i++)
        axis_tick(figure, axis, axis_multiple(first + i, steps[s], exponent));
}

static void axis_log_ticks(sl_figure *figure, sl_axis *axis, int most)
{
    const int first = axis_exponent(axis->low), last = axis_exponent(axis->high) + 1;
    const double decades = sl_log_d(axis->high / axis->low) / sl_log_d(10);
    int stride = 1;
    while (decades / stride > most)
        stride++;
    const bool between = 3 * decades <= most + 2; /* 1, 2, 5 of each power */
    for (int e = first; e <= last; e++)
        for (int part = 1; part <= 5; part = part == 1 ? 2 : part == 2 ? 5 : 6) {
            const double at = axis_multiple(1, part, e);
            const bool marked = part == 1 ? (e - first) % stride == 0 : between;
            if (marked && at >= axis->low * (1 - 1e-9) && at <= axis->high * (1 + 1e-9))
                axis_tick(figure, axis, at);
        }
    if (axis->tick_count >= 2)
        return;
    axis->tick_count = 0; /* less than a step of these: marked as others are */
    axis_linear_ticks(figure, axis, most);
}

void sl_axis_choose(sl_figure *figure, sl_axis *axis, int most)
{
    if (axis->named || axis->none)
        return;
    axis->tick_count = 0;
    if (axis->log)
        axis_log_ticks(figure, axis, most);
    else
        axis_linear_ticks(figure, axis, most);
}

double sl_axis_place(const sl_axis *axis, double value)
{
    if (!axis_shown(axis, value))
        return NAN;
    if (axis->log)
        return sl_log_d(value / axis->low) / sl_log_d(axis->high / axis->low);
    return (value - axis->low) / (axis->high - axis->low);
}

static void axis_widen(sl_axis *axis, bool tight)
{
    if (axis->log) {
        const double room = axis->high / axis->low < 1.5 ? 1.5 : 1.1;
        axis->low /= room;
        axis->high *= room;
        return;
    }
    if (axis->high == axis->low) {
        const double room = axis->low == 0 ? 1 : fabs(axis->low) * 0.1;
        axis->low -= room;
        axis->high += room;
    } else if (!tight) {
        const double room = (axis->high - axis->low) * 0.04, low = axis->low, high = axis->high;
        axis->low = axis->zero && low == 0 ? 0 : low - room;
        axis->high = axis->zero && high == 0 ? 0 : high + room;
    }
}

/* Contours that have no levels get the marks of z, twice as many. */
static void axis_levels(sl_figure *figure, const sl_panel *panel, sl_series *s)
{
    sl_axis marks = { .log = panel->z.log, .low = panel->z.low, .high = panel->z.high };
    if (s->how != SL_DRAW_CONTOUR || s->level_count)
        return;
    sl_axis_choose(figure, &marks, 2 * AXIS_TICKS);
    s->levels = sl_figure_numbers(figure, (size_t)marks.tick_count);
    for (int i = 0; s->levels && i < marks.tick_count; i++)
        s->levels[s->level_count++] = marks.ticks[i].at;
}

static sl_status axis_finish(sl_figure *figure, sl_panel *panel, sl_axis *axis, char which)
{
    if (axis->low == axis->high) {
        axis_values all = { .low = INFINITY, .high = -INFINITY };
        bool tight = which == 'z';
        size_t room = 0;
        for (int i = 0; i < panel->count; i++) {
            axis_take_series(panel, axis, which, panel->series[i], &all);
            tight = tight || axis_is_grid(panel->series[i]->how) ||
                    (which == 'x' && panel->series[i]->how == SL_DRAW_BARS && panel->series[i]->count > 1);
        }
        room = all.count;
        if (axis->robust && room) {
            all = (axis_values){ .values = sl_figure_numbers(figure, room),
                                 .low = INFINITY,
                                 .high = -INFINITY };
            if (!all.values)
                return figure->ctx->status;
            for (int i = 0; i < panel->count; i++)
                axis_take_series(panel, axis, which, panel->series[i], &all);
            const size_t cut = axis_cut_outliers(axis, &all);
            if (cut)
                sl_figure_note(figure, "%zu of %zu values of %s lie outside the range shown.", cut, all.count,
                               axis->label ? axis->label : "the axis");
        }
        if (all.low > all.high)
            all.low = axis->log ? 0.1 : 0, all.high = 1; /* nothing to show: an empty frame */
        if (axis->zero && !axis->log) {
            all.low = all.low > 0 ? 0 : all.low;
            all.high = all.high < 0 ? 0 : all.high;
        }
        axis->low = all.low;
        axis->high = all.high;
        axis_widen(axis, tight);
    }
    if (which == 'z' && panel->tint == SL_DIVERGING) {
        const double most = fabs(axis->low) > fabs(axis->high) ? fabs(axis->low) : fabs(axis->high);
        axis->low = -most;
        axis->high = most;
    }
    sl_axis_choose(figure, axis, AXIS_TICKS);
    return figure->ctx->status;
}

sl_status sl_figure_finish(sl_figure *figure)
{
    if (!figure)
        return SL_ENOMEM;
    for (int i = 0; i < figure->count && !figure->finished && !figure->ctx->status; i++) {
        sl_panel *panel = figure->panels[i];
        for (int s = 0; s < panel->count; s++) {
            const sl_draw how = panel->series[s]->how;
            panel->solid = panel->solid || how == SL_DRAW_SURFACE;
            panel->y.zero = panel->y.zero || how == SL_DRAW_BARS;
        }
        if (!axis_finish(figure, panel, &panel->x, 'x') && !axis_finish(figure, panel, &panel->y, 'y'))
            axis_finish(figure, panel, &panel->z, 'z');
        for (int s = 0; s < panel->count; s++)
            axis_levels(figure, panel, panel->series[s]);
    }
    figure->finished = true;
    return figure->ctx->status;
}

/* The nearest number of so many significant digits. */
static double axis_rounded(double value, int digits)
{
    double unit = 1, parts = 1, least = 1; /* below 1 a unit is 1 / parts: 0.1 is no number of a computer's */
    const double size = fabs(value);
    for (int i = 1; i < digits; i++)
        least *= 10;
    while (size >= 10 * least * unit && unit < 1e300)
        unit *= 10;
    while (size > 0 && size * parts < least && parts < 1e300)
        parts *= 10;
    return parts > 1 ? floor(value * parts + 0.5) / parts : floor(value / unit + 0.5) * unit;
}

int sl_axis_plain(double *levels, int count)
{
    int kept = 0;
    for (int digits = 2; digits < 15 && kept * 4 < count * 3; digits++) { /* are enough of them apart? */
        double last = -INFINITY;
        kept = 0;
        for (int i = 0; i < count; i++) {
            const double level = axis_rounded(levels[i], digits);
            kept += level > last;
            last = level > last ? level : last;
        }
        if (kept * 4 < count * 3 && digits < 14)
            continue;
        kept = 0;
        for (int i = 0; i < count; i++) {
            const double level = axis_rounded(levels[i], digits);
            if (!kept || level > levels[kept - 1])
                levels[kept++] = level;
        }
        break;
    }
    return kept;
}
