/* latex.c - an explanation as a LaTeX document: article, amsmath and amssymb. */
#include "explain/format/escape.h"
#include "explain/format/rule.h"

#include <string.h>

enum {
    LATEX_WIDTH = 84, /* characters of a line of arithmetic */
    LATEX_ROWS = 50   /* of one array: longer ones are begun anew */
};

static const char latex_begin[] =
    "\\documentclass[10pt,a4paper,fleqn]{article}\n"
    "\\usepackage[utf8]{inputenc}\n"
    "\\usepackage{amsmath,amssymb}\n"
    "\\setlength{\\textwidth}{16.5cm}\\setlength{\\textheight}{24cm}\n"
    "\\setlength{\\oddsidemargin}{-0.3cm}\\setlength{\\topmargin}{-1.6cm}\n"
    "\\setlength{\\parindent}{0pt}\\setlength{\\parskip}{4pt}\n"
    "\\setlength{\\mathindent}{2em}\\allowdisplaybreaks\n"
    "\\raggedright\n"
    "\\begin{document}\n"
    "\\setlength{\\abovedisplayskip}{3pt}\\setlength{\\belowdisplayskip}{3pt}\n";

static void latex_text(sl_text *out, const char *text)
{
    sl_escape_latex(out, text, strlen(text));
}

static void latex_heading(sl_text *out, const char *command, const char *text)
{
    sl_text_add(out, "\n\\%s*{", command);
    latex_text(out, text);
    sl_text_put(out, "}\n");
}

/* "3, 2": R^{3 x 2} */
static void latex_shape(sl_text *out, const char *shape)
{
    sl_text_put(out, "\\mathbb{R}");
    for (const char *at = shape; *at; at++) {
        sl_text_put(out, at == shape ? "^{" : "");
        if (*at == ',')
            sl_text_put(out, " \\times ");
        else if (*at != ' ')
            sl_escape_latex(out, at, 1);
        sl_text_put(out, at[1] ? "" : "}");
    }
}

static void latex_shapes(sl_text *out, const sl_explained *item)
{
    char names[SL_RULE_NAMES][96], shapes[SL_RULE_NAMES][48];
    const int count = sl_rule_shapes(item, names, shapes);
    for (int i = 0; i < count; i++) {
        sl_text_put(out, i ? ",\\ $" : "\\\\ \\hspace*{1em}{\\small $");
        sl_expression_math_name(out, SL_MATH_LATEX, names[i], true);
        sl_text_put(out, " \\in ");
        latex_shape(out, shapes[i]);
        sl_text_put(out, "$");
    }
    sl_text_put(out, count ? "}" : "");
}

/* Formulas stand in the line, where TeX breaks them. */
static void latex_rule(const sl_explanation *e, const sl_explained *item, sl_text *out)
{
    sl_rule_parts parts;
    sl_text_put(out, "\n");
    if (item->latex) {
        sl_text_add(out, "$\\displaystyle %s$", item->latex);
    } else if (!sl_rule_take(&parts, item)) {
        latex_text(out, item->name);
        sl_text_put(out, " = ");
        latex_text(out, item->text);
    } else {
        if (parts.becomes) {
            sl_text_put(out, "\\textbf{");
            latex_text(out, item->name);
            sl_text_put(out, "}: ");
        }
        for (int i = 0; i < parts.count; i++) {
            const bool again = !*parts.rows[i].name;
            sl_text_put(out, i == 0  ? "$\\displaystyle "
                             : again ? "\\\\ \\hspace*{2em}$\\displaystyle {}"
                                     : "\\\\ $\\displaystyle ");
            sl_rule_row_math(e->ctx, &parts, i, SL_MATH_LATEX, false, out);
            sl_text_put(out, "$");
        }
    }
    latex_shapes(out, item);
    sl_text_put(out, "\n"); /* what begins with an empty line is a paragraph; lines belong to it */
}

static void latex_name(const sl_explanation *e, const sl_explained *item, sl_text *out)
{
    if (e->units)
        sl_expression_unit_name(out, item->name);
    else
        sl_expression_math_name(out, SL_MATH_LATEX, item->name, true);
}

static int latex_names(const sl_explanation *e, int at, int rows)
{
    int longest = 0;
    for (int i = at; i < e->count && i < at + rows && e->items[i].kind == SL_EXPLAINED_LINE; i++) {
        const int length = (int)strlen(e->items[i].name);
        longest = length > longest ? length : longest;
    }
    return longest;
}

