/* gnuplot.c - a figure as commands for gnuplot 5. Texts stand in single quotes, between which gnuplot expands
 * nothing; a quote is doubled, and control characters become blanks. */
#include "plot/gnuplot.h"

#include <math.h>
#include <string.h>

void sl_gnuplot_quote(sl_text *out, const char *text)
{
    text = text ? text : "";
    if (*text == '\'') { /* gnuplot takes two quotes at the beginning for an empty string */
        sl_text_put(out, "\"'\".");
        text++;
    }
    sl_text_put(out, "'");
    for (const char *c = text; *c; c++)
        sl_text_put(out, *c == '\'' ? "''" : (unsigned char)*c < 32 || *c == 127 ? " " : (char[]){ *c, 0 });
    sl_text_put(out, "'");
}

static void gnuplot_rgb(sl_text *out, sl_rgb rgb)
{
    sl_text_add(out, "rgb '#%02x%02x%02x'", (unsigned)rgb.red, (unsigned)rgb.green, (unsigned)rgb.blue);
}

static void gnuplot_number(sl_text *out, double value)
{
    if (value - value == 0)
        sl_text_number(out, value);
    else
        sl_text_put(out, "NaN");
}

static void gnuplot_numbers(sl_text *out, const char *before, double a, const char *between, double b,
                            const char *behind)
{
    sl_text_put(out, before);
    gnuplot_number(out, a);
    sl_text_put(out, between);
    gnuplot_number(out, b);
    sl_text_put(out, behind);
}

/* --- the panel's frame ------------------------------------------------------------------------------------
 */

/* Names below one another need no room to the right; beside one another they are turned where they are long.
 */
static bool gnuplot_turned(const sl_axis *axis, int width)
{
    size_t letters = 0;
    for (int i = 0; i < axis->tick_count; i++)
        letters += strlen(axis->ticks[i].text) + 2;
    return axis->named && letters * 7 > (size_t)(width > 160 ? width - 120 : 40);
}

static void gnuplot_axis(sl_text *out, const sl_axis *axis, const char *word, int width)
{
    if (axis->none) {
        sl_text_add(out, "unset %stics\nunset %slabel\n", word, word);
    } else {
        sl_text_add(out, "set %stics nomirror out scale 0.6 %s norangelimit (", word,
                    *word == 'x' && gnuplot_turned(axis, width) ? "rotate by 40 right" : "norotate");
        for (int i = 0; i < axis->tick_count; i++) {
            sl_text_put(out, i ? ", " : "");
            sl_gnuplot_quote(out, axis->ticks[i].text);
            sl_text_put(out, " ");
            gnuplot_number(out, axis->ticks[i].at);
        }
        sl_text_add(out, ")\nset %slabel ", word);
        sl_gnuplot_quote(out, axis->label);
        sl_text_put(out, *word == 'y' ? " offset 0.5,0\n" : "\n");
    }
    sl_text_add(out, axis->log ? "set logscale %s\n" : "unset logscale %s\n", word);
    sl_text_add(out, "set %srange ", word);
    gnuplot_numbers(out, "[", axis->low, ":", axis->high, "]\n");
}

static void gnuplot_palette(sl_text *out, const sl_panel *panel)
{
    sl_text_put(out, "set palette defined (");
    for (int i = 0; i <= 16; i++) {
        const sl_rgb rgb = sl_tint_rgb(panel->tint, i, 0, 16);
        sl_text_add(out, "%s%d '#%02x%02x%02x'", i ? ", " : "", i, (unsigned)rgb.red, (unsigned)rgb.green,
                    (unsigned)rgb.blue);
    }
    sl_text_put(out, ")\n");
}

static bool gnuplot_tinted(const sl_panel *panel)
{
    return panel->tint == SL_SEQUENTIAL || panel->tint == SL_DIVERGING;
}

