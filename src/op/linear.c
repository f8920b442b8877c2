/* linear: Y = f(X Wᵀ + b), x [.., in], w [out, in], b [out] or none -> [.., out]; f an activation.
 * dZ = dY f'(Z); dX = dZ W, dW = dZᵀ X, db = dZ summed over rows                                     */
#include "op/op.h"

/* Scratch: dZ, and Z where the activation's derivative needs it. */
static sl_status linear_shape(sl_node *n, sl_shape *y)
{
    if (sl_product_reserve(n->ctx))
        return n->ctx->status;
    const sl_shape x = n->x[0]->shape, w = n->x[1]->shape;
    char tx[96], tw[96];
    if (w.rank != 2)
        return sl_node_fail(n, SL_ESHAPE, "the weights have shape %s: wants [out, in]", sl_shape_text(tw, w));
    if (x.rank < 1 || x.dim[x.rank - 1] != w.dim[1])
        return sl_node_fail(n, SL_ESHAPE, "wants %d inputs, given %s", w.dim[1], sl_shape_text(tx, x));
    if (n->x[2] && (n->x[2]->shape.rank != 1 || n->x[2]->shape.dim[0] != w.dim[0]))
        return sl_node_fail(n, SL_ESHAPE, "the bias has shape %s: wants [%d], one for each output",
                            sl_shape_text(tx, n->x[2]->shape), w.dim[0]);
    *y = x;
    y->dim[y->rank - 1] = w.dim[0];
    const sl_op *f = n->options.activation;
    size_t count;
    if (sl_shape_check(n->ctx, *y, &count))
        return SL_ESHAPE;
    if (f && n->training)
        n->scratch_bytes = count * sizeof(sl_real) * (f->derive_needs_z ? 2 : 1);
    return SL_OK;
}

/* C[rows, columns] (+)= A B; a[i, k] at i * a_row + k * a_col, likewise b; C is row-major. */
static void linear_product(const sl_node *n, const size_t size[3], const sl_real *a, size_t a_row,
                           size_t a_col, const sl_real *b, size_t b_row, size_t b_col, sl_real *c, bool add)
{
    const sl_product product = { .rows = size[0],
                                 .columns = size[1],
                                 .depth = size[2],
                                 .a = a,
                                 .a_row = a_row,
                                 .a_col = a_col,
                                 .b = b,
                                 .b_row = b_row,
                                 .b_col = b_col,
                                 .c = c,
                                 .c_row = size[1],
                                 .add = add };
    sl_product_run(n->ctx, &product);
}

static void linear_forward(const sl_node *n)
{
    const size_t out = (size_t)n->x[1]->shape.dim[0], in = (size_t)n->x[1]->shape.dim[1];
    const size_t rows = out ? n->y->count / out : 0;
    sl_real *y = n->y->v;
    linear_product(n, (const size_t[]){ rows, out, in }, n->x[0]->v, in, 1, n->x[1]->v, 1, in, y, false);
    if (n->x[2])
        sl_add_bias(y, n->x[2]->v, rows, out);
    const sl_op *f = n->options.activation;
    if (f) {
        if (f->derive_needs_z && n->training) {
            sl_real *z = (sl_real *)n->scratch + n->y->count;
            for (size_t i = 0; i < n->y->count; i++)
                z[i] = y[i];
        }
        f->activate(n->ctx->isa, y, y, n->y->count);
    }
}

static void linear_backward(const sl_node *n)
{
    const size_t out = (size_t)n->x[1]->shape.dim[0], in = (size_t)n->x[1]->shape.dim[1];
    const size_t rows = out ? n->y->count / out : 0;
    const sl_real *dz = n->y->g;
    const sl_op *f = n->options.activation;
    if (f) {
        sl_real *scratch = n->scratch;
        f->derive(n->ctx->isa, scratch, n->y->g, n->y->v, f->derive_needs_z ? scratch + n->y->count : NULL,
                  n->y->count);
        dz = scratch;
    }
    if (n->x[1]->learns)
        linear_product(n, (const size_t[]){ out, in, rows }, dz, 1, out, n->x[0]->v, in, 1, n->x[1]->g, true);
    if (n->x[2] && n->x[2]->learns)
        sl_add_rows(n->x[2]->g, dz, rows, out);
    if (n->x[0]->learns)
        linear_product(n, (const size_t[]){ rows, in, out }, dz, out, 1, n->x[1]->v, in, 1, n->x[0]->g, true);
}

#define LINEAR_TRIAL                                                                                         \
    {                                                                                                        \
        { 2, { 5, 7 } }, { 2, { 3, 7 } },                                                                    \
        {                                                                                                    \
            1,                                                                                               \
            {                                                                                                \
                3                                                                                            \
            }                                                                                                \
        }                                                                                                    \
    }
const sl_op sl_op_linear = {
    .name = "linear",
    .summary = "dense layer: product, bias and activation in one pass",
    .formula = "Y = f(X Wᵀ + b)",
    .source = "Rumelhart, Hinton, Williams 1986",
    .inputs = 3,
    .optional = 1,
    .shape = linear_shape,
    .forward = linear_forward,
    .backward = linear_backward,
    .trial = { { .shape = LINEAR_TRIAL, .low = -1, .high = 1 },
               { .shape = LINEAR_TRIAL, .low = -1, .high = 1, .activation = "relu" },
               { .shape = LINEAR_TRIAL, .low = -1, .high = 1, .activation = "tanh" },
               { .shape = LINEAR_TRIAL, .low = -1, .high = 1, .activation = "sigmoid" },
               { .shape = { { 3, { 2, 2, 3 } }, { 2, { 1, 3 } }, { 1, { 1 } } }, .low = -1, .high = 1 } },
};

sl_tensor *sl_linear(sl_tape *tape, sl_tensor *x, sl_tensor *w, sl_tensor *b, const char *activation)
{
    if (!tape || !x || !w)
        return NULL;
    const sl_op *f;
    sl_ctx *ctx = sl_tape_ctx(tape);
    if (sl_activation_find(ctx, activation, &f)) {
        sl_fail_at(ctx, "linear");
        return NULL;
    }
    if (f && !f->activate) {
        sl_fail(ctx, SL_EINVAL, "linear: '%s' works on a whole row: call sl_%s on the result", f->name,
                f->name);
        return NULL;
    }
    return sl_apply(tape, &sl_op_linear, (sl_tensor *[]){ x, w, b }, &(sl_op_options){ .activation = f });
}
