/* explanation.h - an explanation is a list of items; format/ writes it as text, Markdown, HTML or LaTeX.
 * Arithmetic is kept as it is printed, and every line of it is read back and computed again when it is added.
 */
#ifndef SL_EXPLAIN_EXPLANATION_H
#define SL_EXPLAIN_EXPLANATION_H

#include "core/arena.h"
#include "explain/expression.h"
#include "tensor/tensor.h"

typedef enum {
    SL_EXPLAINED_TITLE, /* text: of the whole, or of a step */
    SL_EXPLAINED_PART,  /* text: "forward", "loss", "backward", "update" */
    SL_EXPLAINED_PLACE, /* text: "dense_1: 1 relu" */
    SL_EXPLAINED_RULE,  /* name = text, as a formula; shapes; latex: the whole formula */
    SL_EXPLAINED_LINE,  /* name = text = value, computed; depth: 2 a number, 4 a product of it */
    SL_EXPLAINED_VALUE, /* name = value: numbers, [..] around several; shapes */
    SL_EXPLAINED_MORE,  /* text: what is left out here, with how many */
    SL_EXPLAINED_NOTE,  /* text: a sentence */
    SL_EXPLAINED_PLAIN  /* text: a formula of many lines or letters, as it is, to be copied; latex: as it
                           stands in a LaTeX document */
} sl_explained_kind;

typedef struct {
    sl_explained_kind kind;
    const char *name, *text, *value, *shapes, *latex; /* NULL: none */
    double number;                                    /* LINE: the value, unrounded */
    int depth;
    const double *numbers; /* VALUE: [count], unrounded and all of them; NULL: not known */
    size_t count;
} sl_explained;

struct sl_explanation {
    sl_ctx *ctx;
    sl_arena arena;      /* all texts */
    sl_explained *items; /* [count] */
    int count, room;
    int digits, depth;
    bool units;         /* x1 is a unit or a column, number 1; else of layer 1 */
    size_t lines;       /* with arithmetic */
    const char *listed; /* by sl_explained_list last, and what of */
    const double *listed_numbers;
    size_t listed_count;
    sl_text written; /* what sl_explanation_write gave last */
};

enum {
    SL_EXPLAIN_DIGITS = 7,
    SL_EXPLAIN_TERMS = 6,    /* of a longer sum the first three and the last are shown */
    SL_EXPLAIN_NUMBERS = 12, /* of a longer list likewise */
    SL_EXPLAIN_MOST = 20000  /* lines of an explanation */
};

sl_explanation *sl_explanation_new(sl_ctx *ctx, int depth, int digits);
/* A copy that lives as long as the explanation. */
const char *sl_explanation_keep(sl_explanation *e, const char *format, ...) SL_PRINTF(2, 3);
/* Adds an item; its texts must live as long (sl_explanation_keep), or be constants. */
sl_status sl_explanation_add(sl_explanation *e, sl_explained item);
/* "1.3": as numbers are printed here: whole where at most ten figures are all there is, else rounded. digits
 * 0: the explanation's. */
char *sl_explained_number(const sl_explanation *e, char text[32], double value, int digits);
/* "[0.1, 0.2, .. 120 more .., 3]"; of one number it alone. A VALUE with this text has the numbers too. */
const char *sl_explained_list(sl_explanation *e, const sl_real *values, size_t count);
/* The same of rows: "[[0, -1], [1, 0], .. 2 rows more .., [2, 1]]"; a single one without the outer brackets.
 */
const char *sl_explained_rows(sl_explanation *e, const sl_real *values, size_t rows, size_t columns);

/* name = formula with the names' numbers in it = value. formula: an expression (expression.h), which is
 * printed with as many digits as it takes until what stands there gives the value that stands there. With
 * alternatives, "a | b", the first one that does is taken. SL_EINVAL: none does even with all digits: what is
 * said would not be true. */
sl_status sl_explained_line(sl_explanation *e, int depth, const char *name, const char *formula,
                            const sl_named *names, int count, double value);
/* name = a sum of products = value; of more than SL_EXPLAIN_TERMS terms (unless depth is 3 or more) the
 * middle is left out, and stands there as its sum. term(user, i, factors): sets 1 to 3 factors and returns
 * how many. `open` and `close` stand around the sum, "(" ")/4"; NULL: nothing. */
typedef struct {
    size_t count;
    int (*term)(const void *user, size_t i, double factors[3]);
    const void *user;
    const char *open, *close;
} sl_explained_sum;
sl_status sl_explained_total(sl_explanation *e, const char *name, const sl_explained_sum *sum, double value);

/* Of `count` numbers, which are shown at this depth: the next one from `at` on. count: none. Where some are
 * left out *skipped says how many (else 0). */
size_t sl_explained_next(const sl_explanation *e, size_t at, size_t count, size_t *skipped);
/* "W1[0,2]": element `at` of a tensor of this shape. rows: its first dimension are rows; a single one is not
 * named. */
const char *sl_explained_name(sl_explanation *e, const char *name, sl_shape shape, bool rows, size_t at);

/* --- writers (format/): add the whole to `out` --- */
void sl_explained_text(const sl_explanation *e, sl_text *out, int width, bool colour);
void sl_explained_markdown(const sl_explanation *e, sl_text *out);
void sl_explained_html(const sl_explanation *e, sl_text *out);
void sl_explained_latex(const sl_explanation *e, sl_text *out);
void sl_explained_json(sl_explanation *e, sl_text *out);

#endif
