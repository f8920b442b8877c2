/* expression.c - see expression.h. Written for explanations, so it knows nothing of the tape that they
 * explain. */
#include "explain/expression.h"

#include "core/number.h"
#include <string.h>

enum { EXPRESSION_DEPTH = 64 };

typedef struct {
    sl_expression *e;
    const char *text, *at;
    int depth;
    bool rule; /* W1' x + b1 */
} expression_reader;

static int expression_test(expression_reader *r);

static int expression_fail(expression_reader *r, const char *wants)
{
    if (!r->e->ctx->status)
        sl_fail(r->e->ctx, SL_EINVAL, "expression \"%.200s\": place %d: wants %s", r->text,
                (int)(r->at - r->text) + 1, wants);
    return -1;
}

static int expression_add(expression_reader *r, sl_expression_node node)
{
    sl_expression *e = r->e;
    if (e->count == e->room) {
        const size_t room = e->room ? 2 * (size_t)e->room : 32;
        sl_expression_node *nodes = e->nodes ? sl_resize(e->ctx, e->nodes, room * sizeof *nodes)
                                             : sl_alloc(e->ctx, room * sizeof *nodes);
        if (!nodes)
            return -1;
        e->nodes = nodes;
        e->room = (int)room;
    }
    e->nodes[e->count] = node;
    return e->count++;
}

static int expression_pair(expression_reader *r, sl_expression_what what, int a, int b)
{
    if (a < 0 || b < 0)
        return -1;
    return expression_add(r, (sl_expression_node){ .what = what, .a = a, .b = b });
}

static char expression_next(expression_reader *r)
{
    while (*r->at == ' ')
        r->at++;
    return *r->at;
}

static bool expression_take(expression_reader *r, const char *sign)
{
    expression_next(r);
    const size_t length = strlen(sign);
    if (strncmp(r->at, sign, length) != 0)
        return false;
    r->at += length;
    return true;
}

static bool expression_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool expression_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int expression_number(expression_reader *r)
{
    size_t used;
    double value;
    const char *from = r->at;
    if (!sl_number_scan(from, strlen(from), &used, &value))
        return expression_fail(r, "a number");
    r->at += used;
    return expression_add(r, (sl_expression_node){ .what = SL_EXPRESSION_NUMBER,
                                                   .a = -1,
                                                   .b = -1,
                                                   .number = value,
                                                   .text = from,
                                                   .length = (int)used });
}

/* "{297 more: 1.25}" */
static int expression_more(expression_reader *r)
{
    const char *from = ++r->at, *colon = strchr(from, ':');
    if (!colon)
        return expression_fail(r, "\"{words: number}\"");
    r->at = colon + 1;
    expression_next(r);
    size_t used;
    double value;
    if (!sl_number_scan(r->at, strlen(r->at), &used, &value))
        return expression_fail(r, "a number");
    r->at += used;
    if (!expression_take(r, "}"))
        return expression_fail(r, "\"}\"");
    return expression_add(r, (sl_expression_node){ .what = SL_EXPRESSION_MORE,
                                                   .a = -1,
                                                   .b = -1,
                                                   .number = value,
                                                   .text = from,
                                                   .length = (int)(colon - from) });
}

/* A name, with its index, or a call. Arguments are chained from the last: each stands in `a` of a CALL node
 * without a text, whose b is the one before. */
static int expression_word(expression_reader *r)
{
    const char *from = r->at;
    while (expression_letter(*r->at) || expression_digit(*r->at) || *r->at == '.' ||
           (r->rule && *from == 'd' && *r->at == '/' && r->at[1] == 'd' && expression_letter(r->at[2])) ||
           (r->rule && r->at - from > 1 && *r->at == '\'' && r->at[1] == '('))
        r->at++;
    if (*r->at == '[') {
        const char *close = strchr(r->at, ']');
        if (!close)
            return expression_fail(r, "\"]\"");
        r->at = close + 1;
    }
    sl_expression_node node = {
        .what = SL_EXPRESSION_NAME, .a = -1, .b = -1, .text = from, .length = (int)(r->at - from)
    };
    if (*r->at != '(')
        return expression_add(r, node);
    r->at++;
    int list = -1;
    do {
        const int argument = expression_test(r);
        if (argument < 0)
            return -1;
        list =
            expression_add(r, (sl_expression_node){ .what = SL_EXPRESSION_CALL, .a = argument, .b = list });
        if (list < 0)
            return -1;
    } while (expression_take(r, ","));
    if (!expression_take(r, ")"))
        return expression_fail(r, "\")\"");
    node.what = SL_EXPRESSION_CALL;
    node.a = list;
    return expression_add(r, node);
}

