/* complete.c - the words of --net and, behind them, the output layer that a loss wants for its targets. */
#include "model/model.h"

sl_model *sl_model_for(sl_ctx *ctx, const char *net, const char *loss, const sl_tensor *y, int outputs)
{
    if (!ctx || ctx->status)
        return NULL;
    sl_loss_values values;
    if (!loss || !sl_values((sl_tensor *)(uintptr_t)y))
        sl_fail(ctx, SL_EINVAL, "sl_model_for: wants a loss and its targets y, given %s",
                loss ? "NULL or a tensor of an old graph" : "no loss");
    const sl_loss *found = ctx->status ? NULL : sl_loss_find(ctx, loss, &values);
    if (!found)
        return NULL;
    const size_t rows = y->shape.rank ? (size_t)y->shape.dim[0] : 1, columns = rows ? y->count / rows : 0;
    int classes = 0;
    for (size_t i = 0; i < y->count && found->target == SL_TARGET_CLASS; i++)
        if (y->v[i] >= (sl_real)classes && y->v[i] < SL_LAYER_LARGEST)
            classes = (int)y->v[i] + 1;
    classes = found->target != SL_TARGET_CLASS ? 0 : classes < 2 ? 2 : classes;
    if (outputs <= 0)
        outputs = sl_loss_outputs(found, classes, columns);
    int count;
    sl_layer *layers = sl_net_parse(ctx, net ? net : "linear", 2, &count);
    if (!layers)
        return NULL;
    layers[count] =
        (sl_layer){ .type = "dense", .name = "output", .units = outputs, .activation = found->activation };
    sl_model *model = sl_model_new(ctx, layers);
    sl_free(ctx, layers);
    return model;
}

sl_status sl_model_set_init(sl_model *model, const char *init)
{
    sl_init_job job;
    if (!model)
        return SL_ENOMEM;
    if (model->ctx->status || (init && !sl_init_find(model->ctx, init, &job)))
        return model->ctx->status;
    if (model->built)
        return sl_fail(
            model->ctx, SL_EINVAL,
            "sl_model_set_init: the weights are there already: say how they begin before the first "
            "fit or forward");
    const char *copy = init ? sl_strdup(model->ctx, init) : NULL;
    if (init && !copy)
        return model->ctx->status;
    sl_free(model->ctx, (void *)(uintptr_t)model->init);
    model->init = copy;
    return SL_OK;
}
