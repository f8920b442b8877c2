/* figure.c - see figure.h */
#include "plot/figure.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

sl_figure *sl_figure_new(sl_ctx *ctx, const char *name)
{
    sl_figure *f = ctx && !ctx->status ? sl_alloc(ctx, sizeof *f) : NULL;
    if (!f)
        return NULL;
    f->ctx = ctx;
    sl_arena_init(&f->arena, ctx);
    sl_text_init(&f->notes, ctx);
    sl_text_init(&f->drawing, ctx);
    f->name = name;
    return f;
}

void sl_figure_free(sl_figure *figure)
{
    if (!figure)
        return;
    sl_arena_free(&figure->arena);
    sl_text_free(&figure->notes);
    sl_text_free(&figure->drawing);
    sl_free(figure->ctx, figure);
}

static void *figure_take(sl_figure *figure, size_t count, size_t size)
{
    if (!figure || figure->ctx->status)
        return NULL;
    if (count > SIZE_MAX / size) {
        sl_fail(figure->ctx, SL_ENOMEM, "out of memory: a figure of %zu numbers", count);
        return NULL;
    }
    void *memory = sl_arena_take(&figure->arena, count * size + 1);
    if (memory)
        memset(memory, 0, count * size);
    return memory;
}

const char *sl_figure_format(sl_figure *figure, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = length < 0 ? NULL : figure_take(figure, (size_t)length + 1, 1);
    if (text) {
        va_start(arguments, format);
        vsnprintf(text, (size_t)length + 1, format, arguments);
        va_end(arguments);
    }
    return text ? text : ""; /* the context knows, and the figure is given up */
}

const char *sl_figure_number(sl_figure *figure, double value)
{
    sl_text text;
    if (!figure)
        return NULL;
    sl_text_init(&text, figure->ctx);
    int exponent = 0;
    double size = value;
    for (; size - size == 0 && fabs(value) >= 1e15 && fabs(size) >= 10; exponent++)
        size /= 10;
    sl_text_rounded(&text, exponent ? floor(size * 1000 + 0.5) / 1000 : value);
    if (exponent)
        sl_text_add(&text, "e%d", exponent);
    const char *kept = sl_figure_format(figure, "%s", sl_text_string(&text));
    sl_text_free(&text);
    return kept;
}

double *sl_figure_numbers(sl_figure *figure, size_t count)
{
    return figure_take(figure, count, sizeof(double));
}

void sl_figure_note(sl_figure *figure, const char *format, ...)
{
    char sentence[1024];
    va_list arguments;
    if (!figure)
        return;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    sl_text_put(&figure->notes, sentence);
    sl_text_put(&figure->notes, "\n");
}

/* Room for one more pointer in a list that doubles; the old list stays in the arena. */
static bool figure_room(sl_figure *figure, void *list, size_t size, int count, int *room)
{
    if (count < *room)
        return true;
    const int wanted = *room ? *room * 2 : 8;
    void *old, *grown = figure_take(figure, (size_t)wanted, size);
    if (!grown)
        return false;
    memcpy(&old, list, sizeof old);
    if (count)
        memcpy(grown, old, (size_t)count * size);
    memcpy(list, &grown, sizeof grown);
    *room = wanted;
    return true;
}

sl_panel *sl_figure_panel(sl_figure *figure, const char *title, const char *x_label, const char *y_label)
{
    sl_panel *panel = figure_take(figure, 1, sizeof *panel);
    if (!panel || !figure_room(figure, &figure->panels, sizeof *figure->panels, figure->count, &figure->room))
        return NULL;
    panel->title = title ? sl_figure_format(figure, "%s", title) : NULL;
    panel->x.label = x_label ? sl_figure_format(figure, "%s", x_label) : NULL;
    panel->y.label = y_label ? sl_figure_format(figure, "%s", y_label) : NULL;
    figure->panels[figure->count++] = panel;
    return figure->ctx->status ? NULL : panel;
}

static sl_series *figure_series(sl_figure *figure, sl_panel *panel, sl_draw how, const char *name)
{
    if (!panel)
        return NULL;
    sl_series *series = figure_take(figure, 1, sizeof *series);
    if (!series || !figure_room(figure, &panel->series, sizeof *panel->series, panel->count, &panel->room))
        return NULL;
    series->how = how;
    series->name = name ? sl_figure_format(figure, "%s", name) : NULL;
    series->colour = (sl_colour)(panel->count % SL_COLOURS);
    panel->series[panel->count++] = series;
    return series;
}

