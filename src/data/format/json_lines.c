/* json_lines.c - JSON lines: an object a line, whose members are a row's cells. The columns are the names
 * that occur in any line, in the order in which they do first. */
#include "core/json.h"
#include "data/dictionary.h"
#include "data/format.h"
#include "data/table/lines.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    sl_ctx *ctx;
    sl_lines lines;
    sl_arena arena; /* of one line */
    sl_dictionary names;
    const sl_json **member; /* [names.count]: of this line */
    bool header;
} json_user;

/* The parser's sentence says "name line 1 column 7: ..": the line is ours. */
static sl_status json_refuse(json_user *u)
{
    char sentence[300];
    if (sl_error(u->ctx) != SL_EFORMAT)
        return u->ctx->status;
    const char *column = strstr(sl_message(u->ctx), "column ");
    snprintf(sentence, sizeof sentence, "%s", column ? column : sl_message(u->ctx));
    sl_clear(u->ctx);
    return sl_lines_fail(&u->lines, "%s", sentence);
}

static bool json_blank(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] != ' ' && text[i] != '\t' && text[i] != '\r')
            return false;
    return true;
}

/* The object of the next line; NULL: the end, or a failure. */
static const sl_json *json_next(json_user *u)
{
    const char *text;
    size_t length;
    sl_arena_reset(&u->arena);
    while (sl_lines_next(&u->lines, &text, &length)) {
        const uint32_t line = u->lines.number;
        if (json_blank(text, length)) {
            while (sl_lines_next(&u->lines, &text, &length)) /* at the end of the file they mean nothing */
                if (!json_blank(text, length)) {
                    u->lines.number = line;
                    sl_lines_fail(&u->lines, "it is empty: wants an object in each line: take it out");
                    return NULL;
                }
            return NULL;
        }
        const sl_json *object = sl_json_read(&u->arena, "line", text, length);
        if (!object) {
            json_refuse(u);
            return NULL;
        }
        if (object->kind == SL_JSON_OBJECT)
            return object;
        sl_lines_fail(&u->lines, "wants an object such as {\"label\": \"pos\", \"text\": \"...\"}");
        return NULL;
    }
    return NULL;
}

/* All names of all lines. */
static sl_status json_find_names(json_user *u)
{
    const sl_json *object;
    while ((object = json_next(u)))
        for (const sl_json *m = object->first; m; m = m->next) {
            if (strlen(m->key) != m->key_length || !m->key_length)
                return sl_lines_fail(&u->lines,
                                     "a member has a name that is empty, or holds a NUL: rename it");
            if (sl_dictionary_add(&u->names, m->key, m->key_length) == SIZE_MAX)
                return u->ctx->status;
        }
    if (!u->ctx->status && !u->names.count)
        return sl_fail(u->ctx, SL_EFORMAT, "%s: there is no object in it with a member, so no column",
                       sl_source_name(u->lines.from));
    u->member = sl_alloc_array(u->ctx, u->names.count, sizeof *u->member);
    return u->ctx->status ? u->ctx->status : sl_lines_rewind(&u->lines);
}

static void json_write(const sl_json *value, sl_text *to);

/* What is no cell is a word: itself, as JSON. */
static void json_write_many(const sl_json *value, sl_text *to)
{
    const bool object = value->kind == SL_JSON_OBJECT;
    sl_text_put(to, object ? "{" : "[");
    for (const sl_json *e = value->first; e; e = e->next) {
        if (e != value->first)
            sl_text_put(to, ",");
        if (object) {
            sl_json_put_bytes(to, e->key, e->key_length);
            sl_text_put(to, ":");
        }
        json_write(e, to);
    }
    sl_text_put(to, object ? "}" : "]");
}

static void json_write(const sl_json *value, sl_text *to) /* no deeper than the reader goes */
{
    switch (value->kind) {
    case SL_JSON_NULL:
        sl_text_put(to, "null");
        break;
    case SL_JSON_BOOL:
        sl_json_put_bool(to, value->truth);
        break;
    case SL_JSON_NUMBER:
        sl_text_bytes(to, value->text, value->length);
        break;
    case SL_JSON_STRING:
        sl_json_put_bytes(to, value->text, value->length);
        break;
    default:
        json_write_many(value, to);
    }
}

