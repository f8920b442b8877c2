/* shares.c - see shares.h. */
#include "explain/node/shares.h"

#include "kernel/math.h"

enum { SHARES_FAR = 100 };

bool sl_shares_begin(sl_shares *s, sl_walk *walk, const sl_tensor *z)
{
    *s = (sl_shares){ .z = z, .width = (size_t)z->shape.dim[z->shape.rank - 1] };
    s->rows = s->width ? z->count / s->width : 0;
    s->e = sl_alloc_array(walk->e->ctx, s->width, sizeof *s->e);
    for (size_t r = 0; s->e && r < s->rows; r++) {
        double most = (double)z->v[r * s->width];
        for (size_t c = 1; c < s->width; c++)
            most = (double)z->v[r * s->width + c] > most ? (double)z->v[r * s->width + c] : most;
        s->less = s->less || !(most >= -SHARES_FAR && most <= SHARES_FAR);
    }
    return s->e != NULL;
}

void sl_shares_end(sl_shares *s, sl_walk *walk)
{
    sl_free(walk->e->ctx, s->e);
}

void sl_shares_row(sl_shares *s, size_t r)
{
    const sl_real *z = s->z->v + r * s->width;
    s->m = s->less ? (double)z[0] : 0;
    for (size_t c = 1; s->less && c < s->width; c++)
        s->m = (double)z[c] > s->m ? (double)z[c] : s->m;
    s->S = 0;
    for (size_t c = 0; c < s->width; c++)
        s->S += s->e[c] = sl_exp_d((double)z[c] - s->m);
}

double sl_shares_of(const sl_shares *s, size_t column)
{
    return s->e[column] / s->S;
}

double sl_shares_log(const sl_shares *s, size_t r, size_t column)
{
    return (double)s->z->v[r * s->width + column] - s->m - sl_log_d(s->S);
}

void sl_shares_rules(sl_walk *walk, const sl_shares *s)
{
    const char *z = sl_walk_name(walk, s->z), *row = s->rows > 1 ? " of the row" : "";
    if (s->less) {
        sl_walk_helper(walk, "m", sl_explanation_keep(walk->e, "the largest %s%s", z, row));
        sl_walk_helper(walk, "e", sl_explanation_keep(walk->e, "exp(%s - m)", z));
    } else {
        sl_walk_helper(walk, "e", sl_explanation_keep(walk->e, "exp(%s)", z));
    }
    sl_walk_helper(walk, "S",
                   sl_explanation_keep(walk->e, "the sum of e%s", s->rows > 1 ? " over the row" : ""));
}

static int shares_term(const void *user, size_t i, double factors[3])
{
    factors[0] = ((const sl_shares *)user)->e[i];
    return 1;
}

void sl_shares_lines(sl_walk *walk, const sl_shares *s, size_t r)
{
    const sl_real *z = s->z->v + r * s->width;
    if (s->less)
        sl_explained_line(walk->e, 2, sl_walk_row_name(walk, "m", s->rows, r), "m", &(sl_named){ "m", s->m },
                          1, s->m);
    for (size_t c = 0; sl_walk_columns(walk, s->width, &c); c++) {
        const sl_named names[] = { { "z", (double)z[c] }, { "m", s->m } };
        sl_explained_line(walk->e, 2, sl_walk_cell_name(walk, "e", s->rows, s->width, r * s->width + c),
                          s->less ? "exp(z - m)" : "exp(z)", names, 2, s->e[c]);
    }
    sl_explained_total(walk->e, sl_walk_row_name(walk, "S", s->rows, r),
                       &(sl_explained_sum){ .count = s->width, .term = shares_term, .user = s }, s->S);
}

void sl_shares_p(sl_walk *walk, const sl_shares *s, size_t r)
{
    for (size_t c = 0; sl_walk_columns(walk, s->width, &c); c++) {
        const sl_named names[] = { { "e", s->e[c] }, { "S", s->S } };
        sl_explained_line(walk->e, 2, sl_walk_cell_name(walk, "p", s->rows, s->width, r * s->width + c),
                          "e/S", names, 2, sl_shares_of(s, c));
    }
}
