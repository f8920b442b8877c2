/* text.c - an explanation for a terminal: formulas and numbers in columns, in color where asked for. */
#include "explain/format/rule.h"

#include <string.h>

enum {
    TEXT_RULE = 2, /* where formulas, lines and products begin */
    TEXT_LINE = 4,
    TEXT_PRODUCT = 8,
    TEXT_FURTHER = 4, /* so much further in goes on what does not fit */
    TEXT_SHAPES = 40,
    TEXT_NAMES = 24 /* longer ones stand out of their column */
};

typedef struct {
    sl_text *out;
    int width, at; /* columns */
    bool colour;
} text_writer;

typedef struct { /* lines that follow one another: widths of their columns; [1]: products */
    int name[2], formula[2];
} text_run;

static void text_ink(const text_writer *w, const char *code)
{
    if (w->colour)
        sl_text_add(w->out, "\033[%sm", code);
}

static int text_columns(const char *text, size_t length)
{
    int columns = 0;
    for (size_t i = 0; i < length; i++)
        columns += ((unsigned char)text[i] & 0xC0) != 0x80;
    return columns;
}

static void text_put(text_writer *w, const char *text, size_t length)
{
    sl_text_bytes(w->out, text, length);
    w->at += text_columns(text, length);
}

static void text_say(text_writer *w, const char *text)
{
    text_put(w, text, strlen(text));
}

static void text_spaces(text_writer *w, int count)
{
    for (int i = 0; i < count; i++)
        text_say(w, " ");
}

static void text_end(text_writer *w)
{
    sl_text *out = w->out;
    while (out->length && out->bytes[out->length - 1] == ' ') /* no line ends with a blank */
        out->bytes[--out->length] = 0;
    sl_text_put(w->out, "\n");
    w->at = 0;
}

static void text_go_on(text_writer *w, int indent)
{
    text_end(w);
    text_spaces(w, indent);
}

/* How long the first piece of a formula is that should stay together: up to + or -; smaller: up to a blank,
 * or behind a sign. */
static size_t text_piece(const char *text, bool formula, bool smaller)
{
    size_t length = strspn(text, " ");
    for (; text[length]; length++) {
        if (text[length] == ' ' &&
            (!formula || smaller ||
             ((text[length + 1] == '+' || text[length + 1] == '-') && text[length + 2] == ' ')))
            break;
        if (smaller && length && strchr("*/(,[{", text[length]) && text[length + 1] != ' ')
            return length + 1;
    }
    return length;
}

static void text_pieces(text_writer *w, const char *text, const char *end, int indent, bool formula,
                        bool smaller)
{
    while (text < end) {
        size_t length = text_piece(text, formula, smaller);
        length = length < (size_t)(end - text) ? length : (size_t)(end - text);
        const size_t blanks = strspn(text, " ");
        const int wide = text_columns(text, length);
        if (w->at + wide > w->width && w->at > indent) {
            text_go_on(w, indent);
            text += blanks; /* at most those of this piece */
            length -= blanks < length ? blanks : length;
        }
        if (!smaller && w->at + text_columns(text, length) > w->width)
            text_pieces(w, text, text + length, indent, formula, true);
        else
            text_put(w, text, length);
        text += length;
    }
}

static void text_flow(text_writer *w, const char *text, int indent, bool formula)
{
    const int most = w->width / 2; /* a long name must leave room */
    text_pieces(w, text, text + strlen(text), indent < most ? indent : most, formula, false);
}

static void text_shapes(text_writer *w, const char *shapes)
{
    if (!shapes)
        return;
    const int column = w->at + 3 > TEXT_SHAPES ? w->at + 3 : TEXT_SHAPES;
    if (column + text_columns(shapes, strlen(shapes)) <= w->width)
        text_spaces(w, column - w->at);
    else
        text_go_on(w, TEXT_RULE + TEXT_FURTHER);
    text_ink(w, "2");
    text_flow(w, shapes, TEXT_RULE + TEXT_FURTHER, false);
    text_ink(w, "0");
}

static void text_rule_row(text_writer *w, const sl_rule_row *row, const char *name, int indent)
{
    const int equals = indent + text_columns(name, strlen(name));
    text_spaces(w, *row->name ? indent : equals);
    text_ink(w, "36");
    text_say(w, row->name);
    text_say(w, " = ");
    if (w->at > w->width && *row->formula) /* a name that fills the line */
        text_go_on(w, indent + TEXT_FURTHER);
    text_flow(w, row->formula, indent + TEXT_FURTHER, true);
    if (*row->words) {
        text_say(w, *row->formula ? "," : "");
        text_flow(w, *row->formula ? " " : "", indent + TEXT_FURTHER, false);
        text_flow(w, row->words, indent + TEXT_FURTHER, false);
    }
    text_ink(w, "0");
}

static void text_rule(text_writer *w, const sl_explained *item)
{
    sl_rule_parts parts;
    if (!sl_rule_take(&parts, item)) {
        text_spaces(w, TEXT_RULE);
        text_say(w, item->name);
        text_say(w, " = ");
        text_flow(w, item->text, TEXT_RULE + TEXT_FURTHER, true);
        text_shapes(w, item->shapes);
        return;
    }
    int indent = TEXT_RULE;
    const char *name = item->name;
    if (parts.becomes) { /* a rule's name, and what it does one after the other */
        text_spaces(w, indent);
        text_say(w, name);
        text_say(w, ":");
        if (parts.count > 1)
            text_end(w);
        indent = parts.count > 1 ? TEXT_LINE : 1;
    }
    for (int i = 0; i < parts.count; i++) {
        name = *parts.rows[i].name ? parts.rows[i].name : name;
        text_rule_row(w, &parts.rows[i], name, indent);
        if (*parts.rows[i].name && !strcmp(parts.rows[i].name, item->name))
            text_shapes(w, item->shapes);
        if (i + 1 < parts.count)
            text_end(w);
    }
}

