/* read.c - see table.h: rows of cells by known columns. */
#include "data/table/read.h"
#include "data/table/infer.h"

#include <math.h>
#include <string.h>

static void read_number(table_read *r, read_field *wanted, const sl_field *f)
{
    double value;
    switch (sl_field_says(f, &r->missing, r->columns->decimal, &value)) {
    case SL_SAYS_NUMBER:
        r->cells[wanted->cell] = value;
        break;
    case SL_SAYS_MISSING:
        break;
    case SL_SAYS_INFINITE:
        sl_problems_add(r->problems, f->line, f->column,
                        "column %s: '%.*s' is infinite, and a net cannot count with it: empty the field",
                        wanted->column->name, sl_read_shown(f), f->text);
        break;
    default:
        sl_problems_add(r->problems, f->line, f->column,
                        "column %s: '%.*s' is no number, and the column is one of numbers: empty the field "
                        "where there is no value, or mend it",
                        wanted->column->name, sl_read_shown(f), f->text);
    }
}

static void read_date(table_read *r, read_field *wanted, const sl_field *f)
{
    double seconds;
    const sl_date_order order = (sl_date_order)wanted->column->date_order;
    if (sl_date_parse(f->text, f->length, order, &seconds))
        r->cells[wanted->cell] = seconds;
    else if (!sl_field_missing(f, &r->missing))
        sl_problems_add(r->problems, f->line, f->column, "column %s: '%.*s' is no date such as %s",
                        wanted->column->name, sl_read_shown(f), f->text,
                        order == SL_DATE_ISO         ? "2024-03-31"
                        : order == SL_DATE_DAY_FIRST ? "31.3.2024 (the day first)"
                                                     : "3/31/2024 (the month first)");
}

/* The code of a word: as it is, or in any case where it is yes or no, or as the number that it is. */
static size_t read_code(const table_read *r, const sl_column *column, const sl_field *f)
{
    const sl_dictionary *words = &column->words;
    size_t code = sl_dictionary_find(words, f->text, f->length);
    double value;
    bool yes, other;
    if (code != SIZE_MAX)
        return code;
    if (column->type == SL_COLUMN_BOOLEAN) {
        const int pair = sl_pair_find(f->text, f->length, &yes);
        for (size_t i = 0; pair >= 0 && i < words->count; i++)
            if (sl_pair_find(sl_dictionary_word(words, i), sl_dictionary_length(words, i), &other) == pair &&
                other == yes)
                return i;
    }
    if (!sl_field_code(f) && sl_csv_number(f, r->columns->decimal, &value)) {
        char text[32];
        sl_number_text(text, value == 0 ? 0 : value);
        return sl_dictionary_find(words, text, strlen(text));
    }
    return SIZE_MAX;
}

static bool read_missing_number(const table_read *r, const sl_field *f)
{
    double value;
    if (r->missing.number_count && sl_csv_number(f, r->columns->decimal, &value))
        for (size_t i = 0; i < r->missing.number_count; i++)
            if (value == r->missing.numbers[i])
                return true;
    return false;
}

static void read_word(table_read *r, read_field *wanted, const sl_field *f)
{
    enum { WORDS = 1000 };
    if (sl_field_missing(f, &r->missing) || read_missing_number(r, f))
        return;
    const size_t code = read_code(r, wanted->column, f);
    if (code != SIZE_MAX) {
        r->cells[wanted->cell] = (double)code;
        return;
    }
    r->cells[wanted->cell] = SL_UNSEEN;
    wanted->unseen++;
    if (wanted->column->role == SL_ROLE_TARGET)
        sl_problems_add(r->problems, f->line, f->column, "column %s: '%.*s' is none of the %zu classes: %s",
                        wanted->column->name, sl_read_shown(f), f->text, wanted->column->words.count,
                        sl_text_string(&r->classes));
    else if (wanted->strange.count < WORDS)
        sl_dictionary_add(&wanted->strange, f->text, f->length);
}

