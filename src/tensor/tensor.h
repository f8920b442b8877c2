/* tensor.h - shapes and tensors: all size arithmetic, checked once, here. */
#ifndef SL_TENSOR_TENSOR_H
#define SL_TENSOR_TENSOR_H

#include "core/ctx.h"
#include "tensor/ragged.h"

/* Which rows of a gradient were added to since it was last zero, for operators that say so (op.h: by_rows).
 */
typedef struct {
    size_t rows;
    size_t most;     /* not more than so many are touched */
    bool all;        /* an operator that does not say added to it: any row */
    uint64_t *group; /* word w of `bit` is not 0: bit w mod 64 of word w / 64; few rows of many are then
                        found, and forgotten, without a look at all words */
    uint64_t bit[];  /* row r: bit r mod 64 of word r / 64 */
} sl_rows;

struct sl_tensor {
    sl_ctx *ctx;
    sl_shape shape;
    size_t count;
    sl_real *v;        /* values [count], row-major */
    sl_real *g;        /* gradient [count], or NULL */
    bool learns;       /* a gradient is wanted: a parameter, or computed from one */
    bool has_grad;     /* sl_backward added to g since it was last zero; of a tape's result: g is set */
    uint32_t uses;     /* of a tape's result: how many operators of its graph read it */
    sl_node *node;     /* the operator whose result it is; NULL: made by the user */
    bool owns;         /* v and g are blocks of their own (not slices of a model's memory) */
    sl_rows *touched;  /* a parameter that only some rows of a gradient flow into; else NULL */
    sl_tape *tape;     /* whose result it is; NULL: made by the user */
    uint64_t graph;    /* which graph of that tape */
    const char *name;  /* borrowed; for messages */
    sl_ragged *ragged; /* a model's input: the texts beside its numbers, owned; NULL: none */
};

/* Product of the dimensions; false (and no result) when a dimension is negative, the rank is out of range,
 * or the product times 16 overflows.                                                                 */
bool sl_shape_count(sl_shape shape, size_t *count);
bool sl_shape_numbers(const sl_shape *shape, size_t *count); /* the same, for where nanoseconds count */
bool sl_shape_equal(sl_shape a, sl_shape b);
/* tail equals the last tail.rank dimensions of shape. */
bool sl_shape_ends_with(sl_shape shape, sl_shape tail);
/* Elements of one row: the product of all dimensions but the first. shape must be valid. */
size_t sl_shape_row(sl_shape shape);
/* SL_ESHAPE, naming the shape. */
sl_status sl_shape_check(sl_ctx *ctx, sl_shape shape, size_t *count);

/* A tensor over memory that belongs to somebody else; g may be NULL. Where g is not, both lie at multiples of
 * 64 bytes, and zeros fill them up to the next one.                                                       */
sl_tensor *sl_tensor_over(sl_ctx *ctx, sl_shape shape, sl_real *v, sl_real *g);

/* --- gradients by rows --- */

/* Lets t, of rank 1 or more, keep a list of touched rows. SL_ENOMEM. */
sl_status sl_tensor_watch_rows(sl_tensor *t);
/* The first touched row from `from` on, and behind it the first that is not (at most `to`); `to`: none. */
size_t sl_rows_next(const sl_rows *touched, size_t from, size_t to, size_t *end);
size_t sl_rows_count(const sl_rows *touched);
/* The next touched rows of those from *from on and before `to`, in their order, at most `most`; *from goes on
 * behind them. Returns how many. */
size_t sl_rows_list(const sl_rows *touched, size_t *from, size_t to, size_t *row, size_t most);
static inline void sl_rows_touch(sl_rows *touched, size_t row)
{
    touched->bit[row / 64] |= (uint64_t)1 << row % 64;
    touched->group[row / 4096] |= (uint64_t)1 << row / 64 % 64;
    touched->most++;
}
void sl_rows_touch_all(sl_rows *touched, const int *row, size_t n);
/* Those too: `count` rows, a bit each as above. */
void sl_rows_add(sl_rows *touched, const uint64_t *bit, size_t count);
void sl_rows_clear(sl_rows *touched);
/* The gradient is zero, and nothing has flowed into it. */
void sl_tensor_clear_gradient(sl_tensor *t);

#endif
