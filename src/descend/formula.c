/* formula.c - see formula.h: the parser. Numbers are worked out as they are met, so that what is left depends
 * on x or y. */
#include "autograd/tape.h"
#include "core/number.h"
#include "descend/formula.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    sl_ctx *ctx;
    const char *text, *at;
    sl_formula *formula;
    const sl_option *constants;
    const double *values;
    int depth;
} formula_reader;

const sl_op *sl_formula_function(size_t index)
{
    const sl_op *op;
    for (size_t i = 0; (op = sl_op_at(i)); i++)
        if (op->inputs == 1 && op->shape == sl_shape_same && !op->random && !op->flat &&
            !op->activates_rows && !op->options && index-- == 0)
            return op;
    return NULL;
}

/* --- what is wrong, and where --------------------------------------------------------------------- */

enum { FORMULA_SHOWN = 64 };

/* The sentence, then the formula (of a long one what stands around the place) and a caret below it. */
static int formula_wrong(const formula_reader *r, const char *at, const char *format, ...) SL_PRINTF(3, 4);
static int formula_wrong(const formula_reader *r, const char *at, const char *format, ...)
{
    char sentence[400], shown[FORMULA_SHOWN + 1];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    const size_t place = (size_t)(at - r->text), length = strlen(r->text);
    size_t from = place > FORMULA_SHOWN / 2 ? place - FORMULA_SHOWN / 2 : 0, count = 0;
    if (length <= FORMULA_SHOWN)
        from = 0;
    for (size_t i = from; i < length && count < FORMULA_SHOWN; i++) {
        const unsigned char byte = (unsigned char)r->text[i];
        if ((byte & 0xC0) != 0x80) /* a character that is not ASCII: one '?' */
            shown[count++] = byte < 32 ? ' ' : byte >= 127 ? '?' : (char)byte;
    }
    shown[count] = 0;
    sl_fail(r->ctx, SL_EINVAL, "formula: %s\n  %s\n  %*s^", sentence, shown, (int)(place - from), "");
    return -1;
}

/* --- nodes ---------------------------------------------------------------------------------------- */

static int formula_put(formula_reader *r, sl_formula_node node)
{
    sl_formula *f = r->formula;
    if (f->count == SL_FORMULA_NODES) /* no text of SL_FORMULA_LENGTH has so many */
        return formula_wrong(r, r->at, "has too many parts: wants a shorter one");
    f->nodes[f->count] = node;
    return f->count++;
}

static bool formula_is_number(const formula_reader *r, int node)
{
    return r->formula->nodes[node].what == SL_FORMULA_NUMBER;
}

static double formula_number(const formula_reader *r, int node)
{
    return r->formula->nodes[node].number;
}

/* Is it a finite number for the operators too, which may be float? */
static bool formula_fits(double value)
{
    const double most = sizeof(sl_real) == sizeof(float) ? 3.4028234663852886e38 : 1.7976931348623157e308;
    return value <= most && value >= -most;
}

static int formula_put_number(formula_reader *r, const char *at, double value)
{
    if (!formula_fits(value))
        return formula_wrong(r, at, "this gives no finite number");
    return formula_put(r, (sl_formula_node){ .what = SL_FORMULA_NUMBER, .number = value });
}

static int formula_scale(formula_reader *r, const char *at, int a, double factor)
{
    if (a < 0)
        return a;
    if (formula_is_number(r, a))
        return formula_put_number(r, at, factor * formula_number(r, a));
    if (!formula_fits(factor))
        return formula_wrong(r, at, "this gives no finite number");
    return formula_put(r, (sl_formula_node){ .what = SL_FORMULA_SCALE, .a = a, .number = factor });
}

static int formula_binary(formula_reader *r, const char *at, sl_formula_what what, int a, int b)
{
    if (a < 0 || b < 0)
        return -1;
    const bool left = formula_is_number(r, a), right = formula_is_number(r, b);
    const double x = formula_number(r, a), y = formula_number(r, b);
    if (left && right)
        return formula_put_number(r, at,
                                  what == SL_FORMULA_ADD   ? x + y
                                  : what == SL_FORMULA_SUB ? x - y
                                  : what == SL_FORMULA_MUL ? x * y
                                                           : x / y);
    if (what == SL_FORMULA_MUL && (left || right))
        return formula_scale(r, at, left ? b : a, left ? x : y);
    if (what == SL_FORMULA_DIV && right && y == 0)
        return formula_wrong(r, at, "divides by 0");
    return formula_put(r, (sl_formula_node){ .what = what, .a = a, .b = b });
}

