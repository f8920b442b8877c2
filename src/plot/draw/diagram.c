/* diagram.c - a figure of nodes and edges as text for graphviz' dot. Labels stand in double quotes, in which
 * backslashes and quotes have a backslash, and & is written as HTML has it: dot reads \N and &lt; otherwise.
 */
#include "core/json.h"
#include "plot/draw/gnuplot.h"

#include <math.h>
#include <string.h>

enum { DIAGRAM_LONG = 6 }; /* more blocks in a row than this go downwards, to be read on a narrow page */

static void diagram_quote(sl_text *out, const char *text)
{
    const char *c = text ? text : "";
    size_t left = strlen(c);
    sl_text_put(out, "\"");
    while (left) {
        const size_t length = sl_utf8_length(c, left);
        const unsigned char first = (unsigned char)*c;
        if (!length ||
            (length == 3 && first == 0xEF && (unsigned char)c[1] == 0xBF && (unsigned char)c[2] >= 0xBE))
            sl_text_put(out, "?");
        else if (first == '\n')
            sl_text_put(out, "\\n");
        else if (first < 32 || first == 127 || (length == 2 && first == 0xC2 && (unsigned char)c[1] < 0xA0))
            sl_text_put(out, " ");
        else if (first == '"' || first == '\\')
            sl_text_add(out, "\\%c", *c);
        else if (first == '&')
            sl_text_put(out, "&amp;");
        else
            sl_text_bytes(out, c, length);
        c += length ? length : 1;
        left -= length ? length : 1;
    }
    sl_text_put(out, "\"");
}

static void diagram_rgb(sl_text *out, const char *before, sl_rgb rgb)
{
    sl_text_add(out, "%s\"#%02x%02x%02x\"", before, (unsigned)rgb.red, (unsigned)rgb.green,
                (unsigned)rgb.blue);
}

/* to a hundredth, which is enough for a width */
static void diagram_width(sl_text *out, double value)
{
    sl_text_number(out, floor(value * 100 + 0.5) / 100);
}

static void diagram_node(sl_text *out, const sl_figure *figure, int i, double largest)
{
    const sl_graph_node *node = &figure->nodes[i];
    const bool tinted = node->value - node->value == 0 && largest > 0;
    sl_text_add(out, "  n%d [label=", i);
    diagram_quote(out, node->text);
    if (node->dots)
        sl_text_put(out, ", shape=plaintext, fontcolor=\"#7f7f7f\"");
    else if (node->box)
        sl_text_put(out,
                    ", shape=box, style=\"rounded,filled\", fillcolor=\"#eef4fa\", fontcolor=\"#000001\"");
    else if (tinted) {
        const sl_rgb rgb = sl_tint_rgb(SL_DIVERGING, node->value, -largest, largest);
        const bool dark = rgb.red * 3 + rgb.green * 6 + rgb.blue < 1150;
        sl_text_add(out, ", shape=%s, style=filled, fontcolor=\"%s\"", *node->text ? "ellipse" : "circle",
                    dark ? "#ffffff" : "#000001");
        diagram_rgb(out, ", fillcolor=", rgb);
        sl_text_put(out, *node->text ? "" : ", fixedsize=true, width=0.36");
    } else {
        sl_text_put(out, ", shape=box, style=rounded");
    }
    sl_text_put(out, "];\n");
}

/* A weight's width is its size, its colour the sign. */
static void diagram_edge(sl_text *out, const sl_graph_edge *edge, double widest)
{
    sl_text_add(out, "  n%d -> n%d [", edge->from, edge->to);
    if (edge->weight - edge->weight == 0) {
        const double share = widest > 0 ? fabs(edge->weight) / widest : 0;
        sl_text_put(out, "arrowhead=none, penwidth=");
        diagram_width(out, 0.25 + 4.75 * (share < 1 ? share : 1));
        diagram_rgb(out, ", color=", sl_colour_rgb(edge->weight < 0 ? SL_BLUE : SL_ORANGE));
    } else {
        sl_text_put(out, edge->text ? "" : "style=dashed, arrowhead=none, color=\"#bbbbbb\"");
    }
    if (edge->text) {
        sl_text_put(out, edge->weight - edge->weight == 0 ? ", headlabel=" : "label=");
        diagram_quote(out, edge->text);
    }
    sl_text_put(out, "];\n");
}

