/* gnuplot.c - a figure as commands for gnuplot 5. Every part has its place in pixels (gnuplot_layout.c);
 * texts stand in single quotes, between which gnuplot expands nothing. */
#include "plot/draw/gnuplot.h"

#include <math.h>
#include <string.h>

enum { PAGE_TITLE = 15, CELL_TITLE = 13, BARE_TITLE = 11, PAGE_TICK = 12 };

/* --- the panel's frame ------------------------------------------------------------------------------------
 */

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

static void gnuplot_scale(const sl_page *page, const sl_gnuplot_cell *cell)
{
    const sl_panel *panel = cell->panel;
    const sl_box *plot = &cell->plot;
    const double high = panel->solid ? plot->height * 0.5 : plot->height;
    const double left = plot->left + plot->width + 16, top = plot->top + (plot->height - high) * 0.4;
    if (panel->tint != SL_SEQUENTIAL && panel->tint != SL_DIVERGING)
        return;
    gnuplot_palette(page->out, panel);
    sl_cell_axis(page, cell, &panel->z, "cb");
    if (!sl_cell_scale(panel, cell->cell.width)) {
        sl_text_put(page->out, "unset colorbox\n");
        return;
    }
    sl_text_put(page->out, "set colorbox user noborder origin");
    sl_page_at(page, left, top + high);
    sl_text_put(page->out, " size screen ");
    sl_gnuplot_number(page->out, 14 / page->width);
    sl_text_put(page->out, ",screen ");
    sl_gnuplot_number(page->out, high / page->height);
    sl_text_put(page->out, "\n");
    const double right = cell->cell.left + cell->cell.width - 12;
    double widest = 0;
    for (int i = 0; i < panel->z.tick_count; i++)
        widest = fabs(sl_gnuplot_width(panel->z.ticks[i].text, PAGE_TICK)) > widest
                     ? sl_gnuplot_width(panel->z.ticks[i].text, PAGE_TICK)
                     : widest;
    const double x = left + 14 + 15 + widest + 12;
    sl_page_text(page, sl_gnuplot_fit(page->figure, panel->z.label, CELL_TITLE, plot->height + 30),
                 x < right ? x : right, top + high / 2, "center", CELL_TITLE, 90);
}

static void gnuplot_solid(const sl_page *page, const sl_gnuplot_cell *cell)
{
    const sl_panel *panel = cell->panel;
    const sl_box *plot = &cell->plot;
    const sl_axis *const axes[] = { &panel->x, &panel->y, &panel->z };
    const double left = cell->cell.left + 4, bottom = cell->cell.top + cell->cell.height;
    sl_cell_axis(page, cell, &panel->z, "z");
    for (int i = 0; i < 3; i++) {
        sl_text_add(page->out, "set %clabel ", "xyz"[i]);
        sl_gnuplot_quote(page->out, axes[i]->label);
        sl_text_put(page->out, i == 2 ? " rotate by 90 offset -1.5,0" : " rotate parallel offset 0,-0.3");
        sl_page_font(page, CELL_TITLE);
        sl_text_put(page->out, "\n");
    }
    sl_text_put(page->out, "set margins 6,4,1,1\nset origin ");
    sl_gnuplot_number(page->out, left / page->width);
    sl_text_put(page->out, ",");
    sl_gnuplot_number(page->out, 1 - bottom / page->height);
    sl_text_put(page->out, "\nset size ");
    sl_gnuplot_number(page->out, (plot->left + plot->width + 8 - left) / page->width);
    sl_text_put(page->out, ",");
    sl_gnuplot_number(page->out, (bottom - plot->top) / page->height);
    sl_text_put(page->out, "\nset view 52,32,1,1\nset xyplane at ");
    sl_gnuplot_number(page->out, panel->z.low);
    sl_text_put(page->out, "\nset pm3d scansautomatic border lc rgb '#88666666' lw 0.3\n");
}