/* f of a number: by the operator itself. */
static int formula_apply(formula_reader *r, const char *at, const sl_op *op, int a)
{
    if (a < 0)
        return a;
    if (!formula_is_number(r, a))
        return formula_put(r, (sl_formula_node){ .what = SL_FORMULA_APPLY, .a = a, .op = op });
    const sl_real number = (sl_real)formula_number(r, a);
    sl_tape *tape = sl_tape_new(r->ctx, SL_INFER);
    sl_tensor *x = sl_tensor_new(r->ctx, sl_dims(1), &number);
    sl_tensor *y = tape && x ? sl_apply(tape, op, &x, NULL) : NULL;
    const double value = y ? (double)sl_values(y)[0] : 0;
    sl_tape_free(tape);
    sl_tensor_free(x);
    return y ? formula_put_number(r, at, value) : -1;
}

/* a^b: b is a number; or a is one above 0, and a^b = exp(log(a) b). */
static int formula_power(formula_reader *r, const char *at, int a, int b)
{
    if (a < 0 || b < 0)
        return -1;
    const double base = formula_number(r, a), power = formula_number(r, b);
    if (formula_is_number(r, a) && formula_is_number(r, b))
        return formula_put_number(r, at, sl_pow_d(base, power));
    if (formula_is_number(r, b)) {
        if (power == 1)
            return a;
        return formula_put(r, (sl_formula_node){ .what = SL_FORMULA_POWER, .a = a, .number = power });
    }
    if (!formula_is_number(r, a))
        return formula_wrong(r, at,
                             "the base and the exponent of this power both vary: write exp(b*log(a)) for "
                             "a^b, which wants a above 0");
    if (!(base > 0))
        return formula_wrong(r, at, "a power with an exponent that varies wants a base above 0");
    return formula_apply(r, at, sl_op_find("exp"), formula_scale(r, at, b, sl_log_d(base)));
}

/* --- the grammar ---------------------------------------------------------------------------------- */

static int formula_sum(formula_reader *r);
static int formula_sign(formula_reader *r);

static char formula_next(formula_reader *r)
{
    r->at += strspn(r->at, " \t\r\n");
    return *r->at;
}

static bool formula_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static size_t formula_word(const char *at)
{
    size_t length = 0;
    while (formula_letter(at[length]) || (length && at[length] >= '0' && at[length] <= '9'))
        length++;
    return length;
}

static bool formula_is(const char *at, size_t length, const char *name)
{
    return strlen(name) == length && memcmp(at, name, length) == 0;
}

static int formula_close(formula_reader *r, const char *opened, int inside)
{
    if (inside < 0)
        return inside;
    if (formula_next(r) != ')')
        return formula_wrong(r, *r->at ? r->at : opened,
                             *r->at ? "wants an operator or a closing bracket here"
                                    : "this bracket is not closed");
    r->at++;
    return inside;
}

static int formula_unknown(formula_reader *r, const char *at, size_t length)
{
    const char *names[SL_MOST_OPTIONS + 64];
    size_t count = 0;
    char list[300] = "", word[32];
    for (const sl_op *op; count < 60 && (op = sl_formula_function(count)); count++) {
        names[count] = op->name;
        if (strlen(list) + strlen(op->name) + 2 < sizeof list)
            strcat(strcat(list, count ? " " : ""), op->name);
    }
    snprintf(word, sizeof word, "%.*s", (int)(length < 31 ? length : 31), at);
    const char *nearest = sl_nearest_word(word, names, count);
    if (nearest && length > 1)
        return formula_wrong(r, at, "unknown name '%s': did you mean %s? There are x, y, pi, e, %s", word,
                             nearest, list);
    return formula_wrong(r, at, "unknown name '%s': there are x, y, pi, e, %s", word, list);
}

static int formula_name(formula_reader *r)
{
    const char *at = r->at;
    const size_t length = formula_word(at);
    r->at += length;
    for (int i = 0; r->constants && r->constants[i].name; i++)
        if (formula_is(at, length, r->constants[i].name))
            return formula_put_number(r, at, r->values[i]);
    if (formula_is(at, length, "pi"))
        return formula_put_number(r, at, 0x1.921fb54442d18p+1);
    if (formula_is(at, length, "e"))
        return formula_put_number(r, at, 0x1.5bf0a8b145769p+1);
    const bool second = formula_is(at, length, "y");
    if (second || formula_is(at, length, "x")) {
        if (second)
            r->formula->dims = 2;
        return formula_put(r, (sl_formula_node){ .what = second ? SL_FORMULA_Y : SL_FORMULA_X });
    }
    const sl_op *op;
    for (size_t i = 0; (op = sl_formula_function(i)); i++)
        if (formula_is(at, length, op->name)) {
            const char *opened = r->at;
            if (formula_next(r) != '(')
                return formula_wrong(r, opened, "%s wants its argument in brackets: %s(x)", op->name,
                                     op->name);
            opened = r->at++;
            const int inside = formula_sum(r);
            return formula_apply(r, at, op, formula_close(r, opened, inside));
        }
    return formula_unknown(r, at, length);
}