static sl_status read_record(table_read *r, const sl_field *fields)
{
    for (size_t i = 0; i < r->width; i++)
        r->cells[i] = NAN;
    sl_read_text_begin(r);
    for (size_t i = 0; i < r->count; i++) {
        read_field *wanted = &r->wanted[i];
        const sl_field f = sl_field_trimmed(&fields[wanted->place]);
        wanted->take(r, wanted, &f);
    }
    const bool problems = r->problems->count, /* nothing will come of it: only further ones are looked for */
        dropped = r->target >= 0 && r->learning && r->cells[r->target] != r->cells[r->target];
    if (problems || dropped) {
        r->dropped += dropped;
        sl_read_text_drop(r);
        return SL_OK;
    }
    if (r->weight >= 0 && !(r->cells[r->weight] >= 0))
        sl_problems_add(r->problems, sl_csv_line(r->csv), 0,
                        "column %s: wants a weight of at least 0 in every row", r->weight_name);
    if (sl_read_keep(r, fields) || sl_read_text_end(r))
        return r->ctx->status;
    return sl_table_sink_row(&r->sink, r->cells);
}

static const read_take read_takes[] = {
    [SL_COLUMN_NUMBER] = read_number, [SL_COLUMN_INTEGER] = read_number, [SL_COLUMN_BOOLEAN] = read_word,
    [SL_COLUMN_CATEGORY] = read_word, [SL_COLUMN_DATE] = read_date,      [SL_COLUMN_TEXT] = sl_read_text,
    [SL_COLUMN_IDENTIFIER] = NULL,    [SL_COLUMN_CONSTANT] = NULL,
};

/* Where this file has the column: mostly where the first one had it, and a search for each of 65,536 is long.
 */
static size_t read_place(const table_read *r, const sl_column *c)
{
    const size_t place = (size_t)c->place;
    if (place < r->header.count && !strcmp(r->header.name[place], c->name))
        return place;
    return sl_header_find(&r->header, c->name);
}

/* Which fields become which cells. A column that is not needed, and is not there, is none of this data. */
static sl_status read_plan(table_read *r)
{
    sl_columns *columns = r->columns;
    r->wanted = sl_alloc_array(r->ctx, (size_t)columns->count, sizeof *r->wanted);
    r->target = r->weight = -1;
    for (int i = 0; r->wanted && i < columns->count; i++) {
        sl_column *c = &columns->column[i];
        const bool looked_at =
            c->cell >= 0 && (c->role == SL_ROLE_INPUT || c->role == SL_ROLE_TEXT || !r->inputs);
        const size_t place = looked_at ? read_place(r, c) : SIZE_MAX;
        if (place != SIZE_MAX) {
            read_field *wanted = &r->wanted[r->count++];
            *wanted =
                (read_field){ .take = read_takes[c->type], .place = place, .cell = c->cell, .column = c };
            sl_dictionary_init(&wanted->strange, r->ctx);
        } else if (c->cell >= 0) {
            columns->target = columns->target == i ? -1 : columns->target;
            columns->group = columns->group == i ? -1 : columns->group;
            columns->time = columns->time == i ? -1 : columns->time;
            columns->weight = columns->weight == i ? -1 : columns->weight;
            c->role = SL_ROLE_NONE;
        }
    }
    if (columns->target >= 0) {
        r->target = columns->column[columns->target].cell;
        sl_read_list_classes(r, &columns->column[columns->target]);
    }
    if (columns->weight >= 0) {
        r->weight = columns->column[columns->weight].cell;
        r->weight_name = columns->column[columns->weight].name;
    }
    r->width = (size_t)columns->cells;
    r->cells = sl_alloc_array(r->ctx, r->width, sizeof *r->cells);
    return r->ctx->status;
}

