/* columns_plain.c - a table's row for models that are simple. */
#include "data/columns.h"

static bool column_is_words(const sl_column *column)
{
    return column->type == SL_COLUMN_CATEGORY || column->type == SL_COLUMN_BOOLEAN;
}

static size_t column_plain_width(const sl_column *column)
{
    if (column->role != SL_ROLE_INPUT)
        return 0;
    if (column_is_words(column))
        return column->words.count <= SL_PLAIN_WORDS ? column->words.count + 1 : 0;
    return column->fit_missing ? 2 : 1;
}

size_t sl_columns_plain_width(const sl_columns *columns)
{
    size_t width = 0;
    for (int i = 0; i < columns->count; i++)
        width += column_plain_width(&columns->column[i]);
    return width;
}

void sl_columns_plain(const sl_columns *columns, const double *cells, const sl_real *values, sl_real *x)
{
    for (int i = 0; i < columns->count; i++) {
        const sl_column *column = &columns->column[i];
        const size_t width = column_plain_width(column);
        if (!width)
            continue;
        const double cell = cells ? cells[column->cell] : (double)values[column->input];
        const bool missing = cell != cell;
        for (size_t slot = 0; slot < width; slot++)
            x[slot] = 0;
        if (!column_is_words(column)) {
            x[0] = (sl_real)(missing ? column->median : cell);
            x[width - 1] = width > 1 ? (sl_real)missing : x[0];
        } else if (missing) {
            x[width - 1] = 1;
        } else if (cell >= 0 && cell < (double)(width - 1)) {
            x[(size_t)cell] = 1;
        }
        x += width;
    }
}
