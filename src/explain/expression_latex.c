/* expression_latex.c - an expression as LaTeX. */
#include "explain/expression.h"

#include <string.h>

static void latex_at(const sl_expression *e, int at, sl_text *latex);

/* "1.2e-05" -> 1.2\cdot 10^{-5} */
static void latex_number(sl_text *latex, const char *text, int length)
{
    const char *power = memchr(text, 'e', (size_t)length);
    if (!power) {
        sl_text_bytes(latex, text, (size_t)length);
        return;
    }
    const bool negative = power[1] == '-';
    const char *digits = power + 1 + (negative || power[1] == '+');
    while (digits + 1 < text + length && *digits == '0')
        digits++;
    sl_text_bytes(latex, text, (size_t)(power - text));
    sl_text_put(latex, negative ? "\\cdot 10^{-" : "\\cdot 10^{");
    sl_text_bytes(latex, digits, (size_t)(text + length - digits));
    sl_text_put(latex, "}");
}

static void latex_word(sl_text *latex, const char *name, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (strchr("_%&#${}", name[i]))
            sl_text_put(latex, "\\");
        sl_text_bytes(latex, name + i, 1);
    }
}

/* One quantity: letters, a layer's number, an index. */
static void latex_quantity(sl_text *latex, const char *name, size_t length)
{
    const char *open = memchr(name, '[', length);
    const size_t stem = open ? (size_t)(open - name) : length;
    size_t letters = 0;
    while (letters < stem && (name[letters] < '0' || name[letters] > '9'))
        letters++;
    const bool numbered = letters == 1 && stem > 1;
    if (stem == 5 && !memcmp(name, "y_hat", 5))
        sl_text_put(latex, "\\hat y");
    else if (letters == 1)
        sl_text_bytes(latex, name, 1);
    else {
        sl_text_put(latex, "\\mathrm{");
        latex_word(latex, name, stem);
        sl_text_put(latex, "}");
    }
    if (numbered) {
        sl_text_put(latex, "^{(");
        sl_text_bytes(latex, name + 1, stem - 1);
        sl_text_put(latex, ")}");
    }
    if (open) {
        sl_text_put(latex, "_{");
        sl_text_bytes(latex, open + 1, length - stem - 2);
        sl_text_put(latex, "}");
    }
}

void sl_expression_latex_name(sl_text *latex, const char *name, size_t length)
{
    const char *slash = memchr(name, '/', length);
    if (slash && name[0] == 'd' && slash[1] == 'd') {
        sl_text_put(latex, "\\frac{\\partial ");
        latex_quantity(latex, name + 1, (size_t)(slash - name) - 1);
        sl_text_put(latex, "}{\\partial ");
        latex_quantity(latex, slash + 2, length - (size_t)(slash - name) - 2);
        sl_text_put(latex, "}");
    } else if (length > 4 && name[0] == '|') { /* a norm */
        sl_text_put(latex, "\\lVert ");
        latex_quantity(latex, name + 1, length - 2);
        sl_text_put(latex, "\\rVert ");
    } else {
        latex_quantity(latex, name, length);
    }
}

static void latex_join(const sl_expression *e, const sl_expression_node *node, const char *sign,
                       sl_text *latex)
{
    latex_at(e, node->a, latex);
    sl_text_put(latex, sign);
    latex_at(e, node->b, latex);
}

/* A bracket's inside where LaTeX groups by itself. */
static int latex_inside(const sl_expression *e, int at)
{
    return e->nodes[at].what == SL_EXPRESSION_BRACKET ? e->nodes[at].a : at;
}

static bool latex_is(const sl_expression_node *node, const char *name)
{
    return strlen(name) == (size_t)node->length && !memcmp(name, node->text, (size_t)node->length);
}

static void latex_call(const sl_expression *e, const sl_expression_node *node, sl_text *latex)
{
    static const char *const known[] = { "exp", "log", "sin", "cos", "tanh", "max", "min" };
    const sl_expression_node *first = &e->nodes[node->a];
    if (latex_is(node, "exp")) {
        sl_text_put(latex, "e^{");
        latex_at(e, latex_inside(e, first->a), latex);
        sl_text_put(latex, "}");
        return;
    }
    if (latex_is(node, "sqrt") || latex_is(node, "abs")) {
        const bool root = latex_is(node, "sqrt");
        sl_text_put(latex, root ? "\\sqrt{" : "\\left|");
        latex_at(e, latex_inside(e, first->a), latex);
        sl_text_put(latex, root ? "}" : "\\right|");
        return;
    }
    bool own = false;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        own = own || latex_is(node, known[i]);
    sl_text_put(latex, own ? "\\" : "\\mathrm{");
    latex_word(latex, node->text, (size_t)node->length);
    sl_text_put(latex, own ? "\\left(" : "}\\left(");
    int list[64], count = 0;
    for (int at = node->a; at >= 0 && count < 64; at = e->nodes[at].b)
        list[count++] = e->nodes[at].a;
    while (count > 0) { /* the chain begins at the last */
        latex_at(e, list[--count], latex);
        sl_text_put(latex, count ? ", " : "\\right)");
    }
}

static void latex_at(const sl_expression *e, int at, sl_text *latex)
{
    static const char *const signs[] = {
        [SL_EXPRESSION_ADD] = " + ",         [SL_EXPRESSION_SUB] = " - ",
        [SL_EXPRESSION_MUL] = " \\cdot ",    [SL_EXPRESSION_LESS] = " < ",
        [SL_EXPRESSION_AT_MOST] = " \\le ",  [SL_EXPRESSION_MORE_THAN] = " > ",
        [SL_EXPRESSION_AT_LEAST] = " \\ge ", [SL_EXPRESSION_EQUAL] = " = ",
    };
    const sl_expression_node *node = &e->nodes[at];
    switch (node->what) {
    case SL_EXPRESSION_NUMBER:
        latex_number(latex, node->text, node->length);
        break;
    case SL_EXPRESSION_NAME:
        sl_expression_latex_name(latex, node->text, (size_t)node->length);
        break;
    case SL_EXPRESSION_MORE: {
        char number[32];
        sl_number_text(number, node->number);
        sl_text_put(latex, "\\underbrace{");
        latex_number(latex, number, (int)strlen(number));
        sl_text_put(latex, "}_{\\text{");
        latex_word(latex, node->text, (size_t)node->length);
        sl_text_put(latex, "}}");
        break;
    }
    case SL_EXPRESSION_NEGATIVE:
        sl_text_put(latex, "-");
        latex_at(e, node->a, latex);
        break;
    case SL_EXPRESSION_BRACKET:
        sl_text_put(latex, "\\left(");
        latex_at(e, node->a, latex);
        sl_text_put(latex, "\\right)");
        break;
    case SL_EXPRESSION_DIV:
        sl_text_put(latex, "\\frac{");
        latex_at(e, latex_inside(e, node->a), latex);
        sl_text_put(latex, "}{");
        latex_at(e, latex_inside(e, node->b), latex);
        sl_text_put(latex, "}");
        break;
    case SL_EXPRESSION_POWER:
        sl_text_put(latex, "{");
        latex_at(e, node->a, latex);
        sl_text_put(latex, "}^{");
        latex_at(e, latex_inside(e, node->b), latex);
        sl_text_put(latex, "}");
        break;
    case SL_EXPRESSION_CALL:
        latex_call(e, node, latex);
        break;
    default:
        latex_join(e, node, signs[node->what], latex);
    }
}

void sl_expression_latex(const sl_expression *e, sl_text *latex)
{
    if (e->count > 0)
        latex_at(e, e->count - 1, latex);
}
