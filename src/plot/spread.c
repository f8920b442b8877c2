/* spread.c - lines with whiskers over the values of an option, and curves: see sl_spread_figure. */
#include "core/ctx.h"
#include "plot/figure.h"

#include <math.h>
#include <string.h>

static double spread_x(const sl_spread_line *line, size_t i)
{
    return line->x ? line->x[i] : (double)i + 1;
}

static bool spread_ranged(const sl_spread_line *line)
{
    bool ranged = false;
    for (size_t i = 0; line->low && line->high && i < line->count; i++)
        ranged = ranged || line->high[i] > line->low[i];
    return ranged;
}

static void spread_fill(sl_series *s, const sl_spread_line *line, double shift, int number)
{
    for (size_t i = 0; s && i < line->count; i++) {
        s->x[i] = spread_x(line, i) + shift;
        s->y[i] = line->y[i] - line->y[i] == 0 ? line->y[i] : NAN;
        if (s->how == SL_DRAW_ERRORS || s->how == SL_DRAW_BAND) {
            s->low[i] = line->low[i];
            s->high[i] = line->high[i];
        }
    }
    if (!s)
        return;
    s->colour = (sl_colour)(number % SL_COLOURS);
    s->dashed = line->dashed || number >= SL_COLOURS;
    s->mark = number / SL_COLOURS;
}

/* Whiskers of several lines would hide one another: what lies behind them are areas. */
static bool spread_banded(const sl_spread_panel *wanted)
{
    int ranged = 0;
    for (int l = 0; l < wanted->line_count; l++)
        ranged += spread_ranged(&wanted->lines[l]);
    return ranged > 1 && !wanted->names;
}

/* Without the places where there is no number: whiskers and points have no gaps. */
static size_t spread_pack(const sl_spread_line *line, double *x, double *y, double *low, double *high)
{
    size_t count = 0;
    for (size_t i = 0; i < line->count; i++) {
        if (!(line->y[i] - line->y[i] == 0))
            continue;
        x[count] = spread_x(line, i);
        y[count] = line->y[i];
        low[count] = line->low && line->low[i] - line->low[i] == 0 ? line->low[i] : line->y[i];
        high[count] = line->high && line->high[i] - line->high[i] == 0 ? line->high[i] : line->y[i];
        count++;
    }
    return count;
}

static void spread_points(sl_figure *figure, sl_panel *panel, const sl_spread_panel *wanted, int number)
{
    const sl_spread_line *line = &wanted->lines[number];
    double *room = sl_figure_numbers(figure, 4 * line->count + 4);
    if (!room)
        return;
    sl_spread_line own = *line;
    double *x = room, *y = x + line->count, *low = y + line->count, *high = low + line->count;
    own.count = spread_pack(line, x, y, low, high);
    own.x = x;
    own.y = y;
    own.low = low;
    own.high = high;
    const bool named = wanted->names != NULL, joined = !named && own.count > 1, ranged = spread_ranged(&own);
    const double shift =
        named ? ((double)number - (double)(wanted->line_count - 1) / 2) * 0.6 / wanted->line_count : 0;
    if (!own.count)
        return;
    const bool band = joined && ranged && spread_banded(wanted);
    if (band)
        spread_fill(sl_panel_add(figure, panel, SL_DRAW_BAND, NULL, own.count), &own, shift, number);
    if (joined)
        spread_fill(sl_panel_add(figure, panel, SL_DRAW_LINE, line->name, own.count), &own, shift, number);
    spread_fill(sl_panel_add(figure, panel, ranged && !band ? SL_DRAW_ERRORS : SL_DRAW_POINTS,
                             joined ? NULL : line->name, own.count),
                &own, shift, number);
}

