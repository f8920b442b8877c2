/* linear: Y = f(X W^T + b), x [.., in], w [out, in], b [out] or none -> [.., out]; f an activation.
 * dZ = dY f'(Z); dX = dZ W, dW = dZᵀ X, db = dZ summed over rows                                     */
#include "op/op.h"

/* Scratch: dZ, and Z where the activation's derivative needs it. */
static sl_status linear_shape(sl_node *n, sl_shape *y)
{
    const sl_shape *x = &n->x[0]->shape, *w = &n->x[1]->shape;
    char tx[96], tw[96];
    if (w->rank != 2)
        return sl_node_fail(n, SL_ESHAPE, "the weights have shape %s: wants [out, in]",
                            sl_shape_text(tw, *w));
    const int last = x->rank - 1, out = w->dim[0], in = w->dim[1];
    if (last < 0 || x->dim[last] != in)
        return sl_node_fail(n, SL_ESHAPE, "wants %d inputs, given %s", in, sl_shape_text(tx, *x));
    if (n->x[2] && (n->x[2]->shape.rank != 1 || n->x[2]->shape.dim[0] != out))
        return sl_node_fail(n, SL_ESHAPE, "the bias has shape %s: wants [%d], one for each output",
                            sl_shape_text(tx, n->x[2]->shape), out);
    size_t rows = 1;
    for (int i = 0; i < last; i++)
        rows *= (size_t)(y->dim[i] = x->dim[i]);
    y->dim[last] = out;
    y->rank = x->rank;
    const sl_op *f = n->options.activation;
    if (f && n->training) /* should this overflow, y's own size does and is refused */
        n->scratch_bytes = rows * (size_t)out * sizeof(sl_real) * (f->derive_needs_z ? 2 : 1);
    return sl_product_reserve(n->ctx, rows, (size_t)out, (size_t)in);
}

static void linear_forward(const sl_node *n)
{
    const sl_tensor *x = n->x[0], *w = n->x[1], *b = n->x[2];
    const size_t out = (size_t)w->shape.dim[0], in = (size_t)w->shape.dim[1];
    const sl_op *f = n->options.activation;
    sl_product p =
        sl_product_of(out ? n->y->count / out : 0, out, in, x->v, in, 1, w->v, 1, in, n->y->v, false);
    p.bias = b ? b->v : NULL;
    p.relu = f == &sl_op_relu;
    p.finish = f && !p.relu ? sl_node_activate : NULL;
    p.argument = n;
    p.packed = sl_tape_packed(n->y->tape, w, &p);
    sl_product_run(n->ctx, &p);
}

static void linear_backward(const sl_node *n)
{
    sl_tensor *x = n->x[0], *w = n->x[1], *b = n->x[2];
    const size_t out = (size_t)w->shape.dim[0], in = (size_t)w->shape.dim[1];
    const size_t rows = out ? n->y->count / out : in ? x->count / in : 0;
    const sl_op *f = n->options.activation;
    if (f && !n->derived)
        sl_node_derive(n, n->ctx->isa, 0, n->y->count);
    const sl_real *dz = f ? n->scratch : n->y->g;
    if (w->learns) {
        const sl_product p = sl_product_of(out, in, rows, dz, 1, out, x->v, in, 1, w->g, w->has_grad);
        sl_product_run(n->ctx, &p);
        w->has_grad = true;
    }
    if (b && b->learns) {
        if (!b->has_grad)
            sl_fill(n->ctx->isa, b->g, 0, out);
        sl_add_rows(n->ctx->isa, b->g, dz, rows, out);
        b->has_grad = true;
    }
    if (x->learns) {
        sl_product p = sl_product_of(rows, in, out, dz, out, 1, w->v, in, 1, x->g, x->has_grad);
        /* When x comes from a linear and only flows in here, that one's dZ is made while dX is in the cache.
         */
        sl_node *before = x->node && x->node->op == &sl_op_linear && x->uses == 1 ? x->node : NULL;
        if (before && before->options.activation) {
            p.finish = sl_node_derive;
            p.argument = before;
            before->derived = true;
        }
        sl_product_run(n->ctx, &p);
        x->has_grad = true;
    }
}

/* clang-format off */
#define LINEAR_TRIAL { { 2, { 5, 7 } }, { 2, { 3, 7 } }, { 1, { 3 } } }
/* clang-format on */
const sl_op sl_op_linear = {
    .name = "linear",
    .summary = "dense layer: product, bias and activation in one pass",
    .formula = "Y = f(X W^T + b)",
    .source = "Rumelhart, Hinton, Williams 1986",
    .inputs = 3,
    .optional = 1,
    .shape = linear_shape,
    .forward = linear_forward,
    .backward = linear_backward,
    .cost = sl_cost_of_product,
    .assigns = true,
    .trial = { { .shape = LINEAR_TRIAL, .low = -1, .high = 1 },
               { .shape = LINEAR_TRIAL, .low = -1, .high = 1, .activation = "relu" },
               { .shape = LINEAR_TRIAL, .low = -1, .high = 1, .activation = "elu" },
               { .shape = LINEAR_TRIAL, .low = -1, .high = 1, .activation = "gelu" },
               { .shape = { { 3, { 2, 2, 3 } }, { 2, { 1, 3 } }, { 1, { 1 } } }, .low = -1, .high = 1 } },
};

sl_tensor *sl_linear(sl_tape *tape, sl_tensor *x, sl_tensor *w, sl_tensor *b, const char *activation)
{
    if (!tape)
        return NULL;
    const sl_op *f;
    sl_real slope;
    sl_ctx *ctx = sl_tape_ctx(tape);
    if (sl_activation_find(ctx, activation, &f, &slope)) {
        sl_fail_at(ctx, "linear");
        return NULL;
    }
    if (f && !f->activate) {
        sl_fail(ctx, SL_EINVAL, "linear: '%s' works on a whole row: call sl_%s on the result", f->name,
                f->name);
        return NULL;
    }
    return sl_apply(tape, &sl_op_linear, (sl_tensor *[]){ x, w, b },
                    &(sl_op_options){ .activation = f, .slope = slope });
}
