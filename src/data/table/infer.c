/* infer.c - see table.h and infer.h: a pass over all rows, and what the columns are. */
#include "data/table/infer.h"
#include "data/table/decide.h"
#include "data/table/header.h"

#include <string.h>

static void infer_free(sl_deciding *d)
{
    const size_t count = d->columns ? (size_t)d->columns->count : 0;
    for (size_t i = 0; d->look && i < count; i++)
        sl_look_free(&d->look[i]);
    sl_free(d->ctx, d->look);
    sl_asked_free(d->ctx, count, d->asked);
}

/* Columns of these names, and what is asked of them. */
static sl_status infer_begin(sl_deciding *d, const char *const *names, size_t count)
{
    sl_ctx *ctx = d->ctx;
    sl_columns *columns = d->columns = sl_alloc(ctx, sizeof *columns);
    if (!columns)
        return ctx->status;
    columns->ctx = ctx;
    columns->target = columns->group = columns->time = columns->weight = -1;
    columns->decimal = d->decimal;
    columns->encoding = sl_strdup(ctx, d->options->encoding);
    columns->missing = sl_missing_list(ctx, d->options->missing);
    columns->column = sl_alloc_array(ctx, count, sizeof *columns->column);
    d->look = sl_alloc_array(ctx, count, sizeof *d->look);
    d->asked = sl_alloc_array(ctx, count, sizeof *d->asked);
    if (ctx->status)
        return ctx->status;
    columns->count = (int)count;
    for (size_t i = 0; i < count; i++) {
        columns->column[i] = (sl_column){
            .name = sl_strdup(ctx, names[i]), .place = (int)i, .cell = -1, .input = -1, .low = 1
        };
        sl_dictionary_init(&columns->column[i].words, ctx);
        sl_look_init(&d->look[i], ctx, count);
    }
    return ctx->status ? ctx->status
                       : sl_asked_read(ctx, d->source, d->options->columns, names, count, d->asked);
}

static sl_status infer_rows(sl_deciding *d, sl_csv *csv, const sl_missing *missing)
{
    const sl_field *fields;
    const size_t columns = (size_t)d->columns->count;
    size_t count;
    while (sl_csv_next(csv, &fields, &count)) {
        if (count != columns) {
            sl_problems_add(d->problems, sl_csv_line(csv), 0, "%zu fields, and the first line has %zu names",
                            count, columns);
            continue;
        }
        d->rows++;
        for (size_t i = 0; i < count; i++) {
            const sl_field f = sl_field_trimmed(&fields[i]);
            if (!sl_look_field(&d->look[i], &f, missing, d->decimal))
                return d->ctx->status;
        }
    }
    return d->ctx->status;
}

static sl_status infer_check_names(const sl_deciding *d)
{
    const char *const option[] = { "--target", "--group", "--time", "--weight" }, *const name[] = {
        d->options->target, d->options->group, d->options->time, d->options->weight
    };
    int column;
    for (size_t i = 0; i < 4; i++)
        if (sl_decide_find(d, option[i], name[i], &column))
            return d->ctx->status;
    return SL_OK;
}

static sl_status infer_csv(sl_deciding *d, sl_csv *csv)
{
    sl_header header;
    sl_missing missing = { 0 };
    sl_status status = sl_header_read(&header, d->ctx, csv, d->source, d->options->target);
    d->problems = sl_csv_problems(csv);
    if (!status && d->problems->count)
        status = sl_problems_fail(d->problems);
    if (!status)
        status = infer_begin(d, (const char *const *)header.name, header.count);
    if (!status)
        status = sl_missing_init(&missing, d->ctx, d->columns->missing, d->decimal);
    if (!status) /* a wrong name is told before the pass */
        status = infer_check_names(d);
    if (!status)
        status = infer_rows(d, csv, &missing);
    if (!status && !d->rows && !d->problems->count)
        status = sl_fail(d->ctx, SL_EFORMAT, "%s: it has a line of names and no rows behind it", d->source);
    if (!status)
        status = sl_decide(d);
    if (!status)
        status = sl_csv_end(csv);
    if (!status)
        d->columns->delimiter = sl_csv_delimiter(csv);
    sl_header_free(&header);
    sl_missing_free(&missing);
    return status;
}

