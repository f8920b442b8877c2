/* dense: every output is connected to every input: y = f(W x + b), W [out, in]. */
#include "layer/layer.h"

enum { DENSE_LARGEST = 1 << 24 };

static sl_status dense_check(sl_ctx *ctx, sl_built *layer)
{
    if (layer->spec.units < 1 || layer->spec.units > DENSE_LARGEST)
        return sl_fail(ctx, SL_EINVAL, "%s: %d units: wants 1 to %d", layer->name, layer->spec.units,
                       DENSE_LARGEST);
    if (sl_activation_find(ctx, layer->spec.activation, &layer->activation, &layer->slope)) {
        sl_fail_at(ctx, layer->name);
        return ctx->status;
    }
    sl_init_job job;
    if (layer->spec.init && !sl_init_find(ctx, layer->spec.init, &job))
        sl_fail_at(ctx, layer->name);
    return ctx->status;
}

static sl_status dense_shape(sl_ctx *ctx, sl_built *layer)
{
    size_t in;
    char text[96];
    if (sl_shape_check(ctx, layer->in, &in))
        return ctx->status;
    if (in < 1 || in > DENSE_LARGEST)
        return sl_fail(ctx, SL_ESHAPE, "%s: its input has shape %s: wants 1 to %d numbers a row", layer->name,
                       sl_shape_text(text, layer->in), DENSE_LARGEST);
    const int units = layer->spec.units;
    const char *suits = layer->activation ? layer->activation->init : NULL;
    const char *init = layer->spec.init ? layer->spec.init : suits ? suits : "xavier";
    layer->out = (sl_shape){ 1, { units } };
    layer->wanted[0] = (sl_wanted){ "weight", { 2, { units, (int)in } }, init, (double)in, units, false };
    layer->wanted[1] = (sl_wanted){ "bias", { 1, { units } }, init, (double)in, units, true };
    layer->wants = layer->spec.no_bias ? 1 : 2;
    layer->flops = 2 * in * (size_t)units;
    return SL_OK;
}

static sl_tensor *dense_forward(sl_tape *tape, const sl_built *layer, sl_tensor *x)
{
    const sl_op *f = layer->activation;
    const bool fused = f && f->activate;
    sl_tensor *bias = layer->wants > 1 ? layer->param[1] : NULL;
    sl_tensor *y = sl_apply(tape, &sl_op_linear, (sl_tensor *[]){ x, layer->param[0], bias },
                            &(sl_op_options){ .activation = fused ? f : NULL, .slope = layer->slope });
    return f && !fused ? sl_apply(tape, f, &y, &(sl_op_options){ .number = layer->slope }) : y;
}

static void dense_describe(const sl_built *layer, sl_text *text)
{
    sl_text_add(text, "%d", layer->spec.units);
    if (layer->activation)
        sl_text_add(text, " %s", layer->spec.activation);
    if (layer->spec.init)
        sl_text_add(text, " init=%s", layer->spec.init);
    if (layer->spec.no_bias)
        sl_text_put(text, " bias=no");
}

const sl_layer_kind sl_layer_dense = {
    .name = "dense",
    .summary = "every output sees every input",
    .formula = "y = f(W x + b), W [out, in]",
    .source = "Rumelhart, Hinton, Williams 1986",
    .words = SL_WORD_UNITS | SL_WORD_ACTIVATION | SL_WORD_INIT | SL_WORD_BIAS,
    .gives_outputs = true,
    .check = dense_check,
    .shape = dense_shape,
    .forward = dense_forward,
    .describe = dense_describe,
};
