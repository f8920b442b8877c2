/* equation_text.c - the words of which formulas are put together: names, numbers, terms of a sum. */
#include "explain/equation.h"

#include "core/number.h"

#include <string.h>

/* What calculators and languages have taken. */
static const char *const equation_taken[] = {
    "e",        "pi",     "i",       "exp",      "log",      "ln",      "sqrt",     "abs",      "sign",
    "sin",      "cos",    "tan",     "tanh",     "erf",      "sigmoid", "softplus", "min",      "max",
    "floor",    "pow",    "fabs",    "fmax",     "fmin",     "strcmp",  "predict",  "datetime", "None",
    "True",     "False",  "and",     "as",       "assert",   "async",   "await",    "break",    "class",
    "continue", "def",    "del",     "elif",     "else",     "except",  "finally",  "for",      "from",
    "global",   "if",     "import",  "in",       "is",       "lambda",  "nonlocal", "not",      "or",
    "pass",     "raise",  "return",  "try",      "while",    "with",    "yield",    "auto",     "case",
    "char",     "const",  "default", "do",       "double",   "enum",    "extern",   "float",    "goto",
    "inline",   "int",    "long",    "register", "restrict", "short",   "signed",   "sizeof",   "static",
    "struct",   "switch", "typedef", "union",    "unsigned", "void",    "volatile", "main",     "gamma",
    "j0",       "j1",     "jn",      "y0",       "y1",       "yn",      "asm",
};

static bool equation_is_taken(const sl_equation *q, const char *name)
{
    for (size_t i = 0; i < sizeof equation_taken / sizeof *equation_taken; i++)
        if (!strcmp(equation_taken[i], name))
            return true;
    for (int i = 0; i < q->variable_count; i++)
        if (!strcmp(q->variables[i].name, name))
            return true;
    for (int i = 0; i < q->count; i++)
        if (!strcmp(q->definitions[i].name, name))
            return true;
    return false;
}

static bool equation_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool equation_digit(char c)
{
    return c >= '0' && c <= '9';
}

const char *sl_equation_name(sl_equation *q, const char *wanted, const char *else_name)
{
    enum { LONGEST = 40 };
    char name[LONGEST + 1];
    size_t length = 0;
    for (; *wanted && length < LONGEST; wanted++) {
        const bool word = equation_digit(*wanted) || (equation_letter(*wanted) && *wanted != '_');
        if (word)
            name[length++] = *wanted;
        else if (length && name[length - 1] != '_')
            name[length++] = '_';
    }
    while (length && name[length - 1] == '_')
        length--;
    name[length] = 0;
    const char *own = !length                   ? sl_explanation_keep(q->e, "%s", else_name)
                      : equation_digit(name[0]) ? sl_explanation_keep(q->e, "x_%s", name)
                                                : sl_explanation_keep(q->e, "%s", name);
    const char *stem = own;
    for (int i = 2; equation_is_taken(q, own) && !q->e->ctx->status; i++)
        own = sl_explanation_keep(q->e, "%s_%d", stem, i);
    return own;
}

const char *sl_equation_define(sl_equation *q, const char *name, const char *formula)
{
    sl_ctx *ctx = q->e->ctx;
    if (ctx->status)
        return name;
    if (q->count == q->room) {
        const int room = q->room ? 2 * q->room : 64;
        const size_t size = (size_t)room * sizeof *q->definitions;
        sl_definition *more = q->definitions ? sl_resize(ctx, q->definitions, size) : sl_alloc(ctx, size);
        if (!more)
            return name;
        q->definitions = more;
        q->room = room;
    }
    q->definitions[q->count++] = (sl_definition){ .name = name, .formula = formula, .place = q->place };
    q->place = NULL;
    return name;
}

char *sl_equation_number(const sl_equation *q, char text[32], double value)
{
    const float rounded = (float)value;
    if (q->figures)
        return sl_number_rounded(text, value, q->figures);
    if (rounded - rounded != 0 || (rounded == 0 && value != 0))
        return sl_number_text(text, value);
    return sl_number_text_float(text, rounded);
}

const char *sl_equation_keep(sl_equation *q, sl_text *text)
{
    const char *kept = sl_explanation_keep(q->e, "%s", sl_text_string(text));
    sl_text_clear(text);
    return kept;
}

