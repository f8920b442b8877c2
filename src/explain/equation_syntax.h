/* equation_syntax.h - formulas in the words of calculators and languages. */
#ifndef SL_EXPLAIN_EQUATION_SYNTAX_H
#define SL_EXPLAIN_EQUATION_SYNTAX_H

#include "explain/equation.h"

struct sl_syntax {
    const char *name;
    const char *log, *abs, *max, *min; /* what these functions are called */
    const char *power;                 /* "^", "**"; NULL: pow(a, b) */
    const char *equal;                 /* "==", "=" */
    bool upper;                        /* functions in capital letters */
    bool pairs;                        /* max and min take two numbers */
    bool points;                       /* 1 is 1.0: a quotient of whole numbers would be whole */
    bool cells;                        /* names are cells of a sheet */
    void (*put)(sl_equation *q, const sl_syntax *syntax, const sl_equation_checked *checked, sl_text *out);
};

/* A formula of q; names as they are, or their cells. */
void sl_syntax_formula(const sl_equation *q, const sl_syntax *syntax, sl_ctx *ctx, const char *formula,
                       sl_text *out);
/* In double quotes, with a backslash before what needs one; of a sheet, with quotes doubled. */
void sl_syntax_string(const sl_syntax *syntax, const char *text, sl_text *out);
/* "100 rows of iris.csv give what the net says: ..": one sentence. */
const char *sl_syntax_checked(const sl_equation *q, const sl_equation_checked *checked);
/* The name of answer `index`, in the order of sl_predict: of two classes the second is defined before the
 * first. NULL: behind the last. */
const char *sl_syntax_answer(const sl_equation *q, int index);
/* The column's word that a variable asks for. "": none. */
const char *sl_syntax_word(const sl_equation *q, const sl_variable *v);
/* What stands for a missing number of the column; false: it asks for none. */
bool sl_syntax_median(const sl_equation *q, const sl_variable *v, char text[32]);

/* equation_code.c */
void sl_syntax_python(sl_equation *q, const sl_syntax *syntax, const sl_equation_checked *checked,
                      sl_text *out);
void sl_syntax_c(sl_equation *q, const sl_syntax *syntax, const sl_equation_checked *checked, sl_text *out);
void sl_syntax_sheet(sl_equation *q, const sl_syntax *syntax, const sl_equation_checked *checked,
                     sl_text *out);

#endif