static int formula_atom(formula_reader *r)
{
    const char c = formula_next(r), *at = r->at;
    if (c == '(') {
        r->at++;
        const int inside = formula_sum(r);
        return formula_close(r, at, inside);
    }
    if (formula_letter(c))
        return formula_name(r);
    double value;
    size_t used;
    if (((c >= '0' && c <= '9') || c == '.') && sl_number_scan(at, strlen(at), &used, &value)) {
        r->at += used;
        return formula_put_number(r, at, value);
    }
    return formula_wrong(r, at,
                         c ? "wants a number, x, y, a function or a bracket here"
                           : "ends too early: wants a number, x, y, a function or a bracket here");
}

static int formula_raise(formula_reader *r)
{
    const int base = formula_atom(r);
    if (base < 0 || formula_next(r) != '^')
        return base;
    const char *at = r->at++;
    return formula_power(r, at, base, formula_sign(r));
}

/* Every way around the grammar passes here. */
static int formula_sign(formula_reader *r)
{
    const char *at = r->at;
    bool minus = false;
    for (char c; (c = formula_next(r)) == '-' || c == '+'; r->at++)
        minus = minus != (c == '-');
    if (++r->depth > SL_FORMULA_DEPTH)
        return formula_wrong(r, r->at, "brackets and powers lie more than %d deep", SL_FORMULA_DEPTH);
    const int node = formula_raise(r);
    r->depth--;
    return minus ? formula_scale(r, at, node, -1) : node;
}

static int formula_term(formula_reader *r)
{
    int node = formula_sign(r);
    for (char c; node >= 0 && ((c = formula_next(r)) == '*' || c == '/');) {
        const char *at = r->at++;
        if (*r->at == '*')
            return formula_wrong(r, at, "a power is written with ^: x^2");
        node = formula_binary(r, at, c == '*' ? SL_FORMULA_MUL : SL_FORMULA_DIV, node, formula_sign(r));
    }
    return node;
}

static int formula_sum(formula_reader *r)
{
    int node = formula_term(r);
    for (char c; node >= 0 && ((c = formula_next(r)) == '+' || c == '-');) {
        const char *at = r->at++;
        node = formula_binary(r, at, c == '+' ? SL_FORMULA_ADD : SL_FORMULA_SUB, node, formula_term(r));
    }
    return node;
}

static void formula_whole(formula_reader *r)
{
    const int root = formula_sum(r);
    if (root < 0)
        return;
    const char c = formula_next(r), *at = r->at;
    const bool operand = formula_letter(c) || c == '(' || c == '.' || (c >= '0' && c <= '9');
    if (c == ')')
        formula_wrong(r, at, "closes a bracket that was not opened");
    else if (operand)
        formula_wrong(r, at, "wants an operator here: a product is written with *, as in 2*x");
    else if (c)
        formula_wrong(r, at, "does not go on like this: there are + - * / ^ and brackets");
    else if (formula_is_number(r, root))
        formula_wrong(r, r->text, "has neither x nor y in it, so there is nowhere to go");
    else if (root != r->formula->count - 1) /* x^1 */
        r->formula->nodes[r->formula->count++] =
            (sl_formula_node){ .what = SL_FORMULA_SCALE, .a = root, .number = 1 };
}

sl_formula *sl_formula_parse(sl_ctx *ctx, const char *text, const sl_option *constants, const double *values)
{
    if (!ctx || ctx->status)
        return NULL;
    if (strlen(text) > SL_FORMULA_LENGTH) {
        sl_fail(ctx, SL_EINVAL, "formula: has %zu characters: wants at most %d", strlen(text),
                SL_FORMULA_LENGTH);
        return NULL;
    }
    sl_formula *formula = sl_alloc(ctx, sizeof *formula);
    if (!formula)
        return NULL;
    *formula = (sl_formula){ .ctx = ctx, .dims = 1 };
    formula->nodes = sl_alloc_array(ctx, SL_FORMULA_NODES + 1, sizeof *formula->nodes);
    formula_reader reader = {
        .ctx = ctx, .text = text, .at = text, .formula = formula, .constants = constants, .values = values
    };
    if (formula->nodes)
        formula_whole(&reader);
    if (!ctx->status)
        return formula;
    sl_formula_free(formula);
    return NULL;
}

void sl_formula_free(sl_formula *formula)
{
    if (!formula)
        return;
    sl_free(formula->ctx, formula->nodes);
    sl_free(formula->ctx, formula);
}