/* One row of an array, or several. */
static void latex_line(const sl_explanation *e, const sl_explained *item, int names, sl_text *out)
{
    sl_expression read;
    latex_name(e, item, out);
    sl_text_put(out, " &= ");
    int column = 0;
    const int width = LATEX_WIDTH - names > 20 ? LATEX_WIDTH - names : 20;
    if (strcmp(item->text, item->value) != 0 && !sl_expression_scan(&read, e->ctx, item->text, false)) {
        sl_expression_latex_rows(&read, out, width, &column);
        sl_expression_free(&read);
        const bool fits = column + 3 + (int)strlen(item->value) <= width;
        sl_text_put(out, fits ? " = " : "\\\\*\n&\\quad = ");
    }
    sl_text_put(out, "\\mathbf{");
    sl_expression_math_number(out, SL_MATH_LATEX, item->value);
    sl_text_put(out, "}");
}

static int latex_lines(const sl_explanation *e, int at, sl_text *out)
{
    const int names = latex_names(e, at, LATEX_ROWS);
    int i = at;
    sl_text_put(out, "\\begin{align*}\n");
    for (; i < e->count && i < at + LATEX_ROWS && e->items[i].kind == SL_EXPLAINED_LINE; i++) {
        sl_text_put(out, i > at ? "\\\\\n" : "");
        latex_line(e, &e->items[i], names, out);
    }
    sl_text_put(out, "\n\\end{align*}\n");
    return i - 1;
}

/* A list of numbers, each a formula of its own, so that it is broken between them. */
static void latex_value(const sl_explanation *e, const sl_explained *item, sl_text *out)
{
    sl_text_put(out, "\n$");
    latex_name(e, item, out);
    sl_text_put(out, "$ = ");
    const bool list = *item->value == '[';
    for (const char *at = item->value + list; *at && *at != ']';) {
        const size_t length = strcspn(at, ",]");
        char number[40];
        double value;
        const size_t kept = length < sizeof number ? length : 0;
        memcpy(number, at, kept);
        number[kept] = 0;
        sl_text_put(out, at == item->value + 1 ? "[" : "");
        if (kept && sl_number_parse(number, &value)) {
            sl_text_put(out, "$");
            sl_expression_math_number(out, SL_MATH_LATEX, number);
            sl_text_put(out, "$");
        } else {
            sl_escape_latex(out, at, length);
        }
        at += length;
        sl_text_put(out, *at == ',' ? ", " : "");
        at += *at == ',' ? 1 + strspn(at + 1, " ") : 0;
    }
    sl_text_put(out, list ? "]" : "");
    latex_shapes(out, item);
    sl_text_put(out, "\n");
}

/* Letter by letter, but broken where a line ends. */
static void latex_plain(const char *text, sl_text *out)
{
    sl_text_put(out, "\n{\\ttfamily\\small ");
    for (const char *at = text; *at; at++) {
        if (*at == '\n') {
            sl_text_put(out, "\\mbox{}\\\\\n");
            continue;
        }
        size_t length = 1;
        while (((unsigned char)at[length] & 0xC0) == 0x80)
            length++;
        if (*at == ' ')
            sl_text_put(out, at > text && at[-1] == ' ' ? "\\ " : " ");
        else
            sl_escape_latex(out, at, length);
        at += length - 1;
        sl_text_put(out, strchr("*+,(", *at) ? "\\allowbreak{}" : "");
    }
    sl_text_put(out, "\\par}\n");
}

void sl_explained_latex(const sl_explanation *e, sl_text *out)
{
    sl_text_put(out, latex_begin);
    for (int i = 0; i < e->count; i++) {
        const sl_explained *item = &e->items[i];
        switch (item->kind) {
        case SL_EXPLAINED_TITLE:
            latex_heading(out, "section", item->text);
            break;
        case SL_EXPLAINED_PART:
            latex_heading(out, "subsection", item->text);
            break;
        case SL_EXPLAINED_PLACE:
            latex_heading(out, "subsubsection", item->text);
            break;
        case SL_EXPLAINED_RULE:
            latex_rule(e, item, out);
            break;
        case SL_EXPLAINED_LINE:
            i = latex_lines(e, i, out);
            break;
        case SL_EXPLAINED_VALUE:
            latex_value(e, item, out);
            break;
        case SL_EXPLAINED_MORE:
        case SL_EXPLAINED_NOTE:
            sl_text_put(out, item->kind == SL_EXPLAINED_MORE ? "\n\\emph{" : "\n{");
            latex_text(out, item->text);
            sl_text_put(out, "}\n");
            break;
        case SL_EXPLAINED_PLAIN:
            if (item->latex)
                sl_text_add(out, "\n%s\n", item->latex);
            else
                latex_plain(item->text, out);
        }
    }
    sl_text_put(out, "\\end{document}\n");
}
