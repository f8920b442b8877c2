/* function.h - a function to descend on: one of function/, or a formula that somebody typed. */
#ifndef SL_DESCEND_FUNCTION_H
#define SL_DESCEND_FUNCTION_H

#include "descend/formula.h"

enum { SL_MOST_MINIMA = 4 };

typedef struct { /* what a file of descend/function/ provides: `const sl_landscape sl_landscape_NAME` */
    const char *name, *summary;
    const char *formula; /* as sl_formula_parse reads it; its options are numbers in it by their names */
    const char *source;
    const sl_option *options;
    double start[2], lr;    /* what a walk begins with where nothing is said */
    double low[2], high[2]; /* the range that is shown, and that random starts come from */
    /* The global minima with these options, [count][2]; returns how many. NULL: there is none. */
    int (*minima)(const double *values, double (*at)[2]);
} sl_landscape;

const sl_landscape *sl_landscape_at(size_t index); /* NULL behind the last */

struct sl_function {
    sl_ctx *ctx;
    const sl_landscape *kind; /* NULL: a formula */
    sl_formula *formula;
    char *name, *text; /* the name with options, or the formula; the formula with options as numbers */
    int dims;
    double start[2], lr, low[2], high[2];
    bool started;                              /* start and lr are known */
    int minima;                                /* global ones */
    double minimum[SL_MOST_MINIMA][2], lowest; /* ... and f there */
    bool searched;                             /* minima were looked for in the range, not known */
    sl_descend_field *field;                   /* of as many points as were wanted last */
};

/* 0: x, 1: y */
static inline const char *sl_variable_name(int axis)
{
    return axis ? "y" : "x";
}

/* Values [n], gradients [n, dims] and second derivatives [n, 3]: xx, xy, yy (of one variable: xx, 0, 0) at
 * points [n, dims]; each of the three may be NULL. Second derivatives are differences of gradients. */
sl_status sl_function_look(sl_function *f, size_t n, const double *points, double *values, double *slopes,
                           double *bends);
/* Eigenvalues of a symmetric 2 by 2 matrix xx, xy, yy: least and largest; of one variable both xx. */
void sl_bend_eigen(const double bend[3], int dims, double *least, double *largest);
/* Downhill from each point [n, dims] in short steps, so that none leaves its valley, to the minimum there; it
 * stays where it is not finite. */
sl_status sl_function_settle(sl_function *f, size_t n, double *points);
/* The global minima: those that are known, or the lowest point found in the range. SL_EINVAL: there is none.
 */
sl_status sl_function_minima(sl_function *f);

#endif
