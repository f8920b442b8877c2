/* html.c - an explanation as a part of a page, with its style: formulas as MathML, lines as tables. */
#include "explain/format/escape.h"
#include "explain/format/rule.h"

#include <string.h>

/* Where the page has colours of these names they are taken. */
static const char html_style[] =
    "<style>.explained{--e-soft:var(--soft,#5b6168);--e-line:var(--line,#d8dbde);--e-card:var(--card,#f6f7f8)"
    "}\n"
    "@media(prefers-color-scheme:dark){.explained{--e-soft:var(--soft,#a3a9b0);--e-line:var(--line,#3a4047);"
    "--e-card:var(--card,#1d2125)}}\n"
    ".explained h2{margin:2rem 0 .4rem}.explained h3{margin:1.4rem 0 .2rem;font-size:1rem}\n"
    ".explained .rule{display:flex;flex-wrap:wrap;gap:.1rem 1.5rem;align-items:baseline;margin:.7rem 0 "
    ".2rem}\n"
    ".explained math{font-size:1.08rem}.explained .again{margin-left:1.5rem}"
    ".explained .rule>div{overflow:auto hidden;max-width:100%;padding-bottom:.15rem}"
    ".explained .shapes,.explained .soft{color:var(--e-soft);font-size:.88rem}\n"
    ".explained .lines{width:auto;margin:.2rem 0 .6rem;border-collapse:collapse;background:var(--e-card);"
    "border-radius:.4rem;font:.84rem/1.45 ui-monospace,'DejaVu Sans Mono',monospace}\n"
    ".explained .lines th,.explained .lines td{border:0;padding:.12rem .7rem;max-width:none;font-weight:400;"
    "text-align:left;vertical-align:baseline}\n"
    ".explained .lines th,.explained .lines td.v{white-space:nowrap}.explained .lines td.v{font-weight:600}\n"
    ".explained .lines td.f{overflow-wrap:anywhere}.explained .product th{padding-left:2.2rem}\n"
    ".explained pre{white-space:pre-wrap;overflow-wrap:anywhere}\n"
    "@media(max-width:40rem){.explained .lines,.explained .lines tbody{display:block}"
    ".explained .lines tr{display:block;padding:.15rem .7rem .15rem 1.7rem;text-indent:-1rem}"
    ".explained .lines th,.explained .lines td{display:inline;padding:0}"
    ".explained .product{padding-left:3rem}.explained .product th{padding:0}}\n"
    "@media print{.explained .rule,.explained h2,.explained h3{break-after:avoid}"
    ".explained .rule>div{overflow:visible}.explained tr{break-inside:avoid}}</style>\n";

static void html_text(sl_text *out, const char *text)
{
    sl_escape_html(out, text, strlen(text));
}

static void html_tagged(sl_text *out, const char *element, const char *attributes, const char *text)
{
    sl_text_add(out, "<%s%s>", element, attributes);
    html_text(out, text);
    sl_text_add(out, "</%s>\n", element);
}

static void html_shapes(sl_text *out, const char *shapes)
{
    if (shapes)
        html_tagged(out, "div", " class=\"shapes\"", shapes);
}

static void html_rule(const sl_explanation *e, const sl_explained *item, sl_text *out)
{
    sl_rule_parts parts;
    if (!sl_rule_take(&parts, item)) {
        sl_text_put(out, "<div class=\"rule\"><code>");
        html_text(out, item->name);
        sl_text_put(out, " = ");
        html_text(out, item->text);
        sl_text_put(out, "</code>");
        html_shapes(out, item->shapes);
        sl_text_put(out, "</div>\n");
        return;
    }
    if (parts.becomes)
        html_tagged(out, "div", " class=\"rule\"", item->name);
    for (int i = 0; i < parts.count; i++) {
        const sl_rule_row *row = &parts.rows[i];
        sl_text_put(out, "<div class=\"rule\"><div>");
        sl_text_put(out, *row->name ? "<math" : "<math class=\"again\"");
        sl_text_put(out, " displaystyle=\"true\" alttext=\"");
        html_text(out, row->name);
        sl_text_put(out, " = ");
        html_text(out, row->formula);
        html_text(out, row->words);
        sl_text_put(out, "\"><mrow>");
        sl_rule_row_math(e->ctx, &parts, i, SL_MATH_ML, false, out);
        sl_text_put(out, "</mrow></math></div>");
        html_shapes(out, !strcmp(row->name, item->name) ? item->shapes : NULL);
        sl_text_put(out, "</div>\n");
    }
}

/* A row of a table; of a number alone the formula is empty. */
static void html_line(const sl_explanation *e, int at, sl_text *out)
{
    const sl_explained *item = &e->items[at];
    if (at == 0 || e->items[at - 1].kind != SL_EXPLAINED_LINE)
        sl_text_put(out, "<table class=\"lines\"><tbody>\n");
    sl_text_put(out, item->depth > 2 ? "<tr class=\"product\"><th scope=\"row\">" : "<tr><th scope=\"row\">");
    html_text(out, item->name);
    sl_text_put(out, "</th> <td class=\"f\">");
    if (strcmp(item->text, item->value) != 0) {
        sl_text_put(out, "= ");
        html_text(out, item->text);
    }
    sl_text_put(out, "</td> <td class=\"v\">= ");
    html_text(out, item->value);
    sl_text_put(out, "</td></tr>\n");
    if (at + 1 == e->count || e->items[at + 1].kind != SL_EXPLAINED_LINE)
        sl_text_put(out, "</tbody></table>\n");
}

static void html_value(const sl_explained *item, sl_text *out)
{
    sl_text_put(out, "<div class=\"rule\"><code>");
    html_text(out, item->name);
    sl_text_put(out, " = <b>");
    html_text(out, item->value);
    sl_text_put(out, "</b></code>");
    html_shapes(out, item->shapes);
    sl_text_put(out, "</div>\n");
}

void sl_explained_html(const sl_explanation *e, sl_text *out)
{
    sl_text_put(out, "<div class=\"explained\">\n");
    sl_text_put(out, html_style);
    for (int i = 0; i < e->count; i++) {
        const sl_explained *item = &e->items[i];
        switch (item->kind) {
        case SL_EXPLAINED_TITLE:
            html_tagged(out, "h2", " class=\"step\"", item->text);
            break;
        case SL_EXPLAINED_PART:
            html_tagged(out, "h2", "", item->text);
            break;
        case SL_EXPLAINED_PLACE:
            html_tagged(out, "h3", "", item->text);
            break;
        case SL_EXPLAINED_RULE:
            html_rule(e, item, out);
            break;
        case SL_EXPLAINED_LINE:
            html_line(e, i, out);
            break;
        case SL_EXPLAINED_VALUE:
            html_value(item, out);
            break;
        case SL_EXPLAINED_MORE:
        case SL_EXPLAINED_NOTE:
            html_tagged(out, "p", " class=\"soft\"", item->text);
            break;
        case SL_EXPLAINED_PLAIN:
            html_tagged(out, "pre", "", item->text);
        }
    }
    sl_text_put(out, "</div>\n");
}
