/* terminal_wires.c - a diagram of nodes and edges: blocks as a chain; units in a column a layer, and then the
 * weights that come into each. */
#include "plot/draw/terminal.h"

#include <math.h>
#include <string.h>

enum { WIRES_LINES = 400, WIRES_BLOCK = 60, WIRES_NAME = 16 };

static bool wires_same(const char *a, const char *b)
{
    return a == b || (a && b && !strcmp(a, b));
}

/* The first node of its group. */
static bool wires_opens(const sl_figure *f, int node)
{
    for (int i = 0; i < node; i++)
        if (wires_same(f->nodes[i].group, f->nodes[node].group))
            return false;
    return true;
}

static const char *wires_line(sl_figure *f, const char *text)
{
    char *line = (char *)(uintptr_t)sl_figure_format(f, "%s", text ? text : "");
    for (char *c = line; c && *c; c++)
        *c = *c == '\n' ? ' ' : *c;
    return line ? line : "";
}

/* A unit's name; of those that have none their number in the layer. */
static const char *wires_name(sl_figure *f, int node)
{
    int number = 1;
    for (int i = 0; i < node; i++)
        number += wires_same(f->nodes[i].group, f->nodes[node].group);
    if (*f->nodes[node].text)
        return wires_line(f, f->nodes[node].text);
    const char *text = sl_figure_format(f, "%d", number);
    return text ? text : "";
}

/* --- blocks -----------------------------------------------------------------------------------------------
 */

/* "[dense_1, 32 relu, 2,080]"; its width */
static int wires_block(sl_canvas *canvas, int row, int column, int width, const char *text)
{
    int used = 1;
    sl_canvas_set(canvas, row, column, '[', -1);
    for (const char *at = text; *at && used < width - 1;) {
        const size_t length = strcspn(at, "\n");
        char part[256];
        sl_text_fit(at, part, length + 1 < sizeof part ? length + 1 : sizeof part);
        used += sl_canvas_text(canvas, row, column + used, width - 1 - used, part, -1);
        at += length + (at[length] == '\n');
        if (*at && used < width - 3) {
            sl_canvas_set(canvas, row, column + used, ',', -1);
            used += 2;
        }
    }
    sl_canvas_set(canvas, row, column + used, ']', -1);
    return used + 1;
}

static int wires_block_width(const sl_canvas *canvas, const char *text)
{
    int wide = 2;
    for (const char *at = text; *at;) {
        const size_t length = strcspn(at, "\n");
        wide += sl_letters_width(canvas->unicode, at, at + length);
        at += length + (at[length] == '\n');
        wide += *at ? 2 : 0;
    }
    return wide;
}

static const sl_graph_edge *wires_edge(const sl_figure *f, int from, int to)
{
    for (int e = 0; e < f->edge_count; e++)
        if (f->edges[e].from == from && f->edges[e].to == to)
            return &f->edges[e];
    return NULL;
}

/* An arrow, with the edge's text in it. */
static int wires_arrow(sl_canvas *canvas, int row, int column, const char *text)
{
    const int start = column;
    if (text && *text) {
        sl_canvas_set(canvas, row, column, canvas->unicode ? 0x2500 : '-', -1);
        column += 2;
        column += sl_canvas_text(canvas, row, column, canvas->width - column - 4, text, -1) + 1;
    }
    column += sl_canvas_text(canvas, row, column, 2, canvas->unicode ? "\xE2\x86\x92" : "->", -1);
    return column - start;
}

static int wires_blocks(sl_canvas *canvas, sl_figure *f, int top)
{
    int row = top, column = 0;
    for (int i = 0; i < f->node_count; i++) {
        const sl_graph_edge *edge = i > 0 ? wires_edge(f, i - 1, i) : NULL;
        const char *text = edge ? edge->text : NULL;
        int wide = wires_block_width(canvas, f->nodes[i].text);
        const int arrow =
            edge ? 3 + (text && *text ? 3 + sl_letters_width(canvas->unicode, text, NULL) : 0) : 0;
        if (i > 0 && (!edge || column + 1 + arrow + wide > canvas->width)) {
            row++;
            column = 0;
        }
        column += column > 0;
        if (edge)
            column += wires_arrow(canvas, row, column, text) + 1;
        wide = wide > canvas->width - column ? canvas->width - column : wide;
        column += wires_block(canvas, row, column, wide, f->nodes[i].text);
    }
    row += f->node_count > 0;
    for (int e = 0; e < f->edge_count; e++) { /* what leads past a block */
        const sl_graph_edge *edge = &f->edges[e];
        if (edge->from + 1 == edge->to || edge->from >= f->node_count || edge->to >= f->node_count)
            continue;
        char from[WIRES_BLOCK], to[WIRES_BLOCK];
        const char *texts[2] = { f->nodes[edge->from].text, f->nodes[edge->to].text };
        sl_text_fit(texts[0], from,
                    strcspn(texts[0], "\n") < WIRES_BLOCK ? strcspn(texts[0], "\n") + 1 : WIRES_BLOCK);
        sl_text_fit(texts[1], to,
                    strcspn(texts[1], "\n") < WIRES_BLOCK ? strcspn(texts[1], "\n") + 1 : WIRES_BLOCK);
        sl_canvas_text(canvas, row++, 0, canvas->width,
                       sl_figure_format(f, "also: [%s] %s [%s]%s%s", from,
                                        canvas->unicode ? "\xE2\x86\x92" : "->", to, edge->text ? ", " : "",
                                        edge->text ? edge->text : ""),
                       -1);
    }
    return row - top;
}

