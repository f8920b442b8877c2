/* tensor.c - see tensor.h and slope.h. sl_param is in init/init.c, which knows the initialisers. */
#include "tensor/tensor.h"
#include "core/bits.h"

#include <string.h>

sl_tensor *sl_tensor_over(sl_ctx *ctx, sl_shape shape, sl_real *v, sl_real *g)
{
    size_t count;
    if (sl_shape_check(ctx, shape, &count))
        return NULL;
    sl_tensor *t = sl_alloc(ctx, sizeof *t);
    if (t)
        *t = (sl_tensor){ .ctx = ctx, .shape = shape, .count = count, .v = v, .g = g, .learns = g != NULL };
    return t;
}

sl_tensor *sl_tensor_new(sl_ctx *ctx, sl_shape shape, const sl_real *values)
{
    if (!ctx)
        return NULL;
    sl_tensor *t = sl_tensor_over(ctx, shape, NULL, NULL);
    if (!t)
        return NULL;
    t->owns = true;
    t->v = sl_alloc_numbers(ctx, t->count, sizeof *t->v);
    if (!t->v) {
        sl_free(ctx, t);
        return NULL;
    }
    if (values && t->count)
        memcpy(t->v, values, t->count * sizeof *values);
    return t;
}

void sl_tensor_free(sl_tensor *t)
{
    if (!t || t->tape)
        return;
    if (t->owns) {
        sl_free(t->ctx, t->v);
        sl_free(t->ctx, t->g);
    }
    sl_free(t->ctx, t->touched);
    sl_ragged_free(t->ragged);
    sl_free(t->ctx, t);
}

sl_shape sl_shape_of(const sl_tensor *t)
{
    return t ? t->shape : (sl_shape){ 0 };
}

size_t sl_count(const sl_tensor *t)
{
    return t ? t->count : 0;
}

/* Words of 64 bits for so many. */
static size_t rows_words(size_t bits)
{
    return (bits + 63) / 64;
}

sl_status sl_tensor_watch_rows(sl_tensor *t)
{
    const size_t rows = (size_t)t->shape.dim[0], words = rows_words(rows);
    if (t->touched)
        return SL_OK;
    t->touched = sl_alloc(t->ctx, sizeof *t->touched + (words + rows_words(words)) * sizeof *t->touched->bit);
    if (!t->touched)
        return SL_ENOMEM;
    t->touched->rows = rows;
    t->touched->group = t->touched->bit + words;
    t->touched->all = t->has_grad; /* from before there was a list */
    return SL_OK;
}

/* The first word from `word` on, and before `end`, that is not 0; `end`: none. */
static size_t rows_word(const sl_rows *touched, size_t word, size_t end)
{
    while (word < end) {
        const uint64_t rest = touched->group[word / 64] >> word % 64;
        if (rest) {
            word += (size_t)sl_bits_first(rest);
            return word < end ? word : end;
        }
        word = word / 64 * 64 + 64;
    }
    return end;
}

size_t sl_rows_next(const sl_rows *touched, size_t from, size_t to, size_t *end)
{
    if (from < to && !(touched->bit[from / 64] >> from % 64))
        from = rows_word(touched, from / 64 + 1, rows_words(to)) * 64;
    if (from < to)
        from += (size_t)sl_bits_first(touched->bit[from / 64] >> from % 64);
    from = from < to ? from : to;
    size_t behind = from;
    while (behind < to && (touched->bit[behind / 64] >> behind % 64 & 1))
        behind++;
    *end = behind;
    return from;
}

size_t sl_rows_list(const sl_rows *touched, size_t *from, size_t to, size_t *row, size_t most)
{
    const size_t first = *from, groups = rows_words(rows_words(to));
    size_t count = 0;
    *from = to;
    for (size_t group = first / 4096; group < groups; group++) {
        uint64_t words = touched->group[group];
        if (group == first / 4096)
            words = words >> first / 64 % 64 << first / 64 % 64;
        for (; words; words &= words - 1) {
            const size_t word = group * 64 + (size_t)sl_bits_first(words);
            uint64_t rest = touched->bit[word];
            if (word == first / 64)
                rest = rest >> first % 64 << first % 64;
            for (; rest; rest &= rest - 1) {
                const size_t at = word * 64 + (size_t)sl_bits_first(rest);
                if (at >= to)
                    return count;
                if (count == most) {
                    *from = at;
                    return count;
                }
                row[count++] = at;
            }
        }
    }
    return count;
}

size_t sl_rows_count(const sl_rows *touched)
{
    size_t count = 0;
    for (size_t i = 0; i < rows_words(touched->rows); i++)
        count += (size_t)sl_bits_count(touched->bit[i]);
    return count;
}

void sl_rows_touch_all(sl_rows *touched, const int *row, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const size_t r = (size_t)row[i];
        touched->bit[r / 64] |= (uint64_t)1 << r % 64;
        touched->group[r / 4096] |= (uint64_t)1 << r / 64 % 64;
    }
    touched->most += n;
}

void sl_rows_add(sl_rows *touched, const uint64_t *bit, size_t count)
{
    for (size_t i = 0; i < rows_words(touched->rows); i++) {
        touched->bit[i] |= bit[i];
        touched->group[i / 64] |= (uint64_t)(bit[i] != 0) << i % 64;
    }
    touched->most += count;
}

void sl_rows_clear(sl_rows *touched)
{
    const size_t groups = rows_words(rows_words(touched->rows));
    for (size_t group = 0; group < groups; group++) {
        for (uint64_t words = touched->group[group]; words; words &= words - 1)
            touched->bit[group * 64 + (size_t)sl_bits_first(words)] = 0;
        touched->group[group] = 0;
    }
    touched->most = 0;
    touched->all = false;
}

void sl_tensor_clear_gradient(sl_tensor *t)
{
    memset(t->g, 0, t->count * sizeof *t->g);
    t->has_grad = false;
    if (t->touched)
        sl_rows_clear(t->touched);
}
