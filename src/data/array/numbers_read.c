/* numbers_read.c - see numbers.h: rows of cells by known columns. */
#include "core/number.h"
#include "data/array/numbers.h"
#include "data/table/field.h"
#include "data/table/problems.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    sl_numbers *n;
    sl_columns *columns; /* of the data; a copy */
    size_t *place;       /* [columns->count]: which number of a row; SIZE_MAX: none */
    size_t *unseen;      /* [columns->count]: rows with a value that the dictionary has not */
    double *row;         /* [inputs + outputs] */
    sl_missing missing;
    sl_problems problems;
    size_t *keep, keep_count, *kept_offset; /* places of numbers; [rows, keep_count] */
    char **keep_name;
    sl_text kept;
    size_t dropped, rows;
    bool inputs; /* other columns are not looked at */
} numread;

static void numread_name(const sl_numbers *n, size_t place, char text[32])
{
    if (place < n->inputs)
        snprintf(text, 32, "x%zu", place);
    else if (n->outputs == 1 && !n->selected)
        strcpy(text, "y");
    else
        snprintf(text, 32, "y%zu", n->selected ? n->selected - 1 : place - n->inputs);
}

/* "x5" of the inputs, "y" or "y2" of the targets; x05 is not x5. */
static size_t numread_find(const sl_numbers *n, const char *name)
{
    uint64_t number;
    char text[32];
    size_t place = n->inputs; /* where the target is when there is one */
    if (*name && sl_integer_parse(name + 1, &number) && *name == 'x' && number < n->inputs)
        place = (size_t)number;
    else if (*name && sl_integer_parse(name + 1, &number) && number < n->outputs)
        place = n->inputs + (size_t)number;
    if (place >= n->inputs + n->outputs)
        return SIZE_MAX;
    numread_name(n, place, text);
    return strcmp(text, name) ? SIZE_MAX : place;
}

static sl_status numread_refuse(const numread *r, int lacks)
{
    const sl_numbers *n = r->n;
    char last[64];
    sl_text list;
    sl_text_init(&list, n->ctx);
    for (int i = 0; i < r->columns->count; i++)
        if (r->columns->column[i].role == SL_ROLE_INPUT && r->place[i] == SIZE_MAX)
            sl_text_add(&list, list.length ? ", %s" : "%s", r->columns->column[i].name);
    snprintf(last, sizeof last, n->inputs > 1 ? "x0 to x%zu" : "x%zu", n->inputs - 1);
    sl_fail(n->ctx, SL_EINVAL,
            "%s: lacks %d of %d input columns: %s: its columns have no names but %s: give the model a table "
            "with the names that it was trained on",
            n->source, lacks, r->columns->inputs, sl_text_string(&list), last);
    sl_text_free(&list);
    return n->ctx->status;
}

static sl_status numread_plan(numread *r)
{
    sl_numbers *n = r->n;
    sl_columns *columns = r->columns;
    int lacks = 0;
    for (int i = 0; i < columns->count; i++) {
        sl_column *c = &columns->column[i];
        const bool looked_at = c->cell >= 0 && (c->role == SL_ROLE_INPUT || !r->inputs);
        r->place[i] = looked_at ? numread_find(n, c->name) : SIZE_MAX;
        if (c->cell < 0)
            continue;
        if (r->place[i] != SIZE_MAX && c->type == SL_COLUMN_DATE)
            return sl_fail(n->ctx, SL_EINVAL, "%s: column %s: the model wants dates, and it has numbers",
                           n->source, c->name);
        if (r->place[i] != SIZE_MAX || c->role == SL_ROLE_INPUT) {
            lacks += r->place[i] == SIZE_MAX;
            continue;
        }
        columns->target = columns->target == i ? -1 : columns->target;
        columns->group = columns->group == i ? -1 : columns->group;
        columns->time = columns->time == i ? -1 : columns->time;
        columns->weight = columns->weight == i ? -1 : columns->weight;
        c->role = SL_ROLE_NONE;
    }
    return lacks ? numread_refuse(r, lacks) : SL_OK;
}

static sl_status numread_keep(numread *r, const char *names)
{
    sl_ctx *ctx = r->n->ctx;
    size_t most = 1;
    for (const char *c = names; c && *c; c++)
        most += *c == ',';
    r->keep = sl_alloc_array(ctx, most, sizeof *r->keep);
    r->keep_name = sl_alloc_array(ctx, most, sizeof *r->keep_name);
    for (const char *at = names; at && *at && !ctx->status;) {
        const size_t length = strcspn(at, ",");
        const sl_field f = sl_field_trimmed(&(sl_field){ .text = at, .length = length });
        char *name = sl_strndup(ctx, f.text, f.length);
        const size_t place = name ? numread_find(r->n, name) : 0;
        r->keep[r->keep_count] = place;
        r->keep_name[r->keep_count++] = name;
        if (place == SIZE_MAX)
            return sl_fail(ctx, SL_EINVAL, "%s: unknown column '%s': it has x0 to x%zu%s", r->n->source, name,
                           r->n->inputs - 1, r->n->outputs ? ", and y" : "");
        at += length + (at[length] == ',');
    }
    if (r->keep_count && !ctx->status)
        r->kept_offset = sl_alloc_array(ctx, r->n->rows, r->keep_count * sizeof *r->kept_offset);
    return ctx->status;
}

