/* losses.c - the losses of a run's steps as a line: see runs.h */
#include "plot/numbers/runs.h"

#include <math.h>

enum { LOSSES_POINTS = 150 };

bool sl_losses_of_steps(sl_figure *figure, sl_panel *panel, const sl_report *r, const char *name,
                        sl_colour colour, bool band)
{
    const size_t rows = r ? (size_t)r->rows : 0, group = sl_figure_stride(rows, LOSSES_POINTS);
    const size_t count = (rows + group - 1) / group;
    sl_series *area = rows && band ? sl_panel_add(figure, panel, SL_DRAW_BAND, NULL, count) : NULL;
    sl_series *line =
        rows ? sl_panel_add(figure, panel, count > 1 ? SL_DRAW_LINE : SL_DRAW_POINTS, name, count) : NULL;
    for (size_t i = 0; line && i < count; i++) {
        const size_t end = (i + 1) * group < rows ? (i + 1) * group : rows;
        double sum = 0, steps = 0, low = INFINITY, high = -INFINITY;
        for (size_t at = i * group; at < end; at++) {
            const double of = at ? sl_report_at(r, (int)at - 1, "step") : 0;
            const double stands_for = sl_report_at(r, (int)at, "step") - of;
            sum += sl_report_at(r, (int)at, "loss") * stands_for;
            steps += stands_for;
            low = sl_report_at(r, (int)at, "lowest") < low ? sl_report_at(r, (int)at, "lowest") : low;
            high = sl_report_at(r, (int)at, "highest") > high ? sl_report_at(r, (int)at, "highest") : high;
        }
        line->x[i] = sl_report_at(r, (int)end - 1, "step");
        line->y[i] = steps > 0 ? sum / steps : NAN;
        if (area) {
            area->x[i] = line->x[i];
            area->low[i] = low;
            area->high[i] = high;
        }
    }
    if (line)
        line->colour = colour;
    if (area)
        area->colour = colour;
    return line != NULL;
}
