/* math_marks.h - what formulas are written with, in LaTeX and in MathML. */
#ifndef SL_EXPLAIN_MATH_MARKS_H
#define SL_EXPLAIN_MATH_MARKS_H

#include "explain/expression.h"

typedef enum {
    SL_MATH_NONE,
    SL_MATH_PLUS,
    SL_MATH_MINUS,
    SL_MATH_NEGATIVE,
    SL_MATH_TIMES,
    SL_MATH_EACH, /* element by element */
    SL_MATH_SPACE,
    SL_MATH_COMMA,
    SL_MATH_LESS,
    SL_MATH_AT_MOST,
    SL_MATH_MORE_THAN,
    SL_MATH_AT_LEAST,
    SL_MATH_EQUAL,
    SL_MATH_BECOMES,
    SL_MATH_BRACKET,
    SL_MATH_BRACKET_END,
    SL_MATH_TEST, /* 1 where it is so, else 0 */
    SL_MATH_TEST_END,
    SL_MATH_ABS,
    SL_MATH_ABS_END,
    SL_MATH_NORM,
    SL_MATH_NORM_END,
    SL_MATH_FRACTION,
    SL_MATH_OVER,
    SL_MATH_FRACTION_END,
    SL_MATH_ROOT,
    SL_MATH_ROOT_END,
    SL_MATH_EXP, /* closed by POWER_END */
    SL_MATH_POWER,
    SL_MATH_TO,
    SL_MATH_POWER_END,
    SL_MATH_TRANSPOSED, /* closes a POWER */
    SL_MATH_UNDER,
    SL_MATH_UNDER_WORDS,
    SL_MATH_UNDER_END,
    SL_MATH_PARTIAL,
    SL_MATH_SLASH,
    SL_MATH_HAT,
    SL_MATH_HAT_END,
    SL_MATH_SUB, /* one of these three before what has an index, a layer's number, or both */
    SL_MATH_SUP,
    SL_MATH_BOTH,
    SL_MATH_INDEX,
    SL_MATH_INDEX_END,
    SL_MATH_LAYER,
    SL_MATH_LAYER_END,
    SL_MATH_SUB_END,
    SL_MATH_SUP_END,
    SL_MATH_BOTH_END,
    SL_MATH_TEN, /* times ten to the; closed by POWER_END */
    SL_MATH_SIGNS
} sl_math_sign;

typedef struct {
    const sl_expression *e;
    sl_text *out;
    sl_math as;
    bool flat;  /* slopes on one line */
    bool units; /* x1 is a unit or a column */
} sl_math_pen;

void sl_math_mark(const sl_math_pen *pen, sl_math_sign sign);
void sl_math_number(const sl_math_pen *pen, const char *text, size_t length);
void sl_math_quantity(const sl_math_pen *pen, const char *name, size_t length);
void sl_math_function(const sl_math_pen *pen, const char *name, size_t length); /* "relu", "relu'" */
void sl_math_words(const sl_math_pen *pen, const char *text, size_t length);

#endif
