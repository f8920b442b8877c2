/* lab_answer.c - see lab.h: what the net answers for one row, or at one place of the plane. */
#include "lab.h"

#include <math.h>
#include <string.h>

sl_tensor *lab_prepared(lab *l, sl_tensor *raw)
{
    sl_ctx *ctx = l->ctx;
    const size_t rows = raw ? (size_t)raw->shape.dim[0] : 0;
    size_t prepared = 0;
    sl_data *data = raw ? sl_data_from(ctx, raw, NULL) : NULL;
    sl_tensor_free(raw);
    sl_tensor *x = data && sl_shape_count(l->run->model->input, &prepared)
                       ? sl_model_inputs(ctx, l->run->model, (int)rows, prepared)
                       : NULL;
    size_t *order = x ? sl_alloc_array(ctx, rows, sizeof *order) : NULL;
    for (size_t i = 0; order && i < rows; i++)
        order[i] = i;
    if (order)
        sl_model_gather(ctx, l->run->model, data, order, rows, false, x, NULL);
    sl_free(ctx, order);
    sl_data_free(data);
    return x;
}

/* The answer for one row of raw numbers, which is freed, behind `before` numbers. */
static sl_status answer_row(lab *l, sl_tensor *raw, size_t before)
{
    const sl_model *model = l->run->model;
    sl_tensor *x = lab_prepared(l, raw);
    sl_tape_reset(l->tape);
    sl_tensor *said = x ? sl_model_forward(l->tape, model, x) : NULL;
    const size_t width = (size_t)sl_prediction_width(model);
    sl_real *answers = said ? sl_alloc_array(l->ctx, width, sizeof *answers) : NULL;
    if (answers) {
        sl_outputs_to_predictions(model, said->v, 1, answers);
        for (size_t k = 0; k < width; k++)
            l->numbers[before + k] = (float)answers[k];
    }
    sl_free(l->ctx, answers);
    sl_tensor_free(x);
    return lab_say(l, SL_OK);
}

sl_status lab_at(lab *l, double across, double up)
{
    if (!l->ctx)
        return lab_refuse(l, "nothing is open");
    const size_t features = l->run->trainer->train->features;
    if (!(fabs(across) < 1e30 && fabs(up) < 1e30))
        return lab_refuse(l, "a place wants two numbers");
    sl_tensor *raw = sl_tensor_new(l->ctx, sl_dims(1, (int)features), NULL);
    if (!raw || !lab_room(l, (size_t)sl_prediction_width(l->run->model))) {
        sl_tensor_free(raw);
        return lab_say(l, SL_ENOMEM);
    }
    memcpy(raw->v, l->middle, features * sizeof *raw->v);
    raw->v[l->axis[1]] = (sl_real)(lab_is_words(l, l->axis[1]) ? floor(up + 0.5) : up);
    raw->v[l->axis[0]] = (sl_real)(lab_is_words(l, l->axis[0]) ? floor(across + 0.5) : across);
    return answer_row(l, raw, 0);
}

sl_status lab_row(lab *l, int part, int row)
{
    if (!l->ctx)
        return lab_refuse(l, "nothing is open");
    const sl_data *parts[] = { l->run->trainer->train, l->run->trainer->validation, l->run->test };
    const sl_data *data = part >= 0 && part < 3 ? parts[part] : NULL;
    if (!data || row < 0 || (size_t)row >= data->rows)
        return lab_refuse(l, "there is no such row");
    sl_tensor *raw = sl_tensor_new(l->ctx, sl_dims(1, (int)data->features), NULL);
    sl_real y[1] = { NAN };
    if (!raw || !lab_room(l, data->features + 1 + (size_t)sl_prediction_width(l->run->model)) ||
        sl_data_row(data, (size_t)row, raw->v, y)) {
        sl_tensor_free(raw);
        return lab_say(l, SL_ENOMEM);
    }
    for (size_t j = 0; j < data->features; j++)
        l->numbers[j] = (float)raw->v[j];
    l->numbers[data->features] = (float)y[0];
    return answer_row(l, raw, data->features + 1);
}
