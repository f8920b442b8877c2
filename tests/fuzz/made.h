/* made.h - a safetensors file from a form that a fuzzer can change and have it stay one: the JSON behind
 * "slope", a 0, a line "NAME DTYPE 2,3" a tensor, a 0, and bytes that are repeated as its data. Offsets,
 * lengths and escapes follow. */
#ifndef SL_TESTS_FUZZ_MADE_H
#define SL_TESTS_FUZZ_MADE_H

#include "core/json.h"
#include "model/safetensors.h"

#include <stdlib.h>
#include <string.h>

enum { FUZZ_MADE_MOST = 1 << 17 }; /* bytes of data; a tensor that wants more finds the file cut short */

static inline size_t fuzz_made_element(const char *name, size_t length)
{
    for (int i = 0; i < SL_DTYPE_COUNT; i++)
        if (strlen(sl_dtype_name((sl_dtype)i)) == length && !memcmp(sl_dtype_name((sl_dtype)i), name, length))
            return sl_dtype_size((sl_dtype)i);
    return 1;
}

/* "NAME DTYPE 2,3" of `length` bytes. */
static inline void fuzz_made_tensor(sl_text *header, const char *line, size_t length, uint64_t *at)
{
    const char *end = line + length, *dtype = memchr(line, ' ', length);
    const char *shape = dtype ? memchr(dtype + 1, ' ', (size_t)(end - dtype - 1)) : NULL;
    if (!shape)
        return;
    uint64_t bytes = fuzz_made_element(dtype + 1, (size_t)(shape - dtype - 1)), dim = 0;
    const char *list = shape + 1;
    for (const char *c = list; c <= end; c++) {
        if (c < end && *c >= '0' && *c <= '9' && dim < UINT64_C(1) << 56) {
            dim = dim * 10 + (uint64_t)(*c - '0');
            continue;
        }
        bytes = c == list ? bytes : bytes * dim; /* wraps where it is too large: then it is refused */
        dim = 0;
    }
    bool first = false;
    sl_text_put(header, ", ");
    sl_json_put_bytes(header, line, (size_t)(dtype - line));
    sl_text_put(header, ": {\"dtype\": ");
    sl_json_put_bytes(header, dtype + 1, (size_t)(shape - dtype - 1));
    sl_json_key(header, &first, "shape");
    sl_text_put(header, "[");
    sl_text_bytes(header, list, (size_t)(end - list));
    sl_text_put(header, "]");
    sl_json_key(header, &first, "data_offsets");
    sl_text_add(header, "[%llu, %llu]}", (unsigned long long)*at, (unsigned long long)(*at + bytes));
    *at += bytes;
}

/* The file, to be freed; data that does not begin with '{' is a file already, and copied. */
static inline unsigned char *fuzz_made(sl_ctx *ctx, const uint8_t *data, size_t size, size_t *made)
{
    sl_text header;
    const char *text = (const char *)data, *end = text + size;
    if (!size || *data != '{') {
        unsigned char *copy = malloc(size + 1);
        if (!copy)
            abort();
        if (size)
            memcpy(copy, data, size);
        *made = size;
        return copy;
    }
    const char *lines = memchr(text, 0, size);
    const char *bytes = lines ? memchr(lines + 1, 0, (size_t)(end - lines - 1)) : NULL;
    const char *lines_end = bytes ? bytes : end;
    uint64_t at = 0;
    sl_text_init(&header, ctx);
    sl_text_put(&header, "{\"__metadata__\": {\"slope\": ");
    sl_json_put_bytes(&header, text, (size_t)((lines ? lines : end) - text));
    sl_text_put(&header, "}");
    for (const char *line = lines ? lines + 1 : end; line < lines_end;) {
        const char *stop = memchr(line, '\n', (size_t)(lines_end - line));
        stop = stop ? stop : lines_end;
        fuzz_made_tensor(&header, line, (size_t)(stop - line), &at);
        line = stop + 1;
    }
    sl_text_put(&header, "}");
    const size_t room = at < FUZZ_MADE_MOST ? (size_t)at : FUZZ_MADE_MOST, length = header.length;
    const size_t given = bytes ? (size_t)(end - bytes - 1) : 0;
    unsigned char *file = malloc(8 + length + room + 1);
    if (!file || header.failed)
        abort();
    for (size_t i = 0; i < 8; i++)
        file[i] = (unsigned char)((uint64_t)length >> 8 * i);
    memcpy(file + 8, header.bytes, length);
    for (size_t i = 0; i < room; i++)
        file[8 + length + i] = given ? (unsigned char)bytes[1 + i % given] : 0;
    *made = 8 + length + room;
    sl_text_free(&header);
    return file;
}

#endif
