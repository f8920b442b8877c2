/* columns_json.c - columns and their encodings in a model file; columns_check.c looks whether they make
 * sense. */
#include "data/columns.h"
#include "data/encoding/encoding.h"
#include "data/table/table.h"

#include <limits.h>
#include <string.h>

static const char *const json_roles[] = { "input", "target", "group", "time", "weight", "text", "none" };
static const char *const json_orders[] = { "iso", "day_first", "month_first" };
enum { JSON_TYPES = SL_COLUMN_CONSTANT + 1, JSON_ROLES = SL_ROLE_NONE + 1, JSON_ORDERS = 3 };

/* --- writing ---------------------------------------------------------------------------------------- */

static void columns_put_int(sl_text *json, bool *first, const char *key, int value)
{
    sl_json_key(json, first, key);
    sl_text_add(json, "%d", value);
}

static void columns_put_size(sl_text *json, bool *first, const char *key, size_t value)
{
    sl_json_key(json, first, key);
    sl_json_put_uint64(json, value);
}

static void columns_put_string(sl_text *json, bool *first, const char *key, const char *value)
{
    sl_json_key(json, first, key);
    sl_json_put_string(json, value);
}

static void columns_put_number(sl_text *json, bool *first, const char *key, double value)
{
    sl_json_key(json, first, key);
    sl_json_put_number(json, value);
}

static void columns_put_one(const sl_column *c, sl_text *json)
{
    bool first = true;
    sl_text_put(json, "{");
    columns_put_string(json, &first, "name", c->name);
    columns_put_string(json, &first, "type", sl_column_type_name(c->type));
    columns_put_string(json, &first, "role", json_roles[c->role]);
    columns_put_string(json, &first, "reason", c->reason);
    if (c->encoding)
        columns_put_string(json, &first, "encoding", c->encoding);
    if (c->together)
        columns_put_int(json, &first, "together", c->together);
    if (c->type == SL_COLUMN_DATE)
        columns_put_string(json, &first, "order", json_orders[c->date_order]);
    columns_put_int(json, &first, "place", c->place);
    columns_put_int(json, &first, "cell", c->cell);
    columns_put_int(json, &first, "input", c->input);
    columns_put_size(json, &first, "missing", c->missing);
    columns_put_size(json, &first, "distinct", c->distinct);
    sl_json_key(json, &first, "more");
    sl_json_put_bool(json, c->more);
    columns_put_number(json, &first, "low", c->low);
    columns_put_number(json, &first, "high", c->high);
    columns_put_number(json, &first, "median", c->median);
    columns_put_size(json, &first, "fit_missing", c->fit_missing);
    sl_text_put(json, "}");
}

static void columns_put_encoded(const sl_encoded *e, sl_text *json)
{
    bool first = true;
    sl_text how;
    sl_text_init(&how, json->ctx);
    sl_options_describe(&how, e->kind->name, e->kind->options, e->options);
    sl_text_put(json, "{");
    columns_put_string(json, &first, "how", sl_text_string(&how));
    sl_text_free(&how);
    sl_json_key(json, &first, "columns");
    for (int i = 0; i < e->count; i++)
        sl_text_add(json, "%s%d", i ? ", " : "[", e->columns[i]);
    sl_text_put(json, "]");
    columns_put_size(json, &first, "first", e->first);
    columns_put_size(json, &first, "width", e->width);
    sl_json_key(json, &first, "numbers");
    sl_text_put(json, "[");
    for (size_t i = 0; i < e->number_count; i++) {
        if (i)
            sl_text_put(json, ", ");
        sl_json_put_number(json, e->numbers[i]);
    }
    sl_text_put(json, "]}");
}