static sl_columns *infer_done(sl_deciding *d)
{
    infer_free(d);
    if (d->columns && !d->ctx->status)
        return d->columns;
    sl_columns_free(d->columns);
    return NULL;
}

static bool infer_decimal(sl_ctx *ctx, const char *source, const sl_table_options *options, char *decimal)
{
    *decimal = options->decimal ? options->decimal : '.';
    if (!options->decimal)
        sl_decided(ctx, "decimal", ".", "the default; a column of numbers with a comma would be refused");
    if (*decimal != '.' && *decimal != ',')
        sl_fail(ctx, SL_EINVAL, "%s: the decimal mark is '.' or ',', given '%c'", source, *decimal);
    return !ctx->status;
}

sl_columns *sl_table_infer_from(sl_ctx *ctx, sl_source *source, const sl_table_options *options)
{
    const sl_table_options none = { 0 };
    sl_deciding d = { .ctx = ctx, .source = sl_source_name(source), .options = options ? options : &none };
    if (!infer_decimal(ctx, d.source, d.options, &d.decimal) || sl_source_rewind(source))
        return NULL;
    sl_csv *csv = sl_csv_open(ctx, source, d.source,
                              &(sl_csv_options){ .delimiter = d.options->delimiter, .header = true });
    if (csv)
        infer_csv(&d, csv);
    sl_columns *columns = infer_done(&d);
    sl_csv_close(csv);
    return columns;
}

sl_columns *sl_table_infer(sl_ctx *ctx, const char *name, const sl_table_options *options)
{
    sl_source *source = sl_source_open(ctx, name, options ? options->memory : 0);
    sl_columns *columns = source ? sl_table_infer_from(ctx, source, options) : NULL;
    sl_source_close(source);
    return columns;
}

/* --- numbers without a header ----------------------------------------------------------------------- */

/* "x0", "x1", ... */
static char **infer_names(sl_ctx *ctx, size_t columns, const char *const *names)
{
    char **made = sl_alloc_array(ctx, columns + 1, sizeof *made);
    sl_text name;
    sl_text_init(&name, ctx);
    for (size_t i = 0; made && i < columns && !ctx->status; i++) {
        sl_text_clear(&name);
        sl_text_add(&name, "x%zu", i);
        made[i] = sl_strdup(ctx, names ? names[i] : sl_text_string(&name));
    }
    sl_text_free(&name);
    return made;
}

sl_columns *sl_table_infer_numbers(sl_ctx *ctx, const char *source, const double *values, size_t rows,
                                   size_t columns, const char *const *names, const sl_table_options *options)
{
    const sl_table_options none = { 0 };
    sl_deciding d = { .ctx = ctx, .source = source, .options = options ? options : &none, .decimal = '.' };
    sl_problems problems;
    sl_problems_init(&problems, ctx, source);
    d.problems = &problems;
    d.rows = rows;
    char **own = infer_names(ctx, columns, names);
    sl_status status = ctx->status ? ctx->status : infer_begin(&d, (const char *const *)own, columns);
    for (size_t row = 0; row < rows && !status; row++)
        for (size_t i = 0; i < columns && !status; i++)
            if (!sl_look_number(&d.look[i], values[row * columns + i],
                                (uint32_t)(row < UINT32_MAX ? row + 1 : UINT32_MAX), (uint32_t)i + 1))
                status = ctx->status;
    if (!status)
        status = sl_decide(&d);
    if (!status)
        sl_problems_fail(&problems);
    for (size_t i = 0; own && i < columns; i++)
        sl_free(ctx, own[i]);
    sl_free(ctx, own);
    sl_problems_free(&problems);
    return infer_done(&d);
}