static sl_status read_rows(table_read *r, const sl_source *source)
{
    const sl_field *fields;
    size_t count;
    while (!r->ctx->status && sl_csv_next(r->csv, &fields, &count)) {
        if (count == r->header.count) {
            read_record(r, fields);
            sl_read_tell(r, source);
        } else {
            sl_problems_add(r->problems, sl_csv_line(r->csv), 0,
                            "%zu fields, and the first line has %zu names", count, r->header.count);
        }
    }
    return r->ctx->status ? r->ctx->status : sl_csv_end(r->csv);
}

/* The weights that a column gives, of every row; those of packed rows stay where they are. */
static sl_status read_weights(const table_read *r, sl_data *data)
{
    enum { PIECE = 512 };
    double cells[PIECE], sum = 0;
    data->weighs = data->store->packed;
    if (!data->weighs)
        data->weights = sl_alloc_array(r->ctx, data->rows, sizeof *data->weights);
    for (size_t first = 0; (data->weighs || data->weights) && first < data->rows; first += PIECE) {
        const size_t count = data->rows - first < PIECE ? data->rows - first : PIECE;
        if (sl_data_cell(data, r->weight, first, count, cells))
            return r->ctx->status;
        for (size_t i = 0; i < count; i++) {
            sum += (double)(sl_real)cells[i];
            if (data->weights)
                data->weights[first + i] = (sl_real)cells[i];
        }
    }
    if (!r->ctx->status && sum <= 0)
        sl_fail(r->ctx, SL_EINVAL, "%s: --weight %s: all weights are 0: no row would count", r->source,
                r->weight_name);
    return r->ctx->status;
}

static sl_data *read_finish(table_read *r)
{
    sl_ctx *ctx = r->ctx;
    if (!r->sink.rows) {
        sl_fail(ctx, SL_EFORMAT, r->dropped ? "%s: none of its rows has a target" : "%s: it has no rows",
                r->source);
        return NULL;
    }
    if (!r->packed && sl_table_sink_end(&r->sink))
        return NULL;
    sl_data *data = sl_data_new(ctx, &(sl_data_plan){ .source = r->source,
                                                      .part = "all",
                                                      .rows = r->sink.rows,
                                                      .memory = r->sink.cells,
                                                      .packed = r->sink.packed,
                                                      .columns = r->columns });
    r->sink.cells = NULL;
    r->sink.packed = NULL;
    r->columns = NULL;
    if (!data)
        return NULL;
    sl_read_give_kept(r, data);
    sl_read_give_texts(r, data);
    if (r->weight >= 0 && read_weights(r, data)) {
        sl_data_free(data);
        return NULL;
    }
    sl_read_remarks(r);
    return data;
}

sl_data *sl_table_read_from(sl_ctx *ctx, sl_source *source, const sl_table_reading *how)
{
    table_read r = {
        .ctx = ctx, .source = sl_source_name(source), .learning = how->learning, .inputs = how->inputs
    };
    sl_data *data = NULL;
    sl_text_init(&r.classes, ctx);
    sl_text_init(&r.kept, ctx);
    r.columns = sl_columns_copy(ctx, how->columns);
    r.texts_wanted = how->columns->texts > 0;
    if (r.columns && !sl_read_open(&r, source, how) && !read_plan(&r) &&
        !sl_missing_init(&r.missing, ctx, r.columns->missing, r.columns->decimal)) {
        sl_read_sink(&r, source, how);
        r.packed = sl_read_packed(&r, source, how);
        if (!ctx->status && (r.packed || !read_rows(&r, source)))
            data = read_finish(&r);
    }
    sl_read_close(&r);
    return data;
}

sl_data *sl_table_read(sl_ctx *ctx, const char *name, const sl_table_reading *how)
{
    sl_source *source = sl_source_open(ctx, name, how->memory);
    sl_data *data = source ? sl_table_read_from(ctx, source, how) : NULL;
    sl_source_close(source);
    return data;
}
