/* rule.h - what a RULE says, taken apart: "p = 1/(1 + exp(-z)); p - t | .." are rows of a name and a formula.
 */
#ifndef SL_EXPLAIN_FORMAT_RULE_H
#define SL_EXPLAIN_FORMAT_RULE_H

#include "explain/explanation.h"

enum { SL_RULE_ROWS = 16, SL_RULE_ROOM = 640, SL_RULE_NAMES = 8 };

typedef struct {
    char name[96];              /* "": the same as the row above's */
    char formula[SL_RULE_ROOM]; /* "": words alone */
    char words[160];            /* behind the formula: "summed over rows"; "": none */
} sl_rule_row;

typedef struct {
    sl_rule_row rows[SL_RULE_ROWS];
    int count;
    bool becomes; /* all rows are named: what they say is done one after the other, and `=` means "becomes" */
} sl_rule_parts;

/* Too long for it, or too many: one row, cut nowhere, is said by false: take the item's text as it is. */
bool sl_rule_take(sl_rule_parts *parts, const sl_explained *item);
/* A formula as LaTeX or MathML; what is no formula as words. */
void sl_rule_math(sl_ctx *ctx, const char *formula, sl_math as, sl_text *out);
/* A row whole: name = formula, words. column: of an array, with & before the sign. */
void sl_rule_row_math(sl_ctx *ctx, const sl_rule_parts *parts, int row, sl_math as, bool column,
                      sl_text *out);
/* "[3] = [3, 2] [2] + [3]" beside "z1 = W1 x + b1": which quantity has which shape. names[i]: of which
 * shapes[i] is the inside of the brackets, "3, 2". Returns how many; 0: not to be told apart. */
int sl_rule_shapes(const sl_explained *item, char names[SL_RULE_NAMES][96], char shapes[SL_RULE_NAMES][48]);

#endif