/* --- a row -------------------------------------------------------------------------------------------- */

/* As the file has it: a number as it is written shortest, or the word of a class. */
static void numread_text(const numread *r, size_t place, char text[32], const char **word, size_t *length)
{
    const sl_numbers *n = r->n;
    const double value = r->row[place];
    *word = text;
    *text = 0;
    if (value != value)
        *length = 0;
    else if (n->classes.count && place == n->inputs) {
        *word = sl_dictionary_word(&n->classes, (size_t)value);
        *length = sl_dictionary_length(&n->classes, (size_t)value);
    } else {
        *length = strlen(sl_number_text(text, value == 0 ? 0 : value));
    }
}

static double numread_code(numread *r, size_t row, int column)
{
    const sl_column *c = &r->columns->column[column];
    char text[32];
    const char *word;
    size_t length;
    numread_text(r, r->place[column], text, &word, &length);
    const size_t code = sl_dictionary_find(&c->words, word, length);
    if (code != SIZE_MAX)
        return (double)code;
    r->unseen[column]++;
    if (column == r->columns->target)
        sl_problems_add(&r->problems, 0, 0,
                        "row %zu: its class, %s = '%.60s', is none of the %zu known: %s%s", row, c->name,
                        word, c->words.count, sl_dictionary_word(&c->words, 0),
                        c->words.count > 1 ? ", .." : "");
    return SL_UNSEEN;
}

static double numread_cell(numread *r, size_t row, int column)
{
    const sl_numbers *n = r->n;
    const sl_column *c = &r->columns->column[column];
    const size_t place = r->place[column];
    if (place == SIZE_MAX)
        return NAN;
    const double value = r->row[place];
    if (value != value)
        return NAN;
    const bool word = n->classes.count && place == n->inputs;
    for (size_t i = 0; !word && i < r->missing.number_count; i++)
        if (value == r->missing.numbers[i])
            return NAN;
    if (c->type == SL_COLUMN_CATEGORY || c->type == SL_COLUMN_BOOLEAN)
        return numread_code(r, row, column);
    if (word)
        sl_problems_add(&r->problems, 0, 0, "row %zu: %s is a name, and the model wants a number", row,
                        c->name);
    return value;
}

static void numread_row(numread *r, size_t row, double *cells, bool learning)
{
    const sl_columns *columns = r->columns;
    for (int i = 0; i < columns->cells; i++)
        cells[i] = NAN;
    for (int i = 0; i < columns->count; i++)
        if (columns->column[i].cell >= 0)
            cells[columns->column[i].cell] = numread_cell(r, row, i);
    if (learning && columns->target >= 0) {
        const double y = cells[columns->column[columns->target].cell];
        if (y != y) {
            r->dropped++;
            return;
        }
    }
    if (columns->weight >= 0 && !(cells[columns->column[columns->weight].cell] >= 0))
        sl_problems_add(&r->problems, 0, 0, "row %zu: column %s: wants a weight of at least 0 in every row",
                        row, columns->column[columns->weight].name);
    for (size_t k = 0; k < r->keep_count; k++) {
        char text[32];
        const char *word;
        size_t length;
        numread_text(r, r->keep[k], text, &word, &length);
        r->kept_offset[r->rows * r->keep_count + k] = r->kept.length;
        sl_text_bytes(&r->kept, word, length);
        sl_text_bytes(&r->kept, "", 1);
    }
    r->rows++;
}

/* --- all of them -------------------------------------------------------------------------------------- */

/* In place where a row of cells is no longer than one of numbers: it never overtakes what is read. */
static double *numread_rows(numread *r, bool learning)
{
    sl_numbers *n = r->n;
    const size_t width = n->inputs + n->outputs, wide = (size_t)r->columns->cells;
    double *cells = wide <= width ? n->values : sl_alloc_array(n->ctx, n->rows, wide * sizeof *cells);
    for (size_t row = 0; cells && row < n->rows && !n->ctx->status; row++) {
        memcpy(r->row, n->values + row * width, width * sizeof *r->row);
        numread_row(r, row, cells + r->rows * wide, learning);
    }
    if (cells == n->values)
        n->values = NULL;
    return cells;
}

