/* equation.h - what the files share that write a net as formulas with its numbers in them (equation*.c).
 * Formulas are texts in the grammar of expression.h, so that they can be read back and computed.        */
#ifndef SL_EXPLAIN_EQUATION_H
#define SL_EXPLAIN_EQUATION_H

#include "data/data.h"
#include "explain/explanation.h"
#include "model/model.h"

enum {
    SL_EQUATION_NUMBERS = 5000, /* parameters of a net that is written so                    */
    SL_EQUATION_SHORT = 400,    /* bytes of an answer that stands in one line                 */
    SL_EQUATION_WORDS = 2000,   /* variables that words become                                */
    SL_EQUATION_ROWS = 100      /* on which it is compared with the net                       */
};

typedef enum {
    SL_VARIABLE_NUMBER,
    SL_VARIABLE_WORD,
    SL_VARIABLE_MISSING,
    SL_VARIABLE_DAY,
    SL_VARIABLE_TIME
} sl_variable_kind;
typedef struct {
    const char *name; /* letters, digits, _ */
    sl_variable_kind kind;
    int input;        /* number of the raw input, from 0 */
    int column;       /* of a table; -1: none */
    double code;      /* WORD: which; NaN: 1 where the cell is empty */
    const char *said; /* of the column, its own name */
    int cell;         /* of a sheet: which row, from 1 */
} sl_variable;

typedef struct {
    const char *name, *formula;
    const char *place; /* the first of a layer: "dense_1: 4 relu"; NULL */
    bool answer;       /* what the net says: a prediction */
    int cell;          /* of a sheet: which row, from 1 */
} sl_definition;

typedef struct { /* a number of a row, on its way through the net */
    const char *formula;
    const char *const *slots; /* instead: a word's number, by what is 1 for each, else 0 */
    int slot_count;
} sl_element;

typedef struct {
    sl_explanation *e; /* which all texts live with */
    const sl_model *model;
    const sl_data *data; /* rows to compare on, and their names; NULL: drawn */
    sl_variable *variables;
    int variable_count, variable_room;
    sl_definition *definitions;
    int count, room;
    const char *place; /* of the next definition */
    int figures;       /* of numbers; 0: as few as give the same float back */
    bool large;        /* in a form that bears large numbers */
    sl_element *x;     /* [width], as the next layer gets them */
    size_t width;
} sl_equation;

typedef struct {
    const char *name, *text;
} sl_filling;

/* An identifier like `wanted` that nothing else has; `else_name`, where no letter or digit is left of it. */
const char *sl_equation_name(sl_equation *q, const char *wanted, const char *else_name);
const char *sl_equation_define(sl_equation *q, const char *name, const char *formula);
char *sl_equation_number(const sl_equation *q, char text[32], double value);
/* template with texts in the place of names, in brackets where they need them, and its numbers rounded as all
 * others. */
const char *sl_equation_fill(sl_equation *q, const char *template, const sl_filling *fillings, int count);
/* Adds "+ 0.5*x" to a sum. Nothing, where the factor is 0. */
void sl_equation_term(const sl_equation *q, sl_text *sum, double factor, const char *formula);
/* Adds a number to a sum; where that is empty, also a 0. */
void sl_equation_constant(const sl_equation *q, sl_text *sum, double value);
/* Keeps what was written, and empties it. */
const char *sl_equation_keep(sl_equation *q, sl_text *text);

/* equation_inputs.c: variables, and q->x as the first layer gets it. */
sl_status sl_equation_inputs(sl_equation *q);
/* equation_layers.c: all layers, and the answers. */
sl_status sl_equation_layers(sl_equation *q);
/* equation_answers.c: what the last layer gives as predictions. */
sl_status sl_equation_answers(sl_equation *q);
/* sigmoid, softmax over all of q->x, in place. */
sl_status sl_equation_sigmoid(sl_equation *q, sl_element *x);
sl_status sl_equation_softmax(sl_equation *q, const char *prefix, bool logarithm);

/* equation_check.c: computes the printed formulas on rows. */
typedef struct {
    bool agrees;
    size_t rows;
    double worst;        /* the largest difference, and */
    double beside;       /* what the net says there */
    const char *from;    /* "100 rows of iris.csv" */
    double *first;       /* [variables + definitions] of the first row */
    const double *cells; /* of it [inputs], raw */
} sl_equation_checked;
sl_status sl_equation_check(sl_equation *q, sl_equation_checked *checked);

/* equation_write.c: in a syntax. */
typedef struct sl_syntax sl_syntax;
/* NULL: "calculator". NULL and the context's error. */
const sl_syntax *sl_syntax_find(sl_ctx *ctx, const char *name);
/* The formulas as text to be copied; q->e gets what is to be said about it. */
sl_status sl_equation_write(sl_equation *q, const sl_syntax *syntax, const sl_equation_checked *checked);
/* A formula for a calculator, as it is printed: what is checked. */
void sl_equation_calculator(sl_ctx *ctx, const char *formula, sl_text *out);

#endif
