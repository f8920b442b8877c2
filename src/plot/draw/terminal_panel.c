/* terminal_panel.c - one panel: its title, legend, axes and, between them, its data. */
#include "plot/draw/terminal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PANEL_NAMES = 40, PANEL_LEGEND_LINES = 4, PANEL_PICTURE = 36 };

const sl_series *sl_terminal_grid(const sl_panel *panel)
{
    const sl_series *found = NULL;
    for (int s = 0; s < panel->count; s++) {
        const sl_series *grid = panel->series[s];
        if (grid->how == SL_DRAW_IMAGE || grid->how == SL_DRAW_SURFACE)
            return grid->count ? grid : NULL;
        if (grid->how == SL_DRAW_CONTOUR && !found)
            found = grid;
    }
    return found && found->count ? found : NULL;
}

static bool panel_line(sl_draw how)
{
    return how == SL_DRAW_LINE || how == SL_DRAW_STEPS || how == SL_DRAW_PATH;
}

static bool panel_dot(sl_draw how)
{
    return how == SL_DRAW_POINTS || how == SL_DRAW_ERRORS;
}

/* Without colours a letter for each of many lines; in ASCII always: its name's, if no other begins so. */
static uint32_t panel_letter(const sl_panel *panel, int series, int lines)
{
    const char *name = panel->series[series]->name;
    int before = 0;
    bool taken = !name || !((*name | 32) >= 'a' && (*name | 32) <= 'z') || lines > 3;
    for (int s = 0; s < panel->count; s++) {
        const char *other = panel->series[s]->name;
        if (!panel_line(panel->series[s]->how))
            continue;
        before += s < series;
        taken = taken || (s != series && (!other || (*other | 32) == (*name | 32)));
    }
    return taken ? (uint32_t)("abcdefghijklmnpqrstuvwyz"[before % 24]) : (uint32_t)(*name | 32);
}

sl_terminal_look sl_window_look(const sl_window *view, int series)
{
    static const uint32_t shapes[] = { 0x25CF, 0x25A0, 0x25B2, 0xD7, 0x25CB };
    const sl_panel *panel = view->panel;
    const sl_series *s = panel->series[series];
    const bool colour = view->canvas->colour, unicode = view->canvas->unicode;
    int lines = 0, line = 0, dot = 0;
    for (int i = 0; i < panel->count; i++) {
        lines += panel_line(panel->series[i]->how);
        line += i < series && panel_line(panel->series[i]->how);
        dot += i < series && panel_dot(panel->series[i]->how);
    }
    sl_terminal_look look = { .fore = sl_terminal_colour(s->colour), .dash = s->dashed };
    if (!colour && lines <= 3)
        look.dash = line;
    if (panel_line(s->how) && (!unicode || (!colour && lines > 3)))
        look.letter = panel_letter(panel, series, lines);
    if (colour && unicode)
        look.glyph = s->thin ? 0x2022 : shapes[s->mark >= 0 && s->mark < 5 ? s->mark : 0];
    else
        look.glyph = (uint32_t)("ox+*#@%&"[(colour ? s->mark & 7 : dot) % 8]);
    return look;
}

/* --- legend -----------------------------------------------------------------------------------------------
 */

static int panel_sample(const sl_window *view, int series, uint32_t sample[2])
{
    static const uint32_t dashes[] = { 0x2500, 0x254C, 0xB7 };
    const sl_series *s = view->panel->series[series];
    const sl_terminal_look look = sl_window_look(view, series);
    const bool unicode = view->canvas->unicode;
    int count = 1;
    sample[0] = sample[1] = look.glyph;
    if (panel_line(s->how)) {
        sample[0] = look.letter ? look.letter : dashes[look.dash];
        sample[1] = dashes[look.dash];
        count = unicode ? 2 : 1;
    } else if (s->how == SL_DRAW_BARS) {
        static const uint32_t blocks[] = { 0x2588, 0x2592, 0x2591 };
        int before = 0;
        for (int i = 0; i < series; i++)
            before += view->panel->series[i]->how == SL_DRAW_BARS;
        sample[0] = !unicode ? (uint32_t)("#=+"[before % 3]) : blocks[view->canvas->colour ? 0 : before % 3];
    } else if (s->how == SL_DRAW_BAND) {
        sample[0] = unicode ? 0x2591 : ':';
    } else if (s->how == SL_DRAW_ACROSS || s->how == SL_DRAW_UP) {
        sample[0] = s->how == SL_DRAW_UP ? (unicode ? 0x2506 : '|') : (unicode ? 0x2504 : '-');
    } else if (s->how == SL_DRAW_CONTOUR || s->how == SL_DRAW_TEXTS) {
        count = 0;
    }
    return count;
}

