/* markdown.c - an explanation as Markdown: formulas as mathematics, lines as tables. */
#include "explain/format/escape.h"
#include "explain/format/rule.h"

#include <string.h>

static void markdown_shapes(const sl_explained *item, sl_text *out)
{
    if (!item->shapes)
        return;
    sl_escape_code(out, item->name, false);
    sl_text_put(out, " in ");
    sl_escape_code(out, item->shapes, false);
    sl_text_put(out, ":\n\n");
}

/* A formula stands in a block of its own; shapes above it, as they can be read without a renderer. */
static void markdown_rule(const sl_explanation *e, const sl_explained *item, sl_text *out)
{
    sl_rule_parts parts;
    sl_text_put(out, "\n");
    markdown_shapes(item, out);
    if (!sl_rule_take(&parts, item)) {
        sl_escape_code(out, item->name, false);
        sl_text_put(out, " = ");
        sl_escape_code(out, item->text, false);
        sl_text_put(out, "\n");
        return;
    }
    if (parts.becomes) {
        sl_escape_markdown(out, item->name);
        sl_text_put(out, ":\n\n");
    }
    const bool column = parts.count > 1;
    sl_text_put(out, item->latex || !column ? "$$\n" : "$$\n\\begin{aligned}\n");
    if (item->latex)
        sl_text_put(out, item->latex);
    for (int i = 0; i < parts.count && !item->latex; i++) {
        sl_rule_row_math(e->ctx, &parts, i, SL_MATH_LATEX, column, out);
        if (column)
            sl_text_put(out, i + 1 < parts.count ? " \\cr\n" : "\n\\end{aligned}");
    }
    sl_text_put(out, "\n$$\n");
}

static void markdown_line(const sl_explanation *e, int at, sl_text *out)
{
    const sl_explained *item = &e->items[at];
    if (at == 0 || e->items[at - 1].kind != SL_EXPLAINED_LINE)
        sl_text_put(out, "\n| quantity | arithmetic | value |\n| :-- | :-- | --: |\n");
    sl_text_put(out, "| ");
    sl_escape_code(out, item->name, true);
    sl_text_put(out, " | ");
    if (strcmp(item->text, item->value) != 0)
        sl_escape_code(out, item->text, true);
    sl_text_add(out, " | **%s** |\n", item->value);
}

static void markdown_value(const sl_explanation *e, int at, sl_text *out)
{
    const sl_explained *item = &e->items[at];
    sl_text_put(out, at == 0 || e->items[at - 1].kind != SL_EXPLAINED_VALUE ? "\n- " : "- ");
    sl_escape_code(out, item->name, false);
    sl_text_put(out, " = ");
    sl_escape_code(out, item->value, false);
    if (item->shapes) {
        sl_text_put(out, " in ");
        sl_escape_code(out, item->shapes, false);
    }
    sl_text_put(out, "\n");
}

/* Letter by letter, between fences that are longer than what stands in it. */
static void markdown_plain(const sl_explanation *e, int at, sl_text *out)
{
    const bool first = at == 0 || e->items[at - 1].kind != SL_EXPLAINED_PLAIN;
    const bool last = at + 1 == e->count || e->items[at + 1].kind != SL_EXPLAINED_PLAIN;
    sl_text_add(out, "%s%s\n%s", first ? "\n``````text\n" : "", e->items[at].text, last ? "``````\n" : "");
}

static void markdown_words(const sl_explanation *e, int at, const char *before, const char *behind,
                           sl_text *out)
{
    sl_text_add(out, at ? "\n%s" : "%s", before);
    sl_escape_markdown(out, e->items[at].text);
    sl_text_add(out, "%s\n", behind);
}

void sl_explained_markdown(const sl_explanation *e, sl_text *out)
{
    bool title = false;
    for (int i = 0; i < e->count; i++)
        title = title || e->items[i].kind == SL_EXPLAINED_TITLE;
    for (int i = 0; i < e->count; i++) {
        switch (e->items[i].kind) {
        case SL_EXPLAINED_TITLE:
            markdown_words(e, i, "## ", "", out);
            break;
        case SL_EXPLAINED_PART:
            markdown_words(e, i, title ? "### " : "## ", "", out);
            break;
        case SL_EXPLAINED_PLACE:
            markdown_words(e, i, title ? "#### " : "### ", "", out);
            break;
        case SL_EXPLAINED_RULE:
            markdown_rule(e, &e->items[i], out);
            break;
        case SL_EXPLAINED_LINE:
            markdown_line(e, i, out);
            break;
        case SL_EXPLAINED_VALUE:
            markdown_value(e, i, out);
            break;
        case SL_EXPLAINED_MORE:
            markdown_words(e, i, "*", "*", out);
            break;
        case SL_EXPLAINED_NOTE:
            markdown_words(e, i, "", "", out);
            break;
        case SL_EXPLAINED_PLAIN:
            markdown_plain(e, i, out);
        }
    }
}
