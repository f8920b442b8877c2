/* vectors_near.c - which words are near one another, and all of them on a plane. */
#include "kernel/kernel.h"
#include "text/vectors.h"

#include <math.h>
#include <string.h>

static double near_length(const sl_vectors *v, size_t word)
{
    return sl_norm(v->ctx->isa, v->value + word * (size_t)v->size, (size_t)v->size);
}

sl_status sl_vectors_near(const sl_vectors *v, size_t word, size_t most, size_t *near, double *cosine,
                          size_t *found)
{
    size_t unwanted = 0;
    found = found ? found : &unwanted;
    *found = 0;
    if (!v || v->ctx->status)
        return v ? v->ctx->status : SL_EINVAL;
    if (!near || !cosine)
        return sl_fail(v->ctx, SL_EINVAL, "sl_vectors_near: wants room for %zu numbers and cosines", most);
    if (word >= v->words.count)
        return sl_fail(v->ctx, SL_EINVAL, "there is no word number %zu: there are %zu words", word,
                       v->words.count);
    const size_t size = (size_t)v->size;
    const double own = near_length(v, word);
    for (size_t other = 0; other < v->words.count; other++) {
        if (other == word)
            continue;
        const double lengths = own * near_length(v, other);
        const double dot =
            (double)sl_reduce_dot(v->ctx->isa, v->value + word * size, v->value + other * size, size);
        const double like = lengths > 0 ? dot / lengths : 0;
        size_t at = *found;
        if (at == most && (at == 0 || !(like > cosine[at - 1])))
            continue;
        at -= at == most;
        for (; at && like > cosine[at - 1]; at--) {
            cosine[at] = cosine[at - 1];
            near[at] = near[at - 1];
        }
        cosine[at] = like;
        near[at] = other;
        *found += *found < most;
    }
    return SL_OK;
}

sl_status sl_vectors_map(const sl_vectors *v, const size_t *words, size_t count, double *xy, double *share)
{
    if (!v || v->ctx->status)
        return v ? v->ctx->status : SL_EINVAL;
    const size_t size = (size_t)v->size;
    sl_real *x = NULL;
    if (!xy)
        return sl_fail(v->ctx, SL_EINVAL, "sl_vectors_map: xy is NULL: wants room for two numbers of a word");
    if (!words && count > v->words.count)
        return sl_fail(v->ctx, SL_EINVAL, "%zu words on the map: there are %zu", count, v->words.count);
    if (words) {
        x = sl_alloc_array(v->ctx, count, size * sizeof *x);
        for (size_t i = 0; x && i < count; i++) {
            if (words[i] >= v->words.count) {
                sl_free(v->ctx, x);
                return sl_fail(v->ctx, SL_EINVAL, "there is no word number %zu: there are %zu words",
                               words[i], v->words.count);
            }
            memcpy(x + i * size, v->value + words[i] * size, size * sizeof *x);
        }
        if (!x)
            return v->ctx->status;
    }
    const sl_status status = sl_principal(v->ctx, x ? x : v->value, count, size, 2, xy, share);
    sl_free(v->ctx, x);
    return status;
}