static void gnuplot_flat(const sl_page *page, const sl_gnuplot_cell *cell)
{
    static const char *const sides[] = { "l", "r", "t", "b" };
    const sl_panel *panel = cell->panel;
    const sl_box *plot = &cell->plot;
    const double at[] = { plot->left / page->width, (plot->left + plot->width) / page->width,
                          1 - plot->top / page->height, 1 - (plot->top + plot->height) / page->height };
    const sl_axis *across = cell->lying ? &panel->y : &panel->x, *up = cell->lying ? &panel->x : &panel->y;
    for (int side = 0; side < 4; side++) {
        sl_text_add(page->out, "set %smargin at screen ", sides[side]);
        sl_gnuplot_number(page->out, at[side]);
        sl_text_put(page->out, "\n");
    }
    const double bottom = plot->top + plot->height;
    if (!across->none && across->label)
        sl_page_text(page, sl_gnuplot_fit(page->figure, across->label, CELL_TITLE, cell->cell.width - 20),
                     plot->left + plot->width / 2,
                     bottom + (cell->turned ? cell->x_names * 0.65 + 26 : 26) + 8, "center", CELL_TITLE, 0);
    if (!up->none && up->label) {
        const double room = plot->height + 60;
        const double size = sl_gnuplot_width(up->label, CELL_TITLE) > room ? BARE_TITLE : CELL_TITLE;
        sl_page_text(page, sl_gnuplot_fit(page->figure, up->label, size, room),
                     plot->left - cell->y_names - 26, plot->top + plot->height / 2, "center", size, 90);
    }
}

static void gnuplot_frame(const sl_page *page, const sl_gnuplot_cell *cell)
{
    const sl_panel *panel = cell->panel;
    const sl_box *box = &cell->cell;
    sl_text *out = page->out;
    bool image = false;
    for (int s = 0; s < panel->count; s++)
        image = image || panel->series[s]->how == SL_DRAW_IMAGE;
    const bool bare = panel->x.none && panel->y.none;
    sl_page_lines(page, cell->title, box->left + box->width / 2, box->top + (bare ? 2 : 8),
                  bare ? BARE_TITLE : CELL_TITLE, box->width - (bare ? 4 : 16));
    if (cell->legend)
        sl_legend_draw(page, panel, box->left + 8, box->top + cell->title_room + 6, box->width - 16);
    sl_cell_axis(page, cell, cell->lying ? &panel->y : &panel->x, "x");
    sl_cell_axis(page, cell, cell->lying ? &panel->x : &panel->y, "y");
    const int border = panel->solid                                ? 31
                       : bare                                      ? (image ? 15 : 0)
                       : image && !panel->x.none && !panel->y.none ? 15
                                                                   : 3;
    sl_text_add(out, "set border %d lw %s lc rgb '%s'\n", border, bare ? "0.5" : "1",
                bare ? "#bbbbbb" : "black");
    if (image || bare)
        sl_text_put(out, "unset grid\n");
    else
        sl_text_add(out, "set grid %sxtics %sytics back lt 1 lc rgb '#dddddd' lw 1\n",
                    panel->x.none || (panel->x.named && !cell->lying) ? "no" : "",
                    panel->y.none || cell->lying || panel->y.named ? "no" : "");
    sl_text_put(out, "unset colorbox\n");
    gnuplot_scale(page, cell);
    if (panel->solid)
        gnuplot_solid(page, cell);
    else
        gnuplot_flat(page, cell);
    sl_gnuplot_texts(page, cell);
}

static void gnuplot_panel(const sl_page *page, const sl_gnuplot_cell *cell)
{
    const sl_panel *panel = cell->panel;
    bool first = true;
    gnuplot_frame(page, cell);
    /* what is an area lies below what is a line */
    for (int pass = 0; pass < 2; pass++)
        for (int s = 0; s < panel->count; s++) {
            const sl_draw how = panel->series[s]->how;
            const bool area = how == SL_DRAW_IMAGE || how == SL_DRAW_SURFACE || how == SL_DRAW_BAND;
            if (how == SL_DRAW_TEXTS || area != (pass == 0))
                continue;
            sl_text_put(page->out, !first ? ", \\\n  " : panel->solid ? "splot " : "plot ");
            first = false;
            sl_gnuplot_series(page, cell, s);
        }
    /* a frame without anything in it is still drawn */
    sl_text_put(page->out, first ? "plot NaN notitle\n" : "\n");
    sl_text_put(page->out, "unset label\nunset arrow\nunset object\n");
}

