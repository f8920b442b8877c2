/* tensor.h - shapes and tensors: all size arithmetic, checked once, here. */
#ifndef SL_TENSOR_TENSOR_H
#define SL_TENSOR_TENSOR_H

#include "core/ctx.h"

struct sl_tensor {
    sl_ctx *ctx;
    sl_shape shape;
    size_t count;
    sl_real *v;       /* values [count], row-major */
    sl_real *g;       /* gradient [count], or NULL */
    bool learns;      /* a gradient is wanted: a parameter, or computed from one */
    bool has_grad;    /* sl_backward added to g since it was last zero; of a tape's result: g is set */
    uint32_t uses;    /* of a tape's result: how many operators of its graph read it */
    sl_node *node;    /* the operator whose result it is; NULL: made by the user */
    bool owns;        /* v and g are blocks of their own (not slices of a model's memory) */
    sl_tape *tape;    /* whose result it is; NULL: made by the user */
    uint64_t graph;   /* which graph of that tape */
    const char *name; /* borrowed; for messages */
};

/* Product of the dimensions; false (and no result) when a dimension is negative, the rank is out of range,
 * or the product times 16 overflows.                                                                 */
bool sl_shape_count(sl_shape shape, size_t *count);
bool sl_shape_equal(sl_shape a, sl_shape b);
/* tail equals the last tail.rank dimensions of shape. */
bool sl_shape_ends_with(sl_shape shape, sl_shape tail);
/* Elements of one row: the product of all dimensions but the first. shape must be valid. */
size_t sl_shape_row(sl_shape shape);
/* SL_ESHAPE, naming the shape. */
sl_status sl_shape_check(sl_ctx *ctx, sl_shape shape, size_t *count);

/* A tensor over memory that belongs to somebody else; g may be NULL. */
sl_tensor *sl_tensor_over(sl_ctx *ctx, sl_shape shape, sl_real *v, sl_real *g);

#endif