/* The letter that a class's area is filled with where there are no colours. */
static char panel_area(const sl_window *view, const sl_series *s)
{
    const sl_series *grid = sl_terminal_grid(view->panel);
    if (view->canvas->colour || !grid || view->panel->tint != SL_CLASSES || s->how != SL_DRAW_POINTS)
        return 0;
    for (int i = 0; view->panel->series[i] != s; i++) /* said once */
        if (view->panel->series[i]->how == SL_DRAW_POINTS && view->panel->series[i]->colour == s->colour)
            return 0;
    return (char)('A' + (int)s->colour % SL_COLOURS);
}

static int panel_legend(sl_window *view, int left, int top, int width)
{
    int line = 0, column = 0, shown = 0, named = 0;
    for (int s = 0; s < view->panel->count; s++)
        named += view->panel->series[s]->name && *view->panel->series[s]->name;
    for (int s = 0; s < view->panel->count; s++) {
        const sl_series *series = view->panel->series[s];
        if (!series->name || !*series->name)
            continue;
        uint32_t sample[2];
        const int marks = panel_sample(view, s, sample), fore = sl_window_look(view, s).fore;
        const char area = panel_area(view, series);
        const char *name =
            area ? sl_figure_format(view->figure, "%s (area %c)", series->name, area) : series->name;
        int wanted = marks + (marks > 0) + sl_letters_width(view->canvas->unicode, name, NULL);
        wanted = wanted > width ? width : wanted;
        if (column && column + 3 + wanted > width) {
            if (++line == PANEL_LEGEND_LINES) {
                sl_canvas_text(view->canvas, top + line, left, width,
                               sl_figure_format(view->figure, "and %d more", named - shown), -1);
                break;
            }
            column = 0;
        }
        column += column ? 3 : 0;
        for (int m = 0; m < marks; m++)
            sl_canvas_set(view->canvas, top + line, left + column + m, sample[m], fore);
        sl_canvas_text(view->canvas, top + line, left + column + marks + (marks > 0),
                       wanted - marks - (marks > 0), name, -1);
        column += wanted;
        shown++;
    }
    return shown ? line + 1 : 0;
}

/* --- axes -------------------------------------------------------------------------------------------------
 */

static void panel_ticks(sl_window *view, sl_axis *axis, const sl_axis *from, int most)
{
    *axis = *from;
    if (axis->named || axis->none)
        return;
    axis->ticks = NULL; /* those of the panel are left as they are */
    axis->tick_count = axis->tick_room = 0;
    sl_axis_choose(view->figure, axis, most);
}

static int panel_widest(const sl_window *view, const sl_axis *axis)
{
    int widest = 0;
    for (int i = 0; i < axis->tick_count; i++) {
        const int wide = sl_letters_width(view->canvas->unicode, axis->ticks[i].text, NULL);
        widest = wide > widest ? wide : widest;
    }
    return widest;
}

/* Which cell a place along an axis falls into; -1: none. */
static int panel_cell(const sl_axis *axis, double at, int cells)
{
    const double place = sl_axis_place(axis, at);
    if (!(place > -1e-6 && place < 1 + 1e-6))
        return -1;
    const int cell = (int)(place * cells);
    return cell >= cells ? cells - 1 : cell;
}