/* Names of lines that follow one another have equal signs below one another, and so have their values where
 * they fit. */
static text_run text_measure(const text_writer *w, const sl_explanation *e, int at)
{
    text_run run = { { 0, 0 }, { 0, 0 } };
    int values[2] = { 0, 0 };
    for (int pass = 0; pass < 2; pass++)
        for (int i = at; i < e->count && e->items[i].kind == SL_EXPLAINED_LINE; i++) {
            const sl_explained *item = &e->items[i];
            const int product = item->depth > 2, name = text_columns(item->name, strlen(item->name));
            const int formula = (int)strlen(item->text), value = (int)strlen(item->value);
            const int room =
                w->width - (product ? TEXT_PRODUCT : TEXT_LINE) - run.name[product] - values[product] - 6;
            if (pass == 0) {
                run.name[product] = name <= TEXT_NAMES && name > run.name[product] ? name : run.name[product];
                values[product] = value > values[product] ? value : values[product];
            } else if (name <= run.name[product] && formula <= room && strcmp(item->text, item->value) != 0) {
                run.formula[product] = formula > run.formula[product] ? formula : run.formula[product];
            }
        }
    return run;
}

static void text_line(text_writer *w, const sl_explained *item, const text_run *run)
{
    const int product = item->depth > 2, indent = product ? TEXT_PRODUCT : TEXT_LINE;
    const int column = indent + run->name[product], further = indent + TEXT_FURTHER;
    const int value = (int)strlen(item->value);
    text_spaces(w, indent);
    text_say(w, item->name);
    text_spaces(w, column - w->at);
    text_say(w, " = ");
    if (strcmp(item->text, item->value) != 0) { /* a number alone needs no "= itself" */
        int from = w->at;
        if (from + 8 > w->width) /* no room behind the name */
            text_go_on(w, further);
        from = from + 24 < w->width ? from : further;
        text_flow(w, item->text, from, true);
        if (w->at == column + 3 + (int)strlen(item->text))
            text_spaces(w, column + 3 + run->formula[product] - w->at);
        if (w->at + 3 + value > w->width) {
            text_go_on(w, from - 2);
            text_say(w, "= ");
        } else {
            text_say(w, " = ");
        }
    } else if (w->at + value > w->width) {
        text_go_on(w, further);
    }
    text_ink(w, "1");
    text_say(w, item->value);
    text_ink(w, "0");
}

static void text_heading(text_writer *w, const sl_explanation *e, int at)
{
    const sl_explained *item = &e->items[at];
    if (at > 0)
        text_end(w);
    text_ink(w, "1");
    text_flow(w, item->text, 0, false);
    text_ink(w, "0");
    const int wide = w->at;
    text_end(w);
    text_ink(w, "2");
    for (int i = 0; i < wide; i++)
        text_say(w, item->kind == SL_EXPLAINED_TITLE ? "=" : "-");
    text_ink(w, "0");
}

static void text_value(text_writer *w, const sl_explained *item)
{
    text_spaces(w, TEXT_LINE);
    text_say(w, item->name);
    text_say(w, " = ");
    text_ink(w, "1");
    text_flow(w, item->value, TEXT_LINE + TEXT_FURTHER, false);
    text_ink(w, "0");
    text_shapes(w, item->shapes);
}

static void text_item(text_writer *w, const sl_explanation *e, int at)
{
    const sl_explained *item = &e->items[at];
    switch (item->kind) {
    case SL_EXPLAINED_TITLE:
    case SL_EXPLAINED_PART:
        text_heading(w, e, at);
        break;
    case SL_EXPLAINED_PLACE:
        if (at > 0 && e->items[at - 1].kind > SL_EXPLAINED_PART)
            text_end(w);
        text_flow(w, item->text, TEXT_FURTHER, false);
        break;
    case SL_EXPLAINED_RULE:
        text_rule(w, item);
        break;
    case SL_EXPLAINED_VALUE:
        text_value(w, item);
        break;
    case SL_EXPLAINED_MORE:
        text_spaces(w, TEXT_LINE);
        text_say(w, ".. ");
        text_flow(w, item->text, TEXT_LINE + TEXT_FURTHER, false);
        text_say(w, " ..");
        break;
    case SL_EXPLAINED_NOTE:
        text_spaces(w, TEXT_LINE);
        text_flow(w, item->text, TEXT_LINE, false);
        break;
    default:
        text_say(w, item->text);
    }
}

void sl_explained_text(const sl_explanation *e, sl_text *out, int width, bool colour)
{
    text_writer w = { .out = out, .width = width, .colour = colour };
    text_run run = { { 0, 0 }, { 0, 0 } };
    for (int i = 0; i < e->count; i++) {
        const bool line = e->items[i].kind == SL_EXPLAINED_LINE;
        if (line && (i == 0 || e->items[i - 1].kind != SL_EXPLAINED_LINE))
            run = text_measure(&w, e, i);
        if (line)
            text_line(&w, &e->items[i], &run);
        else
            text_item(&w, e, i);
        text_end(&w);
    }
}
