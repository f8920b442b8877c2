/* predict.c - evaluate and predict: raw inputs in, measured answers out. */
#include "data/format.h"
#include "train/measure.h"

#include <string.h>

static sl_status predict_ready(sl_ctx *ctx, const sl_model *model, const char *what)
{
    if (!ctx || ctx->status)
        return sl_error(ctx);
    if (!model)
        return sl_fail(ctx, SL_EINVAL, "%s: the model is NULL", what);
    if (!model->built || !model->loss) /* trained by hand: inputs are used as they are */
        return sl_fail(ctx, SL_EINVAL,
                       "%s: the model is not trained: call sl_compile and sl_fit, or load one", what);
    return SL_OK;
}

static sl_status predict_given(sl_ctx *ctx, const sl_data *data, const char *what)
{
    return data ? SL_OK : sl_fail(ctx, SL_EINVAL, "%s: the data are NULL", what);
}

sl_data *sl_data_open_for(sl_ctx *ctx, const char *source, const char *part, const sl_model *model,
                          const char *keep)
{
    if (predict_ready(ctx, model, "sl_data_open_for"))
        return NULL;
    return sl_data_open_by(
        ctx, source, part,
        &(sl_opening){ .columns = model->columns, .plain = !model->columns, .learning = true, .keep = keep });
}

sl_data *sl_data_open_inputs(sl_ctx *ctx, const char *source, const char *part, const sl_model *model,
                             const char *keep)
{
    if (predict_ready(ctx, model, "sl_data_open_inputs"))
        return NULL;
    return sl_data_open_by(
        ctx, source, part,
        &(sl_opening){ .columns = model->columns, .plain = !model->columns, .inputs = true, .keep = keep });
}

sl_data *sl_data_open_rows(sl_ctx *ctx, const char *source, const char *part, const sl_model *model)
{
    if (predict_ready(ctx, model, "sl_data_open_rows"))
        return NULL;
    return sl_data_open_by(ctx, source, part,
                           &(sl_opening){ .columns = model->columns, .plain = !model->columns });
}

sl_data *sl_data_from_text(sl_ctx *ctx, const char *text, size_t length, const sl_model *model)
{
    if (!ctx || ctx->status)
        return NULL;
    if (!text) {
        sl_fail(ctx, SL_EINVAL, "sl_data_from_text: the text is NULL");
        return NULL;
    }
    return sl_data_open_by(ctx, "text", NULL,
                           &(sl_opening){ .columns = model ? model->columns : NULL,
                                          .learning = true,
                                          .text = text,
                                          .text_length = length });
}

sl_report *sl_evaluate(sl_ctx *ctx, const sl_model *model, const sl_data *data)
{
    if (predict_ready(ctx, model, "sl_evaluate") || predict_given(ctx, data, "sl_evaluate"))
        return NULL;
    if (sl_check_inputs(ctx, model, data, "the data") || sl_check_targets(ctx, model, data, "the data"))
        return NULL;
    return sl_measure_all(ctx, model, data, NULL, data->rows);
}

sl_tensor *sl_predict_data(sl_ctx *ctx, const sl_model *model, const sl_data *data, size_t first, size_t rows)
{
    if (predict_ready(ctx, model, "sl_predict") || predict_given(ctx, data, "sl_predict"))
        return NULL;
    if (sl_check_inputs(ctx, model, data, "the data"))
        return NULL;
    if (first > data->rows || rows > data->rows - first || rows > 1u << 30) {
        sl_fail(ctx, SL_EINVAL, "sl_predict: rows %zu to %zu: there are %zu", first, first + rows,
                data->rows);
        return NULL;
    }
    const size_t width = (size_t)sl_prediction_width(model);
    sl_tensor *answers = sl_tensor_new(ctx, sl_dims((int)rows, (int)width), NULL);
    sl_reader reader = { 0 };
    if (answers && !sl_reader_open(&reader, ctx, model, data) &&
        !(rows > SL_PIECE && sl_tape_pack(reader.tape))) /* the weights are read several times */
        for (size_t done = 0; done < rows; done += SL_PIECE) {
            const size_t piece = rows - done < SL_PIECE ? rows - done : SL_PIECE;
            const sl_real *outputs = sl_reader_outputs(&reader, data, NULL, first + done, piece);
            if (!outputs)
                break;
            sl_outputs_to_predictions(model, outputs, piece, answers->v + done * width);
        }
    sl_reader_close(&reader);
    if (!ctx->status)
        return answers;
    sl_tensor_free(answers);
    return NULL;
}

sl_tensor *sl_predict(sl_ctx *ctx, const sl_model *model, const sl_tensor *x)
{
    if (predict_ready(ctx, model, "sl_predict"))
        return NULL;
    sl_data *data = sl_data_from(ctx, x, NULL);
    sl_tensor *answers = data ? sl_predict_data(ctx, model, data, 0, data->rows) : NULL;
    sl_data_free(data);
    return answers;
}
