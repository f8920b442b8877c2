/* columns_fit.c - from training rows to encodings. */
#include "data/columns.h"
#include "data/encoding/encoding.h"

#include <stdio.h>

typedef struct {
    sl_columns *columns;
    sl_cells_of values;
    void *user;
    size_t rows;
    double *cells, *scratch; /* [rows] */
    sl_encoded *wanted;      /* [columns->count]: kind and options; kind NULL: no input */
} fit_job;

/* The cells of a column as encodings want them: finite or missing, and no -0, of which sorting would leave
 * the order open. */
static sl_status fit_cells(const fit_job *job, int column, double *to)
{
    if (job->values(job->user, column, to))
        return job->columns->ctx->status;
    if (SL_TAKES_FILLED & SL_TAKES(job->columns->column[column].type))
        for (size_t i = 0; i < job->rows; i++)
            to[i] = sl_encoding_limited(to[i], SL_CELL_MOST) + 0.0;
    return SL_OK;
}

/* Range, median and how many are missing. */
static void fit_look(const fit_job *job, sl_column *column)
{
    column->fit_missing = 0;
    for (size_t i = 0; i < job->rows; i++)
        column->fit_missing += job->cells[i] != job->cells[i];
    column->low = 1; /* above high: nothing is known */
    column->high = column->median = 0;
    if (!(SL_TAKES_FILLED & SL_TAKES(column->type)))
        return;
    const size_t count = sl_encoding_sorted(job->scratch, job->cells, job->rows);
    if (!count)
        return;
    column->low = job->scratch[0];
    column->high = job->scratch[count - 1];
    column->median = (job->scratch[(count - 1) / 2] + job->scratch[count / 2]) / 2;
}

/* Is it missing in training rows, but not in all? Words have a category for it. */
static bool fit_flagged(const fit_job *job, int column)
{
    const sl_column *c = &job->columns->column[column];
    return job->wanted[column].kind && c->fit_missing && c->fit_missing < job->rows &&
           (SL_TAKES_FILLED | SL_TAKES(SL_COLUMN_BOOLEAN)) & SL_TAKES(c->type) &&
           !(job->wanted[column].kind->takes & SL_TAKES(SL_COLUMN_CATEGORY));
}

/* Is it the first of those that are encoded together? */
static bool fit_leads(const fit_job *job, int column)
{
    const int together = job->columns->column[column].together;
    for (int i = 0; together && i < column; i++)
        if (job->wanted[i].kind && job->columns->column[i].together == together)
            return false;
    return true;
}

static sl_status fit_take_columns(const fit_job *job, int column, sl_encoded *e)
{
    sl_columns *columns = job->columns;
    const sl_column *own = &columns->column[column];
    const size_t room = own->together ? (size_t)columns->count : 1;
    e->columns = sl_alloc_array(columns->ctx, room, sizeof *e->columns);
    for (int i = column; e->columns && (size_t)(i - column) < room && i < columns->count; i++)
        if (i == column || (job->wanted[i].kind && columns->column[i].together == own->together))
            e->columns[e->count++] = i;
    if (e->count > 1 && !e->kind->together)
        return sl_fail(
            columns->ctx, SL_EINVAL,
            "columns '%s' and '%s': encoding %s takes one column: give each its own, or take fourier "
            "for them together",
            own->name, columns->column[e->columns[1]].name, e->kind->name);
    if (e->count > SL_ENCODING_TOGETHER)
        return sl_fail(columns->ctx, SL_EINVAL, "column '%s': %d columns together are too many: at most %d",
                       own->name, e->count, SL_ENCODING_TOGETHER);
    return columns->ctx->status;
}

