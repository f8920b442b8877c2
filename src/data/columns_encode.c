/* columns_encode.c - cells to the numbers that a net sees. */
#include "data/columns.h"
#include "data/encoding/encoding.h"

enum { ENCODE_TOGETHER = 16 }; /* columns that one encoding may take */

/* A number that is missing is the median. */
static double columns_filled(const sl_column *column, double cell)
{
    return cell == cell || column->words.count ? cell : column->median;
}

static void columns_encode(const sl_columns *columns, const double *cells, const sl_real *values, sl_real *x)
{
    double own[ENCODE_TOGETHER];
    for (int i = 0; i < columns->encoded_count; i++) {
        const sl_encoded *e = &columns->encoded[i];
        for (int c = 0; c < e->count; c++) {
            const sl_column *column = &columns->column[e->columns[c]];
            const double cell = cells ? cells[column->cell] : (double)values[column->input];
            own[c] = e->kind->hidden ? cell : columns_filled(column, cell);
        }
        e->kind->encode(e, own, x + e->first);
    }
}

void sl_columns_encode(const sl_columns *columns, const double *cells, sl_real *x)
{
    columns_encode(columns, cells, NULL, x);
}

void sl_columns_encode_reals(const sl_columns *columns, const sl_real *values, sl_real *x)
{
    columns_encode(columns, NULL, values, x);
}