void sl_columns_put(const sl_columns *columns, sl_text *json)
{
    const char delimiter[2] = { columns->delimiter, 0 }, decimal[2] = { columns->decimal, 0 };
    bool first = true;
    sl_text_put(json, "{");
    columns_put_string(json, &first, "delimiter", delimiter);
    columns_put_string(json, &first, "decimal", decimal);
    if (columns->encoding)
        columns_put_string(json, &first, "encoding", columns->encoding);
    columns_put_string(json, &first, "missing", columns->missing);
    columns_put_int(json, &first, "cells", columns->cells);
    columns_put_int(json, &first, "inputs", columns->inputs);
    columns_put_int(json, &first, "target", columns->target);
    columns_put_int(json, &first, "group", columns->group);
    columns_put_int(json, &first, "time", columns->time);
    columns_put_int(json, &first, "weight", columns->weight);
    columns_put_size(json, &first, "width", columns->width);
    sl_json_key(json, &first, "column");
    sl_text_put(json, "[");
    for (int i = 0; i < columns->count; i++) {
        if (i)
            sl_text_put(json, ", ");
        columns_put_one(&columns->column[i], json);
    }
    sl_text_put(json, "]");
    if (columns->encoded) {
        sl_json_key(json, &first, "encoded");
        sl_text_put(json, "[");
        for (int i = 0; i < columns->encoded_count; i++) {
            if (i)
                sl_text_put(json, ", ");
            columns_put_encoded(&columns->encoded[i], json);
        }
        sl_text_put(json, "]");
    }
    sl_text_put(json, "}");
}

/* --- reading ---------------------------------------------------------------------------------------- */

typedef struct {
    sl_ctx *ctx;
    const char *file;
} columns_reader;

static sl_status columns_damaged(const columns_reader *r, const char *key)
{
    return sl_fail(r->ctx, SL_EFORMAT, "%s: columns: '%s' is missing or makes no sense: the file is damaged",
                   r->file, key);
}

/* A whole number from -1 on. */
static int columns_take_int(const columns_reader *r, const sl_json *object, const char *key)
{
    const double value = sl_json_number(object, key, -2);
    if (value >= -1 && value <= INT_MAX && value == (double)(int)value)
        return (int)value;
    columns_damaged(r, key);
    return -1;
}

static size_t columns_take_size(const columns_reader *r, const sl_json *object, const char *key)
{
    uint64_t value = 0;
    const sl_json *member = sl_json_get(object, key);
    if (!member || !sl_json_whole(member, &value) || value > SIZE_MAX)
        columns_damaged(r, key);
    return (size_t)value;
}

static double columns_take_number(const columns_reader *r, const sl_json *object, const char *key)
{
    const sl_json *member = sl_json_get(object, key);
    if (!member || member->kind != SL_JSON_NUMBER)
        columns_damaged(r, key);
    return sl_json_number(object, key, 0);
}

static char *columns_take_string(const columns_reader *r, const sl_json *object, const char *key)
{
    const sl_json *member = sl_json_get(object, key);
    if (!member || member->kind != SL_JSON_STRING || strlen(member->text) != member->length) {
        columns_damaged(r, key);
        return NULL;
    }
    return sl_strdup(r->ctx, member->text);
}

/* Which of the words a member is. */
static int columns_take_word(const columns_reader *r, const sl_json *object, const char *key,
                             const char *const *words, int count)
{
    const char *word = sl_json_string(object, key, "");
    for (int i = 0; i < count; i++)
        if (!strcmp(words[i], word))
            return i;
    columns_damaged(r, key);
    return 0;
}

static char columns_take_char(const columns_reader *r, const sl_json *object, const char *key)
{
    const char *word = sl_json_string(object, key, "");
    if (strlen(word) > 1)
        columns_damaged(r, key);
    return word[0];
}

static sl_status columns_take_one(const columns_reader *r, const sl_json *object, sl_column *c)
{
    const char *types[JSON_TYPES];
    for (int i = 0; i < JSON_TYPES; i++)
        types[i] = sl_column_type_name((sl_column_type)i);
    sl_dictionary_init(&c->words, r->ctx);
    c->name = columns_take_string(r, object, "name");
    c->type = (sl_column_type)columns_take_word(r, object, "type", types, JSON_TYPES);
    c->role = (sl_role)columns_take_word(r, object, "role", json_roles, JSON_ROLES);
    c->reason = columns_take_string(r, object, "reason");
    if (sl_json_get(object, "encoding"))
        c->encoding = columns_take_string(r, object, "encoding");
    if (sl_json_get(object, "together"))
        c->together = columns_take_int(r, object, "together");
    if (c->type == SL_COLUMN_DATE)
        c->date_order = columns_take_word(r, object, "order", json_orders, JSON_ORDERS);
    c->place = columns_take_int(r, object, "place");
    c->cell = columns_take_int(r, object, "cell");
    c->input = columns_take_int(r, object, "input");
    c->missing = columns_take_size(r, object, "missing");
    c->distinct = columns_take_size(r, object, "distinct");
    c->more = sl_json_bool(object, "more", false);
    c->low = columns_take_number(r, object, "low");
    c->high = columns_take_number(r, object, "high");
    c->median = columns_take_number(r, object, "median");
    c->fit_missing = columns_take_size(r, object, "fit_missing");
    return r->ctx->status;
}

