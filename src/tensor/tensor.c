/* tensor.c - see tensor.h and slope.h. sl_param is in init/init.c, which knows the initialisers. */
#include "tensor/tensor.h"

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
    t->v = sl_alloc_array(ctx, t->count, sizeof *t->v);
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
