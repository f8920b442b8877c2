/* columns_outside.c - what rows have that the training rows did not. */
#include "data/data.h"
#include "data/encoding/encoding.h"
#include "model/model.h"

/* The encoding that knows which words there were; NULL: the column has none that counts them. */
static const sl_encoded *outside_slots(const sl_columns *columns, int column)
{
    for (int i = 0; i < columns->encoded_count; i++)
        if (columns->encoded[i].columns[0] == column &&
            columns->encoded[i].kind->takes & SL_TAKES(SL_COLUMN_CATEGORY))
            return &columns->encoded[i];
    return NULL;
}
