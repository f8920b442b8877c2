/* expression.h - arithmetic as it stands in an explanation, read back and computed again in double.
 *
 *     test = sum [("<" | "<=" | ">" | ">=" | "==") sum]          (gives 1 or 0)
 *     sum = term {("+" | "-") term}        term = sign {("*" | "/") sign}        sign = {"-"} power
 *     power = atom ["^" sign]              (so -x^2 is -(x^2), and 2^3^2 is 2^(3^2))
 *     atom = number | name | function "(" test {"," test} ")" | "(" test ")" | "{" words ":" ["-"] number "}"
 *
 * The last one stands for terms that are left out, by their sum. A name may have an index: W1[0,2].
 * Functions: exp log (also called ln) sqrt abs floor sign sin cos tanh erf sigmoid softplus min max. */
#ifndef SL_EXPLAIN_EXPRESSION_H
#define SL_EXPLAIN_EXPRESSION_H

#include "core/text.h"

typedef enum {
    SL_EXPRESSION_NUMBER,
    SL_EXPRESSION_NAME,
    SL_EXPRESSION_MORE, /* terms left out: text is what is said of them */
    SL_EXPRESSION_NEGATIVE,
    SL_EXPRESSION_BRACKET,
    SL_EXPRESSION_ADD,
    SL_EXPRESSION_SUB,
    SL_EXPRESSION_MUL,
    SL_EXPRESSION_DIV,
    SL_EXPRESSION_POWER,
    SL_EXPRESSION_LESS,
    SL_EXPRESSION_AT_MOST,
    SL_EXPRESSION_MORE_THAN,
    SL_EXPRESSION_AT_LEAST,
    SL_EXPRESSION_EQUAL,
    SL_EXPRESSION_CALL,      /* a: its last argument's node, also a CALL, whose b is the one before */
    SL_EXPRESSION_BESIDE,    /* of rules: W x */
    SL_EXPRESSION_TRANSPOSED /* W' */
} sl_expression_what;

typedef struct {
    sl_expression_what what;
    int a, b; /* operands: numbers of nodes before this one; -1: none */
    double number;
    const char *text; /* number, name, function, words: as written, in the text that was read */
    int length;
} sl_expression_node;

typedef struct {
    sl_ctx *ctx;
    sl_expression_node *nodes; /* [count]; the last one is the whole */
    int count, room;
    bool units; /* in formulas x1 is a unit or a column, number 1; else of layer 1 */
} sl_expression;

typedef struct {
    const char *name;
    double value;
} sl_named;

/* text is borrowed as long as the expression is used. SL_EINVAL: the sentence names the place. */
sl_status sl_expression_read(sl_expression *e, sl_ctx *ctx, const char *text);
void sl_expression_free(sl_expression *e);
/* Its value, names[count] standing for their numbers (another name: NaN). scale (or NULL): how far an
 * error of its own size in each number would carry to the value, which says how much rounding can have lost.
 */
double sl_expression_value(const sl_expression *e, const sl_named *names, int count, double *scale);
/* rule: a formula with letters, to be looked at, not computed: what stands side by side is multiplied, W' is
 * transposed, relu'(z) the slope of a function, dL/dW1 one name. */
sl_status sl_expression_scan(sl_expression *e, sl_ctx *ctx, const char *text, bool rule);

/* --- as a picture (expression_math.c) --- */
typedef enum { SL_MATH_LATEX, SL_MATH_ML } sl_math; /* for math mode; for the inside of <math> */
void sl_expression_math(const sl_expression *e, sl_math as, sl_text *out);
/* A quantity's name: "dL/dW1[0,2]", "z1[0] by output". flat: a derivative stays on one line. */
void sl_expression_math_name(sl_text *out, sl_math as, const char *name, bool flat);
/* The same in LaTeX, of a net's equation: "x1" is a unit or a column, "h2_1" of layer 2. */
void sl_expression_unit_name(sl_text *out, const char *name);
/* A number as it is printed, "1.2e-05". */
void sl_expression_math_number(sl_text *out, sl_math as, const char *number);
/* As LaTeX in rows of about `width` characters, the first one beginning at *column; "\\\n&\\quad " stands
 * where a new one begins. *column: where the last one ends. */
void sl_expression_latex_rows(const sl_expression *e, sl_text *latex, int width, int *column);

#endif
