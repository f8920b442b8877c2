/* markdown.c - an explanation as Markdown: formulas as mathematics, lines as tables. */
#include "explain/format/escape.h"
#include "explain/format/rule.h"

#include <string.h>

/* A formula stands in a block of its own; shapes above it, as they can be read without a renderer. */
static void markdown_rule(const sl_explanation *e, const sl_explained *item, sl_text *out)
{
    sl_rule_parts parts;
    const bool taken = sl_rule_take(&parts, item);
    sl_text_add(out, "\n`%s`", item->name);
    if (item->shapes)
        sl_text_add(out, " in `%s`", item->shapes);
    sl_text_put(out, ":\n\n");
    if (!taken) {
        sl_text_add(out, "```\n%s = %s\n```\n", item->name, item->text);
        return;
    }
    sl_text_put(out, "$$\n");
    if (item->latex)
        sl_text_put(out, item->latex);
    else if (parts.count > 1)
        sl_text_put(out, "\\begin{aligned}\n");
    for (int i = 0; i < parts.count && !item->latex; i++) {
        if (parts.count > 1 && *parts.rows[i].name == 0)
            sl_text_put(out, "& ");
        sl_rule_row_math(e->ctx, &parts, i, SL_MATH_LATEX, out);
        if (parts.count > 1)
            sl_text_put(out, i + 1 < parts.count ? " \\cr\n" : "\n\\end{aligned}");
    }
    sl_text_put(out, "\n$$\n");
}

static void markdown_line(const sl_explanation *e, int at, sl_text *out)
{
    const sl_explained *item = &e->items[at];
    if (at == 0 || e->items[at - 1].kind != SL_EXPLAINED_LINE)
        sl_text_put(out, "\n| quantity | arithmetic | value |\n| :-- | :-- | --: |\n");
    const bool own = strcmp(item->text, item->value) != 0;
    sl_text_add(out, own ? "| `%s` | `%s` | **%s** |\n" : "| `%s` | %s| **%s** |\n", item->name,
                own ? item->text : "", item->value);
}

void sl_explained_markdown(const sl_explanation *e, sl_text *out)
{
    bool title = false;
    for (int i = 0; i < e->count; i++)
        title = title || e->items[i].kind == SL_EXPLAINED_TITLE;
    for (int i = 0; i < e->count; i++) {
        const sl_explained *item = &e->items[i];
        const char *heading = item->kind == SL_EXPLAINED_TITLE  ? "## "
                              : item->kind == SL_EXPLAINED_PART ? title ? "### " : "## "
                              : item->kind == SL_EXPLAINED_NOTE ? ""
                                                                : NULL;
        if (item->kind == SL_EXPLAINED_PLACE)
            heading = title ? "#### " : "### ";
        if (heading) {
            sl_text_add(out, i ? "\n%s" : "%s", heading);
            sl_escape_markdown(out, item->text);
            sl_text_put(out, "\n");
        } else if (item->kind == SL_EXPLAINED_RULE) {
            markdown_rule(e, item, out);
        } else if (item->kind == SL_EXPLAINED_LINE) {
            markdown_line(e, i, out);
        } else if (item->kind == SL_EXPLAINED_VALUE) {
            const bool first = i == 0 || e->items[i - 1].kind != SL_EXPLAINED_VALUE;
            sl_text_add(out, first ? "\n- `%s` = `%s`" : "- `%s` = `%s`", item->name, item->value);
            sl_text_add(out, item->shapes ? " in `%s`\n" : "\n", item->shapes ? item->shapes : "");
        } else if (item->kind == SL_EXPLAINED_MORE) {
            sl_text_put(out, "\n*");
            sl_escape_markdown(out, item->text);
            sl_text_put(out, "*\n");
        } else {
            sl_text_add(out,
                        i == 0 || e->items[i - 1].kind != SL_EXPLAINED_PLAIN ? "\n```text\n%s\n" : "%s\n",
                        item->text);
            if (i + 1 == e->count || e->items[i + 1].kind != SL_EXPLAINED_PLAIN)
                sl_text_put(out, "```\n");
        }
    }
}