static void panel_upright_axis(sl_window *view, int labels)
{
    sl_canvas *c = view->canvas;
    for (int row = 0; row < view->height && !view->y.none; row++)
        sl_canvas_set(c, view->top + row, view->left - 1, c->unicode ? 0x2502 : '|', -1);
    int above = view->height;
    for (int i = 0; i < view->y.tick_count && !view->y.none; i++) {
        const int cell = panel_cell(&view->y, view->y.ticks[i].at, view->height);
        const int row = view->top + view->height - 1 - cell;
        const int wide = sl_letters_width(c->unicode, view->y.ticks[i].text, NULL);
        if (cell < 0 || cell == above)
            continue;
        above = cell;
        sl_canvas_set(c, row, view->left - 1, c->unicode ? 0x2524 : '+', -1);
        sl_canvas_text(c, row, view->left - 2 - (wide < labels ? wide : labels), labels,
                       view->y.ticks[i].text, -1);
    }
}

/* Do the numbers stand apart? Names must only have room for three letters. */
static int panel_slot(const sl_window *view)
{
    const sl_axis *x = &view->x;
    const int each = x->tick_count ? view->width / x->tick_count : view->width;
    return x->named && each > 1 ? each - 1 : view->width;
}

static bool panel_apart(const sl_window *view)
{
    int before = -1000;
    for (int i = 0; i < view->x.tick_count; i++) {
        const int wide = sl_letters_width(view->canvas->unicode, view->x.ticks[i].text, NULL);
        const int start = panel_cell(&view->x, view->x.ticks[i].at, view->width) - wide / 2;
        if (start < before + 2)
            return false;
        before = start + wide;
    }
    return true;
}

static int panel_level_axis(sl_window *view, int row, int left, int right)
{
    sl_canvas *c = view->canvas;
    if (view->x.none)
        return 0;
    for (int i = 0; i < view->width; i++)
        sl_canvas_set(c, row, view->left + i, c->unicode ? 0x2500 : '-', -1);
    if (!view->y.none)
        sl_canvas_set(c, row, view->left - 1, c->unicode ? 0x2514 : '+', -1);
    int behind = left - 1, slot = panel_slot(view);
    slot = panel_apart(view) ? view->width : slot < 3 ? 3 : slot;
    for (int i = 0; i < view->x.tick_count; i++) {
        const int cell = panel_cell(&view->x, view->x.ticks[i].at, view->width);
        int wide = sl_letters_width(c->unicode, view->x.ticks[i].text, NULL);
        wide = wide > slot ? slot : wide;
        int start = view->left + cell - wide / 2;
        start = start + wide > right ? right - wide : start;
        start = start < left ? left : start;
        if (cell < 0 || start <= behind)
            continue;
        sl_canvas_set(c, row, view->left + cell, c->unicode ? 0x252C : '+', -1);
        behind = start + sl_canvas_text(c, row + 1, start, wide, view->x.ticks[i].text, -1);
    }
    if (!view->x.label || !*view->x.label)
        return view->x.tick_count ? 2 : 1;
    int wide = sl_letters_width(c->unicode, view->x.label, NULL), start;
    start = view->left + (view->width - wide) / 2;
    start = start + wide > right ? right - wide : start;
    start = start < left ? left : start;
    sl_canvas_text(c, row + 2, start, right - start, view->x.label, -1);
    return 3;
}

/* --- size -------------------------------------------------------------------------------------------------
 */

static int panel_zoom(size_t parts, int room)
{
    return parts && parts <= (size_t)room ? room / (int)parts * (int)parts : room;
}

