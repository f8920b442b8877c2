/* columns_text.c - cells of a table as people write them. */
#include "core/text.h"
#include "data/table/table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

size_t sl_column_text(const sl_columns *columns, int column, double cell, char *text, size_t room)
{
    const sl_column *c = &columns->column[column];
    char own[32] = "";
    const char *from = own;
    if (cell != cell)
        from = "";
    else if (c->words.count || c->type == SL_COLUMN_CATEGORY || c->type == SL_COLUMN_BOOLEAN)
        from = cell >= 0 && cell < (double)c->words.count ? sl_dictionary_word(&c->words, (size_t)cell) : "?";
    else if (c->type == SL_COLUMN_DATE)
        sl_date_text(own, cell);
    else
        sl_number_text(own, cell);
    return sl_text_fit(from, text, room);
}

size_t sl_data_input_text(const sl_data *data, size_t row, size_t input, char *text, size_t room)
{
    const sl_columns *columns = data ? data->store->columns : NULL;
    double cell = NAN;
    if (text && room)
        text[0] = 0;
    if (!data || row >= data->rows || input >= data->features)
        return 0;
    if (columns) {
        const int column = sl_columns_input(columns, (int)input);
        return sl_data_cells(data, columns->column[column].cell, &row, 1, &cell)
                   ? 0
                   : sl_column_text(columns, column, cell, text, room);
    }
    const size_t at = (data->order ? data->order[row] : row) * data->features + input;
    return sl_text_fit(data->store->bytes
                           ? sl_number_text((char[32]){ 0 }, data->store->bytes[at])
                           : sl_number_text_float((char[32]){ 0 }, (float)data->store->reals[at]),
                       text, room);
}
