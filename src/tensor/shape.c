/* shape.c - see tensor.h */
#include "tensor/tensor.h"
#include "core/text.h"

bool sl_shape_numbers(const sl_shape *shape, size_t *count)
{
    if (shape->rank < 0 || shape->rank > SL_MAX_DIMS)
        return false;
    uint64_t product = 1;
    bool empty = false;
    for (int i = 0; i < shape->rank; i++) {
        const int dim = shape->dim[i];
        if (dim < 0)
            return false;
        if (dim > 0 && product >> 32 &&
            product > SIZE_MAX / 16 / (uint64_t)dim) /* a division only when needed */
            return false;
        if (dim == 0)
            empty = true;
        else
            product *= (uint64_t)dim;
        if (product > SIZE_MAX / 16)
            return false;
    }
    *count = empty ? 0 : (size_t)product;
    return true;
}

bool sl_shape_count(sl_shape shape, size_t *count)
{
    return sl_shape_numbers(&shape, count);
}

bool sl_shape_equal(sl_shape a, sl_shape b)
{
    return a.rank == b.rank && sl_shape_ends_with(a, b);
}

bool sl_shape_ends_with(sl_shape shape, sl_shape tail)
{
    if (tail.rank > shape.rank)
        return false;
    for (int i = 0; i < tail.rank; i++)
        if (shape.dim[shape.rank - tail.rank + i] != tail.dim[i])
            return false;
    return true;
}

size_t sl_shape_row(sl_shape shape)
{
    size_t product = 1;
    for (int i = 1; i < shape.rank; i++)
        product *= (size_t)shape.dim[i];
    return product;
}

sl_status sl_shape_check(sl_ctx *ctx, sl_shape shape, size_t *count)
{
    if (sl_shape_count(shape, count))
        return SL_OK;
    if (shape.rank < 0 || shape.rank > SL_MAX_DIMS)
        return sl_fail(ctx, SL_ESHAPE, "a shape has %d dimensions: wants 0 to %d", shape.rank, SL_MAX_DIMS);
    char text[96];
    return sl_fail(ctx, SL_ESHAPE,
                   "shape %s: wants dimensions of 0 or more, and a product that memory can hold",
                   sl_shape_text(text, shape));
}
