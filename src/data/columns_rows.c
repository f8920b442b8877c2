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

/* Where some rows stood for all, the lowest and highest are still those of all: they say what lies outside.
 */
static sl_status columns_widen(const columns_teachers *t, sl_columns *columns)
{
    enum { BLOCK = 256 };
    const sl_data *train = t->train;
    for (int i = 0; t->rows && i < columns->count; i++) {
        sl_column *c = &columns->column[i];
        for (size_t first = 0; c->role == SL_ROLE_INPUT && c->low <= c->high && first < train->rows;
             first += BLOCK) {
            double cells[BLOCK];
            size_t rows[BLOCK];
            const size_t count = train->rows - first < BLOCK ? train->rows - first : BLOCK;
            for (size_t k = 0; k < count; k++)
                rows[k] = first + k;
            if (sl_data_cells(train, c->cell, rows, count, cells))
                return train->ctx->status;
            for (size_t k = 0; k < count; k++) {
                if (cells[k] - cells[k] != 0)
                    continue;
                c->low = cells[k] < c->low ? cells[k] : c->low;
                c->high = cells[k] > c->high ? cells[k] : c->high;
            }
        }
    }
    return SL_OK;
}

sl_columns *sl_data_fit_columns(const sl_data *train, const char *numbers, bool layers)
{
    columns_teachers teachers = { .train = train, .count = train->rows };
    sl_columns *columns = sl_columns_copy(train->ctx, train->store->columns);
    if (columns && !columns_draw(&teachers) &&
        !sl_columns_fit(columns, columns_cells, &teachers, teachers.count, numbers, layers))
        columns_widen(&teachers, columns);
    sl_free(train->ctx, teachers.rows);
    if (columns && !train->ctx->status)
        return columns;
    sl_columns_free(columns);
    return NULL;
}