/* Circles of a group stand in one column, its name on top, in their order; boxes of one in a frame. */
static void diagram_group(sl_text *out, const sl_figure *figure, int first)
{
    const char *group = figure->nodes[first].group;
    const bool frame = figure->nodes[first].box;
    for (int i = 0; i < first; i++)
        if (figure->nodes[i].group && !strcmp(figure->nodes[i].group, group))
            return;
    sl_text_add(out,
                frame ? "  subgraph cluster_%d { style=\"rounded,dashed\"; color=\"#7f7f7f\"; label="
                      : "  subgraph { rank=same; h%d [shape=plaintext, fontsize=11, label=",
                first);
    diagram_quote(out, group);
    sl_text_put(out, frame ? "; labeljust=l;" : "];");
    if (!frame)
        sl_text_add(out, " h%d", first);
    for (int i = first; i < figure->node_count; i++)
        if (figure->nodes[i].group && !strcmp(figure->nodes[i].group, group))
            sl_text_add(out, frame ? " n%d;" : " -> n%d", i);
    sl_text_put(out, frame ? " }\n" : " [style=invis]; }\n");
}

const char *sl_diagram_write(sl_figure *figure)
{
    sl_text *out = &figure->drawing;
    double widest = figure->width_scale, largest = 0;
    bool boxes = figure->node_count > DIAGRAM_LONG, units = false, labelled = false;
    for (int i = 0; i < figure->edge_count; i++) {
        const bool found = figure->width_scale <= 0 && fabs(figure->edges[i].weight) > widest;
        widest = found ? fabs(figure->edges[i].weight) : widest;
        labelled = labelled || figure->edges[i].text;
    }
    for (int i = 0; i < figure->node_count; i++) {
        largest = fabs(figure->nodes[i].value) > largest ? fabs(figure->nodes[i].value) : largest;
        boxes = boxes && (figure->nodes[i].box || figure->nodes[i].dots);
        units = units || !(figure->nodes[i].box || figure->nodes[i].dots);
    }
    sl_text_clear(out);
    sl_gnuplot_remark(out, figure);
    sl_text_put(out,
                "digraph {\n  charset=\"UTF-8\"; fontname=\"DejaVu Sans\"; fontsize=13; labelloc=t; label=");
    diagram_quote(out, figure->title);
    sl_text_add(out, ";\n  rankdir=%s; pad=0.15; nodesep=%s; ranksep=%s;%s\n", boxes ? "TB" : "LR",
                labelled ? "0.35"
                : units  ? "0.12"
                         : "0.3",
                units ? "1.2" : "0.45", units ? " splines=line;" : "");
    sl_text_put(out, "  node [fontname=\"DejaVu Sans\", fontsize=11, color=\"#555555\", height=0.3, "
                     "margin=\"0.12,0.05\"];\n"
                     "  edge [fontname=\"DejaVu Sans\", fontsize=10, color=\"#555555\", arrowsize=0.7, "
                     "labeldistance=5, labelangle=9];\n");
    for (int i = 0; i < figure->node_count; i++)
        diagram_node(out, figure, i, largest);
    for (int i = 0; i < figure->node_count; i++)
        if (figure->nodes[i].group)
            diagram_group(out, figure, i);
    for (int i = 0; i < figure->edge_count; i++)
        diagram_edge(out, &figure->edges[i], widest);
    sl_text_put(out, "}\n");
    return out->failed ? NULL : out->bytes;
}
