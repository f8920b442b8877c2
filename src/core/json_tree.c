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

const char *sl_json_string(const sl_json *object, const char *key, const char *otherwise)
{
    const sl_json *value = sl_json_get(object, key);
    return value && value->kind == SL_JSON_STRING ? value->text : otherwise;
}

double sl_json_number(const sl_json *object, const char *key, double otherwise)
{
    const sl_json *value = sl_json_get(object, key);
    return value && value->kind == SL_JSON_NUMBER ? value->number : otherwise;
}

uint64_t sl_json_uint64(const sl_json *object, const char *key, uint64_t otherwise)
{
    uint64_t number;
    return sl_json_whole(sl_json_get(object, key), &number) ? number : otherwise;
}

bool sl_json_bool(const sl_json *object, const char *key, bool otherwise)
{
    const sl_json *value = sl_json_get(object, key);
    return value && value->kind == SL_JSON_BOOL ? value->truth : otherwise;
}

bool sl_json_whole(const sl_json *value, uint64_t *number)
{
    return value && value->kind == SL_JSON_NUMBER && sl_integer_parse(value->text, number);
}