/* --- the page ---------------------------------------------------------------------------------------------
 */

typedef struct {
    int shown, across, down, only;
    bool bare, legend; /* legend: one for all panels */
    double header, title_room, legend_room;
} gnuplot_plan;

static void gnuplot_measure(const sl_figure *figure, gnuplot_plan *plan, double width)
{
    const double cell = width / plan->across, size = plan->bare ? BARE_TITLE : CELL_TITLE;
    const bool several = plan->shown > 1;
    plan->legend = several && sl_legend_wanted(figure->panels[0]);
    plan->title_room = plan->legend_room = plan->header = 0;
    for (int p = 0; p < figure->count; p++) {
        if (plan->only >= 0 && p != plan->only)
            continue;
        const sl_panel *panel = figure->panels[p];
        const char *title =
            several || plan->only >= 0 ? panel->title : figure->title; /* a page has its own */
        const double lines = sl_gnuplot_wrap(title, size, cell - (plan->bare ? 4 : 16), NULL);
        plan->title_room =
            lines * size * 1.3 + 6 > plan->title_room ? lines * size * 1.3 + 6 : plan->title_room;
        const double legend = sl_legend_height(panel, cell - 16);
        plan->legend_room = legend > plan->legend_room ? legend : plan->legend_room;
        plan->legend = plan->legend && sl_legend_alike(figure->panels[0], panel);
    }
    if (several && figure->title)
        plan->header = sl_gnuplot_wrap(figure->title, PAGE_TITLE, width - 24, NULL) * PAGE_TITLE * 1.3 + 12;
    if (plan->legend) {
        plan->header += sl_legend_height(figure->panels[0], width - 24);
        plan->legend_room = 0;
    }
}

/* How high a panel of this width should be. */
static double gnuplot_wish(const sl_panel *panel, const gnuplot_plan *plan, double width)
{
    const double around = plan->title_room + plan->legend_room;
    if (plan->bare)
        return around + width - 4;
    double high = width * 0.58;
    high = high < 220 ? 220 : high > 440 ? 440 : high;
    if (panel->square && !panel->solid)
        high = width < 260 ? 260 : width > 520 ? 520 : width;
    if (panel->x.named && panel->x.tick_count > 8) /* perhaps bars that lie */
        high = panel->x.tick_count * 22.0 + 70 > high ? panel->x.tick_count * 22.0 + 70 : high;
    return around + high;
}

static int gnuplot_across(const sl_figure *figure, const gnuplot_plan *plan, int width)
{
    const int least = plan->bare ? 64 : 270;
    int across = figure->across;
    if (across <= 0 && plan->bare)
        for (across = 1; across * across < plan->shown; across++)
            ;
    else if (across <= 0)
        across = plan->shown <= 3 ? plan->shown : plan->shown == 4 ? 2 : 3;
    across = width > 0 && across > width / least ? width / least : across;
    return across < 1 ? 1 : across > plan->shown ? plan->shown : across;
}

static void gnuplot_terminal(const sl_page *page, const char *format)
{
    const int width = (int)page->width, height = (int)page->height;
    if (!strcmp(format, "pdf")) /* 100 pixels an inch; its points are 96 of them */
        sl_text_add(page->out,
                    "set terminal pdfcairo noenhanced color font 'DejaVu Sans,9' fontscale 1 lw 1.3 size "
                    "%d.%02din,%d.%02din\n",
                    width / 100, width % 100, height / 100, height % 100);
    else if (!strcmp(format, "png"))
        sl_text_add(
            page->out,
            "set terminal pngcairo noenhanced font 'DejaVu Sans,9' background rgb '#ffffff' size %d,%d\n",
            width, height);
    else
        sl_text_add(page->out, "set terminal svg noenhanced font 'DejaVu Sans,12' fixed size %d,%d\n", width,
                    height);
    sl_text_put(page->out,
                "set encoding utf8\nset decimalsign '.'\nunset key\nset clip two\nset pointintervalbox 0\n");
}

