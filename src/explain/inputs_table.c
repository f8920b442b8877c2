/* inputs_table.c - a row of a table: each column as it stands there, and the numbers that its encoding makes
 * of it. */
#include "data/encoding/encoding.h"
#include "explain/rows.h"

#include <string.h>

enum { TABLE_TEXT = 80 };

typedef struct {
    const sl_told_rows *t;
    const sl_columns *columns;
    const sl_real *raw; /* [inputs], as they stand in the data */
    size_t row;
} table_row;

static bool table_filled(const sl_column *column)
{
    return SL_TAKES_FILLED & SL_TAKES(column->type);
}

/* "age: 28", "age: missing, so 28 stands for it, the median of the training rows" */
static const char *table_cell(const table_row *row, int at)
{
    sl_explanation *e = row->t->e;
    const sl_column *column = &row->columns->column[at];
    const double cell = (double)row->raw[column->input];
    char text[256];
    const char *name = sl_told_clean(e, column->name, strlen(column->name), TABLE_TEXT);
    if (cell != cell && table_filled(column)) {
        sl_column_text(row->columns, at, column->median, text, sizeof text);
        return sl_explanation_keep(e, "%s: missing, so %s stands for it, the median of the training rows",
                                   name, text);
    }
    if (cell != cell)
        return sl_explanation_keep(e, "%s: missing", name);
    if (!table_filled(column) && cell == SL_UNSEEN)
        return sl_explanation_keep(e, "%s: a word that the training rows did not have", name);
    if (column->type == SL_COLUMN_NUMBER || column->type == SL_COLUMN_INTEGER)
        return sl_explanation_keep(e, "%s: %s", name, sl_number_text(text, cell));
    const size_t length = sl_column_text(row->columns, at, cell, text, sizeof text);
    char seconds[32];
    const char *shown = sl_told_clean(e, text, length < sizeof text ? length : sizeof text - 1, TABLE_TEXT);
    if (column->type == SL_COLUMN_DATE)
        return sl_explanation_keep(e, "%s: %s, %s seconds after the beginning of 1970", name, shown,
                                   sl_number_text(seconds, cell));
    return sl_explanation_keep(e, "%s: %s", name, shown);
}

/* "0, 0, 1, 0"; of many "17 times 0, 1, 12 times 0". */
static const char *table_signs(sl_explanation *e, const sl_real *x, size_t count)
{
    sl_text text;
    sl_text_init(&text, e->ctx);
    for (size_t i = 0, same; i < count; i += same) {
        char number[32];
        for (same = 1; count > SL_EXPLAIN_NUMBERS && i + same < count && x[i + same] == x[i];)
            same++;
        sl_text_put(&text, i ? ", " : "");
        if (same > 1)
            sl_text_add(&text, "%zu times ", same);
        sl_text_put(&text, sl_explained_number(e, number, (double)x[i], 0));
    }
    const char *kept = sl_explanation_keep(e, "[%s]", sl_text_string(&text));
    sl_text_free(&text);
    return kept;
}

/* Numbers first .. first + count - 1 of the row, which are signs. */
static void table_put_signs(const table_row *row, size_t first, size_t count)
{
    const sl_told_rows *t = row->t;
    const size_t width = row->columns->width;
    const sl_real *x = t->x->v + row->row * width + first;
    const char *from = sl_told_prepared(t, t->x, width, row->row, first);
    if (count == 1)
        sl_told_number(t->e, from, (double)*x);
    else
        sl_explanation_add(t->e,
                           (sl_explained){ .kind = SL_EXPLAINED_VALUE,
                                           .name = sl_explanation_keep(
                                               t->e, "%s .. %s", from,
                                               sl_told_prepared(t, t->x, width, row->row, first + count - 1)),
                                           .value = table_signs(t->e, x, count) });
}

