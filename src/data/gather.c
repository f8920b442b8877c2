/* gather.c - rows of a data set, prepared as a net wants them. */
#include "core/threads.h"
#include "data/data.h"
#include "kernel/clones.h"

#include <math.h>
#include <string.h>

static size_t gather_at(const sl_data *data, size_t row)
{
    return data->order ? data->order[row] : row;
}

size_t sl_prepared_features(const sl_preparation *how, const sl_data *data)
{
    if (!how || !how->columns)
        return data->features;
    return how->plain ? sl_columns_plain_width(how->columns) : how->columns->width;
}

double sl_data_target(const sl_data *data, size_t row)
{
    const sl_store *store = data->store;
    const size_t at = gather_at(data, row);
    if (!data->outputs)
        return NAN;
    if (!store->cells)
        return (double)store->targets[at * data->outputs];
    const sl_columns *columns = store->columns;
    return store->cells[at * (size_t)columns->cells + (size_t)columns->column[columns->target].cell];
}

sl_status sl_data_cells(const sl_data *data, int cell, const size_t *rows, size_t count, double *to)
{
    const size_t cells = (size_t)data->store->columns->cells;
    for (size_t i = 0; i < count; i++)
        to[i] = data->store->cells[gather_at(data, rows ? rows[i] : i) * cells + (size_t)cell];
    return SL_OK;
}

SL_INLINE void gather_bytes_body(sl_real *to, const unsigned char *from, sl_real divisor, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] = (sl_real)from[i] / divisor;
}
SL_CLONES(static, gather_bytes, (sl_real * to, const unsigned char *from, sl_real divisor, size_t n),
          (to, from, divisor, n))

SL_INLINE void gather_reals_body(sl_real *to, const sl_real *from, sl_real divisor, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] = from[i] / divisor;
}
SL_CLONES(static, gather_reals, (sl_real * to, const sl_real *from, sl_real divisor, size_t n),
          (to, from, divisor, n))

typedef struct {
    const sl_data *data;
    const size_t *rows;
    size_t count, a_task, width; /* width: numbers a row of x */
    sl_real divisor, *x, *y;
    const sl_columns *columns; /* that encode; NULL */
    bool plain;
} gather_job;

/* A table's row: encoded, or the raw values of its inputs. */
static void gather_table(const gather_job *job, size_t i, size_t row)
{
    const sl_columns *columns = job->data->store->columns;
    const double *cells = job->data->store->cells + row * (size_t)columns->cells;
    sl_real *x = job->x ? job->x + i * job->width : NULL;
    if (x && job->columns && job->plain)
        sl_columns_plain(job->columns, cells, NULL, x);
    else if (x && job->columns)
        sl_columns_encode(job->columns, cells, x);
    for (int c = 0, input = 0; x && !job->columns && c < columns->count; c++)
        if (columns->column[c].role == SL_ROLE_INPUT)
            x[input++] = (sl_real)cells[columns->column[c].cell];
    if (job->y)
        job->y[i] = (sl_real)cells[columns->column[columns->target].cell];
}

static void gather_row(const gather_job *job, size_t i)
{
    const sl_data *data = job->data;
    const size_t row = gather_at(data, job->rows[i]), features = data->features, outputs = data->outputs;
    if (data->store->cells) {
        gather_table(job, i, row);
        return;
    }
    sl_real *x = job->x ? job->x + i * job->width : NULL;
    if (x && job->columns && job->plain)
        sl_columns_plain(job->columns, NULL, data->store->reals + row * features, x);
    else if (x && job->columns)
        sl_columns_encode_reals(job->columns, data->store->reals + row * features, x);
    else if (x && data->store->bytes)
        gather_bytes(data->ctx->isa, x, data->store->bytes + row * features, job->divisor, features);
    else if (x)
        gather_reals(data->ctx->isa, x, data->store->reals + row * features, job->divisor, features);
    if (job->y)
        memcpy(job->y + i * outputs, data->store->targets + row * outputs, outputs * sizeof(sl_real));
}

static void gather_task(void *argument, size_t task, int worker)
{
    (void)worker;
    const gather_job *job = argument;
    const size_t first = task * job->a_task;
    const size_t end = job->count - first < job->a_task ? job->count : first + job->a_task;
    for (size_t i = first; i < end; i++)
        gather_row(job, i);
}

sl_status sl_data_gather(sl_ctx *ctx, const sl_data *data, const size_t *rows, size_t count,
                         const sl_preparation *how, sl_real *x, sl_real *y)
{
    enum { LEAST = 1 << 14 }; /* numbers a task: a round of the pool costs a microsecond or more */
    const size_t width = sl_prepared_features(how, data);
    gather_job job = { .data = data,
                       .rows = rows,
                       .count = count,
                       .a_task = LEAST / (width ? width : 1) + 1, /* 0: a simple model takes none of them */
                       .width = width,
                       .divisor = how && how->divisor != 0 ? how->divisor : 1,
                       .x = x,
                       .y = y,
                       .columns = how ? how->columns : NULL,
                       .plain = how && how->plain };
    sl_pool_run(x && ctx ? ctx->pool : NULL, (count + job.a_task - 1) / job.a_task, gather_task, &job);
    return SL_OK;
}