sl_series *sl_panel_add(sl_figure *figure, sl_panel *panel, sl_draw how, const char *name, size_t count)
{
    sl_series *series = figure_series(figure, panel, how, name);
    if (!series)
        return NULL;
    series->count = count;
    series->x = sl_figure_numbers(figure, count);
    series->y = sl_figure_numbers(figure, count);
    if (how == SL_DRAW_ERRORS || how == SL_DRAW_BAND || how == SL_DRAW_PATH)
        series->low = sl_figure_numbers(figure, count);
    if (how == SL_DRAW_ERRORS || how == SL_DRAW_BAND)
        series->high = sl_figure_numbers(figure, count);
    if (how == SL_DRAW_TEXTS)
        series->texts = figure_take(figure, count, sizeof *series->texts);
    return figure->ctx->status ? NULL : series;
}

sl_series *sl_panel_grid(sl_figure *figure, sl_panel *panel, sl_draw how, size_t rows, size_t columns,
                         double x_low, double x_high, double y_low, double y_high)
{
    sl_series *series = figure_series(figure, panel, how, NULL);
    if (!series)
        return NULL;
    series->rows = rows;
    series->columns = columns;
    series->count = rows * columns;
    series->x = sl_figure_numbers(figure, 2);
    series->low = sl_figure_numbers(figure, 1);
    series->high = sl_figure_numbers(figure, 1);
    series->y = figure_take(figure, rows, columns * sizeof *series->y);
    if (figure->ctx->status)
        return NULL;
    series->x[0] = x_low;
    series->x[1] = x_high;
    series->low[0] = y_low;
    series->high[0] = y_high;
    return series;
}

void sl_axis_name(sl_figure *figure, sl_axis *axis, double at, const char *text)
{
    if (!figure || !axis)
        return;
    if (!figure_room(figure, &axis->ticks, sizeof *axis->ticks, axis->tick_count, &axis->tick_room))
        return;
    axis->named = true;
    axis->ticks[axis->tick_count].at = at;
    axis->ticks[axis->tick_count++].text = sl_figure_format(figure, "%s", text ? text : "");
}

sl_colour sl_figure_class_colour(int class_index)
{
    return (sl_colour)(class_index % SL_COLOURS);
}

int sl_figure_node(sl_figure *figure, const char *group, const char *text)
{
    if (!figure ||
        !figure_room(figure, &figure->nodes, sizeof *figure->nodes, figure->node_count, &figure->node_room))
        return -1;
    sl_graph_node *node = &figure->nodes[figure->node_count];
    *node = (sl_graph_node){ .value = NAN };
    node->text = sl_figure_format(figure, "%s", text ? text : "");
    node->group = group ? sl_figure_format(figure, "%s", group) : NULL;
    return figure->ctx->status ? -1 : figure->node_count++;
}

void sl_figure_edge(sl_figure *figure, int from, int to, double weight)
{
    if (!figure || from < 0 || to < 0 ||
        !figure_room(figure, &figure->edges, sizeof *figure->edges, figure->edge_count, &figure->edge_room))
        return;
    figure->edges[figure->edge_count++] = (sl_graph_edge){ .from = from, .to = to, .weight = weight };
}

const char *sl_figure_title(const sl_figure *figure)
{
    return figure && figure->title ? figure->title : "";
}

const char *sl_figure_notes(const sl_figure *figure)
{
    return figure ? sl_text_string(&figure->notes) : "";
}

int sl_figure_panels(const sl_figure *figure)
{
    return figure ? figure->count : 0;
}

const char *sl_figure_panel_title(const sl_figure *figure, int panel)
{
    return figure && panel >= 0 && panel < figure->count ? figure->panels[panel]->title : NULL;
}

const char *sl_figure_text(sl_figure *figure, int width, int height, bool unicode, bool colour)
{
    return figure && !sl_figure_finish(figure) ? sl_terminal_write(figure, width, height, unicode, colour)
                                               : NULL;
}

const char *sl_figure_script(sl_figure *figure, const char *format, int width, int height, int panel)
{
    if (!figure || sl_figure_finish(figure))
        return NULL;
    if (!format || (strcmp(format, "svg") != 0 && strcmp(format, "png") != 0 && strcmp(format, "pdf") != 0)) {
        sl_fail(figure->ctx, SL_EINVAL, "figure %s: unknown format '%s': there are svg, png and pdf",
                figure->name, format ? format : "");
        return NULL;
    }
    return figure->count ? sl_gnuplot_write(figure, format, width, height, panel) : sl_diagram_write(figure);
}
