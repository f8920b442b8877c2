/* gnuplot_legend.c - what the lines are: drawn above the panel, in rows that break where the width ends. */
#include "plot/draw/gnuplot.h"

#include <string.h>

enum { LEGEND_SIZE = 12, LEGEND_ROW = 18, LEGEND_SAMPLE = 26, LEGEND_GAP = 16 };

static bool legend_shows(const sl_series *s)
{
    return s->name && *s->name && s->how != SL_DRAW_TEXTS && s->how != SL_DRAW_IMAGE &&
           s->how != SL_DRAW_SURFACE;
}

bool sl_legend_wanted(const sl_panel *panel)
{
    for (int s = 0; s < panel->count; s++)
        if (legend_shows(panel->series[s]))
            return true;
    return false;
}

bool sl_legend_alike(const sl_panel *a, const sl_panel *b)
{
    int i = 0, j = 0;
    for (;; i++, j++) {
        while (i < a->count && !legend_shows(a->series[i]))
            i++;
        while (j < b->count && !legend_shows(b->series[j]))
            j++;
        if (i >= a->count || j >= b->count)
            return i >= a->count && j >= b->count;
        const sl_series *x = a->series[i], *y = b->series[j];
        if (x->how != y->how || x->colour != y->colour || x->dashed != y->dashed || x->mark != y->mark ||
            strcmp(x->name, y->name) != 0)
            return false;
    }
}

static bool legend_is_line(const sl_series *s)
{
    return s->how == SL_DRAW_LINE || s->how == SL_DRAW_STEPS || s->how == SL_DRAW_PATH ||
           s->how == SL_DRAW_ACROSS || s->how == SL_DRAW_UP;
}

void sl_legend_dashes(sl_text *out, const sl_panel *panel, int s)
{
    static const char *const kinds[] = { "1", "(9,4)", "(2,3)", "(12,3,2,3)", "(4,2)", "(14,3,2,3,2,3)" };
    const sl_series *me = panel->series[s];
    int kind = me->dashed ? 1 : 0;
    for (int i = 0; i < s; i++) {
        const sl_series *other = panel->series[i];
        kind += legend_is_line(me) && me->how != SL_DRAW_PATH && legend_is_line(other) &&
                other->how == me->how && other->colour == me->colour && other->dashed == me->dashed &&
                other->name && me->name;
    }
    sl_text_add(out, " dt %s", kinds[kind % 6]);
}

int sl_legend_mark(const sl_panel *panel, int s)
{
    static const int marks[] = { 7, 5, 9, 2, 6, 13, 11, 1 };
    const sl_series *me = panel->series[s];
    int mark = me->mark;
    for (int i = 0; i < s; i++) {
        const sl_series *other = panel->series[i];
        mark += other->how == SL_DRAW_POINTS && other->colour == me->colour && other->mark == me->mark &&
                other->name && me->name && strcmp(other->name, me->name) != 0;
    }
    return marks[mark < 0 ? 0 : mark % 8];
}

typedef struct {
    int columns;
    double widest, all; /* of an entry; of them one beside the other */
    int count;
} legend_form;

static legend_form legend_measure(const sl_panel *panel, double width)
{
    legend_form form = { 0 };
    for (int s = 0; s < panel->count; s++) {
        if (!legend_shows(panel->series[s]))
            continue;
        double entry = LEGEND_SAMPLE + LEGEND_GAP + sl_gnuplot_width(panel->series[s]->name, LEGEND_SIZE);
        entry = entry > width ? width : entry;
        form.widest = entry > form.widest ? entry : form.widest;
        form.all += entry;
        form.count++;
    }
    form.columns = form.all <= width || form.count == 0 ? form.count : (int)(width / form.widest);
    form.columns = form.columns < 1 ? 1 : form.columns;
    const int rows = (form.count + form.columns - 1) / form.columns; /* about equally full */
    form.columns = rows > 1 ? (form.count + rows - 1) / rows : form.columns;
    return form;
}

double sl_legend_height(const sl_panel *panel, double width)
{
    const legend_form form = legend_measure(panel, width);
    return form.count ? (double)((form.count + form.columns - 1) / form.columns * LEGEND_ROW + 4) : 0;
}

static void legend_line(const sl_page *page, const sl_panel *panel, int s, double x, double y)
{
    sl_text_put(page->out, "set arrow from");
    sl_page_at(page, x, y);
    sl_text_put(page->out, " to");
    sl_page_at(page, x + LEGEND_SAMPLE - 6, y);
    sl_text_put(page->out, " nohead front lc ");
    sl_gnuplot_rgb(page->out, sl_colour_rgb(panel->series[s]->colour));
    sl_text_put(page->out, panel->series[s]->thin ? " lw 1" : " lw 2");
    sl_legend_dashes(page->out, panel, s);
    sl_text_put(page->out, "\n");
}

static void legend_point(const sl_page *page, const sl_series *s, int type, double x, double y)
{
    sl_text_put(page->out, "set label '' at");
    sl_page_at(page, x + LEGEND_SAMPLE * 0.5 - 3, y);
    sl_text_add(page->out, " front point pt %d ps 0.9 lc ", type);
    sl_gnuplot_rgb(page->out, sl_colour_rgb(s->colour));
    sl_text_put(page->out, "\n");
}

static void legend_area(const sl_page *page, const sl_series *s, double x, double y)
{
    sl_text_put(page->out, "set object rectangle from");
    sl_page_at(page, x + 2, y + 5);
    sl_text_put(page->out, " to");
    sl_page_at(page, x + LEGEND_SAMPLE - 8, y - 5);
    sl_text_put(page->out, " front fc ");
    sl_gnuplot_rgb(page->out, sl_colour_rgb(s->colour));
    sl_text_add(page->out, " fs %s noborder\n",
                s->how == SL_DRAW_BAND ? "transparent solid 0.25" : "solid 0.85");
}

void sl_legend_draw(const sl_page *page, const sl_panel *panel, double left, double top, double width)
{
    const legend_form form = legend_measure(panel, width);
    const bool flowing = form.columns >= form.count;
    double x = left + (width - (flowing ? form.all : form.columns * form.widest) + LEGEND_GAP) / 2;
    const double start = x;
    int shown = 0;
    for (int i = 0; i < panel->count; i++) {
        const sl_series *s = panel->series[i];
        if (!legend_shows(s))
            continue;
        const double y = top + LEGEND_ROW * (shown / form.columns + 0.5);
        if (!flowing)
            x = start + (shown % form.columns) * form.widest;
        if (s->how == SL_DRAW_BAND || s->how == SL_DRAW_BARS)
            legend_area(page, s, x, y);
        else if (s->how != SL_DRAW_POINTS)
            legend_line(page, panel, i, x, y);
        if (s->how == SL_DRAW_POINTS || s->how == SL_DRAW_PATH || s->how == SL_DRAW_ERRORS)
            legend_point(page, s, s->how == SL_DRAW_POINTS ? sl_legend_mark(panel, i) : 7, x, y);
        const char *name =
            sl_gnuplot_fit(page->figure, s->name, LEGEND_SIZE, form.widest - LEGEND_SAMPLE - 4);
        sl_page_text(page, name, x + LEGEND_SAMPLE, y, "left", LEGEND_SIZE, 0);
        x += LEGEND_SAMPLE + LEGEND_GAP + sl_gnuplot_width(name, LEGEND_SIZE);
        shown++;
    }
}
