/* expression_math.c - an expression as LaTeX or MathML: one walk, two alphabets; signs and names are in
 * math_marks.c. */
#include "explain/math_marks.h"

#include <string.h>

enum { MATH_SMALL = 30, MATH_ARGUMENTS = 64 };

static void math_at(const sl_math_pen *pen, int at);

static bool math_is(const sl_expression_node *node, const char *name)
{
    return strlen(name) == (size_t)node->length && !memcmp(name, node->text, (size_t)node->length);
}

static const sl_expression_node *math_node(const sl_math_pen *pen, int at)
{
    return &pen->e->nodes[at];
}

static bool math_compares(sl_expression_what what)
{
    return what >= SL_EXPRESSION_LESS && what <= SL_EXPRESSION_EQUAL;
}

/* A bracket's inside where the notation groups by itself. */
static int math_inside(const sl_math_pen *pen, int at)
{
    return math_node(pen, at)->what == SL_EXPRESSION_BRACKET ? math_node(pen, at)->a : at;
}

/* A function's arguments in their order: the chain begins at the last. */
static int math_arguments(const sl_math_pen *pen, const sl_expression_node *call, int list[MATH_ARGUMENTS])
{
    int count = 0;
    for (int at = call->a; at >= 0 && count < MATH_ARGUMENTS; at = math_node(pen, at)->b)
        list[count++] = math_node(pen, at)->a;
    for (int i = 0; i < count / 2; i++) {
        const int other = list[i];
        list[i] = list[count - 1 - i];
        list[count - 1 - i] = other;
    }
    return count;
}

/* About so many characters wide. */
static int math_width(const sl_math_pen *pen, int at)
{
    const sl_expression_node *node = math_node(pen, at);
    int width = 0;
    /* sums and products lean to the left and may be long */
    while (node->what >= SL_EXPRESSION_ADD && node->what <= SL_EXPRESSION_MUL) {
        width += math_width(pen, node->b) + (node->what == SL_EXPRESSION_MUL ? 2 : 3);
        node = math_node(pen, node->a);
    }
    if (node->text && node->what != SL_EXPRESSION_CALL)
        return width + node->length;
    if (node->what == SL_EXPRESSION_CALL) {
        int list[MATH_ARGUMENTS];
        const int count = math_arguments(pen, node, list);
        for (int i = 0; i < count; i++)
            width += math_width(pen, list[i]) + 2;
        return width + node->length;
    }
    const int a = node->a < 0 ? 0 : math_width(pen, node->a), b = node->b < 0 ? 0 : math_width(pen, node->b);
    if (node->what == SL_EXPRESSION_DIV)
        return width + (a > b ? a : b) + 1;
    return width + a + b +
           (node->what == SL_EXPRESSION_NEGATIVE  ? 1
            : node->what == SL_EXPRESSION_BRACKET ? 2
                                                  : 3);
}

static void math_call(const sl_math_pen *pen, const sl_expression_node *node)
{
    static const char *const known[] = { "exp", "log", "sin", "cos", "tanh", "max", "min" };
    int list[MATH_ARGUMENTS];
    const int count = math_arguments(pen, node, list);
    const bool power = math_is(node, "exp"), root = math_is(node, "sqrt"), whole = math_is(node, "abs");
    if (count == 1 && (power || root || whole)) {
        sl_math_mark(pen, power ? SL_MATH_EXP : root ? SL_MATH_ROOT : SL_MATH_ABS);
        math_at(pen, math_inside(pen, list[0]));
        sl_math_mark(pen, power ? SL_MATH_POWER_END : root ? SL_MATH_ROOT_END : SL_MATH_ABS_END);
        return;
    }
    bool own = false;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        own = own || math_is(node, known[i]);
    if (own && pen->as == SL_MATH_LATEX)
        sl_text_add(pen->out, "\\%.*s", node->length, node->text);
    else
        sl_math_function(pen, node->text, (size_t)node->length);
    sl_math_mark(pen, SL_MATH_BRACKET);
    for (int i = 0; i < count; i++) {
        sl_math_mark(pen, i ? SL_MATH_COMMA : SL_MATH_NONE);
        math_at(pen, list[i]);
    }
    sl_math_mark(pen, SL_MATH_BRACKET_END);
}

static bool math_slope(const sl_expression_node *node)
{
    return node->what == SL_EXPRESSION_NAME && memchr(node->text, '/', (size_t)node->length) != NULL;
}

