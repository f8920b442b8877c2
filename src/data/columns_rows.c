/* columns_rows.c - which training rows teach what a table's columns become. */
#include "core/random.h"
#include "data/data.h"

#include <stdlib.h>

typedef struct {
    const sl_data *train;
    size_t *rows; /* NULL: all */
    size_t count;
} columns_teachers;

static sl_status columns_cells(void *user, int column, double *to)
{
    const columns_teachers *t = user;
    return sl_data_cells(t->train, t->train->store->columns->column[column].cell, t->rows, t->count, to);
}

/* Of many rows SL_FIT_MOST, at places that are drawn evenly: one out of each of as many stretches. */
static sl_status columns_draw(columns_teachers *t)
{
    sl_ctx *ctx = t->train->ctx;
    const size_t rows = t->train->rows;
    if (rows <= SL_FIT_MOST)
        return SL_OK;
    t->rows = sl_alloc_array(ctx, SL_FIT_MOST, sizeof *t->rows);
    t->count = SL_FIT_MOST;
    sl_stream stream = { .seed = ctx->options.seed, .purpose = SL_FOR_SAMPLE, .a = 2 };
    for (size_t i = 0; t->rows && i < SL_FIT_MOST; i++) {
        const size_t first = (size_t)((uint64_t)rows * i / SL_FIT_MOST),
                     next = (size_t)((uint64_t)rows * (i + 1) / SL_FIT_MOST);
        t->rows[i] = first + (size_t)sl_stream_below(&stream, next - first);
    }
    return ctx->status;
}

sl_columns *sl_data_fit_columns(const sl_data *train, const char *numbers, bool layers)
{
    columns_teachers teachers = { .train = train, .count = train->rows };
    sl_columns *columns = sl_columns_copy(train->ctx, train->store->columns);
    if (columns && !columns_draw(&teachers))
        sl_columns_fit(columns, columns_cells, &teachers, teachers.count, numbers, layers);
    sl_free(train->ctx, teachers.rows);
    if (columns && !train->ctx->status)
        return columns;
    sl_columns_free(columns);
    return NULL;
}