static void gnuplot_frame(sl_text *out, const sl_panel *panel, const char *title, int width)
{
    bool image = false, named = false;
    for (int s = 0; s < panel->count; s++) {
        image = image || panel->series[s]->how == SL_DRAW_IMAGE;
        named = named || panel->series[s]->name;
    }
    sl_text_put(out, "unset label\nset title ");
    sl_gnuplot_quote(out, title);
    sl_text_put(out, "\n");
    gnuplot_axis(out, &panel->x, panel->lying ? "y" : "x", width);
    gnuplot_axis(out, &panel->y, panel->lying ? "x" : "y", width);
    if (panel->lying)
        gnuplot_numbers(out, "set yrange [", panel->x.high, ":", panel->x.low, "]\n");
    sl_text_add(out, "set border %d lw 1\n", panel->x.none && panel->y.none ? 0 : panel->solid ? 31 : 3);
    sl_text_put(out, image || panel->x.none ? "unset grid\n" : "set grid back lt 1 lc rgb '#dddddd' lw 1\n");
    sl_text_put(out, named ? "set key below center noopaque samplen 2 spacing 1.1\n" : "unset key\n");
    sl_text_put(out, panel->square ? "set size ratio -1\n" : "set size noratio\n");
    if (gnuplot_tinted(panel)) {
        gnuplot_palette(out, panel);
        gnuplot_axis(out, &panel->z, "cb", width);
        if (panel->solid)
            gnuplot_axis(out, &panel->z, "z", width);
    }
    sl_text_put(out, gnuplot_tinted(panel) && (image || panel->solid) && !panel->no_scale
                         ? "set colorbox user noborder size 0.02,0.6\nset colorbox default noborder\n"
                         : "unset colorbox\n");
    if (panel->solid)
        sl_text_put(
            out, "set view 55,30\nset xyplane 0.02\nset pm3d depthorder border lc rgb '#66666666' lw 0.4\n");
    for (int s = 0; s < panel->count; s++)
        for (size_t i = 0; panel->series[s]->how == SL_DRAW_TEXTS && i < panel->series[s]->count; i++) {
            const sl_series *t = panel->series[s];
            if (!(t->x[i] - t->x[i] == 0 && t->y[i] - t->y[i] == 0))
                continue;
            sl_text_put(out, "set label ");
            sl_gnuplot_quote(out, t->texts[i]);
            gnuplot_numbers(out, " at ", t->x[i], ",", t->y[i], " center front tc ");
            gnuplot_rgb(out, sl_colour_rgb(t->colour));
            sl_text_put(out, t->thin ? " font ',9'\n" : "\n");
        }
}

/* --- series -----------------------------------------------------------------------------------------------
 */

static double gnuplot_bar_width(const sl_panel *panel)
{
    double gap = INFINITY;
    for (int s = 0; s < panel->count; s++)
        for (int t = 0; t < panel->count && panel->series[s]->how == SL_DRAW_BARS; t++)
            for (size_t i = 0; i < panel->series[s]->count && panel->series[t]->how == SL_DRAW_BARS; i++)
                for (size_t j = 0; j < panel->series[t]->count && j < 1000; j++) {
                    const double apart = fabs(panel->series[s]->x[i] - panel->series[t]->x[j]);
                    gap = apart > 0 && apart < gap ? apart : gap;
                }
    return gap < INFINITY ? gap * 0.85 : (panel->x.high - panel->x.low) * 0.5;
}

static void gnuplot_line_look(sl_text *out, const sl_series *s, double width)
{
    sl_text_put(out, " lc ");
    gnuplot_rgb(out, sl_colour_rgb(s->colour));
    sl_text_add(out, " lw %s%s", s->thin || width < 1 ? "1" : "2", s->dashed ? " dt (8,5)" : " dt 1");
}

static void gnuplot_title(sl_text *out, const sl_series *s)
{
    if (s->name) {
        sl_text_put(out, " title ");
        sl_gnuplot_quote(out, s->name);
    } else {
        sl_text_put(out, " notitle");
    }
}

static void gnuplot_points(sl_text *out, const char *block, const sl_series *s)
{
    static const int full[] = { 7, 5, 9, 2, 6 }, rim[] = { 6, 4, 8, 0, 0 };
    const int mark = s->mark >= 0 && s->mark < 5 ? s->mark : 0;
    const char *size = s->thin ? "0.5" : s->count > 500 ? "0.6" : "0.9";
    sl_text_add(out, "%s using 1:2 with points pt %d ps %s lc ", block, full[mark], size);
    gnuplot_rgb(out, sl_colour_rgb(s->colour));
    gnuplot_title(out, s);
    if (s->outlined && rim[mark])
        sl_text_add(out, ", %s using 1:2 with points pt %d ps %s lw 0.6 lc rgb '#333333' notitle", block,
                    rim[mark], size);
}

