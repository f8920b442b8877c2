/* batch_norm: y = s (x - m) / sqrt(v + epsilon) + t for each column; m, v: its mean and variance over the
 * rows of the batch, or the running ones.      With u = (x - m) / sqrt(v + epsilon), over the rows:
 * dt = sum dy, ds = sum dy u, dx = s / sqrt(v + epsilon) (dy - mean dy - u mean(dy u)); with the running ones
 * dx = s / sqrt(v + epsilon) dy.                                                                      */
#include "op/op.h"
#include "kernel/norm.h"

#include <string.h>

/* Momentum 0: the running statistics stand still, so they are what counts. */
static bool batch_norm_of_batch(const sl_node *n)
{
    return n->training && !(n->options.running[0] && n->options.momentum == 0);
}

static sl_status batch_norm_shape(sl_node *n, sl_shape *y)
{
    const sl_tensor *mean = n->options.running[0], *variance = n->options.running[1];
    char text[96];
    const int width = sl_shape_norm(n, y);
    if (!width || sl_shape_columns(n, mean, "running mean", width) ||
        sl_shape_columns(n, variance, "running variance", width))
        return n->ctx->status;
    if (!mean != !variance || (!n->training && !mean))
        return sl_node_fail(n, SL_EINVAL, "wants a running mean and a running variance%s",
                            n->training ? ", or neither" : " on an SL_INFER tape");
    if (!(n->options.momentum >= 0 && n->options.momentum <= 1))
        return sl_node_fail(n, SL_EINVAL, "the momentum is %s: wants 0 to 1 (usually 0.1)",
                            sl_real_text(text, n->options.momentum));
    if (batch_norm_of_batch(n) && n->x[0]->count < 2 * (size_t)width)
        return sl_node_fail(
            n, SL_ESHAPE,
            "training on a batch of %s: one row is its own mean, with variance 0, and nothing "
            "of it would be left: wants at least 2 rows, or layer_norm",
            sl_shape_text(text, *y));
    n->scratch_bytes = 5 * (size_t)width * sizeof(sl_real); /* mean, inverse, factor, and two of backward */
    return SL_OK;
}

static void batch_norm_forward(const sl_node *n)
{
    const sl_isa isa = n->ctx->isa;
    const sl_tensor *x = n->x[0], *scale = n->x[1], *shift = n->x[2];
    const size_t width = (size_t)x->shape.dim[x->shape.rank - 1], rows = x->count / width;
    sl_real *mean = n->scratch, *inverse = mean + width, *factor = inverse + width, *level = factor + width;
    sl_tensor *const *running = n->options.running;
    if (batch_norm_of_batch(n)) {
        const sl_real part = n->options.momentum, bias = (sl_real)rows / (sl_real)(rows - 1);
        sl_columns_moments(isa, mean, inverse, x->v, rows, width);
        for (size_t j = 0; j < width && running[0]; j++) {
            running[0]->v[j] = (1 - part) * running[0]->v[j] + part * mean[j];
            running[1]->v[j] = (1 - part) * running[1]->v[j] + part * (inverse[j] * bias);
        }
    } else {
        memcpy(mean, running[0]->v, width * sizeof *mean);
        memcpy(inverse, running[1]->v, width * sizeof *inverse);
    }
    sl_inverse_root_n(isa, inverse, inverse, n->options.number, width);
    for (size_t j = 0; j < width; j++) {
        factor[j] = scale ? inverse[j] * scale->v[j] : inverse[j];
        level[j] = shift ? shift->v[j] : 0;
    }
    sl_columns_scale(isa, n->y->v, x->v, mean, factor, level, rows, width);
}

static void batch_norm_backward(const sl_node *n)
{
    const sl_isa isa = n->ctx->isa;
    const sl_tensor *x = n->x[0];
    const size_t width = (size_t)x->shape.dim[x->shape.rank - 1], rows = x->count / width;
    const sl_real *mean = n->scratch, *inverse = mean + width, *factor = inverse + width, *dy = n->y->g;
    sl_real *level = (sl_real *)n->scratch + 3 * width, *tilt = level + width;
    sl_fill(isa, level, 0, 2 * width); /* and tilt */
    sl_add_rows(isa, level, dy, rows, width);
    sl_columns_dot(isa, tilt, dy, x->v, mean, inverse, rows, width);
    if (n->x[1] && n->x[1]->learns)
        sl_add_n(isa, n->x[1]->g, tilt, width);
    if (n->x[2] && n->x[2]->learns)
        sl_add_n(isa, n->x[2]->g, level, width);
    const sl_real share = batch_norm_of_batch(n) ? 1 / (sl_real)rows : 0;
    for (size_t j = 0; j < width; j++) {
        level[j] *= share;
        tilt[j] = tilt[j] * share * inverse[j];
    }
    if (x->learns)
        sl_columns_derive(isa, x->g, dy, x->v, mean, factor, level, tilt, rows, width);
}

const sl_op sl_op_batch_norm = {
    .name = "batch_norm",
    .summary = "each column to mean 0 and variance 1 over the batch, then scaled and shifted",
    .formula = "y = s (x - mean) / sqrt(variance + epsilon) + t",
    .source = "Ioffe, Szegedy, ICML 2015",
    .inputs = 3,
    .optional = 2,
    .shape = batch_norm_shape,
    .forward = batch_norm_forward,
    .backward = batch_norm_backward,
    .trial = { { { { 2, { 5, 7 } }, { 1, { 7 } }, { 1, { 7 } } }, -2, 2, .number = 1e-5 },
               { { { 2, { 3, 20 } }, { 1, { 20 } }, { 1, { 20 } } }, -1, 1, .number = 0.1 },
               { { { 3, { 2, 3, 2 } }, { 1, { 2 } }, { 1, { 2 } } }, -1, 1, .number = 1e-3 } },
};

sl_tensor *sl_batch_norm_of(sl_tape *tape, sl_tensor *x, sl_tensor *scale, sl_tensor *shift,
                            sl_tensor *running_mean, sl_tensor *running_variance, sl_real momentum,
                            sl_real epsilon)
{
    return sl_apply(tape, &sl_op_batch_norm, (sl_tensor *[]){ x, scale, shift },
                    &(sl_op_options){ .number = epsilon,
                                      .momentum = momentum,
                                      .running = { running_mean, running_variance } });
}
