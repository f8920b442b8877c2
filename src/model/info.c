/* info.c - what a model tells about itself, and sl_compile. */
#include "model/model.h"

#include <string.h>

int sl_model_layers(const sl_model *model)
{
    return model ? model->count : 0;
}

sl_status sl_model_layer(const sl_model *model, int layer, sl_layer_info *info)
{
    if (!model)
        return SL_EINVAL;
    if (layer < 0 || layer >= model->count)
        return sl_fail(model->ctx, SL_EINVAL, "layer %d: the model has %d, from 0", layer, model->count);
    const sl_built *b = &model->layers[layer];
    *info = (sl_layer_info){ .name = b->name,
                             .type = b->kind->name,
                             .text = b->text,
                             .input = b->in,
                             .output = b->out,
                             .flops = b->flops };
    for (int w = 0; w < b->wants; w++)
        info->parameters += b->param[w] ? b->param[w]->count : 0;
    return SL_OK;
}

int sl_model_params(const sl_model *model)
{
    return model && model->built ? model->param_count : 0;
}

sl_tensor *sl_model_param(sl_model *model, int index)
{
    return index >= 0 && index < sl_model_params(model) ? model->params[index] : NULL;
}

const char *sl_model_param_name(const sl_model *model, int index)
{
    return index >= 0 && index < sl_model_params(model) ? model->param_names[index] : NULL;
}

size_t sl_model_parameters(const sl_model *model)
{
    return model ? model->parameters : 0;
}

int sl_model_classes(const sl_model *model)
{
    return model ? model->classes : 0;
}

const char *sl_model_class_name(const sl_model *model, int class_index)
{
    return model && class_index >= 0 && class_index < model->classes ? model->class_names[class_index] : NULL;
}

const char *sl_model_loss(const sl_model *model)
{
    return model && model->loss ? model->loss->name : NULL;
}

const char *sl_model_net(const sl_model *model)
{
    return model ? model->net : NULL;
}

const char *sl_model_version(const sl_model *model)
{
    return model && model->version ? model->version : SLOPE_VERSION;
}

const char *sl_model_preprocessing(const sl_model *model)
{
    return model && model->preprocessing ? model->preprocessing : "none";
}

sl_shape sl_model_input(const sl_model *model)
{
    return model ? model->input : (sl_shape){ 0 };
}

sl_status sl_model_compile(sl_model *model, const sl_plan *plan)
{
    if (!model || model->ctx->status)
        return model ? model->ctx->status : SL_EINVAL;
    sl_ctx *ctx = model->ctx;
    if (!plan || !plan->loss)
        return sl_fail(ctx, SL_EINVAL,
                       "sl_compile: no loss: wants .loss = \"cross_entropy\", \"binary_cross_entropy\" "
                       "or \"mean_squared\"");
    const sl_loss *loss = sl_loss_find(ctx, plan->loss);
    sl_optimizer set;
    if (!loss || !sl_rule_find(ctx, &plan->optimizer, &set))
        return ctx->status;
    const sl_built *last = &model->layers[model->count - 1];
    if (!last->kind->gives_outputs)
        return sl_fail(ctx, SL_EINVAL,
                       "%s: a net cannot end in a %s layer: end it with the outputs, such as '10'",
                       last->name, last->kind->name);
    if (loss->from_logits && last->activation) {
        const bool own = !strcmp(last->activation->name, loss->output);
        return sl_fail(
            ctx, SL_EINVAL,
            own ? "%s: the net ends in %s, and %s applies it itself: it would be applied twice. Leave the "
                  "activation of the last layer out"
                : "%s: the net ends in %s, and %s wants logits, which have no bounds. Leave the activation "
                  "of "
                  "the last layer out",
            last->name, last->activation->name, loss->name);
    }
    if (last->spec.units && last->spec.units < loss->least_outputs)
        return sl_fail(ctx, SL_EINVAL,
                       "%s: the net ends in %d unit, and %s wants at least %d, one a class: for two classes "
                       "and one unit take binary_cross_entropy, for numbers mean_squared",
                       last->name, last->spec.units, loss->name, loss->least_outputs);
    char *const schedule_before = model->schedule; /* the plan's may point to it */
    model->schedule = sl_schedule_text(ctx, plan->optimizer.schedule);
    model->loss = loss;
    model->optimizer = plan->optimizer;
    model->optimizer.schedule = model->schedule;
    model->optimizer.rule = set.rule;
    sl_free(ctx, schedule_before);
    return ctx->status;
}
