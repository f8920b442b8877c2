/* table.c - fuzz: bytes become a table, by options that the first two bytes pick, and are read again by the
 * columns that were found and by those that a model file would bring back. Cells stay in their dictionaries.
 */
#include "data/table/infer.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fuzz_table_cells(const sl_data *data)
{
    const sl_columns *columns = data->store->columns;
    if (!data->rows || columns->cells < 1 || columns->inputs + columns->texts < 1)
        abort();
    for (int i = 0; i < columns->count; i++) {
        const sl_column *c = &columns->column[i];
        if (c->cell < 0)
            continue;
        for (size_t row = 0; row < data->rows; row++) {
            double cell;
            sl_data_cells(data, c->cell, &row, 1, &cell);
            const bool word = c->type == SL_COLUMN_CATEGORY || c->type == SL_COLUMN_BOOLEAN;
            if (cell != cell)
                continue;
            if (word ? cell != SL_UNSEEN &&
                           !(cell >= 0 && cell < (double)c->words.count && cell == (double)(size_t)cell)
                     : cell - cell != 0)
                abort();
        }
    }
}

/* As a model file would keep the columns: written and read. */
static sl_columns *fuzz_table_kept(sl_ctx *ctx, const sl_columns *columns)
{
    sl_arena arena;
    sl_text text;
    sl_arena_init(&arena, ctx);
    sl_text_init(&text, ctx);
    sl_columns_put(columns, &text);
    const sl_json *json = sl_json_read(&arena, "columns", sl_text_string(&text), text.length);
    sl_columns *again = json ? sl_columns_take(ctx, "columns", json) : NULL;
    if (!again)
        abort();
    for (int i = 0; i < again->count; i++)
        sl_dictionary_copy(&again->column[i].words, ctx, &columns->column[i].words);
    sl_text_free(&text);
    sl_arena_free(&arena);
    return again;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const char *const asked[] = { NULL,
                                         "a=category",
                                         "a=number\nb=date",
                                         "a,b=fourier 4",
                                         "\"a\"=one_hot\nb=ignore",
                                         "a=boolean",
                                         "a=day_first",
                                         "b" };
    if (size < 2)
        return 0;
    const unsigned first = bytes[0], second = bytes[1];
    const sl_table_options options = { .target = first & 1 ? "y" : NULL,
                                       .columns = asked[first >> 1 & 7],
                                       .task =
                                           first & 16 ? first & 32 ? "regression" : "classification" : NULL,
                                       .missing = first & 64 ? "?,-1" : NULL,
                                       .decimal = second & 1 ? ',' : 0,
                                       .group = second & 2 ? "g" : NULL,
                                       .time = second & 4 ? "b" : NULL,
                                       .weight = second & 8 ? "w" : NULL,
                                       .delimiter = second & 16 ? ';' : 0 };
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_source *source = sl_source_memory(ctx, "fuzz", bytes + 2, size - 2);
    sl_columns *columns = sl_table_infer_from(ctx, source, &options);
    if ((columns == NULL) != (sl_error(ctx) != SL_OK))
        abort();
    if (columns) { /* what was found out in the whole file can be read, unless no row has a target */
        sl_table_reading how = { .columns = columns,
                                 .learning = second & 32,
                                 .keep = second & 64 ? "a" : NULL };
        sl_data *data = sl_table_read_from(ctx, source, &how);
        if ((data == NULL) != (sl_error(ctx) != SL_OK))
            abort();
        const uint64_t digest = data ? sl_data_digest(data) : 0;
        if (data)
            fuzz_table_cells(data);
        sl_clear(ctx);
        how.columns = fuzz_table_kept(ctx, columns);
        sl_data *again = sl_table_read_from(ctx, source, &how);
        if ((data == NULL) != (again == NULL) || (data && sl_data_digest(again) != digest))
            abort();
        sl_data_free(data);
        sl_data_free(again);
    }
    sl_ctx_free(ctx);
    return 0;
}
