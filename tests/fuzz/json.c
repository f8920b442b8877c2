/* json.c - fuzz: what the JSON reader accepts can be written again and is then the same. */
#include "core/json.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fuzz_json_write(sl_text *text, const sl_json *value)
{
    bool first = true;
    switch (value->kind) {
    case SL_JSON_NULL:
        sl_text_put(text, "null");
        break;
    case SL_JSON_BOOL:
        sl_json_put_bool(text, value->truth);
        break;
    case SL_JSON_NUMBER:
        sl_text_bytes(text, value->text, value->length);
        break;
    case SL_JSON_STRING:
        sl_json_put_bytes(text, value->text, value->length);
        break;
    case SL_JSON_ARRAY:
    case SL_JSON_OBJECT:
        sl_text_put(text, value->kind == SL_JSON_ARRAY ? "[" : "{");
        for (const sl_json *e = value->first; e; e = e->next) {
            if (!first)
                sl_text_put(text, ",");
            first = false;
            if (e->key) {
                sl_json_put_bytes(text, e->key, e->key_length);
                sl_text_put(text, ":");
            }
            fuzz_json_write(text, e);
        }
        sl_text_put(text, value->kind == SL_JSON_ARRAY ? "]" : "}");
    }
}

static void fuzz_json_same(const sl_json *a, const sl_json *b)
{
    if (a->kind != b->kind || a->length != b->length || a->count != b->count ||
        a->key_length != b->key_length || a->truth != b->truth ||
        (a->length && memcmp(a->text, b->text, a->length)) ||
        (a->key_length && memcmp(a->key, b->key, a->key_length)) ||
        (a->kind == SL_JSON_NUMBER && a->number != b->number))
        abort();
    const sl_json *e = a->first, *f = b->first;
    for (; e && f; e = e->next, f = f->next) {
        if (e->key && sl_json_find(a, e->key, e->key_length) != e)
            abort();
        fuzz_json_same(e, f);
    }
    if (e || f)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    sl_ctx *ctx = sl_ctx_new(NULL);
    sl_arena arena;
    sl_arena_init(&arena, ctx);
    const sl_json *value = sl_json_read(&arena, "fuzz", (const char *)data, size);
    if ((value == NULL) != (sl_error(ctx) != SL_OK))
        abort();
    if (value) {
        sl_text text;
        sl_text_init(&text, ctx);
        fuzz_json_write(&text, value);
        const sl_json *again = sl_json_read(&arena, "again", text.bytes, text.length);
        if (!again)
            abort();
        fuzz_json_same(value, again);
    }
    sl_ctx_free(ctx);
    return 0;
}
