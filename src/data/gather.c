/* gather.c - rows of a data set, prepared as a net wants them. */
#include "core/threads.h"
#include "data/data.h"
#include "kernel/clones.h"

#include <math.h>
#include <string.h>

size_t sl_data_at(const sl_data *data, size_t row)
{
    return data->order ? data->order[row] : data->chosen ? sl_chosen_at(data->chosen, row) : row;
}

void sl_data_places(const sl_data *data, const size_t *rows, size_t first, size_t count, size_t *to)
{
    for (size_t i = 0; i < count; i++) {
        const size_t row = rows ? rows[i] : first + i;
        const bool next = i && data->chosen && !data->order && row == (rows ? rows[i - 1] : row - 1) + 1;
        to[i] = next ? sl_chosen_from(data->chosen, to[i - 1] + 1) : sl_data_at(data, row);
    }
}

size_t sl_prepared_features(const sl_preparation *how, const sl_data *data)
{
    if (!how || !how->columns)
        return data->features;
    return how->plain ? sl_columns_plain_width(how->columns) : how->columns->width;
}

/* --- rows in a file, between lock and unlock --------------------------------------------------------- */

/* In the order of the file, as far as rows follow it. */
static sl_status gather_stream(sl_ctx *ctx, const sl_data *data, const size_t *rows, size_t first,
                               size_t count, double *to)
{
    enum { PIECE = 512 };
    size_t places[PIECE];
    const size_t cells = (size_t)data->store->columns->cells;
    for (size_t done = 0; done < count; done += PIECE) {
        const size_t piece = count - done < PIECE ? count - done : PIECE;
        sl_data_places(data, rows ? rows + done : NULL, first + done, piece, places);
        if (sl_packed_read(data->store->packed, ctx, places, piece, to + done * cells))
            return ctx->status;
    }
    return SL_OK;
}

/* Out of blocks of this view's rows, which stay in memory for a while. */
static sl_status gather_blocks(sl_ctx *ctx, const sl_data *data, const size_t *rows, size_t first,
                               size_t count, double *to)
{
    sl_packed *packed = data->store->packed;
    const size_t cells = (size_t)data->store->columns->cells, size = sl_packed_block(packed);
    for (size_t i = 0; i < count; i++) {
        const size_t row = rows ? rows[i] : first + i, start = row / size * size;
        bool fresh;
        double *block = sl_packed_hold(packed, data->owner, row / size, &fresh);
        const size_t there = data->rows - start < size ? data->rows - start : size;
        if (fresh && gather_stream(ctx, data, NULL, start, there, block)) {
            sl_packed_forget(packed, block);
            return ctx->status;
        }
        memcpy(to + i * cells, block + (row - start) * cells, cells * sizeof *to);
    }
    return SL_OK;
}

static sl_status gather_load(sl_ctx *ctx, const sl_data *data, const size_t *rows, size_t first, size_t count,
                             bool scattered, double *to)
{
    enum { FEW = 16 };
    bool rise = true;
    for (size_t i = 1; i < count && rows && rise; i++)
        rise = rows[i] > rows[i - 1];
    const bool blocks = sl_packed_caches(data->store->packed) && !scattered && !(rise && count >= FEW);
    return (blocks ? gather_blocks : gather_stream)(ctx, data, rows, first, count, to);
}

sl_status sl_data_load(const sl_data *data, const size_t *rows, size_t first, size_t count, double *to)
{
    const sl_store *store = data->store;
    const size_t cells = (size_t)store->columns->cells;
    if (store->packed) {
        sl_packed_lock(store->packed);
        const sl_status status = gather_load(data->ctx, data, rows, first, count, false, to);
        sl_packed_unlock(store->packed);
        return status;
    }
    for (size_t i = 0; i < count; i++)
        memcpy(to + i * cells, store->cells + sl_data_at(data, rows ? rows[i] : first + i) * cells,
               cells * sizeof *to);
    return SL_OK;
}

/* --- single cells ------------------------------------------------------------------------------------- */

static sl_status gather_cells(const sl_data *data, int cell, const size_t *rows, size_t first, size_t count,
                              double *to)
{
    const sl_store *store = data->store;
    const size_t cells = (size_t)store->columns->cells;
    sl_status status = SL_OK;
    if (!store->packed) {
        for (size_t i = 0; i < count; i++)
            to[i] = store->cells[sl_data_at(data, rows ? rows[i] : first + i) * cells + (size_t)cell];
        return SL_OK;
    }
    sl_packed_lock(store->packed);
    size_t room;
    double *some = sl_packed_scratch(store->packed, &room);
    for (size_t done = 0; done < count && !status; done += room) {
        const size_t piece = count - done < room ? count - done : room;
        status = gather_load(data->ctx, data, rows ? rows + done : NULL, first + done, piece, false, some);
        for (size_t i = 0; i < piece && !status; i++)
            to[done + i] = some[i * cells + (size_t)cell];
    }
    sl_packed_unlock(store->packed);
    return status;
}

sl_status sl_data_cells(const sl_data *data, int cell, const size_t *rows, size_t count, double *to)
{
    return gather_cells(data, cell, rows, 0, count, to);
}

sl_status sl_data_cell(const sl_data *data, int cell, size_t first, size_t count, double *to)
{
    return gather_cells(data, cell, NULL, first, count, to);
}

