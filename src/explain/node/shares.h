/* shares.h - softmax of a row, step by step: e = exp(z), S their sum, p = e/S; with the largest number taken
 * off where exp would be too large or too small. */
#ifndef SL_EXPLAIN_NODE_SHARES_H
#define SL_EXPLAIN_NODE_SHARES_H

#include "explain/step.h"

typedef struct {
    const sl_tensor *z; /* [.., width] */
    size_t rows, width;
    bool less;   /* m is taken off */
    double m, S; /* of the row at hand; m is 0 where it is not taken off */
    double *e;   /* [width], of the row at hand */
} sl_shares;
/* false: memory ran out. */
bool sl_shares_begin(sl_shares *s, sl_walk *walk, const sl_tensor *z);
void sl_shares_end(sl_shares *s, sl_walk *walk);
/* Rules of m, e, S; what p is, is left to the caller. */
void sl_shares_rules(sl_walk *walk, const sl_shares *s);
/* Makes row r the one at hand. */
void sl_shares_row(sl_shares *s, size_t r);
/* Its lines, but for p. */
void sl_shares_lines(sl_walk *walk, const sl_shares *s, size_t r);
/* Lines of p, and the gradient's local part need them. */
double sl_shares_of(const sl_shares *s, size_t column);
/* log p, also where p is 0 to double: z - m - log(S). */
double sl_shares_log(const sl_shares *s, size_t r, size_t column);
/* The lines of p of row r. */
void sl_shares_p(sl_walk *walk, const sl_shares *s, size_t r);

#endif
