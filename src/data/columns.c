/* columns.c - see columns.h: making, copying and asking. */
#include "data/columns.h"
#include "data/data.h"
#include "data/encoding/encoding.h"

#include <stdio.h>
#include <string.h>

const char *sl_column_type_name(sl_column_type type)
{
    static const char *const names[] = { "number", "integer", "boolean",    "category",
                                         "date",   "text",    "identifier", "constant" };
    return names[type];
}

static const char *column_role_name(sl_role role)
{
    static const char *const names[] = { "input", "target", "group", "time", "weight", "text", "left out" };
    return names[role];
}

void sl_columns_free(sl_columns *columns)
{
    if (!columns)
        return;
    sl_ctx *ctx = columns->ctx;
    for (int i = 0; columns->column && i < columns->count; i++) {
        sl_column *c = &columns->column[i];
        sl_free(ctx, c->name);
        sl_free(ctx, c->reason);
        sl_free(ctx, c->encoding);
        sl_free(ctx, c->strange);
        sl_dictionary_free(&c->words);
    }
    for (int i = 0; columns->encoded && i < columns->encoded_count; i++) {
        sl_free(ctx, columns->encoded[i].columns);
        sl_free(ctx, columns->encoded[i].numbers);
    }
    sl_free(ctx, columns->column);
    sl_free(ctx, columns->encoded);
    sl_free(ctx, columns->encoding);
    sl_free(ctx, columns->missing);
    sl_free(ctx, columns);
}

static sl_status column_copy(sl_ctx *ctx, sl_column *to, const sl_column *from)
{
    *to = *from;
    to->name = sl_strdup(ctx, from->name);
    to->reason = sl_strdup(ctx, from->reason);
    to->encoding = sl_strdup(ctx, from->encoding);
    to->strange = sl_strdup(ctx, from->strange);
    return sl_dictionary_copy(&to->words, ctx, &from->words);
}

static sl_status column_copy_encoded(sl_ctx *ctx, sl_encoded *to, const sl_encoded *from)
{
    *to = *from;
    to->columns = sl_alloc_array(ctx, (size_t)from->count, sizeof *to->columns);
    to->numbers = sl_alloc_array(ctx, from->number_count, sizeof *to->numbers);
    if (!ctx->status)
        memcpy(to->columns, from->columns, (size_t)from->count * sizeof *to->columns);
    if (!ctx->status && from->number_count)
        memcpy(to->numbers, from->numbers, from->number_count * sizeof *to->numbers);
    return ctx->status;
}

sl_columns *sl_columns_copy(sl_ctx *ctx, const sl_columns *from)
{
    sl_columns *to = sl_alloc(ctx, sizeof *to);
    if (!to)
        return NULL;
    *to = *from;
    to->ctx = ctx;
    to->encoding = sl_strdup(ctx, from->encoding);
    to->missing = sl_strdup(ctx, from->missing);
    to->column = sl_alloc_array(ctx, (size_t)from->count, sizeof *to->column);
    to->encoded =
        from->encoded ? sl_alloc_array(ctx, (size_t)from->encoded_count, sizeof *to->encoded) : NULL;
    for (int i = 0; i < from->count && !ctx->status; i++)
        column_copy(ctx, &to->column[i], &from->column[i]);
    for (int i = 0; i < from->encoded_count && !ctx->status; i++)
        column_copy_encoded(ctx, &to->encoded[i], &from->encoded[i]);
    if (!ctx->status)
        return to;
    sl_columns_free(to);
    return NULL;
}

int sl_columns_find(const sl_columns *columns, const char *name)
{
    for (int i = 0; i < columns->count; i++)
        if (!strcmp(columns->column[i].name, name))
            return i;
    return -1;
}

int sl_columns_input(const sl_columns *columns, int input)
{
    for (int i = input; i >= 0 && i < columns->count; i++) /* no input stands before its number */
        if (columns->column[i].role == SL_ROLE_INPUT && columns->column[i].input == input)
            return i;
    return -1;
}

static bool column_alike(const sl_column *a, const sl_column *b)
{
    if (a->type != b->type || a->role != b->role || a->cell != b->cell || strcmp(a->name, b->name) != 0 ||
        a->words.count != b->words.count)
        return false;
    for (size_t w = 0; w < a->words.count; w++)
        if (strcmp(sl_dictionary_word(&a->words, w), sl_dictionary_word(&b->words, w)) != 0)
            return false;
    return true;
}

/* Of the next column that rows are learned from; b->count: none. */
static int column_learned(const sl_columns *b, int from)
{
    while (from < b->count && b->column[from].role != SL_ROLE_INPUT && b->column[from].role != SL_ROLE_TEXT)
        from++;
    return from;
}

bool sl_columns_alike(const sl_columns *a, const sl_columns *b)
{
    if (a->inputs != b->inputs || a->texts != b->texts || a->cells != b->cells)
        return false;
    int i = column_learned(a, 0), k = column_learned(b, 0);
    while (i < a->count && k < b->count) {
        if (!column_alike(&a->column[i], &b->column[k]))
            return false;
        i = column_learned(a, i + 1);
        k = column_learned(b, k + 1);
    }
    return i == a->count && k == b->count;
}

/* --- public ----------------------------------------------------------------------------------------- */

int sl_data_columns(const sl_data *data)
{
    return data && data->store->columns ? data->store->columns->count : 0;
}

bool sl_data_column(const sl_data *data, int column, sl_column_info *info)
{
    return data && sl_columns_info(data->store->columns, column, info);
}

bool sl_columns_info(const sl_columns *columns, int column, sl_column_info *info)
{
    if (!columns || column < 0 || column >= columns->count)
        return false;
    if (!info)
        return true;
    const sl_column *c = &columns->column[column];
    *info = (sl_column_info){ .name = c->name,
                              .type = sl_column_type_name(c->type),
                              .role = column_role_name(c->role),
                              .reason = c->reason,
                              .missing = c->missing,
                              .distinct = c->distinct,
                              .encoding = c->encoding,
                              .most = c->more };
    return true;
}

const char *sl_data_kept(const sl_data *data, int kept)
{
    return data && kept >= 0 && kept < data->store->kept_columns ? data->store->kept_name[kept] : NULL;
}

const char *sl_data_text(const sl_data *data, size_t row, int kept)
{
    if (!data || !data->store->kept || row >= data->rows || kept < 0 || kept >= data->store->kept_columns)
        return NULL;
    const size_t at = sl_data_at(data, row);
    return data->store->kept +
           data->store->kept_offset[at * (size_t)data->store->kept_columns + (size_t)kept];
}
