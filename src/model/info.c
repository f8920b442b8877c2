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
    if (!info)
        return SL_OK;
    const sl_built *b = &model->layers[layer];
    *info = (sl_layer_info){ .name = b->name,
                             .type = b->kind->name,
                             .text = b->text,
                             .depth = b->depth,
                             .end = b->end,
                             .share = b->shares >= 0 ? model->layers[b->shares].name : NULL,
                             .frozen = b->spec.frozen,
                             .input = b->in,
                             .output = b->out,
                             .flops = b->flops };
    for (int w = 0; w < b->wants && b->shares < 0; w++)
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

sl_status sl_model_freeze(sl_model *model, const char *layer, bool frozen)
{
    if (!model || model->ctx->status)
        return model ? model->ctx->status : SL_EINVAL;
    sl_ctx *ctx = model->ctx;
    int found = 0;
    while (found < model->count && (!layer || strcmp(model->layers[found].name, layer)))
        found++;
    if (found == model->count)
        return sl_fail(ctx, SL_EINVAL,
                       "sl_model_freeze: no layer is called '%s': sl_model_layer tells their names",
                       layer ? layer : "(NULL)");
    sl_built *b = &model->layers[found];
    if (!sl_layer_option(b->kind, "freeze"))
        return sl_fail(ctx, SL_EINVAL, "%s: a %s layer has no weights to freeze", b->name, b->kind->name);
    if (b->shares >= 0)
        return sl_fail(ctx, SL_EINVAL, "%s: its weights are those of %s: freeze that layer", b->name,
                       model->layers[b->shares].name);
    for (int i = 0; i < found && !frozen; i++) /* a group around it is no longer frozen as a whole */
        if (model->layers[i].end > found)
            model->layers[i].spec.frozen = false;
    for (int i = found; i < b->end; i++) {
        sl_built *inside = &model->layers[i];
        if (inside->shares >= 0 || !sl_layer_option(inside->kind, "freeze"))
            continue;
        inside->spec.frozen = frozen;
        for (int w = 0; w < inside->wants; w++)
            if (inside->param[w]) {
                inside->param[w]->learns = !frozen;
                if (frozen)
                    sl_tensor_clear_gradient(inside->param[w]);
            }
    }
    return sl_model_put_net(model);
}

sl_status sl_model_check_learning(const sl_model *model)
{
    for (int i = 0; i < model->param_count; i++)
        if (model->params[i]->learns)
            return SL_OK;
    if (!model->param_count)
        return sl_fail(model->ctx, SL_EINVAL, "the net has no weights, so there is nothing to train: %s",
                       model->net);
    return sl_fail(
        model->ctx, SL_EINVAL,
        "all layers are frozen, so there is nothing to train: leave freeze=yes out of at least one");
}

void sl_model_param_group(const sl_model *model, int index, sl_real *lr_scale, sl_real *decay)
{
    *lr_scale = 1;
    *decay = 0;
    int before = 0;
    for (int i = 0; i < model->count; i++) {
        const sl_built *b = &model->layers[i];
        const int own = b->shares < 0 ? b->wants : 0;
        if (index >= before && index < before + own) {
            *lr_scale = b->spec.lr_scale != 0 ? b->spec.lr_scale : 1;
            *decay = b->spec.decay;
        }
        before += own;
    }
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
    return model && model->loss ? model->loss_text : NULL;
}

sl_optimizer sl_model_optimizer(const sl_model *model)
{
    return model ? model->optimizer : (sl_optimizer){ 0 };
}

const char *sl_model_net(const sl_model *model)
{
    return model ? model->net : NULL;
}

const char *sl_model_version(const sl_model *model)
{
    return model && model->version ? model->version : SLOPE_VERSION;
}

bool sl_model_column(const sl_model *model, int column, sl_column_info *info)
{
    return model && sl_columns_info(model->columns, column, info);
}

size_t sl_model_column_becomes(const sl_model *model, int column, char *text, size_t room)
{
    const sl_columns *columns = model ? model->columns : NULL;
    if (!columns || column < 0 || column >= columns->count)
        return sl_text_fit("", text, room);
    sl_text line;
    sl_text_init(&line, model->ctx);
    sl_column_describe(columns, column, &line);
    const sl_column *c = &columns->column[column];
    const bool number =
        c->type == SL_COLUMN_NUMBER || c->type == SL_COLUMN_INTEGER || c->type == SL_COLUMN_DATE;
    if (line.length && number && !c->fit_missing && columns->encoded) {
        char median[64];
        sl_column_text(columns, column, c->median, median, sizeof median);
        sl_text_add(&line, "; none was missing, the median stands for one that is: %s", median);
    }
    const size_t length = sl_text_fit(sl_text_string(&line), text, room);
    sl_text_free(&line);
    return length;
}

size_t sl_model_column_text(const sl_model *model, int column, double value, char *text, size_t room)
{
    const sl_columns *columns = model ? model->columns : NULL;
    return columns && column >= 0 && column < columns->count
               ? sl_column_text(columns, column, value, text, room)
               : sl_text_fit("", text, room);
}

const char *sl_model_preprocessing(const sl_model *model)
{
    return model && model->preprocessing ? model->preprocessing : "none";
}

sl_shape sl_model_input(const sl_model *model)
{
    return model ? model->input : (sl_shape){ 0 };
}

