/* vectors_into.c - word vectors into the table of an embedding. */
#include "tensor/tensor.h"
#include "text/vectors.h"
#include "text/views.h"

#include <string.h>

enum { INTO_LONGEST = 1024 };

sl_status sl_vectors_into(const sl_vectors *v, const sl_views *views, int view, sl_tensor *table,
                          size_t *found, size_t *words)
{
    const sl_shape shape = sl_shape_of(table);
    const size_t rows = sl_views_size(views, view);
    size_t known = 0, all = 0;
    if (shape.rank != 2 || shape.dim[1] != v->size)
        return sl_fail(v->ctx, SL_ESHAPE,
                       "word vectors of %d numbers, and a table that wants %d: wanted is embedding %d",
                       v->size, shape.rank == 2 ? shape.dim[1] : 0, v->size);
    if ((size_t)shape.dim[0] != rows)
        return sl_fail(v->ctx, SL_ESHAPE, "a table of %d rows for the %zu features of its texts",
                       shape.dim[0], rows);
    sl_real *to = sl_values(table);
    const int first = view < 0 ? 0 : view, last = view < 0 ? sl_views_count(views) : view + 1;
    for (int of = first; of < last; of++) {
        const size_t features = sl_views_size(views, of);
        for (size_t i = 0; i < features; i++, to += v->size) {
            char word[INTO_LONGEST];
            const size_t length = sl_views_text(views, of, i, word, sizeof word);
            if (!length || sl_views_word(views, of, word, length) != i)
                continue; /* several words, or some that share a place */
            all++;
            const size_t at = sl_vectors_find_n(v, word, length);
            if (at == SIZE_MAX)
                continue;
            known++;
            memcpy(to, v->value + at * (size_t)v->size, (size_t)v->size * sizeof *to);
        }
    }
    if (found)
        *found = known;
    if (words)
        *words = all;
    return SL_OK;
}