/* --- units ------------------------------------------------------------------------------------------------
 */

/* Layers side by side, as far as the width goes; then below. */
static int wires_columns(sl_canvas *canvas, sl_figure *f, int top)
{
    int row = top, column = 0, lowest = top;
    for (int g = 0; g < f->node_count; g++) {
        if (!wires_opens(f, g))
            continue;
        int count = 0,
            wide = f->nodes[g].group ? sl_letters_width(canvas->unicode, f->nodes[g].group, NULL) : 0;
        for (int i = g; i < f->node_count; i++) {
            if (!wires_same(f->nodes[i].group, f->nodes[g].group))
                continue;
            const int one = 4 + sl_letters_width(canvas->unicode, wires_name(f, i), NULL);
            wide = one > wide ? one : wide;
            count++;
        }
        wide = wide > canvas->width - 4 ? canvas->width - 4 : wide;
        if (column && column + 4 + wide > canvas->width) {
            row = lowest + 1;
            column = 0;
        }
        if (g > 0)
            column += 1 + wires_arrow(canvas, row + 1, column + (column > 0), NULL) + (column > 0);
        if (f->nodes[g].group)
            sl_canvas_text(canvas, row, column, wide, wires_line(f, f->nodes[g].group), -1);
        int line = row + 1;
        for (int i = g; i < f->node_count; i++) {
            if (!wires_same(f->nodes[i].group, f->nodes[g].group))
                continue;
            const bool plain = f->nodes[i].dots;
            sl_canvas_text(canvas, line++, column, wide,
                           sl_figure_format(f,
                                            plain             ? "  %s"
                                            : f->nodes[i].box ? "[ %s ]"
                                                              : "( %s )",
                                            wires_name(f, i)),
                           -1);
        }
        lowest = line > lowest ? line : lowest;
        column += wide;
    }
    return lowest - top;
}

/* The weights between two layers: a row a unit that they come into, its bias last. */
typedef struct {
    int from, to; /* the first node of each */
    int names, cell;
    int behind; /* digits behind the point */
    bool biases;
} wires_table;

static const char *wires_weight(sl_figure *f, int from, int to, int behind)
{
    for (int e = 0; e < f->edge_count; e++)
        if (f->edges[e].from == from && f->edges[e].to == to && f->edges[e].weight == f->edges[e].weight)
            return sl_terminal_fixed(f, f->edges[e].weight, behind);
    return "";
}

/* As many digits for all, four of the largest number. */
static int wires_behind(const sl_figure *f)
{
    double most = 0;
    for (int e = 0; e < f->edge_count; e++)
        most = fabs(f->edges[e].weight) > most ? fabs(f->edges[e].weight) : most;
    int behind = 3;
    for (double at = 10; behind > 0 && most >= at; at *= 10)
        behind--;
    for (double at = 1; behind < 9 && most > 0 && most < at; at /= 10)
        behind++;
    return behind;
}