static int expression_atom(expression_reader *r)
{
    const char c = expression_next(r);
    if (expression_digit(c) || c == '.')
        return expression_number(r);
    if (expression_letter(c))
        return expression_word(r);
    if (c == '{')
        return expression_more(r);
    if (c != '(')
        return expression_fail(r, "a number, a name or \"(\"");
    r->at++;
    const int inside = expression_test(r);
    if (inside < 0)
        return -1;
    if (!expression_take(r, ")"))
        return expression_fail(r, "\")\"");
    return expression_add(r, (sl_expression_node){ .what = SL_EXPRESSION_BRACKET, .a = inside, .b = -1 });
}

static int expression_sign(expression_reader *r)
{
    if (expression_take(r, "-")) {
        if (++r->depth > EXPRESSION_DEPTH)
            return expression_fail(r, "fewer signs");
        const int of = expression_sign(r);
        r->depth--;
        return of < 0 ? -1
                      : expression_add(
                            r, (sl_expression_node){ .what = SL_EXPRESSION_NEGATIVE, .a = of, .b = -1 });
    }
    int base = expression_atom(r);
    for (; r->rule && base >= 0 && *r->at == '\''; r->at++)
        base = expression_add(r, (sl_expression_node){ SL_EXPRESSION_TRANSPOSED, base, -1, 0, NULL, 0 });
    if (base < 0 || !expression_take(r, "^"))
        return base;
    if (++r->depth > EXPRESSION_DEPTH)
        return expression_fail(r, "fewer powers");
    const int power = expression_sign(r);
    r->depth--;
    return expression_pair(r, SL_EXPRESSION_POWER, base, power);
}

static int expression_term(expression_reader *r)
{
    int a = expression_sign(r);
    while (a >= 0) {
        const char sign = expression_next(r);
        const bool beside = r->rule && (expression_letter(sign) || expression_digit(sign) || sign == '(');
        if (sign != '*' && sign != '/' && !beside)
            break;
        r->at += !beside;
        const sl_expression_what what = beside        ? SL_EXPRESSION_BESIDE
                                        : sign == '*' ? SL_EXPRESSION_MUL
                                                      : SL_EXPRESSION_DIV;
        a = expression_pair(r, what, a, expression_sign(r));
    }
    return a;
}

static int expression_sum(expression_reader *r)
{
    int a = expression_term(r);
    while (a >= 0 && (expression_next(r) == '+' || *r->at == '-')) {
        const sl_expression_what what = *r->at++ == '+' ? SL_EXPRESSION_ADD : SL_EXPRESSION_SUB;
        a = expression_pair(r, what, a, expression_term(r));
    }
    return a;
}

static int expression_test(expression_reader *r)
{
    static const struct {
        const char *sign;
        sl_expression_what what;
    } tests[] = { { "<=", SL_EXPRESSION_AT_MOST },
                  { ">=", SL_EXPRESSION_AT_LEAST },
                  { "==", SL_EXPRESSION_EQUAL },
                  { "<", SL_EXPRESSION_LESS },
                  { ">", SL_EXPRESSION_MORE_THAN } };
    if (++r->depth > EXPRESSION_DEPTH)
        return expression_fail(r, "fewer brackets");
    int a = expression_sum(r);
    for (size_t i = 0; a >= 0 && i < sizeof tests / sizeof *tests; i++)
        if (expression_take(r, tests[i].sign)) {
            a = expression_pair(r, tests[i].what, a, expression_sum(r));
            break;
        }
    r->depth--;
    return a;
}

sl_status sl_expression_scan(sl_expression *e, sl_ctx *ctx, const char *text, bool rule)
{
    *e = (sl_expression){ .ctx = ctx };
    expression_reader r = { .e = e, .text = text, .at = text, .rule = rule };
    if (expression_test(&r) >= 0 && expression_next(&r))
        expression_fail(&r, "the end");
    if (ctx->status)
        sl_expression_free(e);
    return ctx->status;
}

sl_status sl_expression_read(sl_expression *e, sl_ctx *ctx, const char *text)
{
    return sl_expression_scan(e, ctx, text, false);
}

void sl_expression_free(sl_expression *e)
{
    sl_free(e->ctx, e->nodes);
    *e = (sl_expression){ .ctx = e->ctx };
}