/* One encoding behind those that are there. */
static sl_status fit_add(const fit_job *job, int column, sl_encoded e)
{
    sl_columns *columns = job->columns;
    sl_ctx *ctx = columns->ctx;
    const double *values[SL_ENCODING_TOGETHER];
    sl_encoded *added = &columns->encoded[columns->encoded_count++]; /* freed with the columns from here on */
    *added = (sl_encoded){ .kind = e.kind };
    for (int o = 0; o < SL_MOST_OPTIONS; o++)
        added->options[o] = e.options[o];
    if (e.kind->hidden) {
        added->columns = sl_alloc_array(ctx, 1, sizeof *added->columns);
        added->count = 1;
        if (added->columns)
            added->columns[0] = column;
    } else {
        fit_take_columns(job, column, added);
    }
    if (ctx->status)
        return ctx->status;
    double *cells = sl_alloc_array(ctx, job->rows, (size_t)added->count * sizeof *cells);
    for (int c = 0; c < added->count && !ctx->status; c++) {
        values[c] = cells + (size_t)c * job->rows;
        fit_cells(job, added->columns[c], cells + (size_t)c * job->rows);
    }
    if (!ctx->status)
        added->kind->fit(ctx, columns, added, values, job->rows);
    sl_free(ctx, cells);
    added->first = columns->width;
    columns->width += added->width;
    return ctx->status;
}

static void fit_forget(sl_columns *columns)
{
    for (int i = 0; i < columns->encoded_count; i++) {
        sl_free(columns->ctx, columns->encoded[i].columns);
        sl_free(columns->ctx, columns->encoded[i].numbers);
    }
    sl_free(columns->ctx, columns->encoded);
    columns->encoded = NULL;
    columns->encoded_count = 0;
    columns->width = 0;
}

static void fit_tell_missing(const fit_job *job, const sl_column *column)
{
    sl_ctx *ctx = job->columns->ctx;
    char what[128], count[32], rows[32], median[32];
    if (!sl_decides(ctx))
        return;
    snprintf(what, sizeof what, "no value in %.100s", column->name);
    sl_decided(ctx, what, "the median, a flag",
               "%s of %s rows that are fitted have none; the median of the others is %s",
               sl_count_text(count, column->fit_missing), sl_count_text(rows, job->rows),
               sl_number_text(median, column->median));
}

static sl_status fit_all(const fit_job *job)
{
    sl_columns *columns = job->columns;
    sl_ctx *ctx = columns->ctx;
    for (int layer = 1; layer >= 0; layer--)
        for (int i = 0; i < columns->count && !ctx->status; i++) {
            const sl_encoding *kind = job->wanted[i].kind;
            if (kind && (kind->layer != NULL) == layer && fit_leads(job, i))
                fit_add(job, i, job->wanted[i]);
        }
    double options[SL_MOST_OPTIONS];
    const sl_encoded missing = { .kind = sl_encoding_find(ctx, "missing", options) };
    for (int i = 0; i < columns->count && !ctx->status; i++)
        if (fit_flagged(job, i)) {
            fit_add(job, i, missing);
            fit_tell_missing(job, &columns->column[i]);
        }
    return ctx->status;
}

sl_status sl_columns_fit(sl_columns *columns, sl_cells_of values, void *user, size_t rows,
                         const char *numbers, bool layers)
{
    sl_ctx *ctx = columns->ctx;
    fit_forget(columns);
    if (columns->inputs + columns->texts < 1 || rows < 1)
        return sl_fail(ctx, SL_EINVAL, "a table of %zu training rows has %d input columns: wants 1 of each",
                       rows, columns->inputs + columns->texts);
    const size_t count = (size_t)columns->count;
    fit_job job = { .columns = columns, .values = values, .user = user, .rows = rows };
    job.cells = sl_alloc_array(ctx, rows, sizeof *job.cells);
    job.scratch = sl_alloc_array(ctx, rows, sizeof *job.scratch);
    job.wanted = sl_alloc_array(ctx, count, sizeof *job.wanted);
    columns->encoded = sl_alloc_array(ctx, 2 * count, sizeof *columns->encoded);
    for (int i = 0; i < columns->count && !ctx->status; i++) {
        if (columns->column[i].role != SL_ROLE_INPUT || fit_cells(&job, i, job.cells))
            continue;
        fit_look(&job, &columns->column[i]);
        sl_encoding_choose(columns, i, job.cells, rows, job.scratch, numbers, layers, &job.wanted[i]);
    }
    if (!ctx->status)
        fit_all(&job);
    sl_free(ctx, job.cells);
    sl_free(ctx, job.scratch);
    sl_free(ctx, job.wanted);
    return ctx->status;
}
