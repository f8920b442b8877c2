/* columns_plain.c - a table's row for models that are simple. */
#include "data/columns.h"
#include "data/encoding/encoding.h"

static bool column_is_words(const sl_column *column)
{
    return column->type == SL_COLUMN_CATEGORY || column->type == SL_COLUMN_BOOLEAN;
}

/* Of a date its parts, as the net has them: as one number, which grows, it would tell a simple model next to
 * nothing. NULL: the column is none, or not encoded alone. */
static const sl_encoded *column_parts(const sl_columns *columns, int column)
{
    if (columns->column[column].type != SL_COLUMN_DATE)
        return NULL;
    for (int i = 0; i < columns->encoded_count; i++) {
        const sl_encoded *e = &columns->encoded[i];
        if (e->count == 1 && e->columns[0] == column && !e->kind->hidden && !e->kind->layer)
            return e;
    }
    return NULL;
}

static size_t column_plain_width(const sl_columns *columns, int i)
{
    const sl_column *column = &columns->column[i];
    const sl_encoded *parts = column->role == SL_ROLE_INPUT ? column_parts(columns, i) : NULL;
    if (column->role != SL_ROLE_INPUT)
        return 0;
    if (parts)
        return parts->width + (column->fit_missing ? 1 : 0);
    if (column_is_words(column))
        return column->words.count <= SL_PLAIN_WORDS ? column->words.count + 1 : 0;
    return column->fit_missing ? 2 : 1;
}

size_t sl_columns_plain_width(const sl_columns *columns)
{
    size_t width = 0;
    for (int i = 0; i < columns->count; i++)
        width += column_plain_width(columns, i);
    return width;
}

void sl_columns_plain(const sl_columns *columns, const double *cells, const sl_real *values, sl_real *x)
{
    for (int i = 0; i < columns->count; i++) {
        const sl_column *column = &columns->column[i];
        const size_t width = column_plain_width(columns, i);
        if (!width)
            continue;
        const double cell = cells ? cells[column->cell] : (double)values[column->input];
        const bool missing = cell != cell;
        for (size_t slot = 0; slot < width; slot++)
            x[slot] = 0;
        const sl_encoded *parts = column_parts(columns, i);
        if (parts) {
            const double filled = missing ? column->median : cell;
            parts->kind->encode(parts, &filled, x);
            if (width > parts->width)
                x[width - 1] = (sl_real)missing;
        } else if (!column_is_words(column)) {
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
