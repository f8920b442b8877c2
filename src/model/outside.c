/* outside.c - sl_data_outside: rows that a model was not prepared for. */
#include "model/model.h"

/* Plain numbers [rows, inputs] as cells. One that is the training range's end as far as sl_real can say lies
 * inside of it. */
static void outside_reals(const sl_data *data, const sl_column *column, size_t first, size_t count,
                          double *to)
{
    for (size_t i = 0; i < count; i++) {
        const size_t row = sl_data_at(data, first + i);
        const sl_real value = data->store->reals[row * data->features + (size_t)column->input];
        to[i] = value == (sl_real)column->low    ? column->low
                : value == (sl_real)column->high ? column->high
                                                 : (double)value;
    }
}

sl_status sl_data_outside(sl_ctx *ctx, const sl_model *model, const sl_data *data, int input,
                          sl_outside *outside)
{
    enum { BLOCK = 256 };
    const sl_columns *columns = model ? model->columns : NULL;
    sl_outside unwanted = { 0 };
    outside = outside ? outside : &unwanted;
    *outside = (sl_outside){ .low = 1 };
    if (!ctx || ctx->status)
        return sl_error(ctx);
    if (!columns || !columns->encoded)
        return sl_fail(ctx, SL_EINVAL, "sl_data_outside: the model was not trained on a table");
    if (input < 0 || input >= columns->inputs)
        return sl_fail(ctx, SL_EINVAL, "sl_data_outside: there is no input %d: wants 0 to %d", input,
                       columns->inputs - 1);
    if (!data)
        return sl_fail(ctx, SL_EINVAL, "sl_data_outside: the data are NULL");
    const sl_columns *own = data->store->columns;
    if (own ? !sl_columns_alike(columns, own)
            : !data->store->reals || data->features != (size_t)columns->inputs)
        return sl_fail(ctx, SL_EINVAL,
                       "sl_data_outside: %s has other columns than the model: open it with sl_data_open_for",
                       data->source);
    const int column = sl_columns_input(columns, input);
    outside->words = own ? own->column[sl_columns_input(own, input)].strange : NULL;
    for (size_t first = 0; first < data->rows; first += BLOCK) {
        double cells[BLOCK];
        size_t rows[BLOCK];
        const size_t count = data->rows - first < BLOCK ? data->rows - first : BLOCK;
        for (size_t i = 0; i < count; i++)
            rows[i] = first + i;
        if (!own)
            outside_reals(data, &columns->column[column], first, count, cells);
        else if (sl_data_cells(data, columns->column[column].cell, rows, count, cells))
            return sl_error(data->ctx);
        sl_column_outside(columns, column, cells, first, count, outside);
    }
    return SL_OK;
}
