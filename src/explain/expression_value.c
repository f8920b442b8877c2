/* expression_value.c - what an expression comes to, and how much rounding on the way can have lost. */
#include "explain/expression.h"

#include "kernel/math.h"

#include <math.h>
#include <string.h>

enum { EXPRESSION_ARGUMENTS = 64 };

static double expression_softplus(double x)
{
    return (x > 0 ? x : 0) + sl_log1p_d(sl_exp_d(x > 0 ? -x : x));
}

static double expression_sign_of(double x)
{
    return (double)((x > 0) - (x < 0));
}

static double expression_call(const sl_expression_node *node, const double *argument, int count)
{
    static const struct {
        const char *name;
        double (*of)(double x);
    } functions[] = { { "exp", sl_exp_d },
                      { "log", sl_log_d },
                      { "ln", sl_log_d },
                      { "sqrt", sqrt },
                      { "abs", fabs },
                      { "floor", floor },
                      { "sign", expression_sign_of },
                      { "sin", sl_sin_d },
                      { "cos", sl_cos_d },
                      { "tanh", sl_tanh_d },
                      { "erf", sl_erf_d },
                      { "sigmoid", sl_sigmoid_d },
                      { "softplus", expression_softplus } };
    const size_t length = (size_t)node->length;
    for (size_t i = 0; count == 1 && i < sizeof functions / sizeof *functions; i++)
        if (strlen(functions[i].name) == length && !memcmp(functions[i].name, node->text, length))
            return functions[i].of(argument[0]);
    const bool most = length == 3 && !memcmp(node->text, "max", 3);
    if (!most && !(length == 3 && !memcmp(node->text, "min", 3)))
        return (double)NAN;
    double best = argument[0];
    for (int i = 1; i < count; i++)
        if (most ? argument[i] > best : argument[i] < best)
            best = argument[i];
    return best;
}

typedef struct {
    const sl_expression *e;
    const sl_named *names;
    int count;
} expression_work;

/* A value, and what an error of 1 in all numbers behind it, beside their size, would be in it: rounding by
 * 1e-16 moves it by some 1e-16 of that. */
typedef struct {
    double value, scale;
} expression_number_of;

static expression_number_of expression_exact(double value)
{
    return (expression_number_of){ value, fabs(value) };
}

static double expression_named(const expression_work *work, const sl_expression_node *node)
{
    for (int i = 0; i < work->count; i++)
        if (strlen(work->names[i].name) == (size_t)node->length &&
            !memcmp(work->names[i].name, node->text, (size_t)node->length))
            return work->names[i].value;
    const bool three = node->length == 3; /* as numbers beyond all are printed */
    return three && !memcmp(node->text, "inf", 3) ? (double)INFINITY : (double)NAN;
}

static expression_number_of expression_at(expression_work *work, int at);

/* How much a function magnifies an error of its argument. */
static double expression_steep(const sl_expression_node *node, double argument, double value)
{
    const size_t length = (size_t)node->length;
    if (length == 3 && !memcmp(node->text, "exp", 3))
        return fabs(value);
    if ((length == 3 && !memcmp(node->text, "log", 3)) || (length == 2 && !memcmp(node->text, "ln", 2)))
        return argument == 0 ? 0 : 1 / fabs(argument);
    if (length == 4 && !memcmp(node->text, "sqrt", 4))
        return value == 0 ? 0 : 1 / (2 * value);
    return 1;
}

static expression_number_of expression_called(expression_work *work, const sl_expression_node *node)
{
    double argument[EXPRESSION_ARGUMENTS], scale = 0;
    int count = 0;
    for (int list = node->a; list >= 0; list = work->e->nodes[list].b) {
        if (count == EXPRESSION_ARGUMENTS)
            return expression_exact((double)NAN);
        const expression_number_of one = expression_at(work, work->e->nodes[list].a);
        argument[count++] = one.value;
        scale = one.scale > scale ? one.scale : scale;
    }
    const double value = expression_call(node, argument, count);
    return (expression_number_of){ value, fabs(value) + scale * expression_steep(node, argument[0], value) };
}

/* A sum leans to the left and may have thousands of terms: walked down without recursion. */
static expression_number_of expression_total(expression_work *work, int at)
{
    const sl_expression_node *nodes = work->e->nodes;
    int first = at;
    while (nodes[first].what == SL_EXPRESSION_ADD || nodes[first].what == SL_EXPRESSION_SUB)
        first = nodes[first].a;
    expression_number_of sum = expression_at(work, first);
    for (int next = first + 1; next <= at; next++) { /* nodes stand in the order of reading */
        const sl_expression_node *part = &nodes[next];
        if ((part->what != SL_EXPRESSION_ADD && part->what != SL_EXPRESSION_SUB) || part->a != first)
            continue;
        const expression_number_of term = expression_at(work, part->b);
        sum.value = part->what == SL_EXPRESSION_ADD ? sum.value + term.value : sum.value - term.value;
        sum.scale += term.scale;
        first = next;
    }
    return sum;
}

static expression_number_of expression_two(const sl_expression_node *node, expression_number_of a,
                                           expression_number_of b)
{
    double value;
    switch (node->what) {
    case SL_EXPRESSION_MUL:
        return (expression_number_of){ a.value * b.value, fabs(a.value) * b.scale + fabs(b.value) * a.scale };
    case SL_EXPRESSION_DIV:
        value = a.value / b.value;
        return (expression_number_of){ value, (a.scale + fabs(value) * b.scale) / fabs(b.value) };
    case SL_EXPRESSION_POWER:
        value = sl_pow_d(a.value, b.value);
        return (expression_number_of){
            value, fabs(value) + (a.value == 0 ? a.scale : fabs(value * b.value / a.value) * a.scale)
        };
    case SL_EXPRESSION_LESS:
        return expression_exact(a.value < b.value);
    case SL_EXPRESSION_AT_MOST:
        return expression_exact(a.value <= b.value);
    case SL_EXPRESSION_MORE_THAN:
        return expression_exact(a.value > b.value);
    case SL_EXPRESSION_AT_LEAST:
        return expression_exact(a.value >= b.value);
    default:
        return expression_exact(a.value == b.value);
    }
}

static expression_number_of expression_at(expression_work *work, int at)
{
    const sl_expression_node *node = &work->e->nodes[at];
    if (node->what == SL_EXPRESSION_NUMBER || node->what == SL_EXPRESSION_MORE)
        return expression_exact(node->number);
    if (node->what == SL_EXPRESSION_NAME)
        return expression_exact(expression_named(work, node));
    if (node->what == SL_EXPRESSION_NEGATIVE) {
        const expression_number_of of = expression_at(work, node->a);
        return (expression_number_of){ -of.value, of.scale };
    }
    if (node->what == SL_EXPRESSION_BRACKET)
        return expression_at(work, node->a);
    if (node->what == SL_EXPRESSION_CALL)
        return expression_called(work, node);
    if (node->what == SL_EXPRESSION_ADD || node->what == SL_EXPRESSION_SUB)
        return expression_total(work, at);
    const expression_number_of a = expression_at(work, node->a), b = expression_at(work, node->b);
    return expression_two(node, a, b);
}

double sl_expression_value(const sl_expression *e, const sl_named *names, int count, double *scale)
{
    expression_work work = { .e = e, .names = names, .count = count };
    const expression_number_of of =
        e->count > 0 ? expression_at(&work, e->count - 1) : expression_exact((double)NAN);
    if (scale) /* an infinite one on the way would excuse all */
        *scale = of.scale - of.scale == 0 ? of.scale : fabs(of.value);
    return of.value;
}