/* Of rules: a product of slopes goes element by element; letters stand side by side. */
static sl_math_sign math_sign(const sl_math_pen *pen, const sl_expression_node *node)
{
    static const sl_math_sign signs[] = {
        [SL_EXPRESSION_ADD] = SL_MATH_PLUS,          [SL_EXPRESSION_SUB] = SL_MATH_MINUS,
        [SL_EXPRESSION_MUL] = SL_MATH_TIMES,         [SL_EXPRESSION_LESS] = SL_MATH_LESS,
        [SL_EXPRESSION_AT_MOST] = SL_MATH_AT_MOST,   [SL_EXPRESSION_MORE_THAN] = SL_MATH_MORE_THAN,
        [SL_EXPRESSION_AT_LEAST] = SL_MATH_AT_LEAST, [SL_EXPRESSION_EQUAL] = SL_MATH_EQUAL,
        [SL_EXPRESSION_BESIDE] = SL_MATH_SPACE,
    };
    if (node->what == SL_EXPRESSION_MUL &&
        (math_slope(math_node(pen, node->a)) || math_slope(math_node(pen, node->b))))
        return SL_MATH_EACH;
    return signs[node->what];
}

static void math_at(const sl_math_pen *pen, int at)
{
    const sl_expression_node *node = math_node(pen, at);
    switch (node->what) {
    case SL_EXPRESSION_NUMBER:
        sl_math_number(pen, node->text, (size_t)node->length);
        break;
    case SL_EXPRESSION_NAME:
        sl_math_quantity(pen, node->text, (size_t)node->length);
        break;
    case SL_EXPRESSION_MORE: {
        const char *number = node->text + node->length + 1, *close = strchr(number, '}');
        number += strspn(number, " ");
        sl_math_mark(pen, SL_MATH_UNDER);
        sl_math_number(pen, number, (size_t)(close - number));
        sl_math_mark(pen, SL_MATH_UNDER_WORDS);
        sl_math_words(pen, node->text, (size_t)node->length);
        sl_math_mark(pen, SL_MATH_UNDER_END);
        break;
    }
    case SL_EXPRESSION_NEGATIVE:
        sl_math_mark(pen, SL_MATH_NEGATIVE);
        math_at(pen, node->a);
        break;
    case SL_EXPRESSION_BRACKET: {
        const bool test = math_compares(math_node(pen, node->a)->what);
        sl_math_mark(pen, test ? SL_MATH_TEST : SL_MATH_BRACKET);
        math_at(pen, node->a);
        sl_math_mark(pen, test ? SL_MATH_TEST_END : SL_MATH_BRACKET_END);
        break;
    }
    case SL_EXPRESSION_DIV:
        sl_math_mark(pen, SL_MATH_FRACTION);
        math_at(pen, math_inside(pen, node->a));
        sl_math_mark(pen, SL_MATH_OVER);
        math_at(pen, math_inside(pen, node->b));
        sl_math_mark(pen, SL_MATH_FRACTION_END);
        break;
    case SL_EXPRESSION_POWER:
        sl_math_mark(pen, SL_MATH_POWER);
        math_at(pen, node->a);
        sl_math_mark(pen, SL_MATH_TO);
        math_at(pen, math_inside(pen, node->b));
        sl_math_mark(pen, SL_MATH_POWER_END);
        break;
    case SL_EXPRESSION_TRANSPOSED: {
        const bool slope = math_slope(math_node(pen, node->a));
        sl_math_mark(pen, SL_MATH_POWER);
        sl_math_mark(pen, slope ? SL_MATH_BRACKET : SL_MATH_NONE);
        math_at(pen, node->a);
        sl_math_mark(pen, slope ? SL_MATH_BRACKET_END : SL_MATH_NONE);
        sl_math_mark(pen, SL_MATH_TRANSPOSED);
        break;
    }
    case SL_EXPRESSION_CALL:
        math_call(pen, node);
        break;
    default:
        math_at(pen, node->a);
        sl_math_mark(pen, math_sign(pen, node));
        math_at(pen, node->b);
    }
}

void sl_expression_math(const sl_expression *e, sl_math as, sl_text *out)
{
    const sl_math_pen pen = { .e = e, .out = out, .as = as, .units = e->units };
    if (e->count > 0)
        math_at(&pen, e->count - 1);
}

typedef struct { /* rows of LaTeX */
    sl_math_pen pen;
    int width, column;
} math_rows;

