/* batch.c - how raw rows become what a model sees: its preparation, and batches of rows prepared so. */
#include "model/model.h"

sl_preparation sl_model_preparation(const sl_model *model)
{
    return (sl_preparation){ .divisor = model->divisor, .columns = model->columns };
}

sl_status sl_model_set_columns(sl_model *model, const sl_columns *columns)
{
    sl_text sentence;
    sl_columns *copy = sl_columns_copy(model->ctx, columns);
    if (!copy)
        return model->ctx->status;
    sl_columns_free(model->columns);
    model->columns = copy;
    sl_text_init(&sentence, model->ctx);
    sl_columns_describe(copy, &sentence);
    sl_model_set_preprocessing(model, 1, sl_text_string(&sentence));
    sl_text_free(&sentence);
    return model->ctx->status;
}

/* What the layers read that read texts, and how many features there are. */
sl_status sl_model_set_views(sl_model *model, const sl_views *views)
{
    sl_views *copy = sl_views_copy(model->ctx, views);
    if (!copy)
        return model->ctx->status;
    sl_views_free(model->views);
    model->views = copy;
    return SL_OK;
}

bool sl_model_reads_texts(const sl_model *model)
{
    for (int i = 0; i < model->count; i++)
        if (model->layers[i].kind->read)
            return true;
    return false;
}

sl_weigh sl_model_text_weight(const sl_model *model)
{
    for (int i = 0; i < model->count; i++)
        if (model->layers[i].kind == &sl_layer_embedding)
            return SL_WEIGH_NONE;
    return SL_WEIGH_TFIDF;
}

/* Any view's features have weights. */
static bool batch_weighs(const sl_views *views, int view)
{
    for (int v = 0; v < sl_views_count(views); v++)
        if ((view < 0 || v == view) && sl_views_weigh(views, v) != SL_WEIGH_NONE)
            return true;
    return false;
}

sl_status sl_model_fill_rows(sl_model *model)
{
    bool filled = false;
    for (int i = 0; i < model->count; i++) {
        sl_built *layer = &model->layers[i];
        if (!layer->kind->read || layer->kind->pools)
            continue;
        if (layer->spec.view && !model->views)
            return sl_fail(model->ctx, SL_EINVAL,
                           "%s: view=%s: there are no views: they come with data that have texts",
                           layer->name, layer->spec.view);
        if (!model->views)
            continue;
        if (sl_views_find(model->ctx, model->views, layer->spec.view, &layer->view)) {
            sl_fail_at(model->ctx, layer->name);
            return model->ctx->status;
        }
        const size_t size = sl_views_size(model->views, layer->view);
        if (layer->spec.rows && (size_t)layer->spec.rows != size)
            return sl_fail(model->ctx, SL_ESHAPE,
                           "%s: rows=%d, and its texts have %zu features: leave it out", layer->name,
                           layer->spec.rows, size);
        if (layer->kind == &sl_layer_embedding && batch_weighs(model->views, layer->view))
            return sl_fail(model->ctx, SL_EINVAL,
                           "%s: its view is weighted, and a mean of vectors counts every occurrence alike: "
                           "wants weight=none, or a bag layer",
                           layer->name);
        layer->spec.rows = (int)size;
        filled = true;
    }
    return filled ? sl_model_put_net(model) : SL_OK;
}

sl_status sl_model_batch(sl_ctx *ctx, const sl_model *model, int rows, sl_tensor **x, sl_tensor **y)
{
    const bool labels = model->loss->target == SL_TARGET_CLASS;
    size_t features;
    if (sl_shape_check(ctx, model->input, &features))
        return ctx->status;
    *x = sl_model_inputs(ctx, model, rows, features);
    const int targets = sl_model_outputs(model) / sl_loss_per_target(model->loss);
    *y = sl_tensor_new(ctx, labels ? sl_dims(rows) : sl_dims(rows, targets), NULL);
    return ctx->status;
}

sl_tensor *sl_model_inputs(sl_ctx *ctx, const sl_model *model, int rows, size_t features)
{
    sl_tensor *x = sl_tensor_new(ctx, sl_dims(rows, (int)features), NULL);
    const int views = model->views ? sl_views_count(model->views) : sl_model_reads_texts(model);
    if (!x || !views ||
        ((x->ragged = sl_ragged_new(ctx, views)) && !sl_ragged_begin(x->ragged, (size_t)rows)))
        return x;
    sl_tensor_free(x);
    return NULL;
}

sl_status sl_model_gather(sl_ctx *ctx, const sl_model *model, const sl_data *data, const size_t *rows,
                          size_t count, bool scattered, sl_tensor *x, sl_real *y)
{
    sl_preparation how = sl_model_preparation(model);
    how.scattered = scattered;
    x->shape.dim[0] = (int)count;
    x->count = count * sl_prepared_features(&how, data);
    if (sl_data_gather(ctx, data, rows, count, &how, x->v, y))
        return ctx->status;
    return model->views ? sl_views_gather(ctx, model->views, data, rows, count, x->ragged) : SL_OK;
}
