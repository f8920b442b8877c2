/* basis: features of a row in place of it, such as squares, products and sines. They stand in the net, so a
 * model file has them, and its inputs are the raw ones. */
#include "layer/layer.h"

static sl_status basis_layer_check(sl_ctx *ctx, sl_built *layer)
{
    const char *text = layer->spec.terms;
    layer->terms = sl_terms_read(ctx, layer->name, text ? text : "");
    return ctx->status;
}

static sl_status basis_layer_shape(sl_ctx *ctx, sl_built *layer)
{
    size_t in;
    const int count = layer->terms->count;
    if (sl_shape_check(ctx, layer->in, &in) || sl_terms_check(ctx, layer->name, layer->terms, in))
        return ctx->status;
    layer->out = (sl_shape){ 1, { count } };
    layer->flops = (size_t)count;
    return SL_OK;
}

static sl_tensor *basis_layer_forward(sl_tape *tape, const sl_built *layer, sl_tensor *x)
{
    x = sl_layer_flat(tape, x);
    return sl_apply(tape, &sl_op_basis, &x, &(sl_op_options){ .terms = layer->terms });
}

static const sl_option basis_words[] = {
    SL_WORD_OF("terms", "xk, xk^2, xj*xk, sin(xk), cos(xk), inputs from x1 on, with + between",
               "x1+x2^2+sin(x1)"),
    { 0 },
};

const sl_layer_kind sl_layer_basis = {
    .name = "basis",
    .summary = "features of a row in its place: squares, products, sines, cosines",
    .formula = "y = [x_k, x_k^2, x_j x_k, sin x_k, cos x_k, ..], as the terms say",
    .source = "+ between terms: Wilkinson, Rogers, Applied Statistics 22, 1973",
    .example = "basis x1+x2^2+x3*x4+sin(x5)+cos(x1)",
    .options = basis_words,
    .bare = "terms",
    .check = basis_layer_check,
    .shape = basis_layer_shape,
    .forward = basis_layer_forward,
};