static sl_status json_cell(json_user *u, const char *name, const sl_json *value, sl_text *to)
{
    sl_text words;
    switch (value->kind) {
    case SL_JSON_NULL:
        break;
    case SL_JSON_STRING:
        if (strlen(value->text) != value->length)
            return sl_lines_fail(&u->lines, "the text of '%.80s' holds a NUL (\\u0000), which no text has",
                                 name);
        sl_row_field(to, value->text, value->length);
        break;
    case SL_JSON_ARRAY:
    case SL_JSON_OBJECT:
        sl_text_init(&words, u->ctx);
        json_write(value, &words);
        sl_row_field(to, sl_text_string(&words), words.length);
        sl_text_free(&words);
        break;
    default:
        json_write(value, to);
    }
    return u->ctx->status;
}

static sl_status json_row(json_user *u, const sl_json *object, sl_text *to)
{
    const size_t count = u->names.count;
    memset(u->member, 0, count * sizeof *u->member);
    for (const sl_json *m = object->first; m; m = m->next) {
        const size_t column = sl_dictionary_find(&u->names, m->key, m->key_length);
        if (column == SIZE_MAX)
            return sl_lines_fail(&u->lines,
                                 "'%.80s' was not in it before: the file changed while it was read", m->key);
        u->member[column] = m;
    }
    for (size_t i = 0; i < count; i++) {
        if (i)
            sl_text_put(to, ",");
        if (u->member[i] && json_cell(u, sl_dictionary_word(&u->names, i), u->member[i], to))
            return u->ctx->status;
    }
    sl_text_put(to, "\n"); /* of one column an empty line is a row too */
    return SL_OK;
}

static sl_status json_more(void *user, sl_text *to)
{
    json_user *u = user;
    const sl_json *object;
    if (!u->header) {
        for (size_t i = 0; i < u->names.count; i++) {
            sl_text_put(to, i ? "," : "");
            sl_row_field(to, sl_dictionary_word(&u->names, i), sl_dictionary_length(&u->names, i));
        }
        sl_text_put(to, "\n");
        u->header = true;
    } else if ((object = json_next(u))) {
        json_row(u, object, to);
    }
    return u->ctx->status;
}

static sl_status json_rewind(void *user)
{
    json_user *u = user;
    u->header = false;
    return sl_lines_rewind(&u->lines);
}

static sl_status json_check(void *user)
{
    return sl_source_check(((json_user *)user)->lines.from);
}

static void json_free(void *user)
{
    json_user *u = user;
    sl_lines_close(&u->lines);
    sl_dictionary_free(&u->names);
    sl_arena_free(&u->arena);
    sl_free(u->ctx, u->member);
    sl_free(u->ctx, u);
}

static sl_source *json_rows(sl_ctx *ctx, sl_source *from, const sl_opening *how)
{
    static const sl_source_maker maker = { json_more, json_rewind, json_check, json_free, SL_LINES_RECORDS };
    json_user *user = sl_alloc(ctx, sizeof *user);
    (void)how;
    if (!user) {
        sl_source_close(from);
        return NULL;
    }
    user->ctx = ctx;
    sl_arena_init(&user->arena, ctx);
    sl_dictionary_init(&user->names, ctx);
    if (!sl_lines_open(&user->lines, ctx, from))
        json_find_names(user);
    return sl_source_made(ctx, sl_source_name(from), &maker, user);
}

/* A brace, a name in quotes, a colon. */
static bool json_begins(const char *bytes, size_t size)
{
    size_t at = size >= 3 && !memcmp(bytes, "\xef\xbb\xbf", 3) ? 3 : 0;
    const char *const wanted[] = { "{", "\"", ":" };
    for (int step = 0; step < 3; step++) {
        while (at < size && bytes[at] && strchr(step ? " \t" : " \t\r\n", bytes[at]))
            at++;
        if (at == size || bytes[at++] != *wanted[step])
            return false;
        for (; step == 1 && at < size && bytes[at] != '"'; at++)
            at += bytes[at] == '\\';
        at += step == 1;
    }
    return true;
}

extern const sl_format sl_format_json_lines;
static bool json_recognises(sl_ctx *ctx, const char *source)
{
    return sl_table_begins(ctx, source, &sl_format_json_lines);
}

const sl_format sl_format_json_lines = {
    .name = "json_lines",
    .summary = "JSON lines (an object a line; also .gz)",
    .recognises = json_recognises,
    .has_part = sl_table_no_part,
    .open = sl_table_open,
    .begins = json_begins,
    .rows = json_rows,
};