static const sl_json *columns_take_array(const columns_reader *r, const sl_json *object, const char *key)
{
    const sl_json *array = sl_json_get(object, key);
    if (array && array->kind == SL_JSON_ARRAY && array->count <= INT_MAX)
        return array;
    columns_damaged(r, key);
    return NULL;
}

static sl_status columns_take_encoded(const columns_reader *r, const sl_json *object, sl_encoded *e)
{
    sl_ctx *ctx = r->ctx;
    const char *how = sl_json_string(object, "how", "");
    const sl_json *columns = columns_take_array(r, object, "columns"),
                  *numbers = columns ? columns_take_array(r, object, "numbers") : NULL;
    if (!numbers)
        return ctx->status;
    e->kind = sl_encoding_find(ctx, how, e->options);
    if (!e->kind) {
        sl_fail_at(ctx, r->file);
        return ctx->status;
    }
    e->first = columns_take_size(r, object, "first");
    e->width = columns_take_size(r, object, "width");
    e->columns = sl_alloc_array(ctx, columns->count, sizeof *e->columns);
    e->numbers = sl_alloc_array(ctx, numbers->count, sizeof *e->numbers);
    if (ctx->status)
        return ctx->status;
    for (const sl_json *at = columns->first; at; at = at->next) {
        uint64_t column;
        if (!sl_json_whole(at, &column) || column > INT_MAX)
            return columns_damaged(r, "columns");
        e->columns[e->count++] = (int)column;
    }
    for (const sl_json *at = numbers->first; at; at = at->next) {
        if (at->kind != SL_JSON_NUMBER)
            return columns_damaged(r, "numbers");
        e->numbers[e->number_count++] = at->number;
    }
    return ctx->status;
}

static sl_status columns_take_all(const columns_reader *r, const sl_json *json, sl_columns *columns)
{
    sl_ctx *ctx = r->ctx;
    const sl_json *list = columns_take_array(r, json, "column"), *encoded = sl_json_get(json, "encoded");
    if (!list || (encoded && !(encoded = columns_take_array(r, json, "encoded"))))
        return ctx->status;
    columns->delimiter = columns_take_char(r, json, "delimiter");
    columns->decimal = columns_take_char(r, json, "decimal");
    if (sl_json_get(json, "encoding"))
        columns->encoding = columns_take_string(r, json, "encoding");
    columns->missing = columns_take_string(r, json, "missing");
    columns->cells = columns_take_int(r, json, "cells");
    columns->inputs = columns_take_int(r, json, "inputs");
    columns->target = columns_take_int(r, json, "target");
    columns->group = columns_take_int(r, json, "group");
    columns->time = columns_take_int(r, json, "time");
    columns->weight = columns_take_int(r, json, "weight");
    columns->width = columns_take_size(r, json, "width");
    columns->column = sl_alloc_array(ctx, list->count, sizeof *columns->column);
    columns->encoded = encoded ? sl_alloc_array(ctx, encoded->count, sizeof *columns->encoded) : NULL;
    for (const sl_json *at = list->first; at && !ctx->status; at = at->next)
        columns_take_one(r, at, &columns->column[columns->count++]);
    for (int i = 0; i < columns->count; i++)
        columns->texts += columns->column[i].role == SL_ROLE_TEXT;
    for (const sl_json *at = encoded ? encoded->first : NULL; at && !ctx->status; at = at->next)
        columns_take_encoded(r, at, &columns->encoded[columns->encoded_count++]);
    return ctx->status;
}

sl_columns *sl_columns_take(sl_ctx *ctx, const char *file, const sl_json *json)
{
    const columns_reader r = { ctx, file };
    sl_columns *columns = sl_alloc(ctx, sizeof *columns);
    if (!columns)
        return NULL;
    columns->ctx = ctx;
    if (!columns_take_all(&r, json, columns))
        return columns;
    sl_columns_free(columns);
    return NULL;
}
