/* reshape: says how the numbers of a row are arranged. The layers of this folder take a row as one line, so
 * no number moves: what changes is the shape that the next layer is told. */
#include "layer/layer.h"

/* "28x28", "3x32x32" -> dimensions */
static bool reshape_read(const char *text, sl_shape *shape)
{
    *shape = (sl_shape){ 0 };
    for (int digits = 0;; text++) {
        int *dim = &shape->dim[shape->rank];
        if (*text >= '0' && *text <= '9' && digits++ < 8) {
            *dim = *dim * 10 + (*text - '0');
            continue;
        }
        if ((*text && *text != 'x') || !*dim || digits > 8)
            return false;
        shape->rank++;
        digits = 0;
        if (!*text)
            return true;
        if (shape->rank == SL_MAX_DIMS - 1)
            return false;
    }
}

static sl_status reshape_check(sl_ctx *ctx, sl_built *layer)
{
    sl_shape shape;
    const char *text = layer->spec.shape;
    if (text && reshape_read(text, &shape))
        return SL_OK;
    return sl_fail(ctx, SL_EINVAL,
                   "%s: shape is %s: wants 1 to %d whole numbers with x between them, as in 28x28",
                   layer->name, text ? text : "not given", SL_MAX_DIMS - 1);
}

static sl_status reshape_layer_shape(sl_ctx *ctx, sl_built *layer)
{
    size_t in, out;
    char from[96], to[96];
    if (!reshape_read(layer->spec.shape, &layer->out) || sl_shape_check(ctx, layer->in, &in) ||
        sl_shape_check(ctx, layer->out, &out))
        return ctx->status;
    if (in == out)
        return SL_OK;
    return sl_fail(ctx, SL_ESHAPE, "%s: %s holds %zu numbers and %s wants %zu: they must be as many",
                   layer->name, sl_shape_text(from, layer->in), in, sl_shape_text(to, layer->out), out);
}

static sl_tensor *reshape_layer_forward(sl_tape *tape, const sl_built *layer, sl_tensor *x)
{
    sl_shape shape = { layer->out.rank + 1, { x->shape.dim[0] } };
    for (int i = 0; i < layer->out.rank; i++)
        shape.dim[i + 1] = layer->out.dim[i];
    return sl_reshape_of(tape, x, shape);
}

static const sl_option reshape_words[] = {
    SL_WORD_OF("shape", "of one row", "28x28"),
    { 0 },
};

const sl_layer_kind sl_layer_reshape = {
    .name = "reshape",
    .summary = "the numbers of a row in another shape",
    .formula = "[a b] -> [a, b]",
    .source = "-",
    .example = "reshape 5x1",
    .options = reshape_words,
    .bare = "shape",
    .check = reshape_check,
    .shape = reshape_layer_shape,
    .forward = reshape_layer_forward,
};
