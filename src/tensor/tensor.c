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

sl_status sl_tensor_watch_rows(sl_tensor *t)
{
    const size_t rows = (size_t)t->shape.dim[0];
    if (t->touched)
        return SL_OK;
    t->touched = sl_alloc(t->ctx, sizeof *t->touched + (rows + 63) / 64 * sizeof *t->touched->bit);
    if (!t->touched)
        return SL_ENOMEM;
    t->touched->rows = rows;
    t->touched->all = t->has_grad; /* from before there was a list */
    return SL_OK;
}

size_t sl_rows_next(const sl_rows *touched, size_t from, size_t to, size_t *end)
{
    while (from < to && !(touched->bit[from / 64] >> from % 64))
        from = from / 64 * 64 + 64;
    if (from < to)
        from += (size_t)sl_bits_first(touched->bit[from / 64] >> from % 64);
    from = from < to ? from : to;
    size_t behind = from;
    while (behind < to && (touched->bit[behind / 64] >> behind % 64 & 1))
        behind++;
    *end = behind;
    return from;
}

size_t sl_rows_count(const sl_rows *touched)
{
    size_t count = 0;
    for (size_t i = 0; i < (touched->rows + 63) / 64; i++)
        count += (size_t)sl_bits_count(touched->bit[i]);
    return count;
}

void sl_rows_add(sl_rows *touched, const uint64_t *bit)
{
    for (size_t i = 0; i < (touched->rows + 63) / 64; i++)
        touched->bit[i] |= bit[i];
}

void sl_rows_clear(sl_rows *touched)
{
    memset(touched->bit, 0, (touched->rows + 63) / 64 * sizeof *touched->bit);
    touched->all = false;
}

void sl_tensor_clear_gradient(sl_tensor *t)
{
    memset(t->g, 0, t->count * sizeof *t->g);
    t->has_grad = false;
    if (t->touched)
        sl_rows_clear(t->touched);
}
