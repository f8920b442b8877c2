/* outside.c - see outside.h */
#include "outside.h"

#include <string.h>

enum { OUTSIDE_LINES = 9, OUTSIDE_LINE = 600 };

typedef struct {
    const sl_model *model;
    int column;
    char text[OUTSIDE_LINE];
    size_t length;
} outside_line;

static void outside_put(outside_line *line, const char *text)
{
    const size_t length = strlen(text), room = sizeof line->text - 1 - line->length;
    memcpy(line->text + line->length, text, length < room ? length : room);
    line->length += length < room ? length : room;
    line->text[line->length] = 0;
}

static void outside_count(outside_line *line, size_t count, size_t rows)
{
    outside_put(line, cli_count((double)count).text);
    outside_put(line, " of ");
    outside_put(line, cli_count((double)rows).text);
    outside_put(line, rows == 1 ? " row " : " rows ");
}

static void outside_value(outside_line *line, double value)
{
    char text[40];
    sl_model_column_text(line->model, line->column, value, text, sizeof text);
    outside_put(line, text);
}

static void outside_bound(outside_line *line, const sl_outside *o, bool above)
{
    const double bound = above ? o->high : o->low, farthest = above ? o->highest : o->lowest;
    outside_count(line, above ? o->above : o->below, o->rows);
    outside_put(line, above ? "above " : "below ");
    outside_value(line, bound);
    outside_put(line, above ? ", the highest of training (up to " : ", the lowest of training (down to ");
    outside_value(line, farthest);
    outside_put(line, ")");
}

static void outside_words(outside_line *line, const sl_outside *o)
{
    outside_count(line, o->unseen, o->rows);
    outside_put(line, o->unseen == 1 ? "has a word that no training row had"
                                     : "have words that no training row had");
    if (o->words) {
        outside_put(line, " (");
        outside_put(line, o->words);
        outside_put(line, ")");
    }
    outside_put(line, ", taken for ");
    outside_put(line, o->counts_as);
}

static void outside_say(const char *name, const char *called, const sl_model *model, int column,
                        const sl_outside *o)
{
    outside_line line = { .model = model, .column = column };
    const char *join = "";
    for (int above = 0; above < 2; above++)
        if (above ? o->above : o->below) {
            outside_put(&line, join);
            outside_bound(&line, o, above);
            join = "; ";
        }
    if (o->unseen) {
        outside_put(&line, join);
        outside_words(&line, o);
        join = "; ";
    }
    if (o->missing) {
        outside_put(&line, join);
        outside_count(&line, o->missing, o->rows);
        outside_put(&line, o->missing == 1 ? "has no value, and every training row had one"
                                           : "have no value, and every training row had one");
        outside_put(&line, o->low <= o->high ? ", taken as the median" : "");
    }
    cli_say(name, "column %s: %s; first in row %s", called, line.text, cli_count((double)o->first + 1).text);
}

bool cli_say_outside(const char *name, sl_ctx *ctx, const sl_model *model, const sl_data *data)
{
    sl_column_info info;
    int input = 0, said = 0, more = 0;
    for (int column = 0; sl_model_column(model, column, &info); column++) {
        sl_outside o;
        if (strcmp(info.role, "input") != 0)
            continue;
        if (sl_data_outside(ctx, model, data, input++, &o) != SL_OK)
            return false;
        if (!o.below && !o.above && !o.unseen && !o.missing)
            continue;
        if (said < OUTSIDE_LINES)
            outside_say(name, info.name, model, column, &o);
        said++;
    }
    more = said > OUTSIDE_LINES ? said - OUTSIDE_LINES : 0;
    if (more)
        cli_say(name, "%d more column%s outside of what training had", more, more == 1 ? " lies" : "s lie");
    return true;
}
