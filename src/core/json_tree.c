/* json_tree.c - looking things up in a JSON tree; see json.h. */
#include "core/json.h"
#include "core/digest.h"
#include "core/number.h"

#include <string.h>

enum { JSON_SEARCH = 8 }; /* members that are searched one by one; more get a hash table, kept half empty */

const sl_json *sl_json_find(const sl_json *object, const char *key, size_t length)
{
    const bool hashed = object->members != NULL;
    size_t place =
        hashed ? (size_t)sl_digest_bytes(SL_DIGEST_START, key, length) & (object->table_size - 1) : 0;
    for (const sl_json *m = hashed ? object->members[place] : object->first; m;) {
        if (m->key_length == length && !memcmp(m->key, key, length))
            return m;
        place = (place + 1) & (object->table_size - 1);
        m = hashed ? object->members[place] : m->next;
    }
    return NULL;
}

bool sl_json_enter(sl_arena *arena, sl_json *object, const sl_json *member)
{
    object->count++;
    if (object->count <= JSON_SEARCH)
        return true;
    const sl_json *m = member;
    if (object->count > object->table_size / 2) { /* a larger table, for all */
        const size_t size = object->members ? object->table_size * 2 : JSON_SEARCH * 4;
        object->members = sl_arena_take(arena, size * sizeof *object->members);
        if (!object->members)
            return false;
        object->table_size = size;
        for (size_t i = 0; i < size; i++)
            object->members[i] = NULL;
        m = object->first;
    }
    for (; m; m = m->next) {
        size_t place = (size_t)sl_digest_bytes(SL_DIGEST_START, m->key, m->key_length);
        while (object->members[place & (object->table_size - 1)])
            place++;
        object->members[place & (object->table_size - 1)] = m;
    }
    return true;
}

const sl_json *sl_json_get(const sl_json *object, const char *key)
{
    return object && object->kind == SL_JSON_OBJECT ? sl_json_find(object, key, strlen(key)) : NULL;
}

void sl_json_note(const sl_json *object, const sl_json *value, const char *wanted)
{
    if (object && object->misfit && !object->misfit->value)
        *object->misfit = (sl_json_misfit){ value, wanted };
}

sl_status sl_json_fits(sl_ctx *ctx, const sl_json *object, const char *name)
{
    static const char *const kinds[] = { "null", "", "", "", "a list", "an object" };
    const sl_json *value = object && object->misfit ? object->misfit->value : NULL;
    if (!value || ctx->status)
        return ctx->status;
    const bool shown = value->kind == SL_JSON_STRING || value->kind == SL_JSON_NUMBER;
    const char *mark = value->kind == SL_JSON_STRING ? "'" : "";
    return sl_fail(ctx, SL_EFORMAT, "%s: \"%.60s\" is %s%.60s%s: wants %s", name,
                   value->key ? value->key : "", mark,
                   shown                         ? value->text
                   : value->kind == SL_JSON_BOOL ? (value->truth ? "true" : "false")
                                                 : kinds[value->kind],
                   mark, object->misfit->wanted);
}

/* A member of that kind; NULL: there is none, or another, which is noted. */
static const sl_json *json_member(const sl_json *object, const char *key, sl_json_kind kind,
                                  const char *wanted)
{
    const sl_json *value = sl_json_get(object, key);
    if (value && value->kind != kind && value->kind != SL_JSON_NULL)
        sl_json_note(object, value, wanted);
    return value && value->kind == kind ? value : NULL;
}

const char *sl_json_string(const sl_json *object, const char *key, const char *otherwise)
{
    const sl_json *value = json_member(object, key, SL_JSON_STRING, "a text in quotes");
    return value ? value->text : otherwise;
}

double sl_json_number(const sl_json *object, const char *key, double otherwise)
{
    const sl_json *value = json_member(object, key, SL_JSON_NUMBER, "a number");
    return value ? value->number : otherwise;
}

uint64_t sl_json_uint64(const sl_json *object, const char *key, uint64_t otherwise)
{
    uint64_t number;
    const sl_json *value = json_member(object, key, SL_JSON_NUMBER, "a whole number");
    if (sl_json_whole(value, &number))
        return number;
    if (value)
        sl_json_note(object, value, "a whole number from 0 on");
    return otherwise;
}

bool sl_json_bool(const sl_json *object, const char *key, bool otherwise)
{
    const sl_json *value = json_member(object, key, SL_JSON_BOOL, "true or false");
    return value ? value->truth : otherwise;
}

bool sl_json_whole(const sl_json *value, uint64_t *number)
{
    return value && value->kind == SL_JSON_NUMBER && sl_integer_parse(value->text, number);
}