/* From the room there is: an image in whole cells, and as high as it is wide where that is meant. */
static void panel_shape(sl_window *view, int body)
{
    const sl_panel *panel = view->panel;
    const sl_series *grid = sl_terminal_grid(panel);
    const int fine = view->canvas->unicode && view->canvas->colour ? 2 : 1; /* rows of an image in a line */
    const bool picture = panel->x.none && panel->y.none;
    int height = body;
    if (panel->y.named && !grid)
        height = panel->y.tick_count < 3             ? 5
                 : panel->y.tick_count > PANEL_NAMES ? PANEL_NAMES
                                                     : panel->y.tick_count;
    if (grid && grid->rows < 5 && !panel->square)
        height = (int)grid->rows * (grid->rows == 1 ? 3 : 2);
    double ratio = 0; /* height to width, of what is seen */
    if (panel->square && !panel->x.log && !panel->y.log)
        ratio = fabs((panel->y.high - panel->y.low) / (panel->x.high - panel->x.low));
    else if (grid && picture)
        ratio = (double)grid->rows / (double)grid->columns;
    if (ratio > 0 && ratio < 1e6) {
        int most = body + body / 2;
        if (grid && picture && (int)(grid->rows / 2) > most)
            most = (int)(grid->rows / 2) > PANEL_PICTURE * body / 14 ? PANEL_PICTURE * body / 14
                                                                     : (int)(grid->rows / 2);
        height = most;
        if (2 * height / ratio > view->width)
            height = (int)(view->width * ratio / 2 + 0.5);
        height = height < 1 ? 1 : height;
        if (grid && grid->rows <= (size_t)(height * fine))
            height = (panel_zoom(grid->rows, height * fine) + fine - 1) / fine;
        const int width = (int)(2 * height / ratio + 0.5);
        view->width = width < view->width ? (width < 1 ? 1 : width) : view->width;
    } else if (grid && grid->rows <= (size_t)(height * fine)) {
        height = (panel_zoom(grid->rows, height * fine) + fine - 1) / fine;
    }
    if (grid)
        view->width = panel_zoom(grid->columns, view->width);
    view->height = height < 1 ? 1 : height;
}

int sl_terminal_panel(sl_canvas *canvas, sl_figure *figure, const sl_panel *panel, int left, int top,
                      int width, int body)
{
    int row = top;
    if (panel->title && (figure->count > 1 || !figure->title))
        row += sl_canvas_wrap(canvas, row, left, width, panel->title, true);
    const int table = sl_terminal_table(canvas, panel, left, row, width);
    if (table)
        return row + table - top;
    sl_window view = {
        .figure = figure, .panel = panel, .canvas = canvas, .left = left, .top = row, .width = width
    };
    row += panel_legend(&view, left, row, width);
    if (sl_terminal_level_bars(panel))
        return row + sl_terminal_bars(canvas, figure, panel, left, row, width) - top;
    panel_ticks(&view, &view.x, &panel->x, 6);
    panel_ticks(&view, &view.y, &panel->y, body / 3 < 2 ? 2 : body / 3 > 8 ? 8 : body / 3);
    panel_ticks(&view, &view.z, &panel->z, 4);
    int labels = panel_widest(&view, &view.y);
    labels = labels > width / 3 ? width / 3 : labels;
    view.left = left + (panel->y.none ? 0 : labels + 2);
    view.width = left + width - view.left;
    panel_shape(&view, body);
    for (int most = view.width / 8 > 12 ? 12 : view.width / 8; most > 1; most--) {
        panel_ticks(&view, &view.x, &panel->x, most);
        if (panel_apart(&view))
            break;
    }
    if (panel->y.label && *panel->y.label && !panel->y.none &&
        (!panel->title || figure->count == 1 || strcmp(panel->title, panel->y.label) != 0)) {
        const int wide = sl_letters_width(canvas->unicode, panel->y.label, NULL);
        const int start = view.left - 1 + wide > left + width ? left + width - wide : view.left - 1;
        sl_canvas_text(canvas, row++, start < left ? left : start, width, panel->y.label, -1);
    }
    view.top = row;
    panel_upright_axis(&view, labels);
    row += view.height;
    row += panel_level_axis(&view, row, left, left + width);
    sl_terminal_shades(&view);
    sl_terminal_blocks(&view);
    sl_terminal_strokes(&view);
    sl_terminal_marks(&view);
    row += sl_terminal_scale(&view, row, left, width);
    if (view.lost)
        row += sl_canvas_wrap(canvas, row, left, width,
                              sl_figure_format(figure, "%d %s found no room here.", view.lost,
                                               view.lost == 1 ? "name" : "names"),
                              false);
    if (panel->note)
        row += sl_canvas_wrap(canvas, row, left, width, panel->note, false);
    return row - top;
}