static void table_heading(const table_row *row, const sl_encoded *e, bool new)
{
    sl_explanation *to = row->t->e;
    sl_text text;
    sl_text_init(&text, to->ctx);
    if (e->kind->hidden)
        sl_text_add(&text, "is %s missing?",
                    sl_told_clean(to, row->columns->column[e->columns[0]].name,
                                  strlen(row->columns->column[e->columns[0]].name), TABLE_TEXT));
    else
        for (int c = 0; c < e->count; c++)
            sl_text_add(&text, "%s%s", c ? "; " : "", table_cell(row, e->columns[c]));
    sl_explanation_add(to, (sl_explained){ .kind = SL_EXPLAINED_PLACE,
                                           .text = sl_explanation_keep(to, "%s", sl_text_string(&text)) });
    sl_text_clear(&text);
    e->kind->describe(row->columns, e, &text);
    if (!e->kind->tell || e->width > 1) /* what no line says */
        sl_told_note(to, sl_told_clean(to, sl_text_string(&text), text.length, 400));
    else if (new)
        sl_told_note(to, sl_explanation_keep(to, "%s: %s", e->kind->name, e->kind->summary));
    sl_text_free(&text);
}

/* The values that it encodes, missing ones filled, as sl_columns_encode takes them. */
static void table_values(const table_row *row, const sl_encoded *e, double values[SL_ENCODING_TOGETHER])
{
    for (int c = 0; c < e->count; c++) {
        const sl_column *column = &row->columns->column[e->columns[c]];
        const double cell = (double)row->raw[column->input];
        values[c] = e->kind->hidden || !table_filled(column) ? cell
                    : cell == cell                           ? sl_encoding_limited(cell, SL_CELL_MOST)
                                                             : column->median;
    }
}

static void table_encoded(const table_row *row, const sl_encoded *e, bool new)
{
    const sl_told_rows *t = row->t;
    double values[SL_ENCODING_TOGETHER];
    size_t signs = 0; /* those that wait */
    table_heading(row, e, new);
    table_values(row, e, values);
    for (size_t i = 0; i < e->width && !t->e->ctx->status; i++) {
        const sl_encoding_told told =
            e->kind->tell ? e->kind->tell(e, values, i) : (sl_encoding_told){ .formula = NULL };
        if (!told.formula) {
            signs++;
            continue;
        }
        if (signs)
            table_put_signs(row, e->first + i - signs, signs);
        signs = 0;
        sl_named named[SL_ENCODING_NAMES];
        for (int n = 0; n < told.count; n++)
            named[n] = (sl_named){ told.named[n].name, told.named[n].value };
        sl_explained_line(t->e, 2, sl_told_prepared(t, t->x, row->columns->width, row->row, e->first + i),
                          told.formula, named, told.count,
                          (double)t->x->v[row->row * row->columns->width + e->first + i]);
    }
    if (signs)
        table_put_signs(row, e->first + e->width - signs, signs);
}

void sl_tell_columns(const sl_told_rows *t, size_t r)
{
    sl_ctx *ctx = t->e->ctx;
    const sl_columns *columns = t->model->columns;
    const size_t count = (size_t)columns->encoded_count;
    sl_real *raw = sl_alloc_array(ctx, t->data->features + 1, sizeof *raw);
    table_row row = { t, columns, raw, r };
    if (raw && !sl_data_gather(ctx, t->data, &r, 1, NULL, raw, NULL))
        for (size_t i = 0; i < count && !ctx->status; i++) {
            size_t skipped;
            i = sl_explained_next(t->e, i, count, &skipped);
            if (skipped)
                sl_explanation_add(
                    t->e, (sl_explained){ .kind = SL_EXPLAINED_MORE,
                                          .text = sl_explanation_keep(t->e, "%zu more columns", skipped) });
            table_encoded(&row, &columns->encoded[i],
                          !i || columns->encoded[i].kind != columns->encoded[i - 1].kind);
        }
    sl_free(ctx, raw);
}
