/* columns_fit.c - from training rows to encodings. */
#include "data/columns.h"

sl_status sl_columns_fit(sl_columns *columns, sl_cells_of values, void *user, size_t rows,
                         const char *numbers, bool layers)
{
    (void)values, (void)user, (void)rows, (void)numbers, (void)layers;
    return sl_fail(columns->ctx, SL_EINVAL, "tables cannot be trained on yet");
}

void sl_columns_net(const sl_columns *columns, sl_text *net)
{
    (void)columns, (void)net;
}

void sl_column_describe(const sl_columns *columns, int column, sl_text *text)
{
    (void)columns, (void)column, (void)text;
}

void sl_columns_describe(const sl_columns *columns, sl_text *text)
{
    sl_text_add(text, "%d columns", columns->inputs);
}