static void math_flat(math_rows *rows, int at);

/* Here a row may end; what comes is so wide. */
static void math_break(math_rows *rows, int wide)
{
    enum { MATH_INDENT = 4 };
    if (rows->column + wide > rows->width && rows->column > MATH_INDENT) {
        sl_text_put(rows->pen.out, "\\\\\n&\\quad ");
        rows->column = MATH_INDENT;
    }
}

static void math_whole(math_rows *rows, int at)
{
    math_at(&rows->pen, at);
    rows->column += math_width(&rows->pen, at);
}

static void math_flat_bracket(math_rows *rows, int inside)
{
    sl_text_put(rows->pen.out, "\\bigl(");
    rows->column++;
    math_flat(rows, inside);
    sl_text_put(rows->pen.out, "\\bigr)");
    rows->column++;
}

static void math_flat_call(math_rows *rows, const sl_expression_node *node)
{
    int list[MATH_ARGUMENTS];
    const int count = math_arguments(&rows->pen, node, list);
    sl_math_function(&rows->pen, node->text, (size_t)node->length);
    sl_text_put(rows->pen.out, "\\bigl(");
    rows->column += node->length + 1;
    for (int i = 0; i < count; i++) {
        if (i) {
            sl_text_put(rows->pen.out, ", ");
            math_break(rows, math_width(&rows->pen, list[i]) + 2);
        }
        math_flat(rows, list[i]);
    }
    sl_text_put(rows->pen.out, "\\bigr)");
    rows->column++;
}

/* Like math_at, but what is wide has no braces around it, so that it can be broken before + and -. A sum's
 * nodes stand in the order of reading: walked along without recursion, as it may have thousands of terms. */
static void math_flat(math_rows *rows, int at)
{
    const sl_math_pen *pen = &rows->pen;
    const sl_expression_node *node = math_node(pen, at);
    const bool sum = node->what == SL_EXPRESSION_ADD || node->what == SL_EXPRESSION_SUB;
    if (!sum && math_width(pen, at) <= MATH_SMALL) {
        math_break(rows, math_width(pen, at));
        math_whole(rows, at);
        return;
    }
    if (sum) {
        int first = at;
        while (math_node(pen, first)->what == SL_EXPRESSION_ADD ||
               math_node(pen, first)->what == SL_EXPRESSION_SUB)
            first = math_node(pen, first)->a;
        math_flat(rows, first);
        for (int next = first + 1; next <= at; next++) {
            const sl_expression_node *part = math_node(pen, next);
            if ((part->what != SL_EXPRESSION_ADD && part->what != SL_EXPRESSION_SUB) || part->a != first)
                continue;
            const int wide = math_width(pen, part->b);
            math_break(rows, wide <= MATH_SMALL ? wide + 3 : 6);
            sl_math_mark(pen, math_sign(pen, part));
            rows->column += 3;
            math_flat(rows, part->b);
            first = next;
        }
    } else if (node->what == SL_EXPRESSION_MUL || node->what == SL_EXPRESSION_DIV) {
        math_flat(rows, node->a);
        if (math_width(pen, node->b) <= MATH_SMALL)
            math_break(rows, math_width(pen, node->b) + 2);
        sl_text_put(pen->out, node->what == SL_EXPRESSION_MUL ? " \\cdot " : " / ");
        rows->column += 2;
        math_flat(rows, node->b);
    } else if (node->what == SL_EXPRESSION_NEGATIVE) {
        sl_math_mark(pen, SL_MATH_NEGATIVE);
        rows->column++;
        math_flat(rows, node->a);
    } else if (node->what == SL_EXPRESSION_BRACKET && !math_compares(math_node(pen, node->a)->what)) {
        math_flat_bracket(rows, node->a);
    } else if (node->what == SL_EXPRESSION_CALL) {
        math_flat_call(rows, node);
    } else {
        math_whole(rows, at);
    }
}

void sl_expression_latex_rows(const sl_expression *e, sl_text *latex, int width, int *column)
{
    math_rows rows = { .pen = { .e = e, .out = latex, .as = SL_MATH_LATEX, .units = e->units },
                       .width = width,
                       .column = *column };
    if (e->count < 1)
        return;
    const int wide = math_width(&rows.pen, e->count - 1);
    if (*column + wide <= width)
        math_whole(&rows, e->count - 1);
    else
        math_flat(&rows, e->count - 1);
    *column = rows.column;
}
