/* table.c - the numbers behind a figure as CSV, a line a value: what a test compares, and what somebody draws
 * with other tools. */
#include "core/digest.h"
#include "plot/figure.h"

#include <math.h>
#include <string.h>

static void table_field(sl_text *out, const char *field)
{
    if (!field)
        return;
    if (!strpbrk(field, ",\"\r\n")) {
        sl_text_put(out, field);
        return;
    }
    sl_text_put(out, "\"");
    for (const char *c = field; *c; c++)
        sl_text_put(out, *c == '"' ? "\"\"" : (char[]){ *c, 0 });
    sl_text_put(out, "\"");
}

static void table_number(sl_text *out, double value)
{
    sl_text_put(out, ",");
    if (value - value == 0)
        sl_text_number(out, value);
}

static const char *table_how(sl_draw how)
{
    static const char *const names[] = { "line",    "steps",   "points", "bars",  "errors", "band", "image",
                                         "contour", "surface", "path",   "texts", "across", "up" };
    return names[how];
}

static void table_series(sl_text *out, const sl_panel *panel, int number, const sl_series *s)
{
    const bool grid = s->columns > 0;
    for (size_t i = 0; i < s->count; i++) {
        sl_text_add(out, "%d,", number);
        table_field(out, panel->title);
        sl_text_add(out, ",%s,", table_how(s->how));
        table_field(out, s->name);
        if (grid) { /* the middle of the cell */
            const double column = (double)(i % s->columns) + 0.5, row = (double)(i / s->columns) + 0.5;
            table_number(out, s->x[0] + (s->x[1] - s->x[0]) * column / (double)s->columns);
            table_number(out, s->low[0] + (s->high[0] - s->low[0]) * row / (double)s->rows);
            table_number(out, s->y[i]);
            sl_text_put(out, ",,");
        } else {
            table_number(out, s->how == SL_DRAW_ACROSS ? NAN : s->x[i]);
            table_number(out, s->how == SL_DRAW_UP ? NAN : s->y[i]);
            sl_text_put(out, ",");
            for (int side = 0; side < 2; side++) {
                const double *values = side ? s->high : s->low;
                if (values)
                    table_number(out, values[i]);
                else
                    sl_text_put(out, ",");
            }
        }
        sl_text_put(out, ",");
        table_field(out, s->texts ? s->texts[i] : NULL);
        sl_text_put(out, "\n");
    }
}

const char *sl_table_write(sl_figure *figure)
{
    sl_text *out = &figure->drawing;
    sl_text_clear(out);
    if (!figure->count) {
        sl_text_put(out, "node,group,text,value\n");
        for (int i = 0; i < figure->node_count; i++) {
            sl_text_add(out, "%d,", i);
            table_field(out, figure->nodes[i].group);
            sl_text_put(out, ",");
            table_field(out, figure->nodes[i].text);
            table_number(out, figure->nodes[i].value);
            sl_text_put(out, "\n");
        }
        sl_text_put(out, "from,to,weight,text\n");
        for (int i = 0; i < figure->edge_count; i++) {
            sl_text_add(out, "%d,%d", figure->edges[i].from, figure->edges[i].to);
            table_number(out, figure->edges[i].weight);
            sl_text_put(out, ",");
            table_field(out, figure->edges[i].text);
            sl_text_put(out, "\n");
        }
    } else {
        sl_text_put(out, "panel,title,drawn,series,x,y,value,low,high,text\n");
        for (int i = 0; i < figure->count; i++)
            for (int s = 0; s < figure->panels[i]->count; s++)
                table_series(out, figure->panels[i], i + 1, figure->panels[i]->series[s]);
    }
    return out->failed ? NULL : out->bytes;
}

const char *sl_figure_csv(sl_figure *figure)
{
    return figure && !sl_figure_finish(figure) ? sl_table_write(figure) : NULL;
}

uint64_t sl_figure_digest(sl_figure *figure)
{
    const char *bytes = sl_figure_csv(figure);
    return bytes ? sl_digest_bytes(SL_DIGEST_START, bytes, strlen(bytes)) : 0;
}
