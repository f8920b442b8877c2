/* columns_rows.c - which training rows teach what a table's columns become. */
#include "core/random.h"
#include "data/data.h"

#include <stdlib.h>

typedef struct {
    const sl_data *train;
    size_t *rows; /* NULL: all */
    size_t count;
    double *loaded; /* their cells; NULL: read as they are wanted */
} columns_teachers;

static sl_status columns_cells(void *user, int column, double *to)
{
    const columns_teachers *t = user;
    const sl_columns *columns = t->train->store->columns;
    const size_t cell = (size_t)columns->column[column].cell, width = (size_t)columns->cells;
    if (!t->loaded)
        return sl_data_cells(t->train, (int)cell, t->rows, t->count, to);
    for (size_t i = 0; i < t->count; i++)
        to[i] = t->loaded[i * width + cell];
    return SL_OK;
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
 * One pass for all columns: rows may lie in a file. */
static sl_status columns_widen(const columns_teachers *t, sl_columns *columns)
{
    enum { BLOCK = 256 };
    const sl_data *train = t->train;
    const size_t width = (size_t)columns->cells;
    double *cells = t->rows ? sl_alloc_array(train->ctx, BLOCK, width * sizeof *cells) : NULL;
    for (size_t first = 0; cells && first < train->rows; first += BLOCK) {
        const size_t count = train->rows - first < BLOCK ? train->rows - first : BLOCK;
        if (sl_data_load(train, NULL, first, count, cells))
            break;
        for (int i = 0; i < columns->count; i++) {
            sl_column *c = &columns->column[i];
            for (size_t k = 0; k < count && c->role == SL_ROLE_INPUT && c->low <= c->high; k++) {
                const double cell = cells[k * width + (size_t)c->cell];
                if (cell - cell != 0)
                    continue;
                c->low = cell < c->low ? cell : c->low;
                c->high = cell > c->high ? cell : c->high;
            }
        }
    }
    sl_free(train->ctx, cells);
    return train->ctx->status;
}

/* Columns are asked for one by one: of packed rows those that teach are read once, if they take no more than
 * the blocks that are not there yet. */
static sl_status columns_teach(columns_teachers *t)
{
    const sl_data *train = t->train;
    const size_t width = (size_t)train->store->columns->cells;
    sl_packed *packed = train->store->packed;
    if (!packed || t->count > sl_packed_memory(packed) / sizeof(double) / width)
        return SL_OK;
    t->loaded = sl_alloc_array(train->ctx, t->count, width * sizeof *t->loaded);
    return t->loaded ? sl_data_load(train, t->rows, 0, t->count, t->loaded) : SL_ENOMEM;
}

sl_columns *sl_data_fit_columns(const sl_data *train, const char *numbers, bool layers)
{
    columns_teachers teachers = { .train = train, .count = train->rows };
    sl_columns *columns = sl_columns_copy(train->ctx, train->store->columns);
    if (columns && !columns_draw(&teachers) && !columns_teach(&teachers) &&
        !sl_columns_fit(columns, columns_cells, &teachers, teachers.count, numbers, layers))
        columns_widen(&teachers, columns);
    sl_free(train->ctx, teachers.rows);
    sl_free(train->ctx, teachers.loaded);
    if (columns && !train->ctx->status)
        return columns;
    sl_columns_free(columns);
    return NULL;
}
