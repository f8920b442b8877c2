/* text.c - an explanation for a terminal: formulas and numbers in columns, in color where asked for. */
#include "explain/explanation.h"

#include <string.h>

typedef struct {
    sl_text *out;
    int width;
    bool colour;
} text_writer;

static void text_ink(const text_writer *w, const char *code)
{
    if (w->colour)
        sl_text_add(w->out, "\033[%sm", code);
}

static void text_spaces(const text_writer *w, int count)
{
    for (int i = 0; i < count; i++)
        sl_text_put(w->out, " ");
}

/* Words, broken before the width; what follows is indented. */
static int text_words(const text_writer *w, const char *text, int at, int indent)
{
    while (*text) {
        const size_t length = strcspn(text, " ");
        if (at + (int)length > w->width && at > indent) {
            sl_text_put(w->out, "\n");
            text_spaces(w, indent);
            at = indent;
        }
        sl_text_bytes(w->out, text, length);
        at += (int)length;
        text += length;
        if (*text == ' ') {
            text++;
            if (at < w->width && *text) {
                sl_text_put(w->out, " ");
                at++;
            }
        }
    }
    return at;
}

static void text_rule(const text_writer *w, const sl_explained *item)
{
    text_spaces(w, 2);
    text_ink(w, "36");
    int at = 2 + (int)strlen(item->name) + 3;
    sl_text_add(w->out, "%s = ", item->name);
    at = text_words(w, item->text, at, 6);
    text_ink(w, "0");
    if (item->shapes) {
        const int length = (int)strlen(item->shapes);
        const int column = at + 3 > 40 ? at + 3 : 40;
        if (column + length <= w->width) {
            text_spaces(w, column - at);
        } else {
            sl_text_put(w->out, "\n");
            text_spaces(w, 6);
        }
        text_ink(w, "2");
        sl_text_put(w->out, item->shapes);
        text_ink(w, "0");
    }
}

/* Names of lines that follow one another have equal signs below one another. */
static int text_column(const sl_explanation *e, int at)
{
    int from = at, widest = 0;
    while (from > 0 && e->items[from - 1].kind == SL_EXPLAINED_LINE)
        from--;
    for (; from < e->count && e->items[from].kind == SL_EXPLAINED_LINE; from++) {
        const int length = (int)strlen(e->items[from].name);
        widest = length > widest && length <= 24 ? length : widest;
    }
    return widest;
}

static void text_line(const text_writer *w, const sl_explanation *e, int at)
{
    const sl_explained *item = &e->items[at];
    const int indent = item->depth > 2 ? 8 : 4, name = (int)strlen(item->name);
    int column = text_column(e, at);
    column = column > name ? column : name;
    text_spaces(w, indent);
    sl_text_put(w->out, item->name);
    text_spaces(w, column - name);
    sl_text_put(w->out, " = ");
    int x = indent + column + 3;
    if (strcmp(item->text, item->value) != 0) { /* a number alone needs no "= itself" */
        x = text_words(w, item->text, x, indent + 4);
        if (x + 3 + (int)strlen(item->value) > w->width) {
            sl_text_put(w->out, "\n");
            text_spaces(w, indent + 4);
            sl_text_put(w->out, "= ");
        } else {
            sl_text_put(w->out, " = ");
        }
    }
    text_ink(w, "1");
    sl_text_put(w->out, item->value);
    text_ink(w, "0");
}

void sl_explained_text(const sl_explanation *e, sl_text *out, int width, bool colour)
{
    const text_writer w = { out, width, colour };
    for (int i = 0; i < e->count; i++) {
        const sl_explained *item = &e->items[i];
        switch (item->kind) {
        case SL_EXPLAINED_TITLE:
        case SL_EXPLAINED_PART:
            sl_text_put(out, i ? "\n" : "");
            text_ink(&w, item->kind == SL_EXPLAINED_TITLE ? "1;4" : "1");
            sl_text_put(out, item->text);
            text_ink(&w, "0");
            break;
        case SL_EXPLAINED_PLACE:
            text_words(&w, item->text, 0, 2);
            break;
        case SL_EXPLAINED_RULE:
            text_rule(&w, item);
            break;
        case SL_EXPLAINED_LINE:
            text_line(&w, e, i);
            break;
        case SL_EXPLAINED_VALUE:
            text_spaces(&w, 4);
            sl_text_add(out, "%s = ", item->name);
            text_words(&w, item->value, 7 + (int)strlen(item->name), 8);
            break;
        case SL_EXPLAINED_MORE:
            text_spaces(&w, 4);
            sl_text_add(out, ".. %s ..", item->text);
            break;
        case SL_EXPLAINED_NOTE:
            text_spaces(&w, 4);
            text_words(&w, item->text, 4, 4);
            break;
        case SL_EXPLAINED_PLAIN:
            sl_text_put(out, item->text);
            break;
        }
        sl_text_put(out, "\n");
    }
}