/* The least and the largest above 0 of all numbers; false: some are not above 0. */
static bool spread_reach(const sl_spread_panel *panel, bool of_x, double *low, double *high)
{
    *low = INFINITY;
    *high = 0;
    for (int l = 0; l < panel->line_count; l++)
        for (size_t i = 0; i < panel->lines[l].count; i++) {
            const double at = of_x ? spread_x(&panel->lines[l], i) : panel->lines[l].y[i];
            if (!(at - at == 0))
                continue;
            if (at <= 0)
                return false;
            *low = at < *low ? at : *low;
            *high = at > *high ? at : *high;
        }
    return *high > 0;
}

/* The values themselves are marked on the axis, where they have room. */
static void spread_ticks(sl_figure *figure, sl_panel *panel, const sl_spread_panel *wanted)
{
    const sl_spread_line *line = &wanted->lines[0];
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < line->count; i++) {
        const double at = spread_x(line, i);
        low = at < low ? at : low;
        high = at > high ? at : high;
    }
    for (size_t i = 0; i < line->count; i++)
        for (size_t j = 0; j < i; j++) {
            const double one = spread_x(line, i), other = spread_x(line, j);
            const double a = one < other ? one : other, b = one < other ? other : one;
            if (panel->x.log ? b / a < 1.5 : b - a < (high - low) / 10)
                return;
        }
    for (size_t i = 0; i < line->count && line->count <= 8; i++)
        sl_axis_name(figure, &panel->x, spread_x(line, i), sl_figure_number(figure, spread_x(line, i)));
}

static void spread_panel(sl_figure *figure, const sl_spread_panel *wanted)
{
    double low, high;
    sl_panel *panel = sl_figure_panel(
        figure, wanted->title ? sl_figure_format(figure, "%s", wanted->title) : NULL,
        sl_figure_format(figure, "%s", wanted->x_label), sl_figure_format(figure, "%s", wanted->y_label));
    if (!panel)
        return;
    panel->x.whole = wanted->curves;
    if (!wanted->curves && !wanted->names && spread_reach(wanted, true, &low, &high))
        panel->x.log = high >= 10 * low;
    if (wanted->curves && spread_reach(wanted, false, &low, &high))
        panel->y.log = high > 100 * low;
    for (int l = 0; l < wanted->line_count; l++) {
        if (wanted->curves)
            spread_fill(
                sl_panel_add(figure, panel, SL_DRAW_LINE, wanted->lines[l].name, wanted->lines[l].count),
                &wanted->lines[l], 0, l);
        else
            spread_points(figure, panel, wanted, l);
    }
    for (size_t i = 0; wanted->names && i < wanted->name_count; i++)
        sl_axis_name(figure, &panel->x, (double)i, wanted->names[i]);
    if (!wanted->names && !wanted->curves)
        spread_ticks(figure, panel, wanted);
}

static bool spread_any(const sl_spread_panel *panel)
{
    bool any = false;
    for (int l = 0; l < panel->line_count; l++)
        any = any || (panel->lines[l].count && panel->lines[l].y);
    return any;
}

sl_figure *sl_spread_figure(sl_ctx *ctx, const char *title, const char *notes, const sl_spread_panel *panels,
                            int count)
{
    if (!ctx || ctx->status)
        return NULL;
    for (int p = 0; p < count; p++)
        if (!panels || !spread_any(&panels[p])) {
            sl_fail(ctx, SL_EINVAL, "sl_spread_figure: panel %d has no lines: wants one with numbers", p + 1);
            return NULL;
        }
    sl_figure *figure = count > 0 ? sl_figure_new(ctx, "spread") : NULL;
    if (!figure) {
        if (!ctx->status)
            sl_fail(ctx, SL_EINVAL, "sl_spread_figure: wants one panel or more, given %d", count);
        return NULL;
    }
    figure->title = sl_figure_format(figure, "%s", title ? title : "");
    for (int p = 0; p < count; p++)
        spread_panel(figure, &panels[p]);
    for (const char *at = notes; at && *at; at += strcspn(at, "\n"), at += *at == '\n')
        sl_figure_note(figure, "%.*s", (int)strcspn(at, "\n"), at);
    if (!ctx->status && !sl_figure_finish(figure))
        return figure;
    sl_figure_free(figure);
    return NULL;
}