/* --- brackets ------------------------------------------------------------------------------------- */

typedef enum { EQUATION_ATOM, EQUATION_PRODUCT, EQUATION_SUM } equation_shape;

/* Past a number, its exponent included. */
static const char *equation_past_number(const char *at)
{
    size_t used;
    double value;
    return sl_number_scan(at, strlen(at), &used, &value) && used ? at + used : at + 1;
}

/* What binds its parts, outside of brackets. */
static equation_shape equation_shape_of(const char *formula)
{
    equation_shape shape = *formula == '-' ? EQUATION_SUM : EQUATION_ATOM;
    int depth = 0;
    for (const char *at = formula; *at;) {
        if (equation_letter(*at)) {
            while (equation_letter(*at) || equation_digit(*at))
                at++;
            continue;
        }
        if (equation_digit(*at)) {
            at = equation_past_number(at);
            continue;
        }
        depth += (*at == '(') - (*at == ')');
        if (!depth && strchr("+-<>=", *at))
            return EQUATION_SUM;
        if (!depth && strchr("*/^", *at))
            shape = EQUATION_PRODUCT;
        at++;
    }
    return shape;
}

/* before, behind: the signs beside it; 0: none. */
static void equation_put(sl_text *out, const char *formula, char before, char behind)
{
    const bool closed =
        (!before || before == '(' || before == ',') && (!behind || behind == ')' || behind == ',');
    const equation_shape shape = equation_shape_of(formula);
    const bool bare = closed || shape == EQUATION_ATOM ||
                      (shape == EQUATION_PRODUCT && before != '/' && before != '^' && behind != '^');
    sl_text_add(out, bare ? "%s" : "(%s)", formula);
}

static char equation_before(const sl_text *out)
{
    size_t at = out->length;
    while (at && out->bytes[at - 1] == ' ')
        at--;
    return at ? out->bytes[at - 1] : 0;
}

const char *sl_equation_fill(sl_equation *q, const char *template, const sl_filling *fillings, int count)
{
    sl_text out;
    sl_text_init(&out, q->e->ctx);
    for (const char *at = template; *at && !q->e->ctx->status;) {
        const char *end = at + 1;
        if (equation_letter(*at))
            while (equation_letter(*end) || equation_digit(*end))
                end++;
        else if (equation_digit(*at))
            end = equation_past_number(at);
        const sl_filling *found = NULL;
        for (int i = 0; i < count && equation_letter(*at); i++)
            if (strlen(fillings[i].name) == (size_t)(end - at) &&
                !memcmp(fillings[i].name, at, (size_t)(end - at)))
                found = &fillings[i];
        const size_t length = (size_t)(end - at);
        if (found) {
            const char *next = end;
            while (*next == ' ')
                next++;
            equation_put(&out, found->text, equation_before(&out), *next);
        } else { /* numbers too, as they stand: 2 pi in 8 figures is 0.0005 off after 2,660 turns */
            sl_text_bytes(&out, at, length);
        }
        at = end;
    }
    const char *kept = sl_equation_keep(q, &out);
    sl_text_free(&out);
    return kept;
}

/* --- sums ----------------------------------------------------------------------------------------- */

void sl_equation_term(const sl_equation *q, sl_text *sum, double factor, const char *formula)
{
    char number[32];
    if (factor == 0 || !strcmp(formula, "0"))
        return;
    sl_text_put(sum, sum->length ? (factor < 0 ? " - " : " + ") : factor < 0 ? "-" : "");
    const double size = factor < 0 ? -factor : factor;
    if (size != 1)
        sl_text_add(sum, "%s*", sl_equation_number(q, number, size));
    /* A lone first term with factor 1 is the formula itself. */
    if (size == 1 && factor > 0 && sum->length == 0)
        sl_text_put(sum, formula);
    else
        equation_put(sum, formula, size != 1 ? '*' : factor < 0 ? '-' : '+', '+');
}

void sl_equation_constant(const sl_equation *q, sl_text *sum, double value)
{
    char number[32];
    if (value == 0 && sum->length)
        return;
    sl_text_put(sum, !sum->length ? "" : value < 0 ? " - " : " + ");
    sl_text_put(sum, sl_equation_number(q, number, sum->length && value < 0 ? -value : value));
}