static void gnuplot_series(sl_text *out, const sl_panel *panel, const sl_series *s, int p, int number)
{
    char block[32];
    snprintf(block, sizeof block, "$d%d_%d", p, number);
    const char *plain = NULL;
    switch (s->how) {
    case SL_DRAW_LINE:
    case SL_DRAW_ACROSS:
    case SL_DRAW_UP:
        plain = panel->solid ? " using 1:2:3 with lines" : " using 1:2 with lines";
        break;
    case SL_DRAW_STEPS:
        plain = " using 1:2 with steps";
        break;
    case SL_DRAW_PATH:
        plain = panel->solid ? " using 1:2:3 with linespoints pt 7 ps 0.4"
                             : " using 1:2 with linespoints pt 7 ps 0.5";
        break;
    case SL_DRAW_ERRORS:
        plain = panel->lying ? " using 2:1:3:4 with xerrorbars pt 7 ps 0.7"
                             : " using 1:2:3:4 with yerrorbars pt 7 ps 0.7";
        break;
    case SL_DRAW_CONTOUR:
        sl_text_add(out, "$c%d_%d using 1:2 with lines lt 1", p, number);
        break;
    case SL_DRAW_BAND:
        sl_text_add(out, "%s using 1:3:4 with filledcurves fs transparent solid 0.25 noborder lc ", block);
        gnuplot_rgb(out, sl_colour_rgb(s->colour));
        break;
    case SL_DRAW_BARS:
        sl_text_add(out, panel->lying ? "%s using 2:1:(0):2:($1-0.5*" : "%s using 1:2:(", block);
        gnuplot_number(out, gnuplot_bar_width(panel));
        if (panel->lying) {
            sl_text_put(out, "):($1+0.5*");
            gnuplot_number(out, gnuplot_bar_width(panel));
        }
        sl_text_add(out, ") with %s fs solid 0.85 noborder lc ", panel->lying ? "boxxyerror" : "boxes");
        gnuplot_rgb(out, sl_colour_rgb(s->colour));
        break;
    case SL_DRAW_IMAGE:
        sl_text_add(out,
                    gnuplot_tinted(panel) ? "%s using 1:2:3 with image" : "%s using 1:2:3:4:5 with rgbimage",
                    block);
        break;
    case SL_DRAW_SURFACE:
        sl_text_add(out, "%s using 1:2:3 with pm3d", block);
        break;
    case SL_DRAW_POINTS:
        gnuplot_points(out, block, s);
        return;
    case SL_DRAW_TEXTS:
        return;
    }
    if (plain)
        sl_text_add(out, "%s%s", block, plain);
    if (plain || s->how == SL_DRAW_CONTOUR)
        gnuplot_line_look(out, s, s->how == SL_DRAW_CONTOUR ? 0.5 : 2);
    gnuplot_title(out, s);
}

static void gnuplot_panel(sl_text *out, const sl_panel *panel, int p, const char *title, int width)
{
    gnuplot_frame(out, panel, title, width);
    bool first = true;
    for (int s = 0; s < panel->count; s++) {
        if (panel->series[s]->how == SL_DRAW_TEXTS)
            continue;
        sl_text_put(out, !first ? ", \\\n  " : panel->solid ? "splot " : "plot ");
        first = false;
        gnuplot_series(out, panel, panel->series[s], p, s);
    }
    /* a frame without anything in it is still drawn */
    sl_text_put(out, first ? "plot NaN notitle\n" : "\n");
}

/* --- the picture ------------------------------------------------------------------------------------------
 */

static void gnuplot_terminal(sl_text *out, const char *format, int width, int height)
{
    if (!strcmp(format, "pdf")) /* 100 pixels an inch */
        sl_text_add(out,
                    "set terminal pdfcairo noenhanced color font 'DejaVu Sans,10' size %d.%02din,%d.%02din\n",
                    width / 100, width % 100, height / 100, height % 100);
    else
        sl_text_add(out, "set terminal %s noenhanced font 'DejaVu Sans,%s size %d,%d\n",
                    strcmp(format, "svg") ? "pngcairo" : "svg",
                    strcmp(format, "svg") ? "11' background rgb '#ffffff'" : "12' fixed", width, height);
}

const char *sl_gnuplot_write(sl_figure *figure, const char *format, int width, int height, int only)
{
    sl_text *out = &figure->drawing;
    sl_text_clear(out);
    if (only >= figure->count) {
        sl_fail(figure->ctx, SL_EINVAL, "figure %s: has no panel %d: there are %d", figure->name, only,
                figure->count);
        return NULL;
    }
    const int shown = only < 0 ? figure->count : 1;
    int across = figure->across > 0 ? figure->across : shown <= 3 ? shown : shown == 4 ? 2 : 3;
    across = across > shown ? shown : across;
    const int down = (shown + across - 1) / across;
    width = width > 0 ? width : across == 1 ? 800 : across * 480;
    height = height > 0 ? height : down == 1 ? (across == 1 ? 520 : 440) : down * 380 + 40;
    gnuplot_terminal(out, format, width, height);
    sl_text_put(out, "set encoding utf8\nset style line 1 lw 1\n");
    for (int p = 0; p < figure->count; p++)
        for (int s = 0; (only < 0 || p == only) && s < figure->panels[p]->count; s++)
            sl_gnuplot_data(out, figure->panels[p], p, s);
    if (shown > 1) {
        sl_text_add(out, "set multiplot layout %d,%d title ", down, across);
        sl_gnuplot_quote(out, figure->title);
        sl_text_put(out, " font ',13'\n");
    }
    for (int p = 0; p < figure->count; p++) {
        const sl_panel *panel = figure->panels[p];
        if (only < 0 || p == only)
            gnuplot_panel(out, panel, p,
                          shown > 1 || (only >= 0 && panel->title) ? panel->title : figure->title,
                          width / across);
    }
    sl_text_put(out, shown > 1 ? "unset multiplot\n" : "");
    return out->failed ? NULL : out->bytes;
}