static bool wires_measure(const sl_canvas *canvas, sl_figure *f, wires_table *t)
{
    bool any = false;
    t->names = 4;
    t->cell = 4;
    t->behind = wires_behind(f);
    for (int i = 0; i < f->node_count; i++) {
        const int name = sl_letters_width(canvas->unicode, wires_name(f, i), NULL);
        if (wires_same(f->nodes[i].group, f->nodes[t->to].group)) {
            t->names = name > t->names ? name : t->names;
            t->biases = t->biases || f->nodes[i].value == f->nodes[i].value;
            const int bias = (int)strlen(sl_terminal_fixed(f, f->nodes[i].value, t->behind));
            t->cell = f->nodes[i].value == f->nodes[i].value && bias > t->cell ? bias : t->cell;
        } else if (wires_same(f->nodes[i].group, f->nodes[t->from].group)) {
            const int cut = name > WIRES_NAME ? WIRES_NAME : name;
            t->cell = cut > t->cell ? cut : t->cell;
        }
    }
    for (int e = 0; e < f->edge_count; e++) {
        const sl_graph_edge *edge = &f->edges[e];
        if (!wires_same(f->nodes[edge->from].group, f->nodes[t->from].group) ||
            !wires_same(f->nodes[edge->to].group, f->nodes[t->to].group) || edge->weight != edge->weight)
            continue;
        const int wide = (int)strlen(sl_terminal_fixed(f, edge->weight, t->behind));
        t->cell = wide > t->cell ? wide : t->cell;
        any = true;
    }
    t->names = t->names > WIRES_NAME ? WIRES_NAME : t->names;
    return any;
}

static void wires_right(sl_canvas *canvas, int row, int column, int cell, const char *text, int fore)
{
    int wide = sl_letters_width(canvas->unicode, text, NULL);
    wide = wide > cell ? cell : wide;
    sl_canvas_text(canvas, row, column + cell - wide, cell, text, fore);
}

static int wires_sign(const char *number)
{
    return !*number ? -1 : sl_terminal_colour(*number == '-' ? SL_BLUE : SL_ORANGE);
}

/* Is node i, or behind the last node the bias, a column of the table? */
static bool wires_source(const sl_figure *f, const wires_table *t, int i)
{
    if (i == f->node_count)
        return t->biases;
    return wires_same(f->nodes[i].group, f->nodes[t->from].group) && !f->nodes[i].dots;
}

/* Of the sources those from the `first` on that the width has room for; *next: the first of those left. */
static int wires_part(sl_canvas *canvas, sl_figure *f, const wires_table *t, int top, int first, int *next)
{
    int row = top, column = t->names + 2;
    for (*next = first; *next <= f->node_count; ++*next) {
        if (!wires_source(f, t, *next))
            continue;
        if (column + t->cell > canvas->width && column > t->names + 2)
            break;
        wires_right(canvas, top, column, t->cell, *next < f->node_count ? wires_name(f, *next) : "bias", -1);
        column += t->cell + 2;
    }
    for (int to = 0; to < f->node_count; to++) {
        if (!wires_same(f->nodes[to].group, f->nodes[t->to].group) || f->nodes[to].dots)
            continue;
        sl_canvas_text(canvas, ++row, 0, t->names, wires_name(f, to), -1);
        column = t->names + 2;
        for (int from = first; from < *next; from++) {
            if (!wires_source(f, t, from))
                continue;
            const double bias = f->nodes[to].value;
            const char *number = from < f->node_count ? wires_weight(f, from, to, t->behind)
                                 : bias == bias       ? sl_terminal_fixed(f, bias, t->behind)
                                                      : "";
            wires_right(canvas, row, column, t->cell, number, wires_sign(number));
            column += t->cell + 2;
        }
    }
    return row + 1 - top;
}

static int wires_weights(sl_canvas *canvas, sl_figure *f, int top)
{
    int row = top;
    for (int from = 0; from < f->node_count; from++)
        for (int to = 0; to < f->node_count && row - top < WIRES_LINES; to++) {
            wires_table t = { .from = from, .to = to };
            if (!wires_opens(f, from) || !wires_opens(f, to) || !wires_measure(canvas, f, &t))
                continue;
            row += 1 + sl_canvas_wrap(
                           canvas, row + 1, 0, canvas->width,
                           sl_figure_format(f, "Weights of %s, from %s:",
                                            f->nodes[to].group ? wires_line(f, f->nodes[to].group) : "it",
                                            f->nodes[from].group ? wires_line(f, f->nodes[from].group)
                                                                 : "the inputs"),
                           true);
            for (int next = 0; next <= f->node_count;)
                row += wires_part(canvas, f, &t, row, next, &next);
        }
    return row - top;
}

int sl_terminal_net(sl_canvas *canvas, sl_figure *f, int top)
{
    bool blocks = true;
    for (int i = 0; i < f->node_count; i++)
        blocks = blocks && (f->nodes[i].box || f->nodes[i].dots);
    if (blocks)
        return wires_blocks(canvas, f, top);
    const int lines = wires_columns(canvas, f, top);
    return lines + wires_weights(canvas, f, top + lines);
}
