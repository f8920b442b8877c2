/* formula.h - formulas over x and y as people type them: parsed once, then computed and differentiated on the
 * tape, for many points at once.
 *
 *     sum = term {("+" | "-") term}        term = sign {("*" | "/") sign}        sign = {"+" | "-"} power
 *     power = atom ["^" exponent]          exponent = {"+" | "-"} power          (so -x^2 is -(x^2), and
 *     atom = number | name | function "(" sum ")" | "(" sum ")"                   2^3^2 is 2^(3^2))
 *
 * Names are x, y, pi, e and those that the caller gives numbers for; functions are the operators of op/ that
 * go element by element and take nothing else. */
#ifndef SL_DESCEND_FORMULA_H
#define SL_DESCEND_FORMULA_H

#include "core/option.h"
#include "op/op.h"

enum { SL_FORMULA_LENGTH = 1000, SL_FORMULA_DEPTH = 100, SL_FORMULA_NODES = 2 * SL_FORMULA_LENGTH + 8 };

typedef enum {
    SL_FORMULA_NUMBER,
    SL_FORMULA_X,
    SL_FORMULA_Y,
    SL_FORMULA_ADD,
    SL_FORMULA_SUB,
    SL_FORMULA_MUL,
    SL_FORMULA_DIV,
    SL_FORMULA_SCALE, /* number times a */
    SL_FORMULA_POWER, /* a to the power of the number */
    SL_FORMULA_APPLY  /* op of a */
} sl_formula_what;

typedef struct {
    sl_formula_what what;
    int a, b; /* operands: numbers of nodes before this one */
    double number;
    const sl_op *op;
} sl_formula_node;

typedef struct {
    sl_ctx *ctx;
    sl_formula_node *nodes; /* [count]; the last one is the result */
    int count;
    int dims; /* 1: x alone; 2: x and y */
} sl_formula;

/* constants: what names beside x, y, pi and e stand for, values[i] for constants[i].name; NULL: none.
 * SL_EINVAL: the sentence, the formula on a line of its own, and a caret below the place. */
sl_formula *sl_formula_parse(sl_ctx *ctx, const char *text, const sl_option *constants, const double *values);
void sl_formula_free(sl_formula *formula);
/* Function number `index` that formulas know; NULL behind the last. */
const sl_op *sl_formula_function(size_t index);

/* A formula at n points at once. */
typedef struct {
    sl_ctx *ctx;
    const sl_formula *formula;
    size_t n;
    sl_tape *tape;
    sl_tensor *theta;    /* [n, dims], with gradient: the points */
    sl_tensor *value;    /* [n, 1]: of the graph at work */
    sl_tensor **numbers; /* [count]: [n, 1] for each node that is a number, else NULL */
    sl_tensor **made;    /* [count]: results of the graph at work */
} sl_descend_field;
sl_descend_field *sl_field_new(sl_ctx *ctx, const sl_formula *formula, size_t n);
void sl_field_free(sl_descend_field *field);
/* The sum over all points, in a graph of its own on this tape, which may be another than the field's. */
sl_tensor *sl_field_sum(sl_tape *tape, sl_descend_field *field);
/* Values and, where `slopes`, gradients of theta as it is: value[n] and, in theta, the gradient. */
sl_status sl_field_run(sl_descend_field *field, bool slopes);

#endif