/* Does the loss take what the last layer gives? */
static sl_status info_check_end(sl_ctx *ctx, const sl_built *last, const sl_loss *loss)
{
    const char *f = last->activation ? last->activation->name : NULL;
    if (loss->from_logits && f) {
        const char *instead = loss->instead ? loss->instead : "";
        const char *take = loss->instead ? ", or take " : "";
        if (loss->output && !strcmp(f, loss->output))
            return sl_fail(
                ctx, SL_EINVAL,
                "%s: the net ends in %s, and %s applies it itself: it would be applied twice. Leave "
                "the activation of the last layer out%s%s",
                last->name, f, loss->name, take, instead);
        return sl_fail(
            ctx, SL_EINVAL,
            "%s: the net ends in %s, and %s wants logits, which have no bounds. Leave the activation "
            "of the last layer out",
            last->name, f, loss->name);
    }
    const bool probability = loss->target == SL_TARGET_PROBABILITY && last->activation &&
                             last->activation->bounded && last->activation->low >= 0 &&
                             last->activation->high <= 1 && !loss->predict;
    if (loss->activation && !probability && (!f || strcmp(f, loss->activation)))
        return sl_fail(
            ctx, SL_EINVAL,
            "%s: the net ends %s%s, and %s wants what %s gives: let the last layer end in %s, or take "
            "%s, which %s",
            last->name, f ? "in " : "without an activation", f ? f : "", loss->name, loss->activation,
            loss->activation, loss->target == SL_TARGET_CLASS ? "cross_entropy" : "binary_cross_entropy",
            loss->predict ? "wants none" : "has it inside");
    if (last->spec.units && last->spec.units % sl_loss_per_target(loss))
        return sl_fail(ctx, SL_EINVAL,
                       "%s: the net ends in %d unit%s, and %s wants %d for each target, in a row: the "
                       "prediction, the lower and the upper bound",
                       last->name, last->spec.units, last->spec.units == 1 ? "" : "s", loss->name,
                       loss->per_target);
    if (last->spec.units && last->spec.units < loss->least_outputs)
        return sl_fail(ctx, SL_EINVAL,
                       "%s: the net ends in %d unit, and %s wants at least %d, one a class: for two classes "
                       "and one unit take binary_cross_entropy, for numbers mean_squared",
                       last->name, last->spec.units, loss->name, loss->least_outputs);
    return SL_OK;
}

static sl_status info_loss_text(sl_model *model, const sl_loss *loss, const sl_loss_values *values)
{
    sl_text text;
    sl_text_init(&text, model->ctx);
    sl_loss_describe(loss, values, &text);
    if (!text.failed && text.length < sizeof model->loss_text) /* two numbers at most: it always is */
        memcpy(model->loss_text, text.bytes, text.length + 1);
    sl_text_free(&text);
    return model->ctx->status;
}

/* Units without a slope learn nothing from gradients; and one rule is right for one loss alone. */
static sl_status info_check_rule(const sl_model *model, const sl_rule *rule, const sl_loss *loss)
{
    const bool by_gradient = rule->update || rule->sloped;
    for (int i = 0; i < model->count && by_gradient; i++) {
        const sl_op *f = model->layers[i].activation;
        if (f && f->flat)
            return sl_fail(model->ctx, SL_EINVAL, "%s: %s: %s", model->layers[i].name, f->name, f->flat);
    }
    if (rule->only_loss && strcmp(rule->only_loss, loss->name) != 0)
        return sl_fail(model->ctx, SL_EINVAL,
                       "optimizer %s is a rule for loss %s alone, and the loss is %s: take that loss, or sgd",
                       rule->name, rule->only_loss, loss->name);
    return SL_OK;
}

sl_status sl_model_compile(sl_model *model, const sl_plan *plan)
{
    if (!model || model->ctx->status)
        return model ? model->ctx->status : SL_EINVAL;
    sl_ctx *ctx = model->ctx;
    if (!plan || !plan->loss)
        return sl_fail(ctx, SL_EINVAL,
                       "sl_compile: no loss: wants .loss = \"cross_entropy\", \"binary_cross_entropy\", "
                       "\"mean_squared\" or another (sl_catalogue lists them)");
    sl_loss_values values;
    const sl_loss *loss = sl_loss_find(ctx, plan->loss, &values);
    sl_optimizer optimizer = plan->optimizer, set;
    const sl_rule *rule =
        !loss || sl_optimizer_spread(ctx, &optimizer) ? NULL : sl_rule_find(ctx, &optimizer, &set);
    if (!rule || info_check_rule(model, rule, loss))
        return ctx->status;
    const sl_built *last = sl_model_last(model);
    if (!last->kind->gives_outputs)
        return sl_fail(ctx, SL_EINVAL,
                       "%s: a net cannot end in a %s layer: end it with the outputs, such as '10'",
                       last->name, last->kind->name);
    if (info_check_end(ctx, last, loss) || info_loss_text(model, loss, &values))
        return ctx->status;
    char *const schedule_before = model->schedule; /* the plan's may point to it */
    model->schedule = sl_schedule_text(ctx, plan->optimizer.schedule);
    model->loss = loss;
    model->loss_values = values;
    model->optimizer = optimizer;
    model->optimizer.schedule = model->schedule;
    model->optimizer.rule = set.rule;
    if (!optimizer.rule)
        sl_decided(model->ctx, "optimizer", set.rule, "the default");
    sl_free(ctx, schedule_before);
    return ctx->status;
}