static void gnuplot_cell(const sl_page *page, const gnuplot_plan *plan, int p, int place)
{
    const sl_figure *figure = page->figure;
    const sl_panel *panel = figure->panels[p];
    const double width = page->width / plan->across, height = (page->height - plan->header) / plan->down;
    const bool several = plan->shown > 1;
    sl_gnuplot_cell cell = {
        .panel = panel,
        .number = p,
        .title = several || plan->only >= 0 ? panel->title : figure->title,
        .cell = { place % plan->across * width, plan->header + place / plan->across * height, width, height },
        .title_room = plan->title_room,
        .legend_room = plan->legend_room,
        .legend = !plan->legend && sl_legend_wanted(panel),
    };
    sl_cell_place(page, &cell);
    for (int s = 0; s < panel->count; s++)
        sl_gnuplot_data(page, &cell, s);
    gnuplot_panel(page, &cell);
}

const char *sl_gnuplot_write(sl_figure *figure, const char *format, int width, int height, int only)
{
    sl_text *out = &figure->drawing;
    const int asked = width;
    sl_text_clear(out);
    if (only >= figure->count) {
        sl_fail(figure->ctx, SL_EINVAL, "figure %s: has no panel %d: there are %d", figure->name, only,
                figure->count);
        return NULL;
    }
    gnuplot_plan plan = { .shown = only < 0 ? figure->count : 1, .only = only < 0 ? -1 : only, .bare = true };
    for (int p = 0; p < figure->count; p++)
        plan.bare = plan.bare &&
                    ((only >= 0 && p != only) || (figure->panels[p]->x.none && figure->panels[p]->y.none));
    plan.across = gnuplot_across(figure, &plan, width);
    plan.down = (plan.shown + plan.across - 1) / plan.across;
    if (width <= 0)
        width = plan.bare          ? (plan.across * 130 < 360   ? 360
                                      : plan.across * 130 > 900 ? 900
                                                                : plan.across * 130)
                : plan.across == 1 ? 800
                                   : plan.across * 440;
    gnuplot_measure(figure, &plan, width);
    double wish = 0;
    for (int p = 0; p < figure->count; p++)
        if (only < 0 || p == only) {
            const double high = gnuplot_wish(figure->panels[p], &plan, (double)width / plan.across);
            wish = high > wish ? high : wish;
        }
    const sl_page page = { .out = out,
                           .figure = figure,
                           .width = width,
                           .height = height > 0 ? height : (int)(plan.header + plan.down * wish),
                           .point = !strcmp(format, "svg")   ? 1
                                    : !strcmp(format, "png") ? 0.75
                                                             : 0.54,
                           .vector = !strcmp(format, "pdf") };
    char pixels[32];
    if (asked <= 0)
        sl_decided(figure->ctx, "width", sl_number_text(pixels, width),
                   "in pixels: %d panel%s beside one another", plan.across, plan.across == 1 ? "" : "s");
    if (height <= 0)
        sl_decided(figure->ctx, "height", sl_number_text(pixels, page.height),
                   "in pixels: follows the width, %d row%s of panels and what is written above", plan.down,
                   plan.down == 1 ? "" : "s");
    sl_gnuplot_remark(out, figure);
    gnuplot_terminal(&page, format);
    sl_text_put(out, plan.shown > 1 ? "set multiplot\n" : "");
    if (plan.shown > 1) {
        const double below = sl_page_lines(&page, figure->title, width / 2.0, 8, PAGE_TITLE, width - 24);
        if (plan.legend)
            sl_legend_draw(&page, figure->panels[0], 12, below + 12, width - 24);
    }
    int place = 0;
    for (int p = 0; p < figure->count; p++)
        if (only < 0 || p == only)
            gnuplot_cell(&page, &plan, p, place++);
    sl_text_put(out, plan.shown > 1 ? "unset multiplot\n" : "");
    return out->failed ? NULL : out->bytes;
}