sl_status sl_data_targets(const sl_data *data, size_t first, size_t count, double *to)
{
    const sl_store *store = data->store;
    if (data->outputs && store->columns)
        return gather_cells(data, store->columns->column[store->columns->target].cell, NULL, first, count,
                            to);
    for (size_t i = 0; i < count; i++)
        to[i] = data->outputs ? (double)store->targets[sl_data_at(data, first + i) * data->outputs] : NAN;
    return SL_OK;
}

double sl_data_target(const sl_data *data, size_t row)
{
    double target = NAN;
    return sl_data_targets(data, row, 1, &target) ? NAN : target;
}

sl_status sl_data_gather_weights(const sl_data *data, const size_t *rows, size_t count, sl_real *w)
{
    enum { PIECE = 256 };
    for (size_t i = 0; i < count && !data->weighs; i++)
        w[i] = data->weights ? data->weights[rows[i]] : 1;
    const sl_columns *columns = data->store->columns;
    for (size_t done = 0; done < count && data->weighs; done += PIECE) {
        double cells[PIECE];
        const size_t piece = count - done < PIECE ? count - done : PIECE;
        if (gather_cells(data, columns->column[columns->weight].cell, rows + done, 0, piece, cells))
            return data->ctx->status;
        for (size_t i = 0; i < piece; i++)
            w[done + i] = (sl_real)cells[i];
    }
    return SL_OK;
}

/* --- rows as a net wants them ------------------------------------------------------------------------- */

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
    const double *loaded;      /* cells of these rows, out of a file; NULL: they are in memory */
    bool plain;
} gather_job;

/* A table's row: encoded, or the raw values of its inputs. */
static void gather_table(const gather_job *job, size_t i)
{
    const sl_columns *columns = job->data->store->columns;
    const size_t width = (size_t)columns->cells;
    const double *cells = job->loaded ? job->loaded + i * width
                                      : job->data->store->cells + sl_data_at(job->data, job->rows[i]) * width;
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
    if (data->store->columns) {
        gather_table(job, i);
        return;
    }
    const size_t row = sl_data_at(data, job->rows[i]), features = data->features, outputs = data->outputs;
    sl_real *x = job->x ? job->x + i * job->width : NULL;
    if (x && job->columns && job->plain)
        sl_columns_plain(job->columns, NULL, data->store->reals + row * features, x);
    else if (x && job->columns)
        sl_columns_encode_reals(job->columns, data->store->reals + row * features, x);
    else if (x && data->store->bytes)
        gather_bytes(data->ctx->isa, x, data->store->bytes + row * features, job->divisor, features);
    else if (x)
        gather_reals(data->ctx->isa, x, data->store->reals + row * features, job->divisor, features);
    for (size_t j = 0; j < outputs && job->y; j++) /* few */
        job->y[i * outputs + j] = data->store->targets[row * outputs + j];
}

/* Rows of few numbers: calls for each row would take longer than they do. */
static void gather_narrow(const gather_job *job, size_t first, size_t end)
{
    const sl_data *data = job->data;
    const size_t features = data->features, outputs = data->outputs;
    const sl_real *reals = data->store->reals, *targets = data->store->targets, divisor = job->divisor;
    sl_real *x = job->x + first * features;
    for (size_t i = first; i < end; i++) {
        const size_t row = sl_data_at(data, job->rows[i]);
        for (size_t j = 0; j < features; j++)
            *x++ = reals[row * features + j] / divisor;
        for (size_t j = 0; j < outputs && job->y; j++)
            job->y[i * outputs + j] = targets[row * outputs + j];
    }
}

static void gather_task(void *argument, size_t task, int worker)
{
    enum { NARROW = 8 };
    (void)worker;
    const gather_job *job = argument;
    const size_t first = task * job->a_task;
    const size_t end = job->count - first < job->a_task ? job->count : first + job->a_task;
    const sl_store *store = job->data->store;
    if (job->x && !store->columns && !job->columns && !store->bytes && job->data->features < NARROW)
        gather_narrow(job, first, end);
    else
        for (size_t i = first; i < end; i++)
            gather_row(job, i);
}

static void gather_run(sl_ctx *ctx, gather_job *job)
{
    sl_pool_run(job->x && ctx ? ctx->pool : NULL, (job->count + job->a_task - 1) / job->a_task, gather_task,
                job);
}

/* As many rows at a time as the pack has room for. */
static sl_status gather_packed(sl_ctx *ctx, gather_job *job, bool scattered)
{
    const sl_data *data = job->data;
    sl_packed *packed = data->store->packed;
    const size_t count = job->count;
    size_t room;
    sl_status status = SL_OK;
    sl_packed_lock(packed);
    double *some = sl_packed_scratch(packed, &room);
    job->loaded = some;
    for (size_t done = 0; done < count && !status; done += room) {
        job->count = count - done < room ? count - done : room;
        status = gather_load(ctx ? ctx : data->ctx, data, job->rows, 0, job->count, scattered, some);
        if (!status)
            gather_run(ctx, job);
        job->rows += job->count;
        job->x = job->x ? job->x + job->count * job->width : NULL;
        job->y = job->y ? job->y + job->count * data->outputs : NULL;
    }
    sl_packed_unlock(packed);
    return status;
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
    if (data->store->packed)
        return gather_packed(ctx, &job, how && how->scattered);
    gather_run(ctx, &job);
    return SL_OK;
}
