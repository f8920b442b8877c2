/* dense: every output is connected to every input: y = f(W x + b), W [out, in]. */
#include "layer/layer.h"

#include <string.h>

static sl_status dense_check(sl_ctx *ctx, sl_built *layer)
{
    if (!layer->spec.units)
        return sl_option_check(ctx, layer->name, sl_layer_option(layer->kind, "units"), 0);
    sl_init_job job;
    const sl_init *init = layer->spec.init ? sl_init_find(ctx, layer->spec.init, &job) : NULL;
    if (layer->spec.init && !init)
        sl_fail_at(ctx, layer->name);
    if (init && strchr(layer->spec.init, ' ')) { /* as --net can say it: normal:0.5 for "normal std=0.5" */
        sl_text word;
        sl_text_init(&word, ctx);
        sl_text_add(&word, "%s:", init->name);
        sl_text_number(&word, job.values[0]);
        sl_free(ctx, (void *)(uintptr_t)layer->spec.init);
        layer->spec.init = sl_strdup(ctx, sl_text_string(&word));
        sl_text_free(&word);
    }
    return ctx->status;
}

static sl_status dense_shape(sl_ctx *ctx, sl_built *layer)
{
    size_t in;
    char text[96];
    if (sl_shape_check(ctx, layer->in, &in))
        return ctx->status;
    if (in < 1 || in > SL_LAYER_LARGEST)
        return sl_fail(ctx, SL_ESHAPE, "%s: its input has shape %s: wants 1 to %d numbers a row", layer->name,
                       sl_shape_text(text, layer->in), SL_LAYER_LARGEST);
    const int units = layer->spec.units;
    const char *suits = layer->activation ? layer->activation->init : NULL;
    const char *init = layer->spec.init ? layer->spec.init : suits ? suits : "xavier";
    layer->out = (sl_shape){ 1, { units } };
    layer->wanted[0] = (sl_wanted){ .name = "weight",
                                    .shape = { 2, { units, (int)in } },
                                    .init = init,
                                    .fan_in = (double)in,
                                    .fan_out = units };
    layer->wanted[1] = layer->wanted[0];
    layer->wanted[1].name = "bias";
    layer->wanted[1].shape = layer->out;
    layer->wanted[1].bias = true;
    layer->wants = layer->spec.no_bias ? 1 : 2;
    layer->flops = 2 * in * (size_t)units;
    return SL_OK;
}

static sl_tensor *dense_forward(sl_tape *tape, const sl_built *layer, sl_tensor *x)
{
    const sl_op *f = layer->activation;
    const bool fused = f && f->activate && !sl_tape_spread(tape);
    x = sl_layer_flat(tape, x);
    sl_tensor *bias = layer->wants > 1 ? layer->param[1] : NULL;
    sl_tensor *y = sl_apply(tape, &sl_op_linear, (sl_tensor *[]){ x, layer->param[0], bias },
                            &(sl_op_options){ .activation = fused ? f : NULL, .slope = layer->slope });
    return f && !fused ? sl_apply(tape, f, &y, &(sl_op_options){ .number = layer->slope }) : y;
}

static const sl_option dense_words[] = {
    SL_WORD_UNITS("how many outputs"),
    SL_WORD_ACTIVATION,
    SL_WORD_INIT,
    SL_WORD_BIAS,
    SL_WORD_SHARE,
    SL_WORD_FREEZE,
    SL_WORD_LR_SCALE,
    SL_WORD_DECAY,
    { 0 },
};

const sl_layer_kind sl_layer_dense = {
    .name = "dense",
    .summary = "every output sees every input",
    .formula = "y = f(W x + b), W [out, in]",
    .source = "Rumelhart, Hinton, Williams 1986",
    .example = "6 tanh",
    .options = dense_words,
    .bare = "units",
    .gives_outputs = true,
    .check = dense_check,
    .shape = dense_shape,
    .forward = dense_forward,
};
