/* layer_norm: y = s (x - m) / sqrt(v + epsilon) + t in each row; m, v: mean and variance of its n numbers.
 * With u = (x - m) / sqrt(v + epsilon) and d = dy s: dt = sum dy and ds = sum dy u over the rows;
 * dx = (d - mean d - u mean(d u)) / sqrt(v + epsilon), means over the row.                            */
#include "op/op.h"
#include "kernel/norm.h"

#include <string.h>

/* Scratch: mean and 1 / sqrt(v + epsilon) of each row, then two rows to work in. */
static sl_status layer_norm_shape(sl_node *n, sl_shape *y)
{
    const int width = sl_shape_norm(n, y);
    if (!width)
        return n->ctx->status;
    if (width == 1)
        return sl_node_fail(n, SL_ESHAPE,
                            "rows of one number: it is its own mean, and 0 is left of it: wants "
                            "at least 2, or batch_norm");
    if (n->training)
        n->scratch_bytes = 2 * (n->x[0]->count / (size_t)width + (size_t)width) * sizeof(sl_real);
    return SL_OK;
}

static void layer_norm_forward(const sl_node *n)
{
    const sl_isa isa = n->ctx->isa;
    const sl_tensor *x = n->x[0], *scale = n->x[1], *shift = n->x[2];
    const size_t width = (size_t)x->shape.dim[x->shape.rank - 1], rows = x->count / width;
    const sl_real count = (sl_real)width;
    sl_real *mean = n->scratch, *inverse = mean ? mean + rows : NULL;
    for (size_t i = 0; i < rows; i++) {
        sl_real *y = n->y->v + i * width;
        const sl_real *row = x->v + i * width;
        const sl_real middle = sl_reduce_sum(isa, row, width) / count;
        sl_row_centre(isa, y, row, middle, width);
        const sl_real variance = sl_reduce_dot(isa, y, y, width) / count;
        sl_real factor;
        sl_inverse_root_n(isa, &factor, &variance, n->options.number, 1);
        sl_row_scale(isa, y, factor, scale ? scale->v : NULL, shift ? shift->v : NULL, width);
        if (n->training) {
            mean[i] = middle;
            inverse[i] = factor;
        }
    }
}

static void layer_norm_backward(const sl_node *n)
{
    const sl_isa isa = n->ctx->isa;
    sl_tensor *x = n->x[0], *scale = n->x[1], *shift = n->x[2];
    const size_t width = (size_t)x->shape.dim[x->shape.rank - 1], rows = x->count / width;
    const sl_real count = (sl_real)width;
    const sl_real *mean = n->scratch, *inverse = mean + rows;
    sl_real *unit = (sl_real *)n->scratch + 2 * rows, *scaled = unit + width;
    if (shift && shift->learns)
        sl_add_rows(isa, shift->g, n->y->g, rows, width);
    for (size_t i = 0; i < rows; i++) {
        const sl_real *dy = n->y->g + i * width, *d = dy;
        sl_row_centre(isa, unit, x->v + i * width, mean[i], width);
        sl_row_scale(isa, unit, inverse[i], NULL, NULL, width);
        if (scale && scale->learns)
            sl_multiply_add_n(isa, scale->g, dy, unit, width);
        if (!x->learns)
            continue;
        if (scale) {
            sl_multiply_n(isa, scaled, dy, scale->v, width);
            d = scaled;
        }
        sl_row_derive(isa, x->g + i * width, d, unit, inverse[i], sl_reduce_sum(isa, d, width) / count,
                      sl_reduce_dot(isa, d, unit, width) / count, width);
    }
}

const sl_op sl_op_layer_norm = {
    .name = "layer_norm",
    .summary = "each row to mean 0 and variance 1, then scaled and shifted by column",
    .formula = "y = s (x - mean) / sqrt(variance + epsilon) + t",
    .source = "Ba, Kiros, Hinton, arXiv 1607.06450, 2016",
    .inputs = 3,
    .optional = 2,
    .shape = layer_norm_shape,
    .forward = layer_norm_forward,
    .backward = layer_norm_backward,
    .trial = { { { { 2, { 5, 7 } }, { 1, { 7 } }, { 1, { 7 } } }, -2, 2, .number = 1e-5 },
               { { { 2, { 3, 20 } }, { 1, { 20 } }, { 1, { 20 } } }, -1, 1, .number = 0.1 },
               { { { 1, { 18 } }, { 1, { 18 } }, { 1, { 18 } } }, -1, 1, .number = 1e-3 } },
};

sl_tensor *sl_layer_norm_of(sl_tape *tape, sl_tensor *x, sl_tensor *scale, sl_tensor *shift, sl_real epsilon)
{
    return sl_apply(tape, &sl_op_layer_norm, (sl_tensor *[]){ x, scale, shift },
                    &(sl_op_options){ .number = epsilon });
}
