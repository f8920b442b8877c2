/* terrain.c - see terrain.h */
#include "plot/numbers/terrain.h"
#include "train/measure.h"

#include <string.h>

double sl_terrain_cost(const sl_model *model)
{
    double flops = 0;
    for (int i = 0; i < model->count; i++)
        flops += (double)model->layers[i].flops;
    return flops + 2000; /* a small net has its loss and its calls to pay for as well */
}

static sl_status terrain_piece(sl_terrain *t, const sl_data *data, size_t piece)
{
    const size_t first = piece * SL_PIECE, count = t->rows - first < SL_PIECE ? t->rows - first : SL_PIECE;
    const sl_preparation how = sl_model_preparation(t->model);
    size_t rows[SL_PIECE];
    for (size_t i = 0; i < count; i++)
        rows[i] = first + i;
    t->x[piece] = sl_model_inputs(t->ctx, t->model, (int)count, sl_prepared_features(&how, data));
    t->y[piece] = sl_alloc_array(t->ctx, count * data->outputs, sizeof(sl_real));
    t->weight[piece] = sl_alloc_array(t->ctx, count, sizeof(sl_real));
    if (t->ctx->status ||
        sl_model_gather(t->ctx, t->model, data, rows, count, false, t->x[piece], t->y[piece]) ||
        sl_data_gather_weights(data, rows, count, t->weight[piece]))
        return t->ctx->status;
    if (!sl_model_kinds(t->model))
        sl_target_in(&t->model->target, t->y[piece], count * data->outputs);
    return SL_OK;
}

sl_status sl_terrain_open(sl_terrain *t, sl_ctx *ctx, const sl_model *model, const sl_data *data, size_t most)
{
    *t = (sl_terrain){ .ctx = ctx };
    if (!data->outputs || !model->loss)
        return sl_fail(ctx, SL_EINVAL, "figure landscape: %s has no targets, so there is no loss",
                       data->source);
    if (sl_check_inputs(ctx, model, data, "the data") || sl_check_targets(ctx, model, data, "the data"))
        return ctx->status;
    sl_data *some = data->rows > most ? sl_data_some(data, most) : NULL;
    const sl_data *used = some ? some : data;
    t->model = ctx->status ? NULL : sl_model_slice(model, 0, model->count);
    t->tape = sl_tape_new(ctx, SL_INFER);
    t->rows = used->rows;
    t->per_row = used->outputs;
    t->pieces = (t->rows + SL_PIECE - 1) / SL_PIECE;
    t->parameters = model->parameters;
    t->origin = sl_alloc_array(ctx, t->parameters, sizeof *t->origin);
    t->x = sl_alloc_array(ctx, t->pieces, sizeof *t->x);
    t->y = sl_alloc_array(ctx, t->pieces, sizeof *t->y);
    t->weight = sl_alloc_array(ctx, t->pieces, sizeof *t->weight);
    if (!ctx->status) {
        t->outputs = (size_t)sl_model_outputs(t->model);
        t->flops = sl_terrain_cost(model) * (double)t->rows;
        for (size_t at = 0, i = 0; i < (size_t)model->param_count; at += model->params[i]->count, i++)
            memcpy(t->origin + at, model->params[i]->v, model->params[i]->count * sizeof *t->origin);
        for (size_t p = 0; p < t->pieces && !terrain_piece(t, used, p); p++)
            ;
    }
    sl_data_free(some);
    return ctx->status;
}

double sl_terrain_at(sl_terrain *t, const double *weights)
{
    const sl_model *model = t->model;
    double loss = 0;
    for (int i = 0; i < model->param_count; i++)
        for (size_t j = 0; j < model->params[i]->count; j++)
            model->params[i]->v[j] = (sl_real)*weights++;
    for (size_t p = 0; p < t->pieces; p++) {
        sl_tape_reset(t->tape);
        sl_tensor *out = sl_model_forward(t->tape, model, t->x[p]);
        for (int r = 0; out && r < out->shape.dim[0]; r++) {
            const size_t row = (size_t)r;
            const double weight = (double)t->weight[p][row];
            const double own =
                (double)sl_loss_of_row(t->ctx->isa, model->loss, &model->loss_values,
                                       out->v + row * t->outputs, t->y[p] + row * t->per_row, t->outputs);
            loss += weight != 0 ? own * weight : 0;
        }
    }
    return loss / (double)t->rows;
}

void sl_terrain_close(sl_terrain *t)
{
    for (size_t p = 0; p < t->pieces; p++) {
        if (t->x)
            sl_tensor_free(t->x[p]);
        if (t->y)
            sl_free(t->ctx, t->y[p]);
        if (t->weight)
            sl_free(t->ctx, t->weight[p]);
    }
    sl_free(t->ctx, t->x);
    sl_free(t->ctx, t->y);
    sl_free(t->ctx, t->weight);
    sl_free(t->ctx, t->origin);
    sl_tape_free(t->tape);
    sl_model_free(t->model);
}