static void numread_give(numread *r, sl_data *data)
{
    sl_store *store = data->store;
    const sl_columns *columns = store->columns;
    if (r->keep_count) {
        store->kept = r->kept.bytes;
        store->kept_offset = r->kept_offset;
        store->kept_columns = (int)r->keep_count;
        store->kept_name = r->keep_name;
        sl_text_init(&r->kept, r->n->ctx);
        r->kept_offset = NULL;
        r->keep_name = NULL;
        r->keep_count = 0;
    }
    if (columns->weight < 0)
        return;
    double sum = 0;
    data->weights = sl_alloc_array(data->ctx, data->rows, sizeof *data->weights);
    for (size_t i = 0; data->weights && i < data->rows; i++) {
        data->weights[i] =
            (sl_real)store->cells[i * (size_t)columns->cells + (size_t)columns->column[columns->weight].cell];
        sum += (double)data->weights[i];
    }
    if (data->weights && sum <= 0)
        sl_fail(data->ctx, SL_EINVAL, "%s: --weight %s: all weights are 0: no row would count", data->source,
                columns->column[columns->weight].name);
}

static void numread_remarks(const numread *r, const sl_columns *columns)
{
    char count[32];
    for (int i = 0; i < columns->count; i++)
        if (r->unseen[i])
            sl_log(r->n->ctx, "%s: column %s: %s row%s with values that training did not have: unknown words",
                   r->n->source, columns->column[i].name, sl_count_text(count, r->unseen[i]),
                   r->unseen[i] == 1 ? "" : "s");
    if (r->dropped)
        sl_log(r->n->ctx, "%s: %s row%s without a target left out", r->n->source,
               sl_count_text(count, r->dropped), r->dropped == 1 ? "" : "s");
}

static sl_data *numread_finish(numread *r, const char *part, double *cells)
{
    sl_numbers *n = r->n;
    sl_ctx *ctx = n->ctx;
    if (ctx->status || sl_problems_fail(&r->problems) || r->kept.failed) {
        sl_free(ctx, cells);
        return NULL;
    }
    if (!r->rows) {
        sl_free(ctx, cells);
        sl_fail(ctx, SL_EFORMAT, "%s: none of its rows has a target", n->source);
        return NULL;
    }
    sl_data *data = sl_data_new(
        ctx,
        &(sl_data_plan){
            .source = n->source, .part = part, .rows = r->rows, .memory = cells, .columns = r->columns });
    r->columns = NULL;
    if (data)
        numread_give(r, data);
    if (data && !ctx->status) {
        numread_remarks(r, data->store->columns);
        return data;
    }
    sl_data_free(data);
    return NULL;
}

static sl_status numread_memory(const numread *r, size_t memory)
{
    const size_t row = ((size_t)r->columns->cells + r->n->inputs + r->n->outputs) * sizeof(double);
    if (!memory || r->n->rows <= memory / row)
        return SL_OK;
    return sl_fail(r->n->ctx, SL_ENOMEM,
                   "%s: its %zu rows take %zu bytes while they are read, more than they may: allow more, or "
                   "write them as CSV, which can be read in pieces",
                   r->n->source, r->n->rows, r->n->rows * row);
}

sl_data *sl_numbers_read(sl_numbers *n, const char *part, const sl_columns *columns, const sl_opening *how)
{
    sl_ctx *ctx = n->ctx;
    const bool learning = (how && how->learning) || !how || !how->columns;
    numread r = { .n = n, .inputs = how && how->inputs };
    sl_data *data = NULL;
    sl_text_init(&r.kept, ctx);
    sl_problems_init(&r.problems, ctx, n->source);
    r.columns = sl_columns_copy(ctx, columns);
    r.place = r.columns ? sl_alloc_array(ctx, (size_t)columns->count, sizeof *r.place) : NULL;
    r.unseen = r.place ? sl_alloc_array(ctx, (size_t)columns->count, sizeof *r.unseen) : NULL;
    r.row = r.unseen ? sl_alloc_array(ctx, n->inputs + n->outputs, sizeof *r.row) : NULL;
    if (r.row && !numread_plan(&r) && !numread_keep(&r, how ? how->keep : NULL) &&
        !numread_memory(&r, how && how->options ? how->options->memory : 0) &&
        !sl_missing_init(&r.missing, ctx, r.columns->missing, '.'))
        data = numread_finish(&r, part, numread_rows(&r, learning));
    for (size_t i = 0; r.keep_name && i < r.keep_count; i++)
        sl_free(ctx, r.keep_name[i]);
    sl_free(ctx, r.keep_name);
    sl_free(ctx, r.keep);
    sl_free(ctx, r.kept_offset);
    sl_free(ctx, r.row);
    sl_free(ctx, r.unseen);
    sl_free(ctx, r.place);
    sl_text_free(&r.kept);
    sl_problems_free(&r.problems);
    sl_missing_free(&r.missing);
    sl_columns_free(r.columns);
    return data;
}
